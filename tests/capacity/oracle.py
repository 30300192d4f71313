"""Bills by hand: whole cents, one hour after the other, every commitment tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from upswell.capacity.terms import Terms


@dataclass(frozen=True)
class Invoice:
    """The parts of a bill in cents, and hours above the capacity."""

    existing: int
    reserved: int
    on_demand: int
    shortage: int
    short_hours: int

    @property
    def total(self) -> int:
        return self.existing + self.reserved + self.on_demand + self.shortage


def cents(price: float) -> int:
    """A price of whole cents."""
    assert abs(price * 100 - round(price * 100)) < 1e-9
    return round(price * 100)


def reserved_an_hour(terms: Terms, commitment: int) -> int:
    """Price the new units of a commitment one by one."""
    table = list(zip(terms.starts, map(cents, terms.prices), strict=True))
    new = range(terms.existing + 1, commitment + 1)
    if terms.all_units:
        return len(new) * [p for start, p in table if start <= max(commitment, 1)][-1]
    return sum([p for start, p in table if start <= unit][-1] for unit in new)


def invoice(hours: Sequence[int], weight: int, terms: Terms, commitment: int) -> Invoice:
    """Bill some hours, each standing for `weight` of them."""
    capacity = min(terms.limit, commitment + terms.quota)
    bought = missing = short_hours = 0
    for units in hours:
        if units > commitment:
            bought += weight * int(min(units, capacity) - commitment)
        if units > capacity:
            missing += weight * int(units - capacity)
            short_hours += weight
    count = len(hours) * weight
    return Invoice(
        existing=count * terms.existing * cents(terms.existing_price),
        reserved=count * reserved_an_hour(terms, commitment),
        on_demand=bought * cents(terms.on_demand),
        shortage=missing * cents(terms.shortage),
        short_hours=short_hours,
    )


def cheapest(hours: Sequence[int], weight: int, terms: Terms) -> tuple[int, int]:
    """Try every commitment; the smallest of the cheapest, and its cost in cents."""
    most = int(min(terms.limit, max(*hours, terms.existing, terms.starts[-1]) + 2))
    tried = [(invoice(hours, weight, terms, c).total, c) for c in range(terms.existing, most + 1)]
    cost, commitment = min(tried)
    return commitment, cost
