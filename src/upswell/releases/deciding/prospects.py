"""What promotion of each release may win and lose, and whether that is worth it at some caution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.releases._settings import MoneySettings
from upswell.releases.deciding.curves import StreamCurves
from upswell.releases.deciding.money import break_even, profit

if TYPE_CHECKING:
    import polars as pl

__all__ = ["NEARLY", "Prospects", "nearly", "prospects_of", "worth_it"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEARLY = 0.1
"""A release that lacks at most this part of its cost, on average, is nearly worth it."""


@dataclass(frozen=True)
class Prospects:
    """What promotion of ``N`` releases may bring; all of shape ``(N,)``, in the currency.

    Parameters
    ----------
    cost
        Of promoting each.
    expected
        Expected profit, ``gain - loss``.
    gain
        Expected profit where it is one, ``E[max(profit, 0)]``: what is missed without promotion.
    loss
        Expected loss where it is one, ``E[max(-profit, 0)]``.
    cautious
        Profit at the quantile of the settings, if they have one; else of the median.
    """

    cost: Floats
    expected: Floats
    gain: Floats
    loss: Floats
    cautious: Floats


def prospects_of(
    frame: pl.DataFrame, money: MoneySettings, cost: ArrayLike | None = None
) -> Prospects:
    """Return what promotion of some releases may bring, from the columns that go out.

    Profit is linear in the streams. So its mean follows from the mean, and its expected loss is
    ``value * uplift`` times the streams expected to lack below the break-even, which
    `StreamCurves.lack` integrates in closed form.

    Parameters
    ----------
    frame
        A row a release at the longest horizon, with ``mean`` and ``q05`` to ``q95``.
    money
        The settings.
    cost
        Of promoting each release, shape ``(N,)``; by default ``money.cost``.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.releases.deciding.curves import LEVELS
    >>> from upswell.scoring import quantile_name
    >>> frame = pl.DataFrame({"mean": 500.0, **{quantile_name(p): 1000 * p for p in LEVELS}})
    >>> found = prospects_of(frame, MoneySettings(cost=40.0, value=0.1, uplift=1.0))
    >>> found.expected.round(6).tolist(), found.loss.round(6).tolist()
    ([10.0], [8.0])
    """
    curves = StreamCurves.of(frame)
    spent = np.broadcast_to(
        np.asarray(money.cost if cost is None else cost, dtype=np.float64), (len(curves),)
    )
    expected = profit(curves.mean, money, spent)
    lacking = money.value * money.uplift * curves.lack(break_even(money, spent))
    # A mean below what its quantiles allow must not make a gain below 0.
    loss = np.maximum(lacking, np.maximum(-expected, 0.0))
    level = 0.5 if money.quantile is None else money.quantile
    cautious = profit(curves.at([level])[:, 0], money, spent)
    return Prospects(spent, expected, expected + loss, loss, cautious)


def worth_it(prospects: Prospects, money: MoneySettings) -> Flags:
    """Return which releases are worth their promotion, at the caution of the settings.

    To promote costs ``caution * loss`` in expectation, not to promote costs the ``gain`` that is
    missed: what costs less is done. A caution of 1 asks for a positive expected profit. With a
    quantile, promotion has to pay at that quantile of the streams. Nothing that loses on average is
    ever worth it.

    Examples
    --------
    >>> some = Prospects(*(np.array([x, x]) for x in (40.0, 10.0, 18.0, 8.0, 10.0)))
    >>> for caution in (2.0, 3.0):
    ...     money = MoneySettings(cost=40.0, value=0.1, uplift=1.0, caution=caution)
    ...     print(worth_it(some, money).tolist())
    [True, True]
    [False, False]
    """
    if money.quantile is None:
        favoured = prospects.gain >= money.caution * prospects.loss
    else:
        favoured = prospects.cautious >= 0
    return np.asarray(favoured & (prospects.expected >= 0))


def nearly(prospects: Prospects) -> Flags:
    """Return which releases are worth it on average, or lack at most `NEARLY` of their cost."""
    return np.asarray(prospects.expected >= -NEARLY * prospects.cost)
