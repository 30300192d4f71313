"""The scores of the demand benchmark: an answer beside the truth and beside seasonal naive."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
from demand_windows import Floats, Window, interpolated
from scipy.special import ndtri

from upswell.scoring import error_of_total, mase, scaled_quantile_loss, seasonal_scale

LEVELS = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975)
SCORED = slice(1, -1)
MIDDLE = LEVELS.index(0.5)
RANGES = {80: (LEVELS.index(0.1), LEVELS.index(0.9)), 95: (0, len(LEVELS) - 1)}
SEASON = 7
# A loss of zero has no logarithm.
LEAST_RATIO = 1e-6


@dataclass(frozen=True)
class Answer:
    """What a forecaster says of one window, at the levels `LEVELS`.

    Parameters
    ----------
    quantiles
        Of each day, shape ``(Q, S, H)``; NaN throughout for a series it gives no answer for.
    sum_quantiles, peak_quantiles
        Of the sum and of the largest of the ``H`` days, shape ``(Q, S)``, where it has them.
    paths
        Joint paths, shape ``(P, S, H)``, where it has them. They go before the two others: of
        paths, sum and peak are known over any days.
    """

    quantiles: Floats
    sum_quantiles: Floats | None = None
    peak_quantiles: Floats | None = None
    paths: Floats | None = None

    @classmethod
    def of_paths(cls, paths: Floats) -> Answer:
        """Take the quantiles from paths, shape ``(P, S, H)``."""
        return cls(np.quantile(paths, LEVELS, axis=0), paths=paths)


def seasonal_naive(history: Floats, horizon: int) -> Answer:
    """Answer with last week, give or take a Gaussian: the yardstick.

    The standard deviation is the root mean square of the changes over 7 days of the interpolated
    history, times the root of the number of weeks ahead; quantiles are cut at 0.

    References
    ----------
    Hyndman, R. J. & Athanasopoulos, G. (2021). Forecasting: Principles and Practice, 3rd ed.,
    section 5.5.

    Examples
    --------
    >>> answer = seasonal_naive(np.array([[1.0] * 7 + [4.0] * 7]), 1)
    >>> answer.quantiles[[0, 6], 0, 0].tolist()
    [0.0, 4.0]
    """
    filled = interpolated(history)
    change = filled[:, SEASON:] - filled[:, :-SEASON]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # the mean of a series without any change
        deviation = np.sqrt(np.nanmean(change**2, axis=1))
    day = np.arange(horizon)
    week = filled[:, -SEASON:][:, day % SEASON]
    spread = deviation[:, None] * np.sqrt(day // SEASON + 1.0)
    quantiles = week + spread * ndtri(np.array(LEVELS))[:, None, None]
    return Answer(np.maximum(quantiles, 0.0))


@dataclass(frozen=True)
class Scores:
    """Scores of one answer, one entry for each series unless said otherwise; NaN where undefined.

    Parameters
    ----------
    sql, mase
        Scaled quantile loss and MASE, as ratios to seasonal naive.
    total
        ``|sum of medians - sum of truth| / truth`` of the total, shape ``(1,)``.
    day80, day95, sum80, sum95, peak80, peak95
        Shares of days, and of sums and peaks, inside their range.
    unanswered
        1 for a series that is scored and has no answer; seasonal naive's stands in, so its ratios
        are 1. Else 0.
    """

    sql: Floats
    mase: Floats
    total: Floats
    day80: Floats
    day95: Floats
    sum80: Floats
    sum95: Floats
    peak80: Floats
    peak95: Floats
    unanswered: Floats


def score(answer: Answer, window: Window) -> Scores:
    """Score one answer on one window."""
    naive = seasonal_naive(window.history, window.truth.shape[1]).quantiles
    silent = ~np.isfinite(answer.quantiles).all(axis=(0, 2))
    quantiles = np.where(silent[:, None], naive, answer.quantiles)
    scale = seasonal_scale(interpolated(window.history), SEASON)

    def loss(of: Floats) -> Floats:
        return scaled_quantile_loss(window.truth, of[SCORED], LEVELS[SCORED], scale)

    def median_loss(of: Floats) -> Floats:
        return mase(window.truth, of[MIDDLE], scale)

    covered = {
        f"{what}{level}": np.where(silent, np.nan, shares)
        for level, ends in RANGES.items()
        for what, shares in _coverages(answer, quantiles, window.truth, ends).items()
    }
    sql = _ratio(loss(quantiles), loss(naive))
    return Scores(
        sql=sql,
        mase=_ratio(median_loss(quantiles), median_loss(naive)),
        total=error_of_total(window.truth[:1], quantiles[MIDDLE, :1]),
        unanswered=(silent & np.isfinite(sql)).astype(np.float64),
        **covered,
    )


def _ratio(loss: Floats, naive: Floats) -> Floats:
    """Divide where both mean something: a scale of zero, or a faultless naive, gives NaN."""
    known = np.isfinite(loss) & np.isfinite(naive) & (naive > 0)
    ratio = np.divide(loss, naive, out=np.full_like(loss, np.nan), where=known)
    return np.maximum(ratio, LEAST_RATIO)


def _coverages(
    answer: Answer, quantiles: Floats, truth: Floats, ends: tuple[int, int]
) -> dict[str, Floats]:
    """Say for each series which share of its days, and whether its sum and peak, are inside."""
    low, high = ends
    known = np.isfinite(truth)
    days = _inside(truth, quantiles[low], quantiles[high])
    count = known.sum(axis=1)
    share = np.nansum(days, axis=1) / np.maximum(count, 1)
    some = np.where(known, truth, 0.0)
    # Counts are not negative, so a missing day, counted as zero, is never the largest.
    facts = {"sum": some.sum(axis=1), "peak": some.max(axis=1)}
    given = _of_paths(answer.paths, known) if answer.paths is not None else _of_quantiles(answer)
    scored = count > 0 if answer.paths is not None else known.all(axis=1)
    out = {"day": np.where(count > 0, share, np.nan)}
    for what, fact in facts.items():
        found = given[what]
        hit = (
            np.full(len(fact), np.nan) if found is None else _inside(fact, found[low], found[high])
        )
        out[what] = np.where(scored, hit, np.nan)
    return out


def _of_paths(paths: Floats, known: np.ndarray) -> dict[str, Floats | None]:
    """Quantiles of sum and peak over the days whose truth is known, shape ``(Q, S)``."""
    seen = np.where(known, paths, 0.0)
    sums, peaks = seen.sum(axis=2), seen.max(axis=2)
    return {"sum": np.quantile(sums, LEVELS, axis=0), "peak": np.quantile(peaks, LEVELS, axis=0)}


def _of_quantiles(answer: Answer) -> dict[str, Floats | None]:
    return {"sum": answer.sum_quantiles, "peak": answer.peak_quantiles}


def _inside(truth: Floats, low: Floats, high: Floats) -> Floats:
    """Return 1 inside and 0 outside; NaN where something is unknown."""
    unknown = ~np.isfinite(truth + low + high)
    return np.where(unknown, np.nan, (truth >= low) & (truth <= high))


@dataclass(frozen=True)
class Row:
    """Scores of one forecaster, over all windows of one panel or over all panels.

    Parameters
    ----------
    sql, mase
        Geometric means of the ratios.
    total
        Mean error of the total.
    day80, day95, sum80, sum95, peak80, peak95
        Shares inside.
    windows, sums
        Windows behind the first two, and behind the coverages of the sum.
    unanswered
        Windows without an answer.
    """

    sql: float
    mase: float
    total: float
    day80: float
    day95: float
    sum80: float
    sum95: float
    peak80: float
    peak95: float
    windows: int
    sums: int
    unanswered: int


COVERAGES = tuple(field.name for field in fields(Row) if field.name.endswith(("80", "95")))


def row_of_panel(scores: Sequence[Scores]) -> Row:
    """Put the windows of one panel together."""
    pooled = {
        field.name: np.concatenate([getattr(one, field.name) for one in scores])
        for field in fields(Scores)
    }
    return Row(
        sql=geometric_mean(pooled["sql"]),
        mase=geometric_mean(pooled["mase"]),
        total=_mean(pooled["total"]),
        **{name: _mean(pooled[name]) for name in COVERAGES},
        windows=int(np.isfinite(pooled["sql"]).sum()),
        sums=int(np.isfinite(pooled["sum80"]).sum()),
        unanswered=int(pooled["unanswered"].sum()),
    )


def row_of_all(rows: Sequence[Row]) -> Row:
    """Put panels together: losses and errors weigh each panel alike, coverages each window."""

    def covered(name: str) -> float:
        weights = np.array([row.windows if name.startswith("day") else row.sums for row in rows])
        shares = np.array([getattr(row, name) for row in rows])
        known = np.isfinite(shares) & (weights > 0)
        return float(np.average(shares[known], weights=weights[known])) if known.any() else np.nan

    return Row(
        sql=geometric_mean(np.array([row.sql for row in rows])),
        mase=geometric_mean(np.array([row.mase for row in rows])),
        total=_mean(np.array([row.total for row in rows])),
        **{name: covered(name) for name in COVERAGES},
        windows=sum(row.windows for row in rows),
        sums=sum(row.sums for row in rows),
        unanswered=sum(row.unanswered for row in rows),
    )


def geometric_mean(ratios: Floats) -> float:
    """Return the geometric mean of what is known.

    Examples
    --------
    >>> round(geometric_mean(np.array([0.5, 2.0, np.nan, 8.0])), 6)
    2.0
    """
    return float(np.exp(_mean(np.log(ratios))))


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def as_dict(row: Row) -> dict[str, float | int | None]:
    """Return a row for JSON, which has no NaN."""
    return {k: None if v != v else v for k, v in asdict(row).items()}  # noqa: PLR0124
