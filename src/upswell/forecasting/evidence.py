"""Evidence: what forecasters would have said at earlier cutoffs, beside what then happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import offsets
from upswell.forecasting.failure import Failed, fit_or_fail
from upswell.forecasting.history import FittedMedian, History, MedianForecaster
from upswell.forecasting.quantiles import QuantileForecaster, Quantiles

__all__ = ["Evidence", "gather", "inner_cutoffs"]

MINIMUM_HISTORY = 14
LOOK_BACK_DAYS = 730
MOST_WINDOWS = 24
FEW_WINDOWS = 8
SHORT_HISTORY = 120
COSTLY_FITS = 2


@dataclass(frozen=True)
class Evidence:
    """Medians of several forecasters over rolling windows, and the truth as far as it is known.

    Parameters
    ----------
    cutoffs
        Days known in each of the ``W`` windows, shape ``(W,)``, ascending.
    truth
        What happened, shape ``(S, W, H)``; NaN where missing or after the last known day.
    medians
        By forecaster, shape ``(S, W, H)``; NaN where it failed or knew nothing of the series.
    shifts
        Offsets of the log scale as known at each cutoff, shape ``(S, W)``.
    step
        Days between windows.
    days
        Days known in all.
    said
        Quantiles of each window, by forecasters that say them themselves.
    observed
        Days of each series that had been observed at each cutoff, shape ``(S, W)``; None where
        that was not counted.
    """

    cutoffs: NDArray[np.int64]
    truth: NDArray[np.float64]
    medians: dict[str, NDArray[np.float64]]
    shifts: NDArray[np.float64]
    step: int
    days: int
    said: dict[str, tuple[Quantiles, ...]] = field(default_factory=dict)
    observed: NDArray[np.int64] | None = None

    @property
    def horizon(self) -> int:
        """Number of days ahead, ``H``."""
        return int(self.truth.shape[2])

    def log_errors(self, name: str) -> NDArray[np.float64]:
        """Log ratio of truth to median, shape ``(S, W, H)``; NaN where either is missing."""
        shift = self.shifts[..., None]
        return np.asarray(
            np.log((self.truth + shift) / (self.medians[name] + shift)), dtype=np.float64
        )

    def old_enough(self) -> NDArray[np.bool_]:
        """Say which series had enough days at a cutoff to ask more than seasonal naive of them.

        Returns
        -------
        numpy.ndarray
            Shape ``(S, W)``; all true where days were not counted.
        """
        if self.observed is None:
            return np.ones(self.shifts.shape, dtype=bool)
        return np.asarray(self.observed >= MINIMUM_HISTORY)

    def of_models(self, name: str, models: Sequence[str]) -> Evidence:
        """Return evidence of one forecaster that is made of a forecaster for each series.

        Parameters
        ----------
        name
            What the forecaster is called in the answer.
        models
            Whose medians stand behind each of the ``S`` series.
        """
        rows = [self.medians[model][k] for k, model in enumerate(models)]
        return replace(self, medians={name: np.stack(rows)})

    def select(self, index: NDArray[np.int64]) -> Evidence:
        """Return the evidence of some of the series."""
        return replace(
            self,
            truth=self.truth[index],
            medians={name: medians[index] for name, medians in self.medians.items()},
            shifts=self.shifts[index],
            said={n: tuple(q.select(index) for q in said) for n, said in self.said.items()},
            observed=None if self.observed is None else self.observed[index],
        )

    def without_what_was_taught(
        self, forecasters: Iterable[MedianForecaster], start: int
    ) -> Evidence:
        """Return the evidence without windows that a forecaster had learnt from beforehand.

        Parameters
        ----------
        forecasters
            Those whose medians it holds; one from a bundle knows `taught_until`.
        start
            Number of the first day of the history.
        """
        medians, said = dict(self.medians), dict(self.said)
        for forecaster in forecasters:
            last = getattr(forecaster, "taught_until", None)
            if last is not None:
                seen = start + self.cutoffs - 1 < last
                medians[forecaster.name] = medians[forecaster.name].copy()
                medians[forecaster.name][:, seen] = np.nan
                if forecaster.name in said:
                    own = zip(said[forecaster.name], seen.tolist(), strict=True)
                    said[forecaster.name] = tuple(q.unsaid() if hide else q for q, hide in own)
        return replace(self, medians=medians, said=said)

    def ages(self) -> NDArray[np.float64]:
        """Days between each cutoff and the last known day, shape ``(W,)``."""
        return (self.days - self.cutoffs).astype(np.float64)


def inner_cutoffs(days: int, horizon: int) -> tuple[NDArray[np.int64], int]:
    """Choose the cutoffs of the windows from which errors are learnt.

    They go back from the end by a step that divides the horizon where it can, so that the
    windows of neighbouring backtest cutoffs coincide. The latest windows are only partly known.

    Parameters
    ----------
    days
        Days known.
    horizon
        Days ahead.

    Returns
    -------
    cutoffs : numpy.ndarray
        Ascending, shape ``(W,)``; empty when the history is too short.
    step : int
        Days between them.

    Examples
    --------
    >>> cutoffs, step = inner_cutoffs(50, 30)
    >>> cutoffs.tolist(), step
    ([15, 20, 25, 30, 35, 40, 45], 5)
    """
    most = MOST_WINDOWS if days >= SHORT_HISTORY else FEW_WINDOWS
    span = min(days - MINIMUM_HISTORY, LOOK_BACK_DAYS)
    if span < 1:
        return np.zeros(0, dtype=np.int64), 1
    smallest = max(-(-span // most), 1)
    # A divisor far above it, as of a prime horizon, would cost most of the windows.
    divisors = [d for d in range(smallest, min(horizon, 2 * smallest) + 1) if horizon % d == 0]
    step = divisors[0] if divisors else smallest
    count = span // step
    return np.arange(days - count * step, days, step, dtype=np.int64), step


def gather(
    history: History,
    forecasters: Sequence[MedianForecaster],
    horizon: int,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> Evidence:
    """Let forecasters forecast from earlier cutoffs of a history.

    Parameters
    ----------
    history
        What is known, ``S`` series of ``T`` days.
    forecasters
        Who is asked.
    horizon
        Days ahead, ``H``.
    seed
        Seed of the fits.
    progress
        Called with a name whenever a forecaster has done one window.

    Examples
    --------
    >>> from upswell.forecasting.naive import SeasonalNaive
    >>> history = History(np.arange(30.0)[None], np.arange(30) % 7)
    >>> evidence = gather(history, [SeasonalNaive()], 7, seed=0)
    >>> evidence.medians["seasonal-naive"].shape == (1, len(evidence.cutoffs), 7)
    True
    """
    cutoffs, step = inner_cutoffs(history.days, horizon)
    shape = (history.series, len(cutoffs), horizon)
    truth = np.full(shape, np.nan)
    shifts = np.ones(shape[:2])
    medians = {forecaster.name: np.full(shape, np.nan) for forecaster in forecasters}
    fitted: dict[str, FittedMedian] = {}
    said: dict[str, list[Quantiles]] = {}
    spread = np.linspace(0, len(cutoffs), COSTLY_FITS, endpoint=False, dtype=int)
    renewals = {int(cutoffs[i]) for i in spread if i < len(cutoffs)}
    for window, cutoff in enumerate(cutoffs.tolist()):
        known = history.until(cutoff)
        after = history.values[:, cutoff : cutoff + horizon]
        truth[:, window, : after.shape[1]] = after
        shifts[:, window] = offsets(known.values)
        for forecaster in forecasters:
            name = forecaster.name
            if isinstance(forecaster, QuantileForecaster):
                quantiles = forecaster.quantiles(known, horizon)
                said.setdefault(name, []).append(quantiles)
                medians[name][:, window] = quantiles.median
            else:
                stale = not forecaster.costly or cutoff in renewals
                # What failed on too few days may succeed on more.
                if stale or isinstance(fitted[name], Failed):
                    fitted[name] = fit_or_fail(forecaster, known, horizon, seed)
                medians[name][:, window] = fitted[name].predict(known, horizon)
            if progress is not None:
                progress(name)
    whole = {name: tuple(windows) for name, windows in said.items()}
    observed = np.cumsum(np.isfinite(history.values), axis=1)[:, cutoffs - 1]
    return Evidence(cutoffs, truth, medians, shifts, step, history.days, whole, observed)
