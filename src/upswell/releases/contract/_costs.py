"""What promotion of single releases costs, where the table of releases says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.errors import CellError
from upswell.releases.contract._findings import Raw

if TYPE_CHECKING:
    import duckdb

__all__ = ["make_costs"]


def make_costs(connection: duckdb.DuckDBPyConnection, raw: Raw) -> None:
    """Make the table ``costs(release, cost)``; of several rows of a release the first counts.

    Parameters
    ----------
    connection
        The engine.
    raw
        The raw table of releases; nothing is made where it has no role ``cost``.

    Raises
    ------
    CellError
        When a cost is below zero or infinite.
    """
    if "cost" not in raw.roles:
        return
    wrong = connection.execute(
        f"SELECT position, cost FROM {raw.name} WHERE cost < 0 OR isinf(cost) "
        "ORDER BY position LIMIT 1"
    ).fetchone()
    if wrong is not None:
        raise CellError(
            f"promotion cannot cost {wrong[1]:g}",
            where=raw.place(wrong[0], raw.roles["cost"]),
            fix="correct the cell; an empty one takes [money] cost",
        )
    connection.execute(
        "CREATE TABLE costs AS SELECT release, arg_min(cost, position) AS cost "
        f"FROM {raw.name} WHERE release IS NOT NULL AND NOT isnan(cost) GROUP BY release"
    )
