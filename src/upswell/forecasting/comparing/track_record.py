"""How good an older forecast was on the days that have come since."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel, Tree, node_values
from upswell.forecasting.backtest import LOSS_LEVELS
from upswell.forecasting.result import Forecast
from upswell.scoring import mean_pinball_loss

__all__ = ["TrackRecord", "actual_values", "judge"]


@dataclass(frozen=True)
class TrackRecord:
    """An older forecast of the total beside what then happened.

    Parameters
    ----------
    first_day, last_day
        First and last day of the horizon that has come, as the panel labels them.
    days, missing
        How many days were judged, and how many have come but have no total.
    actual, median
        Sum of those days, and the median of the paths' sums over exactly these.
    low80, high80, low95, high95
        Central ranges of the paths' sums.
    coverage80, coverage95
        Share of days inside the range of the day.
    pinball, pinball_naive
        Mean pinball loss of the days over 11 levels, in views, and seasonal naive's on the same
        days, made from the same history; NaN where there is none.
    creators, creators_inside
        Creators that were forecast and observed on each of these days, and how many of them had
        their sum inside its 80% range.
    """

    first_day: str
    last_day: str
    days: int
    missing: int
    actual: float
    median: float
    low80: float
    high80: float
    low95: float
    high95: float
    coverage80: float
    coverage95: float
    pinball: float
    pinball_naive: float
    creators: int
    creators_inside: int

    @property
    def inside80(self) -> bool:
        """Whether the sum lay inside its 80% range."""
        return self.low80 <= self.actual <= self.high80

    @property
    def inside95(self) -> bool:
        """Whether the sum lay inside its 95% range."""
        return self.low95 <= self.actual <= self.high95

    @property
    def error(self) -> float:
        """Median less actual, as a share of the actual; NaN when that is 0."""
        return (self.median - self.actual) / self.actual if self.actual > 0 else float("nan")


def actual_values(known: Tree, axis: DayAxis, later: Panel) -> NDArray[np.float64]:
    """Return what a later panel says of the days and series of a forecast.

    Parameters
    ----------
    known, axis
        Series and days of the older forecast.
    later
        The panel as it is known now.

    Returns
    -------
    numpy.ndarray
        Shape ``(S, H)``; NaN where a day has not come, is missing, or the series is gone.
    """
    tree = Tree.of_panel(later)
    place = {key: row for row, key in enumerate(zip(tree.levels, tree.names, strict=True))}
    keys = zip(known.levels, known.names, strict=True)
    rows = [place.get(key) for key in keys]
    values = node_values(later)
    out = np.full((len(rows), axis.length), np.nan)
    start, stop = max(axis.start, later.axis.start), min(axis.stop, later.axis.stop)
    for node, row in enumerate(rows):
        if row is not None and start < stop:
            part = values[row, start - later.axis.start : stop - later.axis.start]
            out[node, start - axis.start : stop - axis.start] = part
    return out


def judge(forecast: Forecast, naive: Forecast | None, later: Panel) -> TrackRecord | None:
    """Score an older forecast on the days that have come; None when none of them has.

    Parameters
    ----------
    forecast
        The older forecast.
    naive
        Seasonal naive's, made from the same history for the same days.
    later
        The panel as it is known now.

    Examples
    --------
    >>> import upswell
    >>> days = np.arange(67.0)
    >>> later = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> made = upswell.forecast(later.until(60), horizon=7, model="theta-log")
    >>> found = judge(made, None, later)
    >>> found.days, found.inside80, found.actual
    (7, True, 1151.0)
    """
    actual = actual_values(forecast.tree, forecast.axis, later)
    seen = np.isfinite(actual[0])
    come = min(later.axis.stop, forecast.axis.stop) - forecast.axis.start
    if not seen.any():
        return None
    index = np.flatnonzero(seen)
    truth, paths = actual[0, seen], forecast.paths[:, 0, seen]
    sums = paths.sum(axis=1)
    low95, low80, median, high80, high95 = np.quantile(sums, [0.025, 0.1, 0.5, 0.9, 0.975]).tolist()
    creators = _creators_inside(forecast, actual, seen)
    return TrackRecord(
        first_day=forecast.axis.label(forecast.axis.start + int(index[0])),
        last_day=forecast.axis.label(forecast.axis.start + int(index[-1])),
        days=len(index),
        missing=come - len(index),
        actual=float(truth.sum()),
        median=median,
        low80=low80,
        high80=high80,
        low95=low95,
        high95=high95,
        coverage80=_covered(truth, paths, 0.8),
        coverage95=_covered(truth, paths, 0.95),
        pinball=_pinball(truth, paths),
        pinball_naive=float("nan") if naive is None else _pinball(truth, naive.paths[:, 0, seen]),
        creators=len(creators),
        creators_inside=int(creators.sum()),
    )


def _covered(truth: NDArray[np.float64], paths: NDArray[np.float64], level: float) -> float:
    low, high = np.quantile(paths, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return float(np.mean((truth >= low) & (truth <= high)))


def _pinball(truth: NDArray[np.float64], paths: NDArray[np.float64]) -> float:
    quantiles = np.quantile(paths, LOSS_LEVELS, axis=0)
    return float(mean_pinball_loss(truth, quantiles, LOSS_LEVELS).mean())


def _creators_inside(
    forecast: Forecast, actual: NDArray[np.float64], seen: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Whether the sum of each creator that was observed throughout lay inside its 80% range."""
    leaves = np.arange(forecast.tree.first_leaf, forecast.tree.size)
    leaves = leaves[np.isfinite(actual[leaves][:, seen]).all(axis=1)]
    truth = actual[leaves][:, seen].sum(axis=1)
    low, high = np.quantile(forecast.paths[:, leaves][:, :, seen].sum(axis=2), [0.1, 0.9], axis=0)
    return np.asarray((truth >= low) & (truth <= high))
