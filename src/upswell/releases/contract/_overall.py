"""What only shows in all tables together: gaps, and releases that one of them lacks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.engines import fetch_row

if TYPE_CHECKING:
    import duckdb

__all__ = ["days_with", "describe_gaps", "describe_lacks"]

_LONG_GAP = 60


def days_with(connection: duckdb.DuckDBPyConnection, table: str) -> list[dt.date]:
    """Return the days on which a table has rows, in order."""
    rows = connection.execute(f"SELECT DISTINCT day FROM {table} ORDER BY day").fetchall()
    return [day for (day,) in rows]


def describe_gaps(days: Sequence[dt.date]) -> list[Repair]:
    """Return a line for each time of more than 60 days without any signal.

    Parameters
    ----------
    days
        The days with signals, in order.

    Examples
    --------
    >>> (line,) = describe_gaps([dt.date(2023, 1, 1), dt.date(2024, 1, 1)])
    >>> line.count, line.reason
    (364, 'no signals at all between 2023-01-01 and 2024-01-01')
    """
    lines = []
    for before, day in pairwise(days):
        gap = (day - before).days - 1
        if gap > _LONG_GAP:
            reason = f"no signals at all between {before.isoformat()} and {day.isoformat()}"
            label = before.isoformat()
            lines.append(Repair("long-gap", Action.FLAGGED, reason, gap, day=label))
    return lines


def describe_lacks(connection: duckdb.DuckDBPyConnection) -> list[Repair]:
    """Return lines about releases that have outcomes and no signals, or signals and no outcomes."""
    repairs = []
    for code, one, other in (
        ("no-signals", "outcomes", "signals"),
        ("no-outcome", "signals", "outcomes"),
    ):
        found = fetch_row(
            connection,
            f"SELECT count(*), min(release) FROM (SELECT DISTINCT release FROM {one}) "
            f"ANTI JOIN (SELECT DISTINCT release FROM {other}) USING (release)",
        )
        if found[0]:
            reason = f"releases with {one} and without {other}"
            repairs.append(Repair(code, Action.FLAGGED, reason, int(found[0]), found[1]))
    return repairs
