"""What only shows in all tables together: gaps, and releases that one of them lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.engines import fetch_row

if TYPE_CHECKING:
    import duckdb

__all__ = ["describe_gaps", "describe_lacks"]

_LONG_GAP = 60


def describe_gaps(connection: duckdb.DuckDBPyConnection) -> list[Repair]:
    """Return a line for each time of more than 60 days without any signal."""
    rows = connection.execute(
        "SELECT day, before, day - before - 1 AS gap FROM (SELECT day, lag(day) OVER (ORDER BY day)"
        f" AS before FROM (SELECT DISTINCT day FROM signals)) WHERE gap > {_LONG_GAP} ORDER BY day"
    ).fetchall()
    return [
        Repair(
            "long-gap",
            Action.FLAGGED,
            f"no signals at all between {before.isoformat()} and {day.isoformat()}",
            int(gap),
            day=before.isoformat(),
        )
        for day, before, gap in rows
    ]


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
