"""The backtest: every forecaster at earlier cutoffs, over the whole horizon, beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, Tree
from upswell.data.kinds import FrameKind, as_kind
from upswell.errors import RefusalError
from upswell.forecasting._logscale import recent_mean
from upswell.forecasting.ladder import LEAST_DAYS
from upswell.forecasting.paths import path_forecasters
from upswell.forecasting.protocol import FitReport, Progress
from upswell.forecasting.windows import SeriesValues, TotalWindow, Watch
from upswell.scoring import (
    QUANTILE_LEVELS,
    Metrics,
    Scorecard,
    WindowScore,
    crps_from_samples,
    effective_windows,
    interval_score,
    mean_absolute_error,
    mean_over_known,
    mean_squared_error,
    relative_bias,
    rolling_cutoffs,
    scaled_quantile_loss,
    seasonal_scale,
    summarise,
    supported_level,
    wmape,
)

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BACKTEST_MODELS", "Backtest", "backtest_panel", "score_series"]

BACKTEST_MODELS = (
    *("seasonal-naive", "ets-log", "theta-log", "ces-log"),
    *("ensemble", "lstm-pretrained", "auto"),
)
LOSS_LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SCORED_CREATORS = 40
BACKTEST_PATHS = 500


@dataclass(frozen=True)
class Backtest:
    """What a backtest found.

    Parameters
    ----------
    card
        The scorecard by forecaster and level.
    scores
        The scores of each window and series.
    cutoffs
        Days known at each cutoff.
    horizon
        Days ahead.
    reports
        What each fit did, by forecaster and cutoff.
    refused
        Cutoffs at which the panel was refused, with the code.
    money
        What each rule of a plan would have cost in each window, when a plan was given; see
        `upswell.capacity.money.money_of_windows`.
    kind
        Library of the frames that are given out.
    """

    card: Scorecard
    scores: tuple[WindowScore, ...]
    cutoffs: tuple[int, ...]
    horizon: int
    reports: dict[tuple[str, int], FitReport]
    refused: dict[int, str]
    money: pl.DataFrame | None = None
    kind: FrameKind = FrameKind.POLARS

    def to_frame(self, kind: FrameKind | str | None = None) -> Any:
        """Return the scorecard as a frame of the given kind; see `Scorecard.to_frame`."""
        return as_kind(self.card.to_frame(), self.kind if kind is None else kind)

    @property
    def effective_windows(self) -> float:
        """What the windows are worth as windows that do not overlap."""
        return effective_windows(self.cutoffs, self.horizon)

    @property
    def supported_level(self) -> float:
        """The highest central range that so many windows can support."""
        return supported_level(self.effective_windows)


def backtest_panel(
    panel: Panel,
    horizon: int,
    windows: int,
    models: Sequence[str],
    *,
    seed: int,
    progress: Progress | None = None,
    watch: Watch | None = None,
) -> Backtest:
    """Forecast from earlier cutoffs and score against what then happened.

    Each forecaster sees only `panel.until(cutoff)`; all of them, seasonal naive included, are
    asked for joint paths at the full horizon.

    Parameters
    ----------
    panel
        The whole panel.
    horizon
        Days ahead.
    windows
        Number of cutoffs, at most.
    models
        Names of forecasters; seasonal naive is always added.
    seed
        Seed of all random choices.
    progress
        Called with a forecaster's name after each of its windows.
    watch
        Called with each window of each forecaster: the total's paths, and what then happened.

    Raises
    ------
    RefusalError
        When the panel holds no window, or each of them is refused.

    Examples
    --------
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> backtest_panel(panel, 7, 2, ["theta-log"], seed=0).cutoffs
    (46, 53)
    """
    cutoffs = _cutoffs(panel.days, horizon, windows)
    truth = SeriesValues.of(panel)
    forecasters = path_forecasters(tuple(dict.fromkeys(("seasonal-naive", *models))))
    scores: list[WindowScore] = []
    reports: dict[tuple[str, int], FitReport] = {}
    refused: dict[int, str] = {}
    for cutoff in cutoffs:
        known = panel.until(cutoff)
        past = SeriesValues.of(known)
        for forecaster in forecasters:
            try:
                fitted = forecaster.fit(known, horizon, seed)
            except RefusalError as error:
                refused[cutoff] = error.code
                break
            paths = fitted.sample(BACKTEST_PATHS)
            scores += _scores(forecaster.name, fitted.tree, paths, past, truth)
            reports[forecaster.name, cutoff] = fitted.report
            if watch is not None:
                watch(_total(forecaster.name, paths, past, truth))
            if progress is not None:
                progress(forecaster.name)
    if not scores:
        raise RefusalError(
            f"each of the {len(cutoffs)} windows was refused ({', '.join(set(refused.values()))})",
            code=next(iter(refused.values())),
            fix="give a longer or more complete history",
        )
    return Backtest(summarise(scores), tuple(scores), cutoffs, horizon, reports, refused)


def _cutoffs(days: int, horizon: int, windows: int) -> tuple[int, ...]:
    """Return the cutoffs, or refuse a panel that holds none."""
    cutoffs = rolling_cutoffs(days, horizon, windows, LEAST_DAYS)
    if cutoffs:
        return cutoffs
    longest = days - LEAST_DAYS
    shorter = f"use --horizon {longest} or less, or give" if longest >= 1 else "give"
    raise RefusalError(
        f"{days} days hold no backtest window of {horizon} days with "
        f"{LEAST_DAYS} days of history before it",
        code="too-short",
        fix=f"{shorter} a longer history",
    )


def _total(
    name: str, paths: NDArray[np.float64], past: SeriesValues, truth: SeriesValues
) -> TotalWindow:
    """Take the total out of a window; it stands first in every tree."""
    actual = truth.values[0, past.days : past.days + paths.shape[2]]
    return TotalWindow(name, past.days, past.values[0], paths[:, 0], actual)


def _scores(
    name: str, tree: Tree, paths: NDArray[np.float64], past: SeriesValues, truth: SeriesValues
) -> list[WindowScore]:
    """Score the paths of one forecaster at one cutoff against what then happened."""
    history = past.series(tree)
    future = truth.series(tree)[:, past.days : past.days + paths.shape[2]]
    size = np.where(np.arange(tree.size) < tree.first_leaf, np.inf, recent_mean(history))
    scored = np.sort(np.argsort(-size, kind="stable")[: tree.first_leaf + SCORED_CREATORS])
    return [
        WindowScore(
            name,
            tree.levels[node],
            tree.names[node],
            past.days,
            score_series(future[node], paths[:, node], history[node]),
        )
        for node in scored.tolist()
        if np.isfinite(future[node]).any()
    ]


def score_series(
    actual: NDArray[np.float64], paths: NDArray[np.float64], history: NDArray[np.float64]
) -> Metrics:
    """Score the paths of one series in one window.

    Parameters
    ----------
    actual
        The truth, shape ``(H,)``; missing days are left out of every score.
    paths
        Shape ``(P, H)``.
    history
        The series up to the cutoff, shape ``(T,)``, for the scale.

    Examples
    --------
    >>> actual = np.array([1.0, 2.0])
    >>> metrics = score_series(actual, np.tile(actual, (50, 1)), np.arange(20.0))
    >>> metrics.mae, metrics.coverage80_total
    (0.0, 1.0)
    """
    seen = np.isfinite(actual)
    truth, samples = actual[seen], paths[:, seen]
    quantiles = dict(
        zip(QUANTILE_LEVELS, np.quantile(samples, QUANTILE_LEVELS, axis=0), strict=True)
    )
    median = quantiles[0.5]
    scale = seasonal_scale(history)
    error = mean_absolute_error(truth, median)
    stack = np.stack([quantiles[level] for level in LOSS_LEVELS])
    total, peak = samples.sum(axis=1), samples.max(axis=1)
    squared = float(mean_squared_error(truth, median))
    return Metrics(
        mae=float(error),
        mse=squared,
        rmse=float(np.sqrt(squared)),
        mase=float(error / scale) if scale > 0 else float("nan"),
        wmape=float(wmape(truth, median)),
        bias=float(relative_bias(truth, median)),
        scaled_quantile_loss=float(scaled_quantile_loss(truth, stack, LOSS_LEVELS, scale)),
        crps=float(mean_over_known(crps_from_samples(truth, samples), truth)),
        coverage80=_inside(truth, quantiles[0.1], quantiles[0.9]),
        coverage95=_inside(truth, quantiles[0.025], quantiles[0.975]),
        interval_score80=float(
            interval_score(truth, quantiles[0.1], quantiles[0.9], level=0.8).mean()
        ),
        error_of_total=_relative(float(median.sum()), float(truth.sum())),
        coverage80_total=_within(float(truth.sum()), total, 0.8),
        coverage95_total=_within(float(truth.sum()), total, 0.95),
        coverage80_peak=_within(float(truth.max()), peak, 0.8),
        coverage95_peak=_within(float(truth.max()), peak, 0.95),
    )


def _inside(
    truth: NDArray[np.float64], low: NDArray[np.float64], high: NDArray[np.float64]
) -> float:
    return float(np.mean((truth >= low) & (truth <= high)))


def _within(truth: float, samples: NDArray[np.float64], level: float) -> float:
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2])
    return float(low <= truth <= high)


def _relative(forecast: float, truth: float) -> float:
    return abs(forecast - truth) / truth if truth > 0 else float("nan")
