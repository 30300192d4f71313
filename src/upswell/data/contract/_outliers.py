"""Outliers: days far from what the days before them let expect; flagged, never changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_outliers"]

_WINDOW = 28
_FEWEST = 14
_MEMORY = 56
_WEEKS = 4
_BOUND = 6.0
_LEAST_SPREAD = 0.05
_NORMAL = 1.4826
_BLOCK_CELLS = 4_000_000
_SORTED_AT_ONCE = 1_000_000


def find_outliers(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Flag days beyond 6 robust standard deviations, by the days before them only.

    On the log1p scale, a day is compared with the median of the 28 days before; the median of
    that difference on the same weekday of the 4 weeks before, as far as known, is taken off. The
    spread is 1.4826 times the median of the absolute rest over the 56 days before, at least 0.05
    and at least that of a Poisson count of that level. At least 14 days must be known.

    Parameters
    ----------
    values
        Counts, shape ``(N, T)``, NaN where missing.

    Returns
    -------
    numpy.ndarray
        Mask of shape ``(N, T)``. The flags of the first days do not depend on later days.

    Examples
    --------
    >>> week = np.array([100.0, 110, 95, 105, 120, 90, 80])
    >>> values = np.tile(week, 8)[None, :]
    >>> values[0, 50] = 5000.0
    >>> np.flatnonzero(find_outliers(values)[0]).tolist()
    [50]
    """
    days = values.shape[1]
    flags = np.zeros(values.shape, dtype=bool)
    if days <= _FEWEST:
        return flags
    observed = np.isfinite(values)
    first = observed.argmax(axis=1)
    life = days - observed[:, ::-1].argmax(axis=1) - first
    # What lies before a series' first day changes nothing: short lives in a long panel are looked
    # at together, in a few lengths.
    length = np.minimum(2 ** np.ceil(np.log2(life)).astype(np.int64), days)
    length[~observed.any(axis=1)] = 0
    for size in np.unique(length[length > _FEWEST]).tolist():
        rows = np.flatnonzero(length == size)
        block = max(1, _BLOCK_CELLS // (size + _MEMORY))
        for start in range(0, len(rows), block):
            part = rows[start : start + block, None]
            # A window that would leave the panel is moved back inside.
            columns = np.minimum(first[part], days - size) + np.arange(size)
            flags[part, columns] = _flag(np.log1p(values[part, columns]))
    return flags


def _flag(logs: NDArray[np.float64]) -> NDArray[np.bool_]:
    level = _median_before(logs, _WINDOW)
    rest = logs - level
    usual = _weekday_median(rest)
    away = np.abs(rest - usual)
    spread = _NORMAL * _median_before(away, _MEMORY)
    least = np.maximum(_LEAST_SPREAD, np.exp(-0.5 * level))
    with np.errstate(invalid="ignore"):
        return np.asarray(away > _BOUND * np.maximum(spread, least))


def _median_before(values: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    """Return the median of the `window` columns before each one, NaN with fewer than 14."""
    series, days = values.shape
    window = min(window, days)
    padded = np.full((series, days + window), np.nan)
    padded[:, window:] = values
    seen = np.cumsum(np.isfinite(padded), axis=1, dtype=np.int32)
    known = seen[:, window - 1 : -1].copy()
    known[:, 1:] -= seen[:, : days - 1]
    windows = np.lib.stride_tricks.sliding_window_view(padded, window, axis=1)[:, :days]
    medians = np.empty(values.shape)
    block = max(1, _SORTED_AT_ONCE // (days * window))
    for start in range(0, series, block):
        part = slice(start, start + block)
        ordered = np.sort(windows[part], axis=-1)  # NaN goes last
        middle = np.maximum(known[part] - 1, 0)[..., None]
        low = np.take_along_axis(ordered, middle // 2, axis=-1)[..., 0]
        high = np.take_along_axis(ordered, (middle + 1) // 2, axis=-1)[..., 0]
        medians[part] = 0.5 * (low + high)
    return np.where(known >= _FEWEST, medians, np.nan)


def _weekday_median(rest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the median of the same weekday of the 4 weeks before; 0 when none is known."""
    days = rest.shape[1]
    total, known = np.zeros(rest.shape), np.zeros(rest.shape, dtype=np.int8)
    low, high = np.full(rest.shape, np.inf), np.full(rest.shape, -np.inf)
    for week in range(1, _WEEKS + 1):
        if 7 * week >= days:
            break
        before, now = rest[:, : -7 * week], np.s_[:, 7 * week :]
        there = np.isfinite(before)
        total[now] += np.where(there, before, 0.0)
        known[now] += there
        low[now] = np.fmin(low[now], before)
        high[now] = np.fmax(high[now], before)
    # Without its ends, the mean of 3 or 4 numbers is their median.
    trimmed = known > 2
    np.subtract(total, low, out=total, where=trimmed)
    np.subtract(total, high, out=total, where=trimmed)
    return total / np.maximum(np.where(trimmed, known - 2, known), 1)
