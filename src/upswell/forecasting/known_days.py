"""Which days of which series have a flag: from a panel's occasions to a forecaster's inputs."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel, Tree
from upswell.forecasting._logscale import recent_mean
from upswell.forecasting.history import KnownDays
from upswell.forecasting.quantiles import QuantileForecaster
from upswell.forecasting.smoothing import AveragedSmoothing
from upswell.forecasting.usual_week import UsualWeek

__all__ = ["flags_of", "occasions_record", "reads_known_days"]

BULK = 0.5


def flags_of(
    panel: Panel, tree: Tree, values: NDArray[np.float64], horizon: int
) -> KnownDays | None:
    """Return the flags of the series of a tree over history and horizon.

    A day off is one for all. An event of everybody flags all series; that of a creator flags the
    creator, and those sums of which the creators with an event on that day make up at least half,
    by the views of the last weeks. The network has learnt that a flag means a launch of the whole
    series: in its lessons an event of one of many flags no sum.

    Parameters
    ----------
    panel
        With or without occasions.
    tree
        The ``S`` series with a future; events of others flag nothing.
    values
        Their history, shape ``(S, T)``.
    horizon
        Days ahead, ``H``.

    Returns
    -------
    KnownDays or None
        ``T + H`` days; None when the panel has no occasions.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from upswell.data.occasions import Event, Occasions
    >>> views = np.array([[90.0], [10.0]]) * np.ones((2, 28))
    >>> panel = Panel.from_arrays(views, items=["ana", "bo"])
    >>> known = Occasions(events=(Event(30, "ana"), Event(31, "bo"), Event(32)))
    >>> tree = Tree.of_panel(panel)
    >>> flags = flags_of(replace(panel, occasions=known), tree, tree.sums(views), horizon=5)
    >>> flags.announced[:, 28:].astype(int).tolist()
    [[0, 1, 0, 1, 0], [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]]
    """
    known = panel.occasions
    if known is None:
        return None
    axis = DayAxis(panel.axis.start, panel.days + horizon, panel.axis.calendar)
    announced = np.zeros((tree.size, axis.length), dtype=bool)
    first = tree.first_leaf
    place = {name: node for node, name in enumerate(tree.names) if node >= first}
    everybody = np.zeros(axis.length, dtype=bool)
    for event in known.events:
        day = event.day - axis.start
        if not 0 <= day < axis.length:
            continue
        if event.item is None:
            everybody[day] = True
        elif event.item in place:
            announced[place[event.item], day] = True
    _flag_sums(announced, tree, recent_mean(values))
    return KnownDays(known.off(axis), announced | everybody)


def _flag_sums(announced: NDArray[np.bool_], tree: Tree, sizes: NDArray[np.float64]) -> None:
    """Flag the sums that mostly consist of flagged creators, in place."""
    first = tree.first_leaf
    sizes = np.nan_to_num(sizes[first:])
    for node in range(first):
        inside = np.ones(len(sizes), dtype=bool) if node == 0 else tree.parents[first:] == node
        whole = sizes[inside].sum()
        if whole > 0:
            part = sizes[inside] @ announced[first:][inside]
            announced[node] = part >= BULK * whole


def reads_known_days(forecaster: object) -> bool:
    """Say whether a forecaster reads flags; the others forecast as if there were none.

    Examples
    --------
    >>> from upswell.forecasting.naive import SeasonalNaive
    >>> reads_known_days(AveragedSmoothing()), reads_known_days(SeasonalNaive())
    (True, False)
    """
    return isinstance(forecaster, QuantileForecaster | AveragedSmoothing | UsualWeek)


def occasions_record(panel: Panel, *, read: bool) -> dict[str, Any] | None:
    """Return what was known beforehand, and whether anybody read it, as plain data for JSON.

    Parameters
    ----------
    panel
        With or without occasions.
    read
        Whether a forecaster that answered reads the flags; the others forecast as if there were
        none.
    """
    known = panel.occasions
    if known is None:
        return None
    return {
        "countries": list(known.countries),
        "events": len(known.events),
        "inputs": [{"name": s.name, "sha256": s.sha256, "rows": s.rows} for s in known.sources],
        "read": read,
    }
