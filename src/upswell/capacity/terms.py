"""The terms on which units are had: prices, discounts, existing units and limits."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import PlanSettings

__all__ = ["Segment", "Terms"]


@dataclass(frozen=True, slots=True)
class Segment:
    """Commitments between which each further unit costs the same.

    Parameters
    ----------
    low, high
        First and last commitment, whole numbers; `high` may be infinite.
    price
        Price of a unit-hour of a further unit.
    """

    low: float
    high: float
    price: float


@dataclass(frozen=True)
class Terms:
    """Prices of unit-hours and bounds of units; see the keys of ``plan.toml``.

    A commitment ``c`` counts existing units. An hour that asks for ``u`` units runs
    ``min(u, c)`` reserved ones; on-demand ones up to the capacity ``min(units, c + on_demand)`` of
    the limits; what is above that is a shortage. The bill of a horizon of ``T`` hours is::

        T * existing * existing_price + T * reserved(c)
          + on_demand price * sum(min(u, capacity) - c, where positive)
          + shortage price  * sum(u - capacity, where positive)

    Parameters
    ----------
    existing, existing_price
        Units that are reserved already, and the price of one of their unit-hours.
    starts, prices
        First unit at each price, and the price of a reserved unit-hour from there on; the first
        start is 1.
    all_units
        Whether a price holds for all new units once its start is reached.
    on_demand, shortage
        Prices; `shortage` is 0 without a limit.
    limit
        Units that can run at once; infinite without a limit.
    quota
        On-demand units that can be had at once; infinite without a limit.
    """

    existing: int
    existing_price: float
    starts: tuple[int, ...]
    prices: tuple[float, ...]
    all_units: bool
    on_demand: float
    shortage: float
    limit: float
    quota: float

    @classmethod
    def of(cls, settings: PlanSettings) -> Terms:
        """Take the terms from the settings of a plan."""
        prices, owned, limit = settings.prices, settings.commitment, settings.limit
        # A tier that begins at unit 1 replaces the first price.
        by_start = {1: prices.reserved} | {tier.first: tier.reserved for tier in prices.tiers}
        units = None if limit is None else limit.units
        quota = None if limit is None else limit.on_demand
        return cls(
            existing=owned.existing,
            existing_price=owned.existing_price or prices.reserved,
            starts=tuple(by_start),
            prices=tuple(by_start.values()),
            all_units=prices.tiers_apply_to == "all-units",
            on_demand=prices.on_demand,
            shortage=prices.shortage or 0.0,
            limit=math.inf if units is None else float(units),
            quota=math.inf if quota is None else float(quota),
        )

    def capacity(self, commitments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the units that can run at once with each commitment."""
        return np.minimum(self.limit, commitments + self.quota)

    def reserved(self, commitments: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what an hour of the new units of each commitment costs.

        Examples
        --------
        >>> terms = Terms(2, 1.0, (1, 5), (1.0, 0.5), False, 2.0, 0.0, math.inf, math.inf)
        >>> terms.reserved(np.array([2.0, 4.0, 5.0])).tolist()
        [0.0, 2.0, 2.5]
        """
        new = commitments - self.existing
        if self.all_units:
            place = np.searchsorted(self.starts, commitments, side="right") - 1
            return np.asarray(new * np.array(self.prices)[np.maximum(place, 0)])
        total = np.zeros_like(new)
        ends = [*(start - 1 for start in self.starts[1:]), math.inf]
        for start, end, price in zip(self.starts, ends, self.prices, strict=True):
            before = max(start - 1, self.existing)
            total += price * np.clip(np.minimum(commitments, end) - before, 0.0, None)
        return np.asarray(total)

    def segments(self) -> list[Segment]:
        """Return the stretches of commitments, within the bounds, with one price each.

        Examples
        --------
        >>> terms = Terms(2, 1.0, (1, 5), (1.0, 0.5), False, 2.0, 0.0, 9.0, math.inf)
        >>> [(s.low, s.high, s.price) for s in terms.segments()]
        [(2, 4, 1.0), (4, 9.0, 0.5)]
        """
        found = []
        next_starts = [*self.starts[1:], math.inf]
        for start, following, price in zip(self.starts, next_starts, self.prices, strict=True):
            # Of units above: the first unit of a tier is the step from the commitment below it.
            low = max(start if self.all_units and start > 1 else start - 1, self.existing)
            high = min(following - 1, self.limit)
            if low <= high:
                found.append(Segment(low, high, price))
        return found
