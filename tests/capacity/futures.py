"""Forecasts and plans made by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from upswell.data import Panel, Tree
from upswell.forecasting.calibration import Calibration
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.protocol import AbsentSeries, FitReport
from upswell.forecasting.result import Forecast

PRICES = {"reserved": 0.06, "on_demand": 0.10}
HOURLY = 24.0
"""A day of 24 views asks for one unit in each hour of a flat day, when a unit serves one view."""


def plan_of(**sections: Any) -> dict[str, Any]:
    """Settings of a plan: a unit serves one view an hour, and days are flat."""
    return {"unit": {"views_per_hour": 1}, "prices": PRICES, **sections}


def forecast_of(
    units: ArrayLike,
    *,
    history: ArrayLike | None = None,
    calendar: bool = False,
    status: Status = Status.OK,
    windows: float = 400.0,
) -> Forecast:
    """Make a forecast of creators ``a`` and ``b`` in categories ``x`` and ``y``, ``gone`` absent.

    Parameters
    ----------
    units
        Units that creators ask for, shape ``(P, H)`` for ``a`` alone or ``(P, 2, H)``.
    history
        The same of ``a`` in the past, shape ``(T,)``.
    calendar
        Whether the days have dates; the last known one is then 2025-03-01.
    status
        Standing of the total.
    windows
        What its backtest windows are worth.
    """
    leaves = HOURLY * np.asarray(units, dtype=np.float64)
    if leaves.ndim == 2:
        leaves = np.stack([leaves, np.zeros_like(leaves)], axis=1)
    past = HOURLY * np.asarray([1.0] * 28 if history is None else history, dtype=np.float64)
    start = 20148 - len(past) + 1 if calendar else 1
    panel = Panel.from_arrays(
        np.stack([past, np.zeros_like(past), np.full_like(past, np.nan)]),
        items=["a", "b", "gone"],
        groups=["x", "y", "y"],
        start=start,
        calendar=calendar,
    )
    tree = Tree.of(("a", "b"), ("x", "y"))
    fit = Calibration(20, windows, 1.0, 1.0, 0.8, 0.8, 0.8)
    report = FitReport(
        asked="theta-log",
        model="theta-log",
        why="asked for by name",
        scores={"theta-log": 0.9},
        windows=20,
        standings=tuple(Standing(status) for _ in range(tree.size)),
        models=("theta-log",) * tree.size,
        calibrations={0: fit},
        absent=(AbsentSeries("gone", "creator", Standing(Status.REFUSED, ("vanished",))),),
    )
    axis = panel.axis.after(leaves.shape[2])
    return Forecast(panel, axis, tree, tree.sums(leaves), report, seed=0)


def spread(paths: int = 200, days: int = 30, *, mean: float = 20.0, seed: int = 0) -> Any:
    """Draw units of one creator, shape ``(P, H)``: joint levels, and noise by day."""
    rng = np.random.default_rng(seed)
    level = np.exp(0.2 * rng.standard_normal((paths, 1)))
    return mean * level * np.exp(0.1 * rng.standard_normal((paths, days)))
