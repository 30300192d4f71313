"""Sentences that more than one command says."""

from __future__ import annotations

from collections.abc import Iterable

from upswell.cli._show import count

__all__ = ["evidence", "tally"]

FEWEST_WINDOWS = 2.0


def evidence(windows: int, effective: float, level: float) -> str:
    """Return how far backtest windows carry a range.

    Parameters
    ----------
    windows
        How many there are.
    effective
        What they are worth as windows that do not overlap.
    level
        The highest central range that so many can support.

    Examples
    --------
    >>> print(evidence(17, 12.25, 0.85))
    17 backtest windows, worth 12.2 independent ones: alone they support ranges up to 85%, wider \
ones rest on an assumed shape of errors
    >>> print(evidence(4, 1.4, 0.17))
    4 backtest windows, worth 1.4 independent ones: too few to support any range alone, so its \
width rests on an assumed shape of errors
    """
    if windows == 0:
        return "no backtest window, so the width of a range rests on an assumed shape of errors"
    worth = f", worth {effective:.1f} independent ones" if windows > 1 else ""
    carries = (
        "too few to support any range alone, so its width rests on an assumed shape of errors"
        if effective < FEWEST_WINDOWS
        else f"alone they support ranges up to {level:.0%}, wider ones rest on an assumed shape of "
        "errors"
    )
    return f"{count(windows, 'backtest window')}{worth}: {carries}"


def tally(standings: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Return how many series stand where, and why.

    Examples
    --------
    >>> tally([("ok", []), ("refused", ["vanished"]), ("ok", [])])
    '2 ok, 1 refused (vanished: 1)'
    """
    statuses: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {}
    for status, codes in standings:
        statuses[status] = statuses.get(status, 0) + 1
        found = reasons.setdefault(status, {})
        for code in codes:
            found[code] = found.get(code, 0) + 1
    parts = []
    for status in sorted(statuses, key=["ok", "baseline-only", "refused"].index):
        why = ", ".join(f"{code}: {number:,}" for code, number in reasons[status].items())
        parts.append(f"{statuses[status]:,} {status}" + (f" ({why})" if why else ""))
    return ", ".join(parts)
