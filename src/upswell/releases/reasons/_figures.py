"""Figures as people say them: counts, shares, factors."""

from __future__ import annotations

import math
from collections.abc import Callable

__all__ = ["Figure", "counted", "plural", "share", "times"]


def counted(value: float) -> str:
    """Return a count with three digits that tell, and separators.

    Examples
    --------
    >>> counted(123_456.0), counted(7.0), counted(0.26)
    ('123,000', '7', '0.26')
    """
    if abs(value) < 10 and abs(value - round(value)) > 0.005:
        return f"{value:.2g}"
    digits = 0 if value == 0 else max(math.floor(math.log10(abs(value))) - 2, 0)
    return f"{round(value / 10**digits) * 10**digits:,}"


def share(value: float) -> str:
    """Return a share in percent.

    Examples
    --------
    >>> share(0.614), share(0.0123), share(0.00042)
    ('61%', '1.2%', '0.042%')
    """
    percent = 100 * value
    return f"{percent:.0f}%" if abs(percent) >= 9.95 or percent == 0 else f"{percent:.2g}%"


def times(factor: float) -> str:
    """Return a factor.

    Examples
    --------
    >>> times(1.44), times(0.0512), times(12.7)
    ('x1.4', 'x0.051', 'x13')
    """
    return f"x{factor:.2g}" if factor < 99.5 else f"x{factor:,.0f}"


def plural(number: float, one: str, many: str | None = None) -> str:
    """Return a number with its noun.

    Examples
    --------
    >>> plural(1, "account"), plural(1234, "account"), plural(2, "day")
    ('1 account', '1,230 accounts', '2 days')
    """
    text = counted(number)
    return f"{text} {one if text == '1' else many or one + 's'}"


def _moved(value: float) -> str:
    return f"{'grew' if value >= 0 else 'fell'} {share(abs(value))} a day"


_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MANNERS: dict[str, Callable[[float], str]] = {
    "count": counted,
    "share": share,
    "times": times,
    "moved": _moved,
    "change": lambda value: f"{value:+.0%}",
    "pace": lambda value: "picked up" if value >= 0 else "let up",
    "day": lambda value: f"day {value:.0f}",
    "weekday": lambda value: _WEEKDAYS[int(value) % 7],
}


class Figure(float):
    """A number that is formatted as people say it.

    The manners are ``count``, ``share``, ``times``, ``moved`` (a growth a day), ``change``,
    ``pace``, ``day`` and ``weekday``; ``#`` and a noun counts that noun.

    Examples
    --------
    >>> f"{Figure(0.4):moved}, {Figure(-0.02):change}, {Figure(3):#account}, {Figure(4):weekday}"
    'grew 40% a day, -2%, 3 accounts, Friday'
    """

    def __format__(self, manner: str, /) -> str:
        """Return the number in a manner."""
        value = float(self)
        if manner.startswith("#"):
            return plural(value, manner[1:])
        return _MANNERS[manner](value) if manner in _MANNERS else format(value, manner)
