"""ETS, Theta and CES of statsforecast, on the raw and on the log scale."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import fill_gaps, offsets
from upswell.forecasting.history import History

__all__ = ["FAMILIES", "MINIMUM_DAYS", "StatisticalForecaster"]

Family = Literal["ets", "theta", "ces"]
FAMILIES: tuple[Family, ...] = ("ets", "theta", "ces")
SEASON = 7
MINIMUM_DAYS = 14
# Eighteen weeks are enough for a weekly rhythm and a trend, and keeps a fit at milliseconds.
MEMORY_DAYS = 126
# A median beyond this multiple of the recent maximum is an explosion, not a forecast.
EXPLOSION = 50.0


@dataclass(frozen=True)
class StatisticalForecaster:
    """One family of exponential smoothing, fitted to each series alone.

    Parameters
    ----------
    family
        ``ets``, ``theta`` or ``ces``.
    log
        Whether to fit ``log(y / c + 1)`` instead of ``y``; `c` comes from
        `upswell.forecasting._logscale.offsets`.

    References
    ----------
    ETS: Hyndman et al. (2008), Forecasting with Exponential Smoothing (additive errors and
    season, damped or no trend, chosen by AICc). Theta: Fiorucci et al. (2016). CES: Svetunkov,
    Kourentzes & Ord (2022).

    Examples
    --------
    >>> StatisticalForecaster("theta", log=True).name
    'theta-log'
    """

    family: Family
    log: bool = False
    costly: bool = False
    # Windows of neighbouring cutoffs and the ensemble ask for the same fits again. What was seen
    # is the key, so a remembered answer cannot know more than a fresh one.
    _memo: dict[bytes, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The family, with ``-log`` on the log scale."""
        return f"{self.family}-log" if self.log else self.family

    def fit(self, history: History, horizon: int, seed: int) -> StatisticalForecaster:  # noqa: ARG002
        """Return itself: each prediction fits anew on the history it is given."""
        return self

    def predict(self, history: History, horizon: int) -> NDArray[np.float64]:
        """Forecast medians, shape ``(S, H)``; a series on which the fit failed is NaN."""
        run = _runner(self.family)
        shifts = offsets(history.values)
        out = np.full((history.series, horizon), np.nan)
        for index in range(history.series):
            recent = history.values[index, -MEMORY_DAYS:]
            seen = np.array([horizon, shifts[index]]).tobytes() + recent.tobytes()
            key = hashlib.sha256(seen).digest()
            if key not in self._memo:
                self._memo[key] = self._one(run, recent, shifts[index], horizon)
            out[index] = self._memo[key]
        return out

    def _one(
        self, run: _Run, recent: NDArray[np.float64], shift: float, horizon: int
    ) -> NDArray[np.float64]:
        failed = np.full(horizon, np.nan)
        seen = np.flatnonzero(np.isfinite(recent))
        if len(seen) < MINIMUM_DAYS:
            return failed
        filled = fill_gaps(recent[seen[0] :])
        ceiling = EXPLOSION * max(float(filled[-56:].max()), shift)
        # Counting in units of the level changes nothing in these models, but their optimisers stop
        # elsewhere: without it, thousands would be forecast differently from ones.
        unit = shift if self.log else float(filled.mean()) or 1.0
        scaled = np.log1p(filled / unit) if self.log else filled / unit
        try:
            # The library divides by zero on perfect fits; what comes out of it is judged below.
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                mean = run(scaled, horizon)
        except Exception:  # noqa: BLE001 - the library raises bare exceptions; NaN names the failure
            return failed
        median = (np.expm1(np.minimum(mean, 700.0)) if self.log else mean) * unit
        if not np.isfinite(median).all() or (median > ceiling).any():
            return failed
        return np.maximum(median, 0.0)


_Run = Callable[[NDArray[np.float64], int], NDArray[np.float64]]


def _runner(family: Family) -> _Run:
    """Import what one family needs, and return a function of values and horizon."""
    if family == "ets":
        from statsforecast.ets import ets_f, forecast_ets

        return lambda y, h: _mean(forecast_ets(ets_f(y, SEASON, model="AZA", damped=True), h))
    if family == "theta":
        from statsforecast.theta import auto_theta, forecast_theta

        return lambda y, h: _mean(forecast_theta(auto_theta(y, SEASON), h))
    from statsforecast.ces import auto_ces, forecast_ces

    return lambda y, h: _mean(forecast_ces(auto_ces(y, SEASON), h))


def _mean(answer: dict[str, Any]) -> NDArray[np.float64]:
    return np.asarray(answer["mean"], dtype=np.float64)
