"""The refusal ladder: how far a history carries, ``ok``, ``baseline-only`` or ``refused``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from upswell.errors import RefusalError

__all__ = ["REASONS", "Standing", "Status", "refuse_panel", "stand"]

LEAST_DAYS = 14
RECENT_DAYS = 56
MOST_MISSING = 0.5
GONE_AFTER_DAYS = 7
SHIFT_DAYS = 7
SHIFT_SPREADS = 6.0
SHIFT_LEAST = 0.6931471805599453  # a factor of two


class Status(StrEnum):
    """How far the evidence carries, from best to worst."""

    OK = "ok"
    BASELINE_ONLY = "baseline-only"
    REFUSED = "refused"


REASONS = {
    "too-short": "the history is too short for the horizon",
    "mostly-missing": "most of the last 56 days are missing",
    "never-observed": "no day of the series was observed",
    "vanished": "nothing was observed in the last days: the series has ended",
    "level-shift": "the level of the last days is far from that of the weeks before",
    "constant": "all observed days have the same value",
    "zero": "all of the last 56 days are zero",
    "loses-to-seasonal-naive": "on the backtest nothing beats repeating the last week",
    "untested": "no backtest window could test the forecaster",
    "forecaster-failed": "the chosen forecaster failed on this series",
    "ranges-of-seasonal-naive": (
        "the model has seen the days on which it would be tested; the ranges are set by seasonal "
        "naive's errors"
    ),
    "no-windows": "the history holds no backtest window",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one series stands.

    Parameters
    ----------
    status
        The rung.
    codes
        Why it is not higher, or what else to know; keys of `REASONS`.
    """

    status: Status
    codes: tuple[str, ...] = ()

    def lowered(self, status: Status, code: str) -> Standing:
        """Return the standing with one more code, at most at the given rung."""
        order = [Status.OK, Status.BASELINE_ONLY, Status.REFUSED]
        worst = max(self.status, status, key=order.index)
        return Standing(worst, (*self.codes, code))


def stand(values: NDArray[np.float64], horizon: int) -> Standing:
    """Judge one series by its history alone.

    Parameters
    ----------
    values
        Shape ``(T,)``, NaN marks missing days.
    horizon
        Days ahead.

    Examples
    --------
    >>> stand(np.full(60, 5.0), 30)
    Standing(status=<Status.BASELINE_ONLY: 'baseline-only'>, codes=('constant',))
    """
    seen = np.flatnonzero(np.isfinite(values))
    if len(seen) == 0:
        return Standing(Status.REFUSED, ("never-observed",))
    if len(values) - 1 - seen[-1] > GONE_AFTER_DAYS:
        return Standing(Status.REFUSED, ("vanished",))
    standing = Standing(Status.OK)
    observed = values[seen]
    life = values[seen[0] :]
    if len(observed) < max(LEAST_DAYS, min(horizon, 2 * RECENT_DAYS) // 2):
        standing = standing.lowered(Status.BASELINE_ONLY, "too-short")
    if np.isnan(life[-RECENT_DAYS:]).mean() > MOST_MISSING:
        standing = standing.lowered(Status.BASELINE_ONLY, "mostly-missing")
    if (observed[-RECENT_DAYS:] == 0).all():
        return standing.lowered(Status.BASELINE_ONLY, "zero")
    if (observed == observed[0]).all():
        return standing.lowered(Status.BASELINE_ONLY, "constant")
    if _shifted(life):
        standing = standing.lowered(Status.BASELINE_ONLY, "level-shift")
    return standing


def _shifted(life: NDArray[np.float64]) -> bool:
    """Whether the last week lies far from the weeks before, measured by their usual change."""
    if len(life) < 6 * SHIFT_DAYS:
        return False
    weeks = life[-6 * SHIFT_DAYS :].reshape(6, SHIFT_DAYS)
    if (np.isfinite(weeks).sum(axis=1) < 4).any():
        return False
    shift = 0.1 * float(np.nanmean(weeks))
    if shift == 0:
        return False
    level = np.log(np.nanmedian(weeks, axis=1) + shift)
    usual = np.abs(np.diff(level[:-1]))
    jump = abs(float(level[-1] - level[-2]))
    return jump > SHIFT_LEAST and jump > SHIFT_SPREADS * max(float(usual.max()), 0.02)


def refuse_panel(total: NDArray[np.float64], horizon: int) -> None:
    """Refuse a panel whose total cannot carry any forecast.

    Parameters
    ----------
    total
        The total by day, shape ``(T,)``, NaN marks days on which too much was missing.
    horizon
        Days ahead.

    Raises
    ------
    RefusalError
        With the code ``never-observed``, ``too-short``, ``mostly-missing`` or ``zero``.

    Examples
    --------
    >>> try:
    ...     refuse_panel(np.arange(10.0), 30)
    ... except RefusalError as refusal:
    ...     refusal.code
    'too-short'
    """
    seen = np.isfinite(total)
    if not seen.any():
        raise RefusalError(
            "no day of the total was observed",
            code="never-observed",
            fix="check the value column (--value)",
        )
    count = int(seen.sum())
    days = "1 observed day" if count == 1 else f"{count} observed days"
    if count < LEAST_DAYS:
        raise RefusalError(
            f"{days} cannot carry a forecast of {horizon} days",
            code="too-short",
            fix=f"give at least {LEAST_DAYS} days of history, better three times the horizon",
        )
    if 3 * len(total) < horizon:
        raise RefusalError(
            f"{len(total)} days of history are too short for a horizon of {horizon} days",
            code="too-short",
            fix=f"use --horizon {3 * len(total)} or less, or give a longer history",
        )
    if np.isnan(total[-RECENT_DAYS:]).mean() > MOST_MISSING:
        raise RefusalError(
            "most of the last 56 days of the total are missing",
            code="mostly-missing",
            fix="fill the gaps at the source, or use --missing zero if absent rows mean zero",
        )
    if (total[seen][-RECENT_DAYS:] == 0).all():
        raise RefusalError(
            "the total was zero on all of the last days",
            code="zero",
            fix="check the value column (--value), or give a history that reaches into life",
        )
