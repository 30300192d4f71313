"""The windows of the demand benchmark: what is known at a cutoff, and what then happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.data import Panel, node_values

HORIZON, CUTOFFS, STEP = 30, 3, 30
LARGEST, PRESENT, RECORDED = 40, 0.97, 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Window:
    """One cutoff of one panel.

    Parameters
    ----------
    panel
        Name of the panel.
    start
        Number of the first day of the history.
    calendar
        Whether the days have dates.
    history
        Counts up to the cutoff, shape ``(S, T)``, NaN where missing; the total comes first.
    truth
        Counts of the days after it, shape ``(S, H)``, NaN where missing.
    """

    panel: str
    start: int
    calendar: bool
    history: Floats
    truth: Floats

    @property
    def series(self) -> int:
        """Number of series, the total included."""
        return int(self.history.shape[0])

    def last(self, days: int | None) -> Window:
        """Return the window with the last days of its history alone; None keeps all."""
        dropped = 0 if days is None else max(self.history.shape[1] - days, 0)
        return replace(self, start=self.start + dropped, history=self.history[:, dropped:])


def windows_of(name: str, panel: Panel, *, cutoffs: int = CUTOFFS) -> list[Window]:
    """Cut a panel: 30 days to forecast, from cutoffs 30 days apart, the latest first."""
    values = node_values(panel)[:1]
    if len(panel.items) > 1:
        values = np.concatenate([values, panel.values[largest(panel.values)]])
    ends = [values.shape[1] - HORIZON - STEP * k for k in range(cutoffs)]
    start, calendar = panel.axis.start, panel.axis.calendar
    return [
        Window(name, start, calendar, values[:, :end], values[:, end : end + HORIZON])
        for end in ends
        if end > 0
    ]


def largest(values: Floats) -> NDArray[np.int64]:
    """Choose the largest series that are nearly complete, by their sum over all days.

    A day counts when at least half of the series have a value on it: what a source did not record
    at all, such as a day on which every counter stood still, makes no series incomplete.

    Parameters
    ----------
    values
        Shape ``(N, T)``, NaN where missing.

    Returns
    -------
    numpy.ndarray
        At most 40 indices, the largest first.
    """
    seen = np.isfinite(values)
    recorded = seen.mean(axis=0) >= RECORDED
    if not recorded.any():
        return np.zeros(0, dtype=np.int64)
    complete = np.flatnonzero(seen[:, recorded].mean(axis=1) >= PRESENT)
    order = np.argsort(-np.nansum(values[complete], axis=1), kind="stable")
    return complete[order[:LARGEST]]


def interpolated(history: Floats) -> Floats:
    """Bridge the gaps of each series by straight lines; the end repeats the last known day.

    Days before the first known one stay NaN.

    Examples
    --------
    >>> interpolated(np.array([[np.nan, 1.0, np.nan, 3.0, np.nan]])).tolist()
    [[nan, 1.0, 2.0, 3.0, 3.0]]
    """
    filled = history.copy()
    days = np.arange(history.shape[1])
    for row in filled:
        known = np.flatnonzero(np.isfinite(row))
        if known.size:
            row[known[0] :] = np.interp(days[known[0] :], known, row[known])
    return filled


def fingerprint(windows: Iterable[Window]) -> str:
    """Name a set of windows by its numbers: rows of one table must come from the same ones."""
    digest = hashlib.sha256()
    for window in windows:
        digest.update(f"{window.panel} {window.start} {window.history.shape}".encode())
        digest.update(window.history.tobytes() + window.truth.tobytes())
    return digest.hexdigest()[:16]
