"""The one protocol of all forecasters: fit on a panel up to its cutoff, then give joint paths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.data.panel import Panel
from upswell.data.tree import Tree
from upswell.forecasting.calibration import Calibration
from upswell.forecasting.ladder import Standing, Status

__all__ = [
    "DEFAULT_PATHS",
    "AbsentSeries",
    "FitReport",
    "FittedForecaster",
    "Forecaster",
    "Progress",
]

Progress = Callable[[str], None]

DEFAULT_PATHS = 1000
"""Enough for the 2.5% quantile to rest on 25 paths."""


@dataclass(frozen=True, slots=True)
class AbsentSeries:
    """A series of the panel without a future: it has ended, or is zero.

    Parameters
    ----------
    name, level
        Its place in the tree.
    standing
        ``refused`` when it was no longer observed; ``baseline-only`` with the code ``zero`` when
        it was, and its forecast is zero.
    """

    name: str
    level: str
    standing: Standing

    @property
    def value(self) -> float:
        """Its forecast: 0, or NaN when it is refused."""
        return float("nan") if self.standing.status is Status.REFUSED else 0.0


@dataclass(frozen=True)
class FitReport:
    """What a fit did and how far it carries.

    Parameters
    ----------
    asked
        The name that was asked for, such as ``auto``.
    model
        The forecaster whose medians stand behind the ``ok`` series.
    why
        Why that one.
    scores
        Error relative to seasonal naive of all that were tried; NaN marks a failure.
    windows
        Backtest windows inside the history.
    standings
        One for each series of the fitted tree.
    models
        The forecaster behind each series.
    calibrations
        By index of the series; only the series studied on windows.
    absent
        Series of the panel that have no future, and no paths.
    reads_known_days
        Whether that forecaster reads days off and announced events.
    """

    asked: str
    model: str
    why: str
    scores: dict[str, float]
    windows: int
    standings: tuple[Standing, ...]
    models: tuple[str, ...]
    calibrations: dict[int, Calibration]
    absent: tuple[AbsentSeries, ...] = ()
    reads_known_days: bool = False


class FittedForecaster(Protocol):
    """A forecaster that knows a panel up to its cutoff."""

    @property
    def tree(self) -> Tree:
        """The series it forecasts: those of the panel that have a future."""

    @property
    def report(self) -> FitReport:
        """What the fit did."""

    def sample(self, paths: int) -> NDArray[np.float64]:
        """Draw joint, coherent sample paths.

        Parameters
        ----------
        paths
            Number of paths, ``P``.

        Returns
        -------
        numpy.ndarray
            Shape ``(P, S, H)``, not negative; on every path creators sum to categories and to
            the total.
        """


class Forecaster(Protocol):
    """Fits on a panel."""

    @property
    def name(self) -> str:
        """The name by which it is chosen and shown."""

    def fit(
        self, panel: Panel, horizon: int, seed: int, progress: Progress | None = None
    ) -> FittedForecaster:
        """Fit on everything in the panel: its last day is the cutoff.

        Raises
        ------
        RefusalError
            When the panel cannot carry a forecast.
        """
