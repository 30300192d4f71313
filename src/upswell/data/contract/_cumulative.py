"""Whether a panel holds running totals where daily counts were expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CumulativeEvidence", "cumulative_evidence"]

_FEWEST_DAYS = 8
_FEWEST_RISES = 5
_FALLS = 0.1
_BULK = 0.8
_MOST_STUDIED = 200
_SMOOTH = 0.02
_ROUNDING = 4.0
_LEVEL_OVER_STEP = 3.0
# Mean and spread of the lag-one correlation of white steps about a moving mean of 7 days.
_WHITE = -0.2
_WHITE_SPREAD = 1.8
_LEVEL_NOISE = -0.33


@dataclass(frozen=True)
class CumulativeEvidence:
    """What speaks for running totals.

    Parameters
    ----------
    judged
        Number of series that are long enough and rise often enough to be judged.
    rising
        How many of them hardly ever fall.
    verdict
        ``cumulative``, ``smooth`` (hardly ever falls, yet too smooth to tell) or ``daily``.
    """

    judged: int
    rising: int
    verdict: str


def cumulative_evidence(values: NDArray[np.float64]) -> CumulativeEvidence:
    """Judge whether series are running totals.

    A daily count wiggles: its noise is noise of the level, so it falls often, and where it grows
    fast enough to hide that, a rise above the trend is followed by a rise below it (steps that
    are differences of white noise have a lag-one correlation of -0.5). A running total hardly
    ever falls, and its steps are daily counts with noise of their own. The panel is cumulative
    when 80% of the series, and 80% of the volume, hardly ever fall, and the steps of those that
    are not too smooth to tell do not look like differences of a noisy level.

    Parameters
    ----------
    values
        As read, shape ``(N, T)``, not negative, NaN where missing.
    """
    count = values.shape[0]
    items, days = np.nonzero(np.isfinite(values))
    flat = values[items, days]
    inside = items[1:] == items[:-1]
    owner = items[1:][inside]
    steps = np.diff(flat)[inside]
    total = np.bincount(owner, minlength=count)
    rises = np.bincount(owner[steps > 0], minlength=count)
    falls = np.bincount(owner[steps < 0], minlength=count)
    scaled = flat / max(flat.max(initial=0.0), 1.0)
    volume = np.bincount(items, weights=scaled, minlength=count).astype(np.float64)
    judged = (total + 1 >= _FEWEST_DAYS) & (rises >= _FEWEST_RISES)
    rising = judged & (falls <= np.maximum(_FALLS * total, 1.0))
    verdict = "daily"
    if _bulk(rising, judged, volume):
        largest = np.argsort(-np.where(rising, volume, -1.0), kind="stable")[:_MOST_STUDIED]
        studied = largest[rising[largest]]
        verdict = _verdict([values[i][np.isfinite(values[i])] for i in studied], volume[studied])
    return CumulativeEvidence(int(judged.sum()), int(rising.sum()), verdict)


def _bulk(subset: NDArray[np.bool_], among: NDArray[np.bool_], volume: NDArray[np.float64]) -> bool:
    if not among.any():
        return False
    by_count = subset.sum() >= _BULK * among.sum()
    return bool(by_count and volume[subset].sum() >= _BULK * volume[among].sum())


def _verdict(series: list[NDArray[np.float64]], volume: NDArray[np.float64]) -> str:
    """Judge series that hardly ever fall, without their missing days."""
    rough = np.array([not _is_smooth(one) for one in series])
    if volume[rough].sum() < 0.5 * volume.sum():
        return "smooth"
    chosen = [one for one, noisy in zip(series, rough, strict=True) if noisy]
    ratios = [_level_over_step(one) for one in chosen]
    if float(np.median(ratios)) < _LEVEL_OVER_STEP:
        return "daily"
    steps = [np.diff(one) for one in chosen]
    lag = float(np.mean([_lag_one(one) for one in steps]))
    pooled = sum(one.size for one in steps)
    return (
        "daily" if lag < min(_LEVEL_NOISE, _WHITE - _WHITE_SPREAD / pooled**0.5) else "cumulative"
    )


def _is_smooth(series: NDArray[np.float64]) -> bool:
    """Say whether a series is as smooth as only made-up ones, or as too small counts, are."""
    steps = np.abs(np.diff(series))
    local = np.convolve(steps, np.ones(3), "valid") / 3.0
    # The third difference of a smooth curve is next to nothing; rounding alone moves it by 4.
    bend = np.maximum(np.abs(np.diff(series, n=3)) - _ROUNDING, 0.0)
    return bool(np.quantile(bend - _SMOOTH * local, 0.9) <= 0.0)


def _level_over_step(series: NDArray[np.float64]) -> float:
    steps = np.diff(series)
    return float(np.median(series[1:][steps > 0] / steps[steps > 0]))


def _lag_one(steps: NDArray[np.float64]) -> float:
    """Return the lag-one correlation of steps about their moving mean, relative to it."""
    week = np.ones(7)
    mean = np.convolve(steps, week, "same") / np.convolve(np.ones(steps.size), week, "same")
    known = mean > 0
    rest = (steps[known] - mean[known]) / mean[known]
    # One spike would correlate with its neighbours through the mean that it moved.
    bound = 3.0 * float(np.median(np.abs(rest))) if rest.size else 0.0
    rest = np.clip(rest, -bound, bound)
    spread = float((rest * rest).sum())
    return float((rest[1:] * rest[:-1]).sum() / spread) if spread > 0 else 0.0
