"""Findings in a raw table: counted in the engine, named by file and row in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.data.panel import Source
from upswell.engines import fetch_row
from upswell.errors import Place

if TYPE_CHECKING:
    import duckdb

__all__ = ["ROW_BITS", "Finding", "Raw", "count_findings", "ignored_columns"]

ROW_BITS = 40
"""A row is known by one number: the index of its file, shifted by so many bits, plus its row."""


@dataclass(frozen=True)
class Raw:
    """A raw table in the engine: typed, not repaired.

    Its view ``name`` has a column for each role that was found, ``rest_0``, ``rest_1``, ... for
    the further columns, ``position`` (BIGINT: file and row), and ``alike`` (equal only for rows
    equal in every column of the input).

    Parameters
    ----------
    name
        The view.
    roles
        Header by role.
    rest
        What each further column holds (``text`` or ``number``), by its header.
    sources
        The inputs.
    repairs
        What reading noted.
    states
        Path, size, time of change and number of each file that is scanned on every use.
    ignored
        Why a column was left alone, by its header.
    """

    name: str
    roles: dict[str, str]
    rest: dict[str, str]
    sources: tuple[Source, ...]
    repairs: list[Repair] = field(default_factory=list)
    states: tuple[tuple[str, int, int, int], ...] = ()
    ignored: dict[str, str] = field(default_factory=dict)

    def place(self, position: int | None, column: str | None = None) -> Place:
        """Return file and row of a position."""
        if position is None:
            return Place(self.sources[0].name, column=column)
        file, row = divmod(int(position), 1 << ROW_BITS)
        return Place(self.sources[file].name, row, column)


def ignored_columns(code: str, raw: Raw, others: Sequence[Raw]) -> list[Repair]:
    """Return a line for each column that was left alone, but for those another table uses.

    Parameters
    ----------
    code
        The code of the lines.
    raw
        The table.
    others
        The other tables; those of the same inputs count.
    """
    used: set[str] = set()
    for other in others:
        if other is not raw and other.sources == raw.sources:
            used |= {*other.roles.values(), *other.rest} - {*other.ignored}
    return [
        Repair(
            code,
            Action.FLAGGED,
            f'the column "{title}" was not used: {why}',
            1,
            place=str(raw.place(None, title)),
        )
        for title, why in raw.ignored.items()
        if title not in used
    ]


@dataclass(frozen=True, slots=True)
class Finding:
    """What to look for: a condition in SQL on a row, and what it means.

    Parameters
    ----------
    code, action, reason
        As for `Repair`.
    condition
        SQL that is true for the rows concerned.
    column
        The header concerned, if any.
    """

    code: str
    action: Action
    reason: str
    condition: str
    column: str | None = None


def count_findings(
    connection: duckdb.DuckDBPyConnection, raw: Raw, relation: str, findings: Sequence[Finding]
) -> list[Repair]:
    """Count the rows of each finding in one pass, and name the first of them.

    Parameters
    ----------
    connection
        The engine.
    raw
        The raw table that the rows came from.
    relation
        SQL of a relation with a column ``position`` and what the conditions need; `release` and
        `date` name the row.
    findings
        What to look for.

    Returns
    -------
    list of Repair
        A line for each finding with rows.
    """
    if not findings:
        return []
    parts = []
    for finding in findings:
        where = f"FILTER (WHERE {finding.condition})"
        parts.append(f"count(*) {where}, min(position) {where}")
    row = fetch_row(connection, f"SELECT {', '.join(parts)} FROM {relation}")
    found = [
        (finding, int(row[2 * index]), int(row[2 * index + 1]))
        for index, finding in enumerate(findings)
        if row[2 * index]
    ]
    examples = _examples(connection, raw, {position for _, _, position in found})
    return [
        Repair(
            finding.code,
            finding.action,
            finding.reason,
            count,
            *examples[position],
            str(raw.place(position, finding.column)),
        )
        for finding, count, position in found
    ]


def _examples(
    connection: duckdb.DuckDBPyConnection, raw: Raw, positions: set[int]
) -> dict[int, tuple[str | None, str | None]]:
    """Return release and day of some rows, in one pass for all of them."""
    if not positions:
        return {}
    listed = ", ".join(str(position) for position in sorted(positions))
    rows = connection.execute(
        f"SELECT position, release, date FROM {raw.name} WHERE position IN ({listed})"
    ).fetchall()
    return {
        position: (release, None if day is None else day.isoformat())
        for position, release, day in rows
    }
