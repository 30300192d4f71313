"""What a panel teaches: windows of its series, and the days that are kept apart to judge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import recent_mean
from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained.features import network_inputs
from upswell.forecasting.lstm.pretrained.targets import FURTHEST, targets

__all__ = ["Parts", "TeachingWindows", "largest_series", "spread_cutoffs", "teaching_windows"]

LEAST_HISTORY, LEAST_AHEAD, LEAST_OBSERVED = 14, 7, 7
LOOK_BACK = 730
TEACHING_CUTOFFS = 24
LONGEST_LESSON = 91
MOST_SERIES = 128


@dataclass(frozen=True, slots=True)
class Parts:
    """How the days of a history are parted: teaching, then validation, then test.

    Parameters
    ----------
    teaching
        Days that teach while steps and weight are chosen.
    validation
        Days after them, which choose.
    test
        The last days, which judge and do neither.

    Examples
    --------
    >>> Parts.of(365, 30)
    Parts(teaching=275, validation=60, test=30)
    >>> Parts.of(50, 30), Parts.of(30, 30).enough
    (Parts(teaching=26, validation=12, test=12), False)
    """

    teaching: int
    validation: int
    test: int

    @classmethod
    def of(cls, days: int, horizon: int) -> Parts:
        """Part so many days: a horizon of test and two of validation, but a quarter at most."""
        test, validation = min(horizon, days // 4), min(2 * horizon, days // 4)
        return cls(days - validation - test, validation, test)

    @property
    def enough(self) -> bool:
        """Whether there is something to teach and something to choose by."""
        return self.teaching >= LEAST_HISTORY + LEAST_AHEAD and self.validation >= LEAST_AHEAD


@dataclass(frozen=True)
class TeachingWindows:
    """Inputs and targets of windows, float32.

    Parameters
    ----------
    past, future
        As `NetworkInputs` has them, shapes ``(W, 26, F)`` and ``(W, Q, F)``.
    targets
        Shape ``(W, H, 3)``; NaN where not known.
    """

    past: NDArray[np.float32]
    future: NDArray[np.float32]
    targets: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.past)


def largest_series(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the 128 largest series in their order; the first one, the total, is among them."""
    order = np.argsort(-recent_mean(values)[1:], kind="stable")[: MOST_SERIES - 1]
    return np.concatenate([np.zeros(1, dtype=np.int64), 1 + np.sort(order)])


def spread_cutoffs(first: int, last: int, most: int) -> list[int]:
    """Return at most so many cutoffs between two days, the ends among them.

    Examples
    --------
    >>> spread_cutoffs(14, 20, 3), spread_cutoffs(5, 4, 3)
    ([14, 17, 20], [])
    """
    if last < first:
        return []
    days = np.unique(np.linspace(first, last, most).round().astype(int))
    return [int(day) for day in days]


def teaching_windows(history: History, horizon: int) -> TeachingWindows:
    """Cut windows whose cutoffs and days ahead all lie within a history.

    Parameters
    ----------
    history
        What was known at a cutoff; nothing later is read but the flags of known days.
    horizon
        Days ahead, at most 91 of which teach. Days after the history are not known.

    Examples
    --------
    >>> history = History(np.full((2, 40), 9.0), np.arange(40) % 7)
    >>> cut = teaching_windows(history, 14)
    >>> cut.targets.shape[1:], int(np.isnan(cut.targets[-1, :, 0]).sum())
    ((14, 3), 7)
    """
    ahead = min(horizon, LONGEST_LESSON)
    first = max(LEAST_HISTORY, history.days - LOOK_BACK)
    pasts, futures, truths = [], [], []
    for cutoff in spread_cutoffs(first, history.days - LEAST_AHEAD, TEACHING_CUTOFFS):
        known = history.values[:, :cutoff]
        after = np.full((history.series, ahead), np.nan)
        later = history.values[:, cutoff : cutoff + ahead]
        after[:, : later.shape[1]] = later
        seen = np.isfinite(known)
        usable = (seen.sum(axis=1) >= LEAST_OBSERVED) & np.isfinite(after).any(axis=1)
        usable &= (np.where(seen, known, 0.0) > 0).any(axis=1)
        flags: dict[str, NDArray[np.bool_]] = {}
        if history.known is not None:
            holidays, announced = history.known.first(cutoff + ahead)
            flags = {"holidays": holidays, "announced": announced[usable]}
        inputs = network_inputs(known[usable], ahead, **flags)
        pasts.append(inputs.past)
        futures.append(inputs.future)
        truths.append(np.clip(targets(inputs, after[usable]), -FURTHEST, FURTHEST))
    return TeachingWindows(
        np.concatenate(pasts), np.concatenate(futures), np.concatenate(truths).astype(np.float32)
    )
