"""The settings of a plan as typed models, with what each may say."""

from __future__ import annotations

import datetime as dt
import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = [
    "CommitmentSettings",
    "LimitSettings",
    "OverlaySettings",
    "PlanSettings",
    "PriceSettings",
    "ProfileSettings",
    "TierSettings",
    "UnitSettings",
]

HOURS = 24
MOST_UNITS = 10**13
"""Whole numbers up to here, summed over the hours of a month, stay exact."""
_SUM_TOLERANCE = 1e-6
_Units = Annotated[int, Field(strict=True, ge=0, le=MOST_UNITS)]
_Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Positive = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=False)


class UnitSettings(_Settings):
    """What one unit serves."""

    views_per_hour: _Positive
    """Views that one unit serves in an hour at the target utilisation."""
    headroom: Annotated[_Number, Field(ge=0, le=10)] = 0.0
    """Share kept free above the demand: 0.1 plans for 110% of the views."""


class ProfileSettings(_Settings):
    """How the views of a day lie over its hours: one of the two, or neither for a flat day."""

    hours: Annotated[tuple[_Number, ...], Field()] | None = None
    """Shares of the 24 hours of a day, from midnight on; they sum to 1."""
    peak_to_average: _Number | None = None
    """A smooth day whose busiest hour has this many times the views of the mean hour."""

    @field_validator("hours")
    @classmethod
    def _is_a_day(cls, hours: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if hours is None:
            return None
        if len(hours) != HOURS:
            raise ValueError(f"must have 24 shares, one an hour, but it has {len(hours)}")
        if min(hours) < 0:
            raise ValueError(f"must not have a negative share, but it has {min(hours):g}")
        total = math.fsum(hours)
        if abs(total - 1.0) > _SUM_TOLERANCE:
            raise ValueError(f"must sum to 1, but its shares sum to {total:.6g}")
        return hours

    @field_validator("peak_to_average")
    @classmethod
    def _is_a_ratio(cls, ratio: float | None) -> float | None:
        if ratio is not None and not 1 <= ratio <= 20:
            raise ValueError(f"must be from 1 to 20, but it is {ratio:g}")
        return ratio

    @model_validator(mode="after")
    def _one_of_two(self) -> ProfileSettings:
        if self.hours is not None and self.peak_to_average is not None:
            raise ValueError("[profile] takes hours or peak_to_average, not both")
        return self


class TierSettings(_Settings):
    """A volume discount: reserved units from a number on cost less."""

    first: Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS, alias="from")]
    """The first unit at this price, existing ones counted; the tier ends where the next begins."""
    reserved: _Positive
    """Price of a reserved unit-hour."""


class PriceSettings(_Settings):
    """Prices of a unit-hour, all in one currency."""

    currency: Annotated[str, Field(min_length=1, max_length=12)] = "USD"
    reserved: _Positive
    """Price of a unit-hour reserved for the whole horizon, used or not."""
    on_demand: _Positive
    """Price of a unit-hour bought when it is needed."""
    shortage: _Positive | None = None
    """What a unit-hour that is needed and not served costs; needed with a limit."""
    tiers: tuple[TierSettings, ...] = ()
    """Volume discounts on reserved units, in ascending order."""
    tiers_apply_to: Literal["units-above", "all-units"] = "units-above"
    """Whether a tier's price is that of its own units, or of all new ones once it is reached."""

    @model_validator(mode="after")
    def _reserved_costs_no_more(self) -> PriceSettings:
        if self.reserved > self.on_demand:
            raise ValueError(
                f"[prices] reserved ({self.reserved:g}) must not be above [prices] on_demand "
                f"({self.on_demand:g}): nobody would reserve"
            )
        if self.shortage is not None and self.shortage < self.on_demand:
            raise ValueError(
                f"[prices] shortage ({self.shortage:g}) must not be below [prices] on_demand "
                f"({self.on_demand:g}): it would pay to serve nobody"
            )
        return self

    @model_validator(mode="after")
    def _tiers_ascend(self) -> PriceSettings:
        before, price = 0, self.reserved
        for number, tier in enumerate(self.tiers, 1):
            if tier.first <= before:
                raise ValueError(
                    f"[[prices.tiers]] overlap: number {number} is from {tier.first} on, the one "
                    f"above it from {before} on; they must ascend, each once"
                )
            if tier.reserved > price:
                raise ValueError(
                    f"[[prices.tiers]] number {number}: reserved ({tier.reserved:g}) must not be "
                    f"above the price before it ({price:g}): a tier is a discount"
                )
            before, price = tier.first, tier.reserved
        return self


class CommitmentSettings(_Settings):
    """What is reserved already, and how long it takes to get more."""

    existing: _Units = 0
    """Units that are reserved already, through the whole horizon."""
    existing_price: _Positive | None = None
    """Price of one of their unit-hours; by default that of a reserved one."""
    last_month: _Units | None = None
    """Units that were reserved last month, existing ones counted; by default what would have
    cost least over the last days of the history."""
    lead_time_days: Annotated[int, Field(strict=True, ge=0, le=3650)] | None = None
    """Days from an order until its capacity is there."""


class LimitSettings(_Settings):
    """Capacity that cannot be exceeded, whatever is paid."""

    units: Annotated[int, Field(strict=True, ge=1, le=MOST_UNITS)] | None = None
    """Units that can run at once, reserved and on-demand ones together."""
    on_demand: _Units | None = None
    """On-demand units that can be had at once."""

    @model_validator(mode="after")
    def _limits_something(self) -> LimitSettings:
        if self.units is None and self.on_demand is None:
            raise ValueError("[limit] needs units or on_demand")
        return self


class OverlaySettings(_Settings):
    """One change to the forecast that is known beforehand, such as a launch."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    kind: Literal["multiply", "cap", "throttle"]
    """``multiply`` views, ``cap`` those of a day, or ``throttle`` those of an hour."""
    first: Annotated[dt.date | int, Field(alias="from")]
    """First day: a date, or the number of a day where days are integers."""
    last: Annotated[dt.date | int, Field(alias="to")]
    """Last day."""
    factor: Annotated[_Number, Field(gt=0, le=1000)] | None = None
    """By what views are multiplied."""
    views: Annotated[_Number, Field(ge=0)] | None = None
    """Views a day (cap) or an hour (throttle) that are served at most."""
    series: Annotated[str, Field(min_length=1)] | None = None
    """The category or creator whose views are multiplied; by default all."""
    level: Literal["category", "creator"] | None = None
    """Which of the two, where a category and a creator have the same name."""

    @property
    def size(self) -> float:
        """The factor or the views."""
        return (self.factor if self.kind == "multiply" else self.views) or 0.0

    @field_validator("first", "last", mode="before")
    @classmethod
    def _is_a_day(cls, day: Any) -> Any:
        if isinstance(day, str):
            try:
                return dt.date.fromisoformat(day)
            except ValueError:
                raise ValueError(f'must be a day such as 2025-03-01, got "{day}"') from None
        if isinstance(day, bool | dt.datetime) or not isinstance(day, int | dt.date):
            raise ValueError(  # noqa: TRY004 - what pydantic turns into an error of this key
                "must be a day such as 2025-03-01, or the number of a day"
            )
        return day

    @model_validator(mode="after")
    def _is_whole(self) -> OverlaySettings:
        wanted, other = ("factor", "views") if self.kind == "multiply" else ("views", "factor")
        name = f'[[overlays]] "{self.name}"'
        if getattr(self, wanted) is None:
            raise ValueError(f"{name}: {wanted} is missing, which {self.kind} needs")
        if getattr(self, other) is not None:
            raise ValueError(f"{name}: {other} means nothing to {self.kind}")
        if self.series is not None and self.kind != "multiply":
            raise ValueError(f"{name}: series means nothing to {self.kind}, which takes all views")
        if self.level is not None and self.series is None:
            raise ValueError(f"{name}: level means nothing without series")
        if isinstance(self.first, dt.date) is not isinstance(self.last, dt.date):
            raise ValueError(f"{name}: from and to must both be dates or both numbers")
        if self.first > self.last:  # type: ignore[operator]
            raise ValueError(f"{name}: from ({self.first}) must not be after to ({self.last})")
        return self


class PlanSettings(_Settings):
    """All settings of a plan."""

    horizon: Annotated[int, Field(strict=True, ge=1, le=3650)] | None = None
    """Days of the forecast that the plan was written for; checked where it is given."""
    unit: UnitSettings
    profile: ProfileSettings = ProfileSettings()
    prices: PriceSettings
    commitment: CommitmentSettings = CommitmentSettings()
    limit: LimitSettings | None = None
    overlays: tuple[OverlaySettings, ...] = ()

    @model_validator(mode="after")
    def _limits_have_a_price(self) -> PlanSettings:
        if self.limit is None:
            return self
        if self.prices.shortage is None:
            raise ValueError(
                "[prices] shortage is missing, which [limit] needs: what a unit-hour costs that "
                "is not served"
            )
        units, existing = self.limit.units, self.commitment.existing
        if units is not None and units < existing:
            raise ValueError(
                f"[limit] units ({units}) must not be below [commitment] existing ({existing})"
            )
        return self

    @model_validator(mode="after")
    def _overlays_have_names_of_their_own(self) -> PlanSettings:
        names = [overlay.name for overlay in self.overlays]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f'[[overlays]] name "{name}" stands there twice')
        return self
