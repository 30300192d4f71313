"""Calibration: ranges of the total and the peak are set on windows of that same quantity."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.error_model import HALF_LIFE_DAYS, ErrorModel, SeriesErrors
from upswell.forecasting.evidence import Evidence
from upswell.forecasting.sampling import Shocks, deviations, paths_of, unusualness
from upswell.scoring import crps_from_samples

__all__ = ["Calibration", "calibrate"]

TARGET = 0.80
SHRINKAGE_WINDOWS = 6.0
LEAST_WINDOWS = 2
LEAST_SHARE_OF_DAYS = 0.8
HIGHEST_TARGET = 0.95
NOISE_BOUNDS = (0.7, 1.4)
WINDOW_PATHS = 200
NOISE_FACTORS = np.geomspace(0.5, 2.0, 9)


@dataclass(frozen=True)
class Calibration:
    """How the ranges of one series stand on its own windows.

    Parameters
    ----------
    windows
        Full windows looked at; they overlap.
    effective_windows
        What they are worth as independent ones.
    level_factor, noise_factor
        By what the spread of the level (which drives the total) and of the single day (which
        drives the peak) was multiplied.
    coverage_day, coverage_sum, coverage_peak
        Share of days, sums and peaks of those windows inside the 80% range after calibration;
        NaN without windows. The same windows set the factors, so this is a fit, not a test: the
        test is the backtest.
    """

    windows: int
    effective_windows: float
    level_factor: float = 1.0
    noise_factor: float = 1.0
    coverage_day: float = float("nan")
    coverage_sum: float = float("nan")
    coverage_peak: float = float("nan")


def calibrate(
    model: ErrorModel, evidence: Evidence, name: str, studied: NDArray[np.int64], seed: int
) -> tuple[ErrorModel, dict[int, Calibration]]:
    """Adjust the level and the noise of each studied series to its own sums and peaks.

    The level's factor is the ratio of a quantile of the observed standardised errors of the sum,
    80% with split conformal's correction for few windows, to the 80% quantile that the model
    implies; the noise's is the one with which the peaks are forecast best. Both are shrunk on the
    log scale towards 1 by the number of windows.

    Parameters
    ----------
    model
        Fitted errors of all series.
    evidence, name
        The windows, and whose medians.
    studied
        Indices in the tree of the series in `evidence`.
    seed
        Seed of the sampling.

    Returns
    -------
    model : ErrorModel
        With rescaled spreads.
    report : dict
        By index in the tree.
    """
    weights = 0.5 ** (evidence.ages() / HALF_LIFE_DAYS)
    report = {}
    for k, node in enumerate(studied.tolist()):
        windows = _Windows.of(evidence, name, k, weights)
        effective = model.series[node].windows
        if windows.count < LEAST_WINDOWS:
            report[node] = Calibration(windows.count, effective)
            continue
        trust = effective / (effective + SHRINKAGE_WINDOWS)
        generator = np.random.default_rng([seed, node])
        # Split conformal's correction: n windows must cover a little more than they claim.
        target = min(TARGET * (1.0 + 1.0 / max(effective, 1e-9)), HIGHEST_TARGET)
        level = windows.level_factor(model, node, generator, target) ** trust
        model = model.rescaled(node, level, 1.0)
        noise = windows.noise_factor(model, node, generator) ** trust
        noise = float(np.clip(noise, *NOISE_BOUNDS))
        model = model.rescaled(node, 1.0, noise)
        report[node] = Calibration(
            windows.count, effective, level, noise, *windows.coverage(model, node, generator)
        )
    return model, report


@dataclass(frozen=True)
class _Windows:
    """The full windows of one series."""

    truth: NDArray[np.float64]
    medians: NDArray[np.float64]
    shifts: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, evidence: Evidence, name: str, k: int, weights: NDArray[np.float64]) -> _Windows:
        truth, medians = evidence.truth[k], evidence.medians[name][k]
        complete = evidence.cutoffs + evidence.horizon <= evidence.days
        seen = np.isfinite(truth).mean(axis=1) >= LEAST_SHARE_OF_DAYS
        full = complete & seen & np.isfinite(medians).all(axis=1)
        return cls(truth[full], medians[full], evidence.shifts[k][full], weights[full])

    @property
    def count(self) -> int:
        return len(self.truth)

    def drawn(
        self, errors: SeriesErrors, generator: np.random.Generator
    ) -> tuple[Shocks, NDArray[np.float64]]:
        """Draw the shocks and scales of one window."""
        shocks = Shocks.draw(generator, WINDOW_PATHS, self.truth.shape[1])
        uniform = generator.uniform(1e-6, 1.0 - 1e-6, WINDOW_PATHS)
        return shocks, unusualness(uniform, errors.freedom)

    def sampled(
        self, model: ErrorModel, node: int, window: int, generator: np.random.Generator
    ) -> NDArray[np.float64]:
        """Paths of one window, on the days whose truth is known, shape ``(P, days)``."""
        errors = model.series[node]
        return self.around(window, deviations(errors, *self.drawn(errors, generator)))

    def around(self, window: int, deviation: NDArray[np.float64]) -> NDArray[np.float64]:
        """Paths of one window with given deviations, on the days whose truth is known."""
        paths = paths_of(self.medians[window], float(self.shifts[window]), deviation)
        return paths[:, np.isfinite(self.truth[window])]

    def noise_factor(self, model: ErrorModel, node: int, generator: np.random.Generator) -> float:
        """Multiple of the noise with which the windows' peaks are forecast best.

        A ratio of spreads, as for the sum, would go astray: too much noise lifts the peak's
        median, and the error that this makes would ask for more noise still. The CRPS of the log
        peak sees both.
        """
        errors = model.series[node]
        calm = replace(errors, structure=replace(errors.structure, noise=0.0))
        loss = np.zeros(len(NOISE_FACTORS))
        for window in range(self.count):
            draws = self.drawn(errors, generator)
            level = deviations(calm, *draws)
            noise = deviations(errors, *draws) - level
            shift = float(self.shifts[window])
            truth = np.log(np.nanmax(self.truth[window]) + shift)
            for place, factor in enumerate(NOISE_FACTORS):
                peaks = self.around(window, level + factor * noise).max(axis=1)
                loss[place] += self.weights[window] * crps_from_samples(
                    truth, np.log(peaks + shift)
                )
        # Where all are alike, nothing speaks against the middle one, which is 1.
        order = np.argsort(np.abs(np.log(NOISE_FACTORS)), kind="stable")
        return float(NOISE_FACTORS[order[np.argmin(loss[order])]])

    def level_factor(
        self, model: ErrorModel, node: int, generator: np.random.Generator, target: float
    ) -> float:
        """Observed over implied spread of the window's sum, on the log scale.

        The observed spread is taken at the quantile `target`, the implied one at 80%.
        """
        observed, implied = np.empty(self.count), np.empty(self.count)
        for window in range(self.count):
            paths = self.sampled(model, node, window, generator)
            shift = float(self.shifts[window])
            truth = self.truth[window][np.isfinite(self.truth[window])]
            values = np.log(paths.sum(axis=1) + shift)
            middle = float(np.median(values))
            observed[window] = abs(float(np.log(truth.sum() + shift)) - middle)
            implied[window] = float(np.quantile(np.abs(values - middle), TARGET))
        ratio = observed / np.maximum(implied, 1e-9)
        order = np.argsort(ratio)
        cumulative = np.cumsum(self.weights[order]) / self.weights.sum()
        quantile = ratio[order][int(np.searchsorted(cumulative, target))]
        return float(np.clip(quantile, 0.2, 5.0))

    def coverage(
        self, model: ErrorModel, node: int, generator: np.random.Generator
    ) -> tuple[float, float, float]:
        """Share of days, sums and peaks inside the 80% range."""
        inside = np.zeros((self.count, 3))
        for window in range(self.count):
            paths = self.sampled(model, node, window, generator)
            truth = self.truth[window][np.isfinite(self.truth[window])]
            low, high = np.quantile(paths, [0.1, 0.9], axis=0)
            inside[window, 0] = np.mean((truth >= low) & (truth <= high))
            sums, peaks = paths.sum(axis=1), paths.max(axis=1)
            for column, (own, samples) in enumerate(((truth.sum(), sums), (truth.max(), peaks)), 1):
                low, high = np.quantile(samples, [0.1, 0.9])
                inside[window, column] = low <= own <= high
        day, total, peak = inside.mean(axis=0).tolist()
        return day, total, peak
