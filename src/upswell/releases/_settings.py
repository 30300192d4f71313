"""The settings of the release job as typed models, with what each may say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

__all__ = [
    "BoundSettings",
    "EvaluationSettings",
    "MoneySettings",
    "OutcomesSource",
    "ReleasesConfig",
    "ReleasesSource",
    "SignalsSource",
    "TierSettings",
]

LONGEST = 3650
KINDS = {
    "string_too_short": "the name of a column",
    "string_too_long": "at most 12 letters",
    "too_short": "at least one name",
}
"""What kinds of errors of these settings ask for."""
MOST_UPLIFT = 10.0
LEAST_BREAK_EVEN, MOST_BREAK_EVEN = 100.0, 1e11
_Whole = Annotated[int, Field(strict=True)]
_Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
_Title = Annotated[str, Field(min_length=1)]
_Titles = Annotated[tuple[_Title, ...], Field(min_length=1)]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Source(_Settings):
    """A table: where it lies, and its columns where their names do not tell."""

    source: Any = None
    """A path, glob, folder, list of these, database address, or (in Python) a frame."""
    release: _Title | None = None
    known: _Title | None = None
    """Column of the day (or time) on which a row became known."""

    @field_validator("source")
    @classmethod
    def _is_something_to_read(cls, source: Any) -> Any:
        entries = source if isinstance(source, list | tuple) else [source]
        if isinstance(source, bool | int | float | dict | dt.date) or not entries:
            raise ValueError("names nothing that can be read: give a path, a database or a frame")
        if len(entries) > 1 and not all(isinstance(entry, str | Path) for entry in entries):
            raise ValueError("must list paths or database addresses")
        if any(isinstance(entry, str) and not entry.strip() for entry in entries):
            raise ValueError("is empty")
        return source


class ReleasesSource(_Source):
    """The table of releases."""

    date: _Title | None = None
    artist: _Title | None = None
    cost: _Title | None = None
    """Column of what promotion of a release costs, in place of ``[money] cost``."""
    attributes: tuple[_Title, ...] | None = None
    """Further columns that describe a release, such as label and genre; by default all others."""


class SignalsSource(_Source):
    """The table of signals: many rows a day and release."""

    date: _Title | None = None
    creator: _Title | None = None
    video: _Title | None = None
    metrics: _Titles | None = None
    """Numeric columns; by default all others."""
    cumulative: bool = False
    """Whether the metrics are running totals of each release, creator and video."""
    missing: Literal["unknown", "zero"] = "unknown"
    """What a day of the window without a row means: nothing is known, or nothing happened."""


class OutcomesSource(_Source):
    """The table of outcomes: streams a day and release."""

    date: _Title | None = None
    streams: _Title | None = None
    cumulative: bool = False
    """Whether the streams are running totals of each release."""


class TierSettings(_Settings):
    """Classes of outcome: one name more than bounds; a bound belongs to the tier above it."""

    names: tuple[str, ...] = ("low", "middle", "hit")
    bounds: tuple[_Number, ...] = (50_000.0, 500_000.0)

    @field_validator("names")
    @classmethod
    def _can_name_columns(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if not name or not all(sign.isalnum() or sign in "_-" for sign in name):
                raise ValueError(
                    f'has "{name}": a name ends the name of a column, so it must be of letters, '
                    "digits, _ and -"
                )
        if len(names) < 2:
            raise ValueError("must have at least two names")
        if len({name.casefold() for name in names}) < len(names):
            raise ValueError("must not have a name twice")
        return names

    @field_validator("bounds")
    @classmethod
    def _ascend(cls, bounds: tuple[float, ...]) -> tuple[float, ...]:
        if any(bound <= 0 for bound in bounds):
            raise ValueError("must be above 0")
        if list(bounds) != sorted(set(bounds)):
            raise ValueError("must ascend")
        return bounds

    @model_validator(mode="after")
    def _one_name_more(self) -> TierSettings:
        if len(self.names) != len(self.bounds) + 1:
            raise ValueError(
                f"[tiers] bounds must be one fewer than [tiers] names: there are "
                f"{len(self.bounds)} bounds and {len(self.names)} names"
            )
        return self


class EvaluationSettings(_Settings):
    """Rolling origins by release date, and the period kept for the final test."""

    first: dt.date | None = None
    """First day of the first test period; by default so that the periods fill the last half."""
    every: Literal["week", "month", "quarter", "year"] = "quarter"
    final_days: _Whole = Field(default=90, ge=0, le=LONGEST)
    """Length of the last period of release dates, which is opened once; 0 for none."""
    final_from: dt.date | None = None
    """First day of the last period; in place of its length."""
    budget: tuple[_Whole, ...] = (10, 20, 50)
    """Numbers of releases that could be promoted, for the recall of hits."""

    @field_validator("budget")
    @classmethod
    def _can_be_spent(cls, budget: tuple[int, ...]) -> tuple[int, ...]:
        if any(number < 1 for number in budget) or list(budget) != sorted(set(budget)):
            raise ValueError("must be whole numbers from 1 on that ascend")
        return budget

    @model_validator(mode="after")
    def _first_before_final(self) -> EvaluationSettings:
        if self.first and self.final_from and self.first > self.final_from:
            raise ValueError("[evaluation] first must not be after [evaluation] final_from")
        return self


class BoundSettings(_Settings):
    """A bound on false hits among the releases marked promote."""

    false_hits: _Number = Field(default=0.2, gt=0, lt=1)
    """Most of the promoted that may miss the top tier, as a part."""
    confidence: _Number = Field(default=0.9, gt=0.5, lt=1)
    """How sure that has to be."""


class MoneySettings(_Settings):
    """What promotion costs and brings, how cautious to be, and how much there is to spend."""

    cost: _Number = Field(gt=0)
    """Of promoting one release, in the currency."""
    value: _Number = Field(gt=0)
    """Of one stream, in the currency."""
    uplift: _Number = Field(gt=0)
    """Streams that promotion adds, as a part of those expected without it."""
    currency: Annotated[str, Field(max_length=12)] = ""
    budget: _Number | None = Field(default=None, ge=0)
    """Most to spend on one list; without it all that are worth it are funded."""
    caution: _Number = Field(default=1.0, ge=1, le=1000)
    """How many times as heavy money lost on a false hit weighs as profit that was missed."""
    quantile: _Number | None = Field(default=None, gt=0, le=0.5)
    """In place of caution: promotion has to pay at this quantile of the streams."""
    shortfall: _Number | None = Field(default=None, ge=0)
    """Most that the funded list may lose on average in the worst tenth of cases."""
    bound: BoundSettings | None = None

    @field_validator("uplift")
    @classmethod
    def _is_a_part(cls, uplift: float) -> float:
        if uplift > MOST_UPLIFT:
            raise ValueError(
                f"is a part of the streams, not a percentage: {uplift:g} would add {uplift:g} "
                f"times the streams; write {uplift / 100:g} for {uplift:g}%"
            )
        return uplift

    @model_validator(mode="after")
    def _one_dial(self) -> MoneySettings:
        # A record names both; its caution is then the one that nobody asked for.
        if self.quantile is not None and self.caution != 1.0:
            raise ValueError("[money] has both caution and quantile: they are one dial; keep one")
        return self

    @model_validator(mode="after")
    def _can_pay(self) -> MoneySettings:
        pays = self.cost / (self.value * self.uplift)
        if not LEAST_BREAK_EVEN <= pays <= MOST_BREAK_EVEN:
            raise ValueError(
                f"by [money] cost, value and uplift promotion pays from {pays:,.6g} streams on, "
                "which tells no release from another: check their units (value is of one stream, "
                "uplift 0.15 for 15%)"
            )
        if self.shortfall is not None and 0 < (self.budget or 0) <= self.shortfall:
            raise ValueError(
                f"[money] shortfall {self.shortfall:g} is not below [money] budget "
                f"{self.budget:g}: a list loses no more than it costs, so it would limit nothing; "
                "lower it or leave it out"
            )
        return self


class ReleasesConfig(_Settings):
    """All settings of the release job."""

    releases: ReleasesSource = ReleasesSource()
    signals: SignalsSource = SignalsSource()
    outcomes: OutcomesSource = OutcomesSource()
    window: _Whole = Field(default=7, ge=1, le=60)
    """Days of signals from the release date on, which is day 1."""
    horizons: tuple[_Whole, ...] = (14, 30)
    """Days to which streams are counted, the release date being day 1."""
    step: _Number = Field(default=50_000.0, gt=0)
    """Unit of the rounded figure."""
    rounding: Literal["nearest", "up"] = "nearest"
    as_of: dt.date | None = None
    """The last day of which anything is known; by default the last day in the tables."""
    timezone: str | None = None
    """IANA name of the zone in which days begin; needed where times have an offset."""
    tiers: TierSettings = TierSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
    money: MoneySettings | None = None

    @field_validator("horizons")
    @classmethod
    def _ascend(cls, horizons: tuple[int, ...]) -> tuple[int, ...]:
        if not horizons:
            raise ValueError("must have at least one horizon")
        if list(horizons) != sorted(set(horizons)):
            raise ValueError("must ascend, each once")
        if horizons[-1] > LONGEST:
            raise ValueError(f"must be at most {LONGEST}")
        return horizons

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (KeyError, ValueError, OSError):
                raise ValueError(
                    f'has no zone "{name}": use a name such as "Europe/Berlin"'
                ) from None
        return name

    @model_validator(mode="after")
    def _horizons_hold_the_window(self) -> ReleasesConfig:
        if self.horizons[0] < self.window:
            raise ValueError(
                f"horizons must not be shorter than window: {self.horizons[0]} is less than "
                f"{self.window}"
            )
        return self
