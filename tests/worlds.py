"""Panels and forecasters made by hand, for tests of forecasting."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from observing import daily
from upswell.data import Panel
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.history import History

FloatArray = NDArray[np.float64]


def panel_of(
    values: FloatArray, groups: Sequence[str] | None = None, *, calendar: bool = False
) -> Panel:
    """Make a panel of creators ``c0, c1, ...``; with a calendar it starts on 2024-01-01."""
    return Panel.from_arrays(
        np.asarray(values, dtype=np.float64),
        items=[f"c{i}" for i in range(len(values))],
        groups=groups,
        start=19723 if calendar else 1,
        calendar=calendar,
    )


def plain_panel(series: int = 3, days: int = 100, seed: int = 0) -> Panel:
    """Make a panel of plain daily counts in two categories."""
    values = daily(series, days, seed) * (1.0 + np.arange(series))[:, None]
    return panel_of(values, [f"g{i % 2}" for i in range(series)])


def walk(days: int, seed: int, spread: float = 0.03, noise: float = 0.1) -> FloatArray:
    """Make counts whose log is a random walk, a week and noise, shape ``(days,)``."""
    rng = np.random.default_rng(seed)
    level = np.cumsum(spread * rng.standard_normal(days))
    week = 0.2 * np.sin(2.0 * np.pi * np.arange(days) / 7.0)
    return np.exp(8.0 + level + week + noise * rng.standard_normal(days))


def history_of(values: FloatArray) -> History:
    """Make a history whose first day is day 0 of the week."""
    matrix = np.atleast_2d(np.asarray(values, dtype=np.float64))
    return History(matrix, np.arange(matrix.shape[1]) % 7)


def evidence_of(
    truth: FloatArray, medians: dict[str, FloatArray], *, step: int = 5, start: int = 60
) -> Evidence:
    """Make evidence of complete windows, arrays of shape ``(S, W, H)``, offset 1."""
    series, windows, horizon = truth.shape
    cutoffs = start + step * np.arange(windows)
    return Evidence(
        cutoffs=cutoffs,
        truth=truth,
        medians=medians,
        shifts=np.ones((series, windows)),
        step=step,
        days=int(cutoffs[-1]) + horizon if windows else start,
    )


@dataclass
class Spy:
    """A forecaster that notes what it was shown, and answers by a function."""

    answer: Callable[[History, int], FloatArray]
    name: str = "spy"
    costly: bool = False
    fits: list[History] = field(default_factory=list)
    asks: list[History] = field(default_factory=list)

    def fit(self, history: History, horizon: int, seed: int) -> Spy:
        """Note the history."""
        del horizon, seed
        self.fits.append(history)
        return self

    def predict(self, history: History, horizon: int) -> FloatArray:
        """Note the history and answer."""
        self.asks.append(history)
        return self.answer(history, horizon)


def silent(history: History, horizon: int) -> FloatArray:
    """Fail on every series."""
    return np.full((history.series, horizon), np.nan)
