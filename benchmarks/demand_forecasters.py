"""Who is asked in the demand benchmark: Upswell's own forecasters, and peers where installed.

To add one that gives quantiles for many histories at once, write a function
``(values (S, T), horizon) -> Answer`` and name it in `FUNCTIONS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol

import numpy as np
from demand_peers import AutoGluon, Statistical
from demand_scores import LEVELS, Answer, seasonal_naive
from demand_windows import Floats, Window

from upswell.data import Panel
from upswell.errors import ForecasterError, RefusalError
from upswell.forecasting import path_forecasters
from upswell.forecasting.lstm.pretrained import forecast_quantiles
from upswell.forecasting.registry import names

PATHS, SEED = 500, 0
TRAINED = ("lstm", "lstm-direct")
"""They train anew for every window: asked only when named."""


class Asked(Protocol):
    """Whoever answers windows."""

    def answer(self, window: Window) -> Answer:
        """Forecast the days after the window's history, which is all that may be looked at."""


@dataclass(frozen=True)
class OfPaths:
    """A forecaster by its name, through Upswell's own joint paths.

    The total is forecast as a panel of its own, for it may hold more than the series beside it;
    these are a second panel.
    """

    name: str

    def answer(self, window: Window) -> Answer:
        """Fit on the window's history, draw paths, and take their quantiles."""
        paths = np.full((PATHS, window.series, window.truth.shape[1]), np.nan)
        for low, high in ((0, 1), (1, window.series)):
            if low < high:
                paths[:, low:high] = self._panel(window, low, high)
        return Answer.of_paths(paths)

    def _panel(self, window: Window, low: int, high: int) -> Floats:
        """Draw paths of some series as one panel; NaN for those that are refused."""
        (forecaster,) = path_forecasters([self.name])
        items = [str(node) for node in range(low, high)]
        panel = Panel.from_arrays(
            window.history[low:high], items=items, start=window.start, calendar=window.calendar
        )
        horizon = window.truth.shape[1]
        out = np.full((PATHS, high - low, horizon), np.nan)
        try:
            fitted = forecaster.fit(panel, horizon, SEED)
        except (RefusalError, ForecasterError):
            return out
        drawn, tree = fitted.sample(PATHS), fitted.tree
        for node in range(tree.first_leaf, tree.size):
            out[:, int(tree.names[node]) - low] = drawn[:, node]
        for absent in fitted.report.absent:
            if absent.name in items:
                out[:, int(absent.name) - low] = absent.value
        return out


@dataclass(frozen=True)
class OfFunction:
    """A function that gives quantiles for many histories at once."""

    function: Callable[[Floats, int], Answer]

    def answer(self, window: Window) -> Answer:
        """Ask for all series of the window together."""
        return self.function(window.history, window.truth.shape[1])


def lstm_alone(values: Floats, horizon: int) -> Answer:
    """Ask the shipped LSTM for quantiles of each series, as if it were alone."""
    said = forecast_quantiles(values, horizon)
    return Answer(said.day, said.sum[..., -1], said.peak[..., -1])


FUNCTIONS: Mapping[str, Callable[[Floats, int], Answer]] = {
    "last week (yardstick)": seasonal_naive,
    "lstm-pretrained, each series alone": lstm_alone,
}

PEERS: Mapping[str, tuple[str, Callable[[], Asked]]] = {
    **{
        f"{family}{' on logs' if log else ''}, statsforecast": (
            "statsforecast",
            lambda family=family, log=log: Statistical(family, log, LEVELS),
        )
        for family in ("AutoETS", "AutoTheta", "AutoCES")
        for log in (False, True)
    },
    "AutoGluon-TimeSeries": ("autogluon.timeseries", lambda: AutoGluon(LEVELS)),
}
"""Peers by name: the module that must be installed, and how to make one."""


def everyone() -> tuple[str, ...]:
    """Name all who are asked unless told otherwise."""
    own = ("auto", *names())
    return (*FUNCTIONS, *PEERS, *(n for n in own if n not in TRAINED and n not in FUNCTIONS))


def asked(name: str) -> Asked | None:
    """Make one by name; None where a peer is not installed."""
    if name in FUNCTIONS:
        return OfFunction(FUNCTIONS[name])
    if name in PEERS:
        module, make = PEERS[name]
        return make() if _installed(module) else None
    return OfPaths(name)


def _installed(module: str) -> bool:
    package = module.partition(".")[0]
    return find_spec(package) is not None and find_spec(module) is not None
