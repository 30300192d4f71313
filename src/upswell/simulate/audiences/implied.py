"""Implied: what a prior says about series as they look, to be held against what is published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PUBLISHED", "STATISTICS", "Published", "quantiles", "statistics"]

Floats = NDArray[np.float64]

MONTH = 28
WEEK = 7


@dataclass(frozen=True)
class Published:
    """A figure that was published, and the statistic that it is a value of.

    Parameters
    ----------
    statistic
        A key of `STATISTICS`.
    low, high
        The figure, or its ends.
    what, source
        What it is, and who published it.
    """

    statistic: str
    low: float
    high: float
    what: str
    source: str


PUBLISHED = (
    Published(
        "weakest weekday",
        0.817,
        0.926,
        "Sunday's part of Friday's audio streams in the United States, from Latin to Jazz",
        "Luminate (2023)",
    ),
    Published(
        "weakest weekday",
        1.7 / 1.9,
        1.7 / 1.9,
        "viewers of Twitch on a working day as a part of those on a weekend day, in the lockdowns",
        "TwitchTracker, in Statista (2020)",
    ),
    Published(
        "monthly growth",
        28 / 90 * np.log(1.7 / 0.98),
        28 / 90 * np.log(1.7 / 0.98),
        "a whole platform in exceptional times: hours of Twitch a month from 980 million to 1.7 "
        "billion in 90 days of lockdowns",
        "TwitchTracker, in Statista (2020)",
    ),
    Published(
        "monthly growth",
        28 * 0.035,
        28 * 0.035,
        "the file that the project began with: 3.5% a day",
        "measured there",
    ),
    Published(
        "tail of changes",
        2.576 / 0.6745,
        2.576 / 0.6745,
        "normal changes; those of videos have heavier tails, so half of the series should "
        "lie above",
        "Miotto, Kantz and Altmann (2017)",
    ),
)
"""Figures that the simulator has to contain; the tests say how."""


def _means(values: Floats) -> Floats:
    """Return means over the last axis of days that are known; NaN where none is."""
    known = np.isfinite(values)
    number = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _medians(values: Floats) -> Floats:
    out = np.full(len(values), np.nan)
    some = np.isfinite(values).any(axis=1)
    out[some] = np.nanmedian(values[some], axis=1)
    return out


def level(values: Floats) -> Floats:
    """Return the median count a day."""
    return _medians(values)


def monthly_growth(values: Floats) -> Floats:
    """Return the log of the mean of the last 28 days, less that of the 28 before, plus one each."""
    ends = [_means(values[:, -MONTH:]), _means(values[:, -2 * MONTH : -MONTH])]
    return np.asarray(np.log1p(ends[0]) - np.log1p(ends[1]))


def weakest_weekday(values: Floats) -> Floats:
    """Return the typical count of the weakest weekday as a part of the strongest one's.

    Typical is the median of each day as a part of the mean of the seven days around it. Series
    of less than four weeks, and such with fewer than 20 a day, are NaN.
    """
    count, length = values.shape
    if length < 4 * WEEK:
        return np.full(count, np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(values, WEEK, axis=1)
    around = windows.mean(axis=2)
    inner = values[:, 3 : length - 3]
    with np.errstate(divide="ignore", invalid="ignore"):
        part = np.where(around > 0, inner / around, np.nan)
    weeks = part[:, : part.shape[1] // WEEK * WEEK].reshape(count, -1, WEEK)
    days = np.stack([_medians(weeks[:, :, day]) for day in range(WEEK)], axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = days.min(axis=1) / days.max(axis=1)
    return np.asarray(np.where(level(values) >= 20, ratio, np.nan))


def _weekly_changes(values: Floats) -> Floats:
    logs = np.log1p(values)
    return np.asarray(np.abs(logs[:, WEEK:] - logs[:, :-WEEK]))


def weekly_change(values: Floats) -> Floats:
    """Return the median absolute log change from a day to the same weekday of the next week."""
    return _medians(_weekly_changes(values))


def tail_of_changes(values: Floats) -> Floats:
    """Return the 99% quantile of that change in multiples of its median.

    It is 3.8 for normal changes. Series with fewer than 20 a day are NaN: there counting noise
    says more than the audience.
    """
    changes = _weekly_changes(values)
    out = np.full(len(values), np.nan)
    some = np.isfinite(changes).sum(axis=1) >= 4 * WEEK
    some &= level(values) >= 20
    if some.any():
        high = np.nanquantile(changes[some], 0.99, axis=1)
        out[some] = high / np.maximum(np.nanmedian(changes[some], axis=1), 1e-9)
    return out


def largest_day(values: Floats) -> Floats:
    """Return the largest day in multiples of the median day, where that is at least 1."""
    usual = level(values)
    largest = np.where(np.isfinite(values), values, -1.0).max(axis=1)
    return np.asarray(np.where(usual >= 1, largest / np.maximum(usual, 1.0), np.nan))


def zero_share(values: Floats) -> Floats:
    """Return the part of the recorded days that are 0."""
    known = np.isfinite(values).sum(axis=1)
    return np.asarray(np.where(known > 0, (values == 0).sum(axis=1) / np.maximum(known, 1), np.nan))


def missing_share(values: Floats) -> Floats:
    """Return the part of the days without a record, after the first day that has one."""
    known = np.isfinite(values)
    begun = np.logical_or.accumulate(known, axis=1)
    days = begun.sum(axis=1)
    return np.where(days > 0, (begun & ~known).sum(axis=1) / np.maximum(days, 1), np.nan)


def daily_memory(values: Floats) -> Floats:
    """Return the correlation of a day with the next after the weekly rhythm is taken away."""
    logs = np.log1p(values)
    logs = logs[:, WEEK:] - logs[:, :-WEEK]
    one, other = logs[:, :-1], logs[:, 1:]
    both = np.isfinite(one) & np.isfinite(other)
    one, other = np.where(both, one, np.nan), np.where(both, other, np.nan)
    one, other = one - _means(one)[:, None], other - _means(other)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        out = _means(one * other) / np.sqrt(_means(one**2) * _means(other**2))
    return np.where(both.sum(axis=1) >= 4 * WEEK, out, np.nan)


STATISTICS: Mapping[str, tuple[Callable[[Floats], Floats], str]] = {
    "level": (level, "median count a day"),
    "monthly growth": (monthly_growth, "log of the last 28 days' mean over that of the 28 before"),
    "weakest weekday": (weakest_weekday, "its typical count as a part of the strongest one's"),
    "weekly change": (weekly_change, "median absolute log change over 7 days"),
    "tail of changes": (tail_of_changes, "99% quantile of these changes over their median"),
    "largest day": (largest_day, "in multiples of the median day"),
    "zero share": (zero_share, "part of the recorded days that are 0"),
    "missing share": (missing_share, "part of the days without a record"),
    "daily memory": (daily_memory, "correlation of one day's 7-day change with the next one's"),
}
"""Functions from counts of shape ``(N, T)``, NaN where missing, to one number a series."""


def statistics(values: Floats) -> dict[str, Floats]:
    """Return all `STATISTICS` of some series, NaN where one has no answer.

    Examples
    --------
    >>> week = np.array([10.0, 20, 20, 20, 20, 40, 40])
    >>> found = statistics(40 * np.tile(week, 10)[None])
    >>> {name: round(float(found[name][0]), 2) for name in ("weakest weekday", "largest day")}
    {'weakest weekday': 0.25, 'largest day': 2.0}
    """
    return {name: function(values) for name, (function, _) in STATISTICS.items()}


def quantiles(found: Floats, levels: tuple[float, ...] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> Floats:
    """Return quantiles over the series that have an answer; NaN where none has."""
    known = found[np.isfinite(found)]
    return np.quantile(known, levels) if known.size else np.full(len(levels), np.nan)
