"""Large numbers on small axes: thousands, millions and billions, named in the axis title."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Unit", "shortened", "unit_of"]


@dataclass(frozen=True, slots=True)
class Unit:
    """By what figures are divided before they are shown, and what that is called.

    Parameters
    ----------
    divisor
        A power of ten.
    word
        ``million``, for instance; empty for single units.
    """

    divisor: float
    word: str

    def title(self, what: str) -> str:
        """Return an axis title.

        Examples
        --------
        >>> Unit(1e6, "million").title("views a day"), Unit(1.0, "").title("units")
        ('views a day, millions', 'units')
        """
        return f"{what}, {self.word}s" if self.word else what

    @property
    def label(self) -> str:
        """The Vega expression that writes a tick; separators are those of the reader."""
        return f"format(datum.value / {self.divisor:.0f}, ',.4~r')"


_UNITS = (Unit(1e12, "trillion"), Unit(1e9, "billion"), Unit(1e6, "million"), Unit(1e3, "thousand"))


def unit_of(largest: float) -> Unit:
    """Return the unit in which a figure is easy to read.

    Parameters
    ----------
    largest
        The largest figure to be shown.

    Examples
    --------
    >>> unit_of(41_000_000).word, unit_of(950.0).word
    ('million', '')
    """
    return next((unit for unit in _UNITS if abs(largest) >= unit.divisor), Unit(1.0, ""))


def shortened(value: float, digits: int = 6) -> float:
    """Return a figure with as many digits as a picture can show, so that a page stays small.

    Examples
    --------
    >>> shortened(1234567.891), shortened(0.1 + 0.2)
    (1234570, 0.3)
    """
    rounded = float(f"{value:.{digits}g}")
    return int(rounded) if rounded.is_integer() else rounded
