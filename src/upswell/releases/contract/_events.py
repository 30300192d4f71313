"""Tables of dated rows, signals and outcomes: what stays, what is marked missing, what goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.engines import fetch_row, identifier, literal
from upswell.errors import ColumnError
from upswell.releases.contract._counters import count_up
from upswell.releases.contract._findings import Finding, Raw, count_findings

if TYPE_CHECKING:
    import duckdb

__all__ = ["Events", "make_events"]

_LONG_BEFORE = 60
_LONG_AFTER = 365
_MOST_STORED = 5_000_000


@dataclass(frozen=True)
class Events:
    """What to make of a raw table of dated rows.

    Parameters
    ----------
    table
        The table to make: columns release, day, known, `extra`, and the names of `numbers`.
    numbers
        Name in the table and header in the input of each number, by its column in the raw table.
    extra
        Roles that are kept beside release, day and known.
    as_of
        The last day of which anything is known.
    cumulative
        Whether the numbers are running totals.
    start_by
        The last day of a release on which a first reading counts from zero.
    activity
        Whether rows long before and long after the release are worth a line.
    """

    table: str
    numbers: dict[str, tuple[str, str]]
    extra: tuple[str, ...]
    as_of: dt.date | None
    cumulative: bool
    start_by: int
    activity: bool


def make_events(connection: duckdb.DuckDBPyConnection, raw: Raw, events: Events) -> list[Repair]:
    """Make a typed table of a raw one; the table ``all_releases`` must be there.

    Raises
    ------
    ColumnError
        When no row at all names a release of the table of releases.
    """
    # A scan of large files costs no more than a table of them, and no memory.
    large = bool(raw.states) and sum(source.rows for source in raw.sources) > _MOST_STORED
    checked, read = f"{raw.name}_checked", f"{raw.name}_read"
    made = "VIEW" if large else "TABLE"
    connection.execute(f"CREATE TEMP {made} {checked} AS {_checked(raw, events)}")
    repairs = count_findings(connection, raw, checked, _findings(events))
    _refuse_strangers(connection, raw, repairs)
    copies, doubles = _duplicates(connection, raw, checked, raw.name if large else checked, events)
    repairs += doubles
    numbers = ", ".join(
        f"CASE WHEN isfinite({column}) AND {column} >= 0 THEN abs({column}) END AS {identifier(to)}"
        for column, (to, _) in events.numbers.items()
    )
    keys = ", ".join(("release", "date AS day", "known", *events.extra))
    kept = "fate = 'kept'"
    if copies:
        kept += f" AND position NOT IN (SELECT position FROM {raw.name}_copies)"
    if events.cumulative:
        connection.execute(
            f"CREATE TEMP TABLE {read} AS SELECT {keys}, release_date, position, {numbers} "
            f"FROM {checked} WHERE {kept}"
        )
        names = [name for name, _ in events.numbers.values()]
        repairs += count_up(
            connection, raw, events.table, names, events.extra, start_by=events.start_by
        )
        connection.execute(f"DROP TABLE {read}")
    else:
        made = "TEMP VIEW" if large else "TABLE"
        connection.execute(
            f"CREATE {made} {events.table} AS SELECT {keys}, {numbers} FROM {checked} WHERE {kept}"
        )
    if not large:
        connection.execute(f"DROP TABLE {checked}")
    return repairs


def _checked(raw: Raw, events: Events) -> str:
    """Return SQL of the raw rows with the date of their release and their fate."""
    known = "coalesce(s.known, s.date)" if "known" in raw.roles else "s.date"
    late = "coalesce(r.late, false)"
    if events.as_of is not None:
        day = f"DATE {literal(events.as_of.isoformat())}"
        late += f" OR s.date > {day} OR {known} > {day}"
    columns = ["s.release", "s.date", f"{known} AS known", "s.position", "s.alike"]
    columns += [f"s.{name}" for name in (*events.extra, *events.numbers)]
    return (
        f"SELECT {', '.join(columns)}, r.release_date, CASE "
        "WHEN s.release IS NULL THEN 'no-release' "
        "WHEN s.date IS NULL THEN 'no-day' "
        f"WHEN {late} THEN 'after-as-of' "
        "WHEN r.release IS NULL THEN 'unknown-release' "
        "WHEN r.release_date IS NULL THEN 'unknown-release-date' "
        f"ELSE 'kept' END AS fate FROM {raw.name} s LEFT JOIN all_releases r "
        "ON s.release = r.release"
    )


def _findings(events: Events) -> list[Finding]:
    what = events.table
    fates = {
        "no-release": f"rows of {what} without a release",
        "no-day": f"rows of {what} without a day",
        "after-as-of": f"rows of {what} that happened, became known or belong to a release after "
        "the as-of day",
        "unknown-release": f"rows of {what} of releases that the table of releases lacks",
        "unknown-release-date": f"rows of {what} of releases without a release date",
    }
    found = [
        Finding(code, Action.DROPPED, reason, f"fate = '{code}'") for code, reason in fates.items()
    ]
    for column, (_, title) in events.numbers.items():
        for code, reason, condition in (
            ("negative", "is below zero", f"{column} < 0 AND NOT isinf({column})"),
            ("infinite", "is infinite", f"isinf({column})"),
        ):
            found.append(
                Finding(
                    code,
                    Action.MARKED_MISSING,
                    f'"{title}" of {what} {reason}',
                    f"fate = 'kept' AND {condition}",
                    title,
                )
            )
    if events.activity:
        before = f"date < release_date - {_LONG_BEFORE}"
        after = f"date > release_date + {_LONG_AFTER}"
        for code, reason, condition in (
            ("re-release", f"rows more than {_LONG_BEFORE} days before the release date", before),
            ("late-activity", f"rows more than {_LONG_AFTER} days after the release date", after),
        ):  # fmt: skip
            found.append(Finding(code, Action.FLAGGED, reason, f"fate = 'kept' AND {condition}"))
    return found


def _refuse_strangers(
    connection: duckdb.DuckDBPyConnection, raw: Raw, repairs: Sequence[Repair]
) -> None:
    strangers = sum(repair.count for repair in repairs if repair.code == "unknown-release")
    if not strangers or strangers < sum(source.rows for source in raw.sources):
        return
    known = fetch_row(connection, "SELECT min(release) FROM releases")
    if known[0] is None:
        return
    found = fetch_row(connection, f"SELECT min(release) FROM {raw.name}")
    raise ColumnError(
        f'no row names a release of the table of releases: here is "{found[0]}", there is '
        f'"{known[0]}"',
        where=raw.place(None, raw.roles["release"]),
        fix="check that both tables call releases by the same name, and name the columns",
    )


def _duplicates(
    connection: duckdb.DuckDBPyConnection, raw: Raw, checked: str, every: str, events: Events
) -> tuple[bool, list[Repair]]:
    """Find rows that are equal in every column of the input; the first of each stays.

    The hashes of all rows are read from ``every``, whichever relation has them at less cost.
    """
    name = f"{raw.name}_copies"
    columns = ", ".join(("alike", "release", "date", "known", *events.extra, *events.numbers))
    # Few rows have a hash in common, so whole rows are compared only among those.
    connection.execute(
        f"CREATE TEMP TABLE {name} AS WITH suspects AS (SELECT alike FROM {every} "
        "GROUP BY alike HAVING count(*) > 1) "
        f"SELECT position FROM {checked} SEMI JOIN suspects USING (alike) WHERE fate = 'kept' "
        f"QUALIFY row_number() OVER (PARTITION BY {columns} ORDER BY position) > 1"
    )
    count = fetch_row(connection, f"SELECT count(*), min(position) FROM {name}")
    if not count[0]:
        return False, []
    reason = f"rows of {events.table} that are equal in every column; the first stays"
    place = str(raw.place(count[1]))
    return True, [Repair("exact-duplicate", Action.DROPPED, reason, int(count[0]), place=place)]
