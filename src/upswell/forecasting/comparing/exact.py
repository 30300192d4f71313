"""Figures that add up to the last digit shown: floats brought to one decimal place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

__all__ = ["exact_figures"]

MOST_DIGITS = 14
LEAST_DIGITS = 5


def exact_figures(values: Sequence[float]) -> list[Decimal]:
    """Return figures as decimals of one and the same last place.

    Sums and differences of decimals are exact, so that parts add up to their whole in what is
    shown, too; differences of floats do not. The last place is whole views, finer where the
    largest figure has fewer than 5 digits, coarser where it has more than 14, so that each fits a
    float as well.

    Parameters
    ----------
    values
        Finite figures.

    Examples
    --------
    >>> one, other = exact_figures([0.1 + 0.2, 12.34567])
    >>> print(one, other, other - one)
    0.300 12.346 12.046
    >>> [str(figure) for figure in exact_figures([19209223.4, -1.5])]
    ['19209223', '-2']
    """
    largest = max((abs(value) for value in values), default=0.0)
    digits = 1 + math.floor(math.log10(largest)) if largest > 0 else 1
    place = max(min(0, digits - LEAST_DIGITS), digits - MOST_DIGITS)
    unit = Decimal(1).scaleb(place)
    figures = (Decimal(repr(float(value))).quantize(unit) for value in values)
    return [figure or abs(figure) for figure in figures]
