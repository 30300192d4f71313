"""Forecasts put together by hand, so that tests of charts and pages need no fit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from upswell.data import DayAxis, Panel, Tree
from upswell.forecasting import Forecast
from upswell.forecasting.calibration import Calibration
from upswell.forecasting.ladder import Standing, Status
from upswell.forecasting.protocol import AbsentSeries, FitReport

START = 20089
"""2025-01-01."""


def forecast_of(
    items: Sequence[str],
    groups: Sequence[str] | None = None,
    *,
    days: int = 60,
    horizon: int = 14,
    paths: int = 200,
    calendar: bool = True,
    seed: int = 0,
    scale: float = 10_000.0,
    absent: Sequence[str] = (),
) -> Forecast:
    """Make a forecast whose creators walk at random around levels of their own."""
    rng = np.random.default_rng(seed)
    levels = scale * (1.0 + np.arange(len(items)))[::-1]
    noise = 0.15 * rng.standard_normal((len(items), days))
    panel = Panel(
        axis=DayAxis(START if calendar else 1, days, calendar),
        items=(*items, *absent),
        values=np.vstack([levels[:, None] * np.exp(noise), np.full((len(absent), days), np.nan)]),
        groups=None if groups is None else (*groups, *["gone"] * len(absent)),
    )
    tree = Tree.of(tuple(items), None if groups is None else tuple(groups))
    walk = 0.05 * rng.standard_normal((paths, len(items), horizon)).cumsum(axis=2)
    shared = 0.1 * rng.standard_normal((paths, 1, horizon))
    report = FitReport(
        asked="auto",
        model="ensemble",
        why="0.80 of seasonal naive's error on 9 backtest windows",
        scores={"seasonal-naive": 1.0, "ets-log": 0.9, "ensemble": 0.8, "broken": float("nan")},
        windows=9,
        standings=(Standing(Status.OK),) * tree.size,
        models=("ensemble",) * tree.size,
        calibrations={0: Calibration(9, 3.5, 1.1, 0.9, 0.8, 0.75, 0.85)},
        absent=tuple(
            AbsentSeries(name, "creator", Standing(Status.REFUSED, ("vanished",)))
            for name in absent
        ),
    )
    return Forecast(
        panel=panel,
        axis=panel.axis.after(horizon),
        tree=tree,
        paths=tree.sums(levels[:, None] * np.exp(walk + shared)),
        report=report,
        seed=seed,
    )


PLAN = {
    "unit": {"views_per_hour": 100.0, "headroom": 0.1},
    "profile": {"peak_to_average": 1.8},
    "prices": {
        "currency": "EUR",
        "reserved": 0.06,
        "on_demand": 0.1,
        "shortage": 0.5,
        "tiers": [{"from": 40, "reserved": 0.055}],
    },
    "commitment": {"existing": 10, "lead_time_days": 7},
    "limit": {"units": 60},
}
"""A plan for three creators of the default scale."""
