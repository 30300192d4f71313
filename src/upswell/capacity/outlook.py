"""What one future asks for: the rules beside each other, units by day, and the risk."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "RULES",
    "UNIT_LEVELS",
    "Amount",
    "Bill",
    "CostCurve",
    "Future",
    "Outlook",
    "Overload",
    "Rule",
]

UNIT_LEVELS = (0.5, 0.9, 0.95, 0.99)
"""How sure units by day are enough."""

RULES = ("least-cost", "same-as-last-month", "mean", "peak", "perfect-foresight")
"""Names of the rules, in the order in which a plan holds them."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure that differs from path to path.

    Parameters
    ----------
    expected
        Mean over the paths.
    low, high
        Ends of its 80% range: the 10% and 90% quantiles over the paths.
    """

    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bill:
    """What the horizon costs by its parts, in the plan's currency; means over the paths.

    Parameters
    ----------
    existing
        Units that were reserved before, used or not.
    reserved
        Units that are reserved now, used or not.
    on_demand
        Unit-hours above the commitment that on-demand units serve.
    shortage
        Unit-hours that nothing serves, at the price of a shortage.
    """

    existing: float
    reserved: float
    on_demand: float
    shortage: float

    @property
    def total(self) -> float:
        """Sum of the parts."""
        return self.existing + self.reserved + self.on_demand + self.shortage


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to choose the commitment, and what comes of it.

    Parameters
    ----------
    name
        One of `RULES`.
    commitment
        Units reserved in all, existing ones counted. For ``perfect-foresight``, which knows each
        path beforehand and chooses for each its own, the median over the paths.
    cost
        What the horizon costs, all parts together.
    bill
        The parts of its mean.
    regret
        Expected cost above that of perfect foresight: never negative, 0 for that rule itself.
    shortage_hours
        Hours of the horizon in which something is not served; mean over the paths.
    shortage_unit_hours
        Unit-hours that are not served; mean over the paths.
    on_demand_hours
        Hours in which on-demand units run; mean over the paths.
    """

    name: str
    commitment: int
    cost: Amount
    bill: Bill
    regret: float
    shortage_hours: float
    shortage_unit_hours: float
    on_demand_hours: float

    @property
    def is_bound(self) -> bool:
        """Whether nobody can follow it: perfect foresight is a bound, not a rule."""
        return self.name == "perfect-foresight"


@dataclass(frozen=True)
class CostCurve:
    """What each commitment costs, around the one of least cost.

    Parameters
    ----------
    commitments
        Units reserved in all, shape ``(G,)``, ascending whole numbers.
    expected, low, high
        Mean and 80% range over the paths of the cost of the horizon, shape ``(G,)``.
    """

    commitments: NDArray[np.int64]
    expected: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True)
class Overload:
    """The risk that the demand passes the capacity, with the plan's commitment.

    Parameters
    ----------
    capacity
        Units that can run at once: the limit, or the commitment and the on-demand units that can
        be had, whichever is less.
    chance
        Share of the joint paths on which some hour of the horizon asks for more.
    by_day
        Share of the paths on which some hour of that day does, shape ``(H,)``.
    first_day
        Number of the first day on which `by_day` passes 5%; None when there is none.
    order_by
        Number of the latest day to order more, so that it is there on `first_day`; None without
        such a day or without a lead time.
    too_late
        Whether `order_by` lies before the first day of the forecast.
    """

    capacity: int
    chance: float
    by_day: NDArray[np.float64]
    first_day: int | None
    order_by: int | None
    too_late: bool


@dataclass(frozen=True)
class Future:
    """Views of the days ahead: as forecast, or with overlays.

    Parameters
    ----------
    views
        Views that ask to be served, by path and day, shape ``(P, H)``; caps are taken off.
    throttle
        Views an hour that are let in at most on each day, shape ``(H,)``, infinite on days
        without a throttle; None when there is none at all.
    capped
        Views of the horizon that caps turn away, shape ``(P,)``.
    """

    views: NDArray[np.float64]
    throttle: NDArray[np.float64] | None
    capped: NDArray[np.float64]


@dataclass(frozen=True)
class Outlook:
    """What one future asks for: the forecast as it is, or with the overlays.

    Parameters
    ----------
    views
        Views of the horizon that are let in.
    turned_away
        Views of the horizon that caps and throttles turn away; all zero without them.
    critical_level
        Quantile of the pooled hours that the least-cost commitment is without tiers, existing
        units and limits: ``1 - reserved / on_demand``.
    rules
        One for each of `RULES`, in their order.
    curve
        The cost curve around the least-cost commitment.
    units
        Units that suffice in the busiest hour of each day with the certainty of each of
        `UNIT_LEVELS`, shape ``(4, H)``, whole numbers.
    peak_units
        The same for the busiest hour of the horizon, from the joint paths, shape ``(4,)``.
    overload
        The risk of running short; None without a limit, as on-demand units then serve all.
    future
        The views themselves.
    """

    views: Amount
    turned_away: Amount
    critical_level: float
    rules: tuple[Rule, ...]
    curve: CostCurve
    units: NDArray[np.int64]
    peak_units: NDArray[np.int64]
    overload: Overload | None
    future: Future = field(repr=False)

    @property
    def best(self) -> Rule:
        """The least-cost rule: what the plan advises."""
        return self.rules[0]

    def rule(self, name: str) -> Rule:
        """Return a rule by its name, one of `RULES`."""
        return self.rules[RULES.index(name)]
