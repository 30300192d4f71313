"""What a plan holds: the commitment, its cost, the rules beside it, units by day and the risk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis
from upswell.data.kinds import FrameKind, as_kind

if TYPE_CHECKING:
    from upswell.capacity._settings import PlanSettings

__all__ = [
    "RULES",
    "UNIT_LEVELS",
    "Amount",
    "Bill",
    "CostCurve",
    "Flag",
    "Outlook",
    "Overload",
    "Plan",
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
class Outlook:
    """What one future asks for: the forecast as it is, or with the overlays.

    Parameters
    ----------
    views
        Views of the horizon, after overlays.
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
    """

    views: Amount
    turned_away: Amount
    critical_level: float
    rules: tuple[Rule, ...]
    curve: CostCurve
    units: NDArray[np.int64]
    peak_units: NDArray[np.int64]
    overload: Overload | None

    @property
    def best(self) -> Rule:
        """The least-cost rule: what the plan advises."""
        return self.rules[0]

    def rule(self, name: str) -> Rule:
        """Return a rule by its name, one of `RULES`."""
        return self.rules[RULES.index(name)]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know about a plan.

    Parameters
    ----------
    code
        For programs, such as ``saturated-history``.
    sentence
        For people, with figures.
    """

    code: str
    sentence: str


@dataclass(frozen=True)
class Plan:
    """A plan: what to commit to for the horizon, what it costs and what may go wrong.

    Every figure is read off the joint paths of the forecast's total.

    Parameters
    ----------
    settings
        Prices, limits and overlays.
    axis
        The ``H`` days ahead.
    paths
        Number of paths that it rests on.
    base
        The untouched forecast's outlook.
    scenario
        The outlook with the overlays; None when the plan has none.
    flags
        What else to know.
    hourly_views
        For the sliders of the page: quantiles of the views of all hours of all paths, before
        headroom, shape ``(Q,)``, at the middles of ``Q`` equal steps of probability.
    busiest_views
        Quantiles, likewise over the paths, of the views of each day's busiest hour, shape
        ``(H, Q)``.
    peak_views
        Quantiles, likewise over the paths, of the views of the horizon's busiest hour, shape
        ``(Q,)``.
    kind
        Library of the frames that are given out.
    """

    settings: PlanSettings
    axis: DayAxis
    paths: int
    base: Outlook
    scenario: Outlook | None
    flags: tuple[Flag, ...]
    hourly_views: NDArray[np.float64] = field(repr=False)
    busiest_views: NDArray[np.float64] = field(repr=False)
    peak_views: NDArray[np.float64] = field(repr=False)
    kind: FrameKind = FrameKind.POLARS

    @property
    def outlook(self) -> Outlook:
        """The outlook that the plan advises on: the scenario where there is one."""
        return self.base if self.scenario is None else self.scenario

    @property
    def commitment(self) -> int:
        """Units to have reserved in all, existing ones counted."""
        return self.outlook.best.commitment

    @property
    def to_reserve(self) -> int:
        """Units to reserve now, besides those that exist."""
        return self.commitment - self.settings.commitment.existing

    @property
    def cost(self) -> Amount:
        """What the horizon costs with that commitment."""
        return self.outlook.best.cost

    def rules(self, kind: FrameKind | str | None = None) -> Any:
        """Return the rules beside each other.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, rule, commitment,
            expected, low, high, existing, reserved, on_demand, shortage, regret, shortage_hours,
            shortage_unit_hours, on_demand_hours``; `outlook` is ``base`` or ``scenario``.
        """
        rows = [
            {
                "outlook": name,
                "rule": rule.name,
                "commitment": rule.commitment,
                "expected": rule.cost.expected,
                "low": rule.cost.low,
                "high": rule.cost.high,
                "existing": rule.bill.existing,
                "reserved": rule.bill.reserved,
                "on_demand": rule.bill.on_demand,
                "shortage": rule.bill.shortage,
                "regret": rule.regret,
                "shortage_hours": rule.shortage_hours,
                "shortage_unit_hours": rule.shortage_unit_hours,
                "on_demand_hours": rule.on_demand_hours,
            }
            for name, outlook in self._outlooks()
            for rule in outlook.rules
        ]
        return self._given(rows, kind)

    def daily(self, kind: FrameKind | str | None = None) -> Any:
        """Return units and risk by day.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, date, units50, units90,
            units95, units99, overload``; `date` is a date with a calendar, else the day's number;
            `overload` is the chance to run short on that day, null without a limit.
        """
        import polars as pl

        rows = []
        for name, outlook in self._outlooks():
            risk = outlook.overload
            for day, number in enumerate(self.axis.numbers().tolist()):
                needs = outlook.units[:, day].tolist()
                units = {
                    f"units{level:.0%}"[:-1]: n for level, n in zip(UNIT_LEVELS, needs, strict=True)
                }
                chance = None if risk is None else float(risk.by_day[day])
                rows.append({"outlook": name, "date": number, **units, "overload": chance})
        frame = pl.DataFrame(rows, schema_overrides={"date": pl.Int32, "overload": pl.Float64})
        if self.axis.calendar:
            frame = frame.with_columns(pl.col("date").cast(pl.Date))
        return as_kind(frame, self.kind if kind is None else kind)

    def cost_curve(self, kind: FrameKind | str | None = None) -> Any:
        """Return what each commitment around the best one costs.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, commitment, expected,
            low, high``.
        """
        import polars as pl

        frames = [
            pl.DataFrame(
                {
                    "outlook": [name] * len(outlook.curve.commitments),
                    "commitment": outlook.curve.commitments,
                    "expected": outlook.curve.expected,
                    "low": outlook.curve.low,
                    "high": outlook.curve.high,
                }
            )
            for name, outlook in self._outlooks()
        ]
        return as_kind(pl.concat(frames), self.kind if kind is None else kind)

    def slider_data(self) -> dict[str, Any]:
        """Return what a page needs to redraw commitment, cost and risk, as plain data.

        Returns
        -------
        dict
            ``hourly_views``, ``busiest_views`` (a list for each day) and ``peak_views``: see the
            class. ``probabilities``: at which probabilities they stand. ``hours``: hours of the
            horizon. ``settings``: as in ``plan.json``.
        """
        from upswell.capacity.settings import settings_record

        count = len(self.hourly_views)
        return {
            "probabilities": ((np.arange(count) + 0.5) / count).tolist(),
            "hourly_views": self.hourly_views.tolist(),
            "busiest_views": self.busiest_views.tolist(),
            "peak_views": self.peak_views.tolist(),
            "hours": 24 * self.axis.length,
            "settings": settings_record(self.settings),
        }

    def _outlooks(self) -> list[tuple[str, Outlook]]:
        found = [("base", self.base)]
        return found if self.scenario is None else [*found, ("scenario", self.scenario)]

    def _given(self, rows: list[dict[str, Any]], kind: FrameKind | str | None) -> Any:
        import polars as pl

        return as_kind(pl.DataFrame(rows), self.kind if kind is None else kind)
