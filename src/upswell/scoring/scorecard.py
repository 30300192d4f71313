"""The scorecard: scores of each window brought together, each beside seasonal naive's."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from upswell.errors import SettingError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["BASELINE", "RATIO_METRICS", "Metrics", "Score", "Scorecard", "WindowScore", "summarise"]

BASELINE = "seasonal-naive"
"""Name of the forecaster that every other is held against."""

RATIO_METRICS = ("mae", "rmse", "mase", "wmape", "scaled_quantile_loss", "crps", "interval_score80")
"""The metrics, lower is better, of which ratios to the baseline are taken."""

# One perfect window must not decide a geometric mean over all of them.
_RATIO_BOUNDS = (1e-3, 1e3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """One value for each metric; NaN where it was not measured or is not defined.

    Parameters
    ----------
    mae, mse, rmse, mase, wmape, bias
        Of the point forecast of each day; `bias` is `relative_bias`.
    scaled_quantile_loss, crps
        Of the distribution of each day.
    coverage80, coverage95, interval_score80
        Of the central ranges of each day.
    error_of_total
        Relative error of the sum of the medians.
    coverage80_total, coverage95_total, coverage80_peak, coverage95_peak
        Of the central ranges of the sum and of the largest day of the horizon.
    """

    mae: float = math.nan
    mse: float = math.nan
    rmse: float = math.nan
    mase: float = math.nan
    wmape: float = math.nan
    bias: float = math.nan
    scaled_quantile_loss: float = math.nan
    crps: float = math.nan
    coverage80: float = math.nan
    coverage95: float = math.nan
    interval_score80: float = math.nan
    error_of_total: float = math.nan
    coverage80_total: float = math.nan
    coverage95_total: float = math.nan
    coverage80_peak: float = math.nan
    coverage95_peak: float = math.nan

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the metrics, in their order."""
        return tuple(item.name for item in fields(cls))

    def get(self, name: str) -> float:
        """Return one metric by its name.

        Raises
        ------
        SettingError
            When there is no such metric.
        """
        if name not in self.names():
            raise SettingError(f"no metric {name!r}", fix=f"use one of {', '.join(self.names())}")
        return float(getattr(self, name))


@dataclass(frozen=True, slots=True)
class WindowScore:
    """The scores of one forecaster on one series of one window.

    Parameters
    ----------
    model
        Name of the forecaster.
    level
        Level of the series in the tree: ``total``, ``category`` or ``creator``.
    series
        Name of the series.
    cutoff
        Number of days known at the cutoff.
    metrics
        The scores; NaN throughout where the forecaster failed.
    """

    model: str
    level: str
    series: str
    cutoff: int
    metrics: Metrics


@dataclass(frozen=True, slots=True)
class Score:
    """The scores of one forecaster on one level of the tree, over all windows.

    Parameters
    ----------
    model, level
        The forecaster and the level.
    windows
        Number of different cutoffs.
    series
        Number of different series.
    failed
        On how many windows and series the baseline has a MAE and this forecaster has none. Its
        means leave them out, so a count above 0 makes them flatter it.
    metrics
        Means over windows and series; `rmse` is the root of the mean of `mse`.
    ratios
        For each of `RATIO_METRICS`, the geometric mean over windows and series of the ratio to the
        baseline, each kept between 0.001 and 1000; NaN without a pair to compare.
    """

    model: str
    level: str
    windows: int
    series: int
    failed: int
    metrics: Metrics
    ratios: tuple[float, ...]

    def ratio(self, metric: str) -> float:
        """Return the ratio of one metric to the baseline's; below 1 is better.

        Raises
        ------
        SettingError
            When no ratio is taken of that metric.
        """
        if metric not in RATIO_METRICS:
            raise SettingError(f"no ratio of {metric!r}", fix=f"use {', '.join(RATIO_METRICS)}")
        return self.ratios[RATIO_METRICS.index(metric)]

    @property
    def worse_than_trivial(self) -> tuple[str, ...]:
        """The metrics in which the baseline is better."""
        return tuple(name for name in RATIO_METRICS if self.ratio(name) > 1.0 + 1e-9)


@dataclass(frozen=True, slots=True)
class Scorecard:
    """All scores of one backtest, by level and forecaster.

    Parameters
    ----------
    scores
        One for each forecaster and level, in the order in which they came.
    baseline
        The forecaster to which the ratios refer.
    """

    scores: tuple[Score, ...]
    baseline: str = BASELINE

    def get(self, model: str, level: str) -> Score:
        """Return the scores of one forecaster on one level.

        Raises
        ------
        SettingError
            When the card does not hold them.
        """
        for score in self.scores:
            if (score.model, score.level) == (model, level):
                return score
        raise SettingError(f"the scorecard holds no {model!r} at level {level!r}")

    def to_frame(self) -> pl.DataFrame:
        """Return the card as a Polars frame, one row a forecaster and level.

        Returns
        -------
        polars.DataFrame
            Columns ``model, level, windows, series, failed``, the metrics, ``ratio_*`` for each of
            `RATIO_METRICS`, and ``worse_than_trivial``: the names of the metrics in which the
            baseline is better, separated by spaces. What is not defined is null.
        """
        import polars as pl

        rows = [
            (
                *(score.model, score.level, score.windows, score.series, score.failed),
                *(score.metrics.get(name) for name in Metrics.names()),
                *score.ratios,
                " ".join(score.worse_than_trivial),
            )
            for score in self.scores
        ]
        schema: dict[str, type[pl.DataType]] = {"model": pl.String, "level": pl.String}
        schema |= dict.fromkeys(("windows", "series", "failed"), pl.Int64)
        schema |= dict.fromkeys(Metrics.names(), pl.Float64)
        schema |= {f"ratio_{name}": pl.Float64 for name in RATIO_METRICS}
        schema |= {"worse_than_trivial": pl.String}
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def summarise(scores: Iterable[WindowScore], baseline: str = BASELINE) -> Scorecard:
    """Bring the scores of single windows together.

    Parameters
    ----------
    scores
        One for each forecaster, series and cutoff.
    baseline
        The forecaster to compare with; without it in `scores` all ratios are NaN.

    Returns
    -------
    Scorecard
        One score for each forecaster and level.

    Raises
    ------
    SettingError
        When a forecaster, series and cutoff comes twice.

    Examples
    --------
    >>> def one(model, cutoff, mae):
    ...     return WindowScore(model, "total", "total", cutoff, Metrics(mae=mae))
    >>> card = summarise(
    ...     [one("seasonal-naive", 50, 4.0), one("seasonal-naive", 80, 8.0),
    ...      one("ets", 50, 4.0), one("ets", 80, 2.0)]
    ... )
    >>> card.get("ets", "total").metrics.mae, card.get("ets", "total").ratio("mae")
    (3.0, 0.5)
    """
    groups: dict[tuple[str, str], dict[tuple[str, int], Metrics]] = {}
    for score in scores:
        group = groups.setdefault((score.model, score.level), {})
        if (score.series, score.cutoff) in group:
            raise SettingError(
                f"{score.model} has two scores of {score.series} at cutoff {score.cutoff}"
            )
        group[(score.series, score.cutoff)] = score.metrics
    return Scorecard(
        tuple(
            _summary(model, level, group, groups.get((baseline, level), {}))
            for (model, level), group in groups.items()
        ),
        baseline,
    )


_Group = dict[tuple[str, int], Metrics]


def _summary(model: str, level: str, group: _Group, base: _Group) -> Score:
    """Average one forecaster on one level."""
    means = {name: _mean([m.get(name) for m in group.values()]) for name in Metrics.names()}
    if math.isfinite(means["mse"]):
        means["rmse"] = math.sqrt(means["mse"])
    missing = [key for key, metrics in base.items() if math.isfinite(metrics.mae)]
    return Score(
        model=model,
        level=level,
        windows=len({cutoff for _, cutoff in group}),
        series=len({series for series, _ in group}),
        failed=sum(key not in group or not math.isfinite(group[key].mae) for key in missing),
        metrics=Metrics(**means),
        ratios=tuple(
            _geometric_ratio([(group[k].get(name), base[k].get(name)) for k in group if k in base])
            for name in RATIO_METRICS
        ),
    )


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return math.fsum(known) / len(known) if known else math.nan


def _geometric_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """Return the geometric mean of ``own / base`` over the pairs of which both are known."""
    low, high = _RATIO_BOUNDS
    logs = []
    for own, base in pairs:
        if math.isfinite(own) and math.isfinite(base):
            quotient = (1.0 if own == base else high) if base == 0 else own / base
            logs.append(math.log(np.clip(quotient, low, high)))
    return math.exp(math.fsum(logs) / len(logs)) if logs else math.nan
