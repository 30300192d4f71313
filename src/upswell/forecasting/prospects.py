"""Prospects: which series of a panel have a future, and how far the evidence of each carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree, node_values
from upswell.data.aggregate import fill_for_sums, find_lives
from upswell.errors import RefusalError
from upswell.forecasting.ladder import Standing, Status, refuse_panel, stand
from upswell.forecasting.protocol import AbsentSeries

__all__ = ["Prospects", "prospects_of"]


@dataclass(frozen=True)
class Prospects:
    """The series that have a future, and those that have not.

    Parameters
    ----------
    tree
        The ``S`` series with a future.
    values
        Their values by day, shape ``(S, T)``, NaN where missing.
    standings
        Where each stands by its history alone.
    absent
        The others.
    """

    tree: Tree
    values: NDArray[np.float64]
    standings: tuple[Standing, ...]
    absent: tuple[AbsentSeries, ...]


def prospects_of(panel: Panel, horizon: int) -> Prospects:
    """Judge all series of a panel by their history.

    Parameters
    ----------
    panel
        The panel; its last day is the cutoff.
    horizon
        Days ahead.

    Raises
    ------
    RefusalError
        When the total cannot carry a forecast, or no creator has a future.

    Examples
    --------
    >>> values = np.ones((2, 30)) * np.arange(30)
    >>> values[1, 10:] = np.nan
    >>> found = prospects_of(Panel.from_arrays(values, items=["ana", "bo"]), 7)
    >>> found.tree.names, found.absent[0].name
    (('total', 'ana'), 'bo')
    """
    whole = Tree.of_panel(panel)
    values = node_values(panel)
    refuse_panel(values[0], horizon)
    judged = [stand(series, horizon) for series in values]
    alive = _alive(whole, judged)
    _bridge_sums(panel, whole, values, judged, alive)
    return Prospects(
        tree=whole.pruned(alive),
        values=values[alive],
        standings=tuple(s for s, lives in zip(judged, alive, strict=True) if lives),
        absent=_absent(whole, judged, alive),
    )


def _alive(tree: Tree, standings: list[Standing]) -> NDArray[np.bool_]:
    """Say which series have a future: creators not ended, and all that stands above them.

    Raises
    ------
    RefusalError
        When no creator has one.
    """
    ended = [s.status is Status.REFUSED or "zero" in s.codes for s in standings]
    alive = ~np.array(ended)
    alive[: tree.first_leaf] = False
    if not alive.any():
        raise RefusalError(
            "no creator was observed with views in the last days",
            code="vanished",
            fix="give a history that reaches the last days, or check the value column (--value)",
        )
    for node in range(tree.size - 1, 0, -1):
        alive[tree.parents[node]] |= alive[node]
    return alive


def _bridge_sums(
    panel: Panel,
    tree: Tree,
    values: NDArray[np.float64],
    standings: list[Standing],
    alive: NDArray[np.bool_],
) -> None:
    """Give living sums that nobody could observe of late the sum of their bridged parts, in place.

    When the gaps of several creators fall on different days, no day of the sum may be known,
    although each of them lives.
    """
    unknown = [n for n in range(tree.first_leaf) if standings[n].status is Status.REFUSED]
    unknown = [node for node in unknown if alive[node]]
    if not unknown:
        return
    lives = find_lives(panel.values)
    bridged = tree.sums(fill_for_sums(panel.values, lives))
    lived = tree.sums(lives.inside.astype(np.float64)) > 0
    for node in unknown:
        values[node] = np.where(lived[node], bridged[node], np.nan)
        standings[node] = Standing(Status.BASELINE_ONLY, ("mostly-missing",))


def _absent(
    tree: Tree, standings: list[Standing], alive: NDArray[np.bool_]
) -> tuple[AbsentSeries, ...]:
    """Name the series without a future; categories end with their last creator."""
    out = []
    for node in np.flatnonzero(~alive).tolist():
        standing = standings[node]
        if node < tree.first_leaf:
            standing = Standing(Status.REFUSED, ("vanished",))
        out.append(AbsentSeries(tree.names[node], tree.levels[node], standing))
    return tuple(out)
