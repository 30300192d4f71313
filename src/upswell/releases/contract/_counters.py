"""Running totals of releases to daily increments, such that late rows change nothing earlier."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.engines import fetch_row, identifier
from upswell.releases.contract._findings import Finding, Raw, count_findings

if TYPE_CHECKING:
    import duckdb

__all__ = ["count_up"]


def count_up(
    connection: duckdb.DuckDBPyConnection,
    raw: Raw,
    table: str,
    names: Sequence[str],
    extra: Sequence[str],
    *,
    start_by: int,
) -> list[Repair]:
    """Make a table of daily increments out of readings of running totals.

    There is a counter for each release, or each release, creator and video where these are
    given. Of the readings of one day the one that became known first is taken, and of several
    known on one day the last in the input. A reading that became known after one of a later day
    is left out: so whatever becomes known later changes no increment known before. An increment
    is a reading less the one before it, and stands on the day of the reading, however long ago
    the one before was. A first reading counts from zero up to the day `start_by` of the release;
    later ones have no increment, since they hold the time before anybody looked.

    Parameters
    ----------
    connection
        The engine; the readings are in the table ``<raw>_read``.
    raw
        The raw table.
    table
        The table to make.
    names
        The columns with running totals.
    extra
        The columns beside release, day and known; those but for these make the counters.
    start_by
        See above; day 1 is the release date.
    """
    read, steps = f"{raw.name}_read", f"{raw.name}_steps"
    key = ", ".join(("release", *extra))
    columns = [identifier(name) for name in names]
    listed = ", ".join(columns)
    before = ", ".join(
        f"lag({column} IGNORE NULLS) OVER counter AS before_{index}"
        for index, column in enumerate(columns)
    )
    connection.execute(
        f"CREATE TEMP TABLE {steps} AS WITH ranked AS (SELECT *, row_number() OVER "
        f"(PARTITION BY {key}, day ORDER BY known, position DESC) AS place FROM {read}), "
        f"ordered AS (SELECT *, max(day) OVER (PARTITION BY {key} ORDER BY known, day "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS latest FROM ranked WHERE place = 1) "
        f"SELECT {key}, day, day AS date, known, release_date, position, "
        f"day - release_date + 1 AS age, {listed}, {before} "
        "FROM ordered WHERE latest IS NULL OR day > latest "
        f"WINDOW counter AS (PARTITION BY {key} ORDER BY day)"
    )
    repairs = _left_out(connection, raw, read, steps)
    findings: list[Finding] = []
    increments = []
    for index, column in enumerate(columns):
        step = f"{column} - before_{index}"
        increments.append(
            f"CASE WHEN before_{index} IS NULL THEN CASE WHEN age <= {start_by} THEN {column} END "
            f"WHEN {step} >= 0 THEN {step} END AS {column}"
        )
        findings += _findings(names[index], column, index, start_by)
    repairs += count_findings(connection, raw, steps, findings)
    connection.execute(
        f"CREATE TABLE {table} AS SELECT {key.replace('release', 'release, day, known', 1)}, "
        f"{', '.join(increments)} FROM {steps} ORDER BY position"
    )
    connection.execute(f"DROP TABLE {steps}")
    return repairs


def _findings(name: str, column: str, index: int, start_by: int) -> list[Finding]:
    first, step = f"{column} IS NOT NULL AND before_{index} IS NULL", f"{column} - before_{index}"
    return [
        Finding(
            "differenced",
            Action.CHANGED,
            f'running totals of "{name}" became daily increments',
            f"{step} >= 0",
            name,
        ),
        Finding(
            "counter-start",
            Action.FLAGGED,
            f'the first reading of "{name}" came after the release date and counts from zero',
            f"{first} AND age > 1 AND age <= {start_by}",
            name,
        ),
        Finding(
            "counter-start",
            Action.MARKED_MISSING,
            f'the first reading of "{name}" came after day {start_by} and gives no increment',
            f"{first} AND age > {start_by}",
            name,
        ),
        Finding(
            "counter-correction",
            Action.MARKED_MISSING,
            f'the running total of "{name}" fell: counts were taken back',
            f"{step} < 0",
            name,
        ),
    ]


def _left_out(
    connection: duckdb.DuckDBPyConnection, raw: Raw, read: str, steps: str
) -> list[Repair]:
    count, position = fetch_row(
        connection, f"SELECT count(*), min(position) FROM {read} ANTI JOIN {steps} USING (position)"
    )
    if not count:
        return []
    reason = "readings beside another of the same day, or known after one of a later day"
    place = str(raw.place(position))
    return [Repair("superseded-reading", Action.DROPPED, reason, int(count), place=place)]
