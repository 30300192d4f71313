"""Splits in time: the cutoffs of a rolling backtest, and how many windows they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from upswell.errors import SettingError

__all__ = ["effective_windows", "rolling_cutoffs"]


def rolling_cutoffs(
    days: int, horizon: int, windows: int, minimum_history: int, step: int | None = None
) -> tuple[int, ...]:
    """Return the last cutoffs whose whole horizon is known.

    Parameters
    ----------
    days
        Number of days of the panel.
    horizon
        Days after each cutoff, all within the panel.
    windows
        How many cutoffs are wanted.
    minimum_history
        Days that each cutoff must have before it, at least 1.
    step
        Days from one cutoff to the next. By default the horizon, so that windows do not overlap;
        when the history does not hold that many, all steps are shortened alike, down to one day.

    Returns
    -------
    tuple of int
        For each window, oldest first, the number of days known at its cutoff: the window's truth
        are the `horizon` days that follow. Fewer than `windows` when the history does not hold
        them, none when it does not hold one.

    Raises
    ------
    SettingError
        When a number is below 1.

    Examples
    --------
    >>> rolling_cutoffs(200, horizon=30, windows=3, minimum_history=60)
    (110, 140, 170)
    >>> rolling_cutoffs(100, horizon=30, windows=3, minimum_history=50)
    (50, 60, 70)
    >>> rolling_cutoffs(60, horizon=30, windows=3, minimum_history=40)
    ()
    """
    sizes = {"horizon": horizon, "windows": windows, "minimum_history": minimum_history}
    for name, size in (sizes | ({} if step is None else {"step": step})).items():
        if size < 1:
            raise SettingError(f"{name} must be at least 1, got {size}")
    last = days - horizon
    room = last - minimum_history
    if room < 0:
        return ()
    if step is None:
        step = max(1, min(horizon, room // (windows - 1))) if windows > 1 else horizon
    count = min(windows, room // step + 1)
    return tuple(last - step * i for i in reversed(range(count)))


def effective_windows(cutoffs: Sequence[int], horizon: int) -> float:
    """Return how many windows without overlap the windows of some cutoffs are worth.

    Parameters
    ----------
    cutoffs
        As `rolling_cutoffs` gives them, in ascending order.
    horizon
        Days after each cutoff.

    Returns
    -------
    float
        Number of different days that the windows cover, divided by the horizon.

    Raises
    ------
    SettingError
        When the horizon is below 1 or the cutoffs do not ascend.

    Examples
    --------
    >>> effective_windows((110, 140, 170), horizon=30), effective_windows((50, 60, 70), horizon=30)
    (3.0, 1.6666666666666667)
    """
    steps = [after - before for before, after in pairwise(cutoffs)]
    if horizon < 1 or any(step < 1 for step in steps):
        raise SettingError(f"cutoffs {tuple(cutoffs)} at horizon {horizon} are not in order")
    if not cutoffs:
        return 0.0
    return (sum(min(step, horizon) for step in steps) + horizon) / horizon
