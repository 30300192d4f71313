"""The settings of the release job, typed: what ``CONFIG.toml`` may say, and its defaults."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "EvaluationSettings",
    "OutcomesSource",
    "ReleasesConfig",
    "ReleasesSource",
    "SignalsSource",
    "TierSettings",
]


class _Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Source(_Settings):
    """A table: where it lies, and its columns where their names do not tell."""

    source: Any = None
    """A path, glob, folder, list of these, database address, or (in Python) a frame."""
    release: str | None = None
    known: str | None = None
    """Column of the day (or time) on which a row became known."""


class ReleasesSource(_Source):
    """The table of releases."""

    date: str | None = None
    artist: str | None = None
    attributes: tuple[str, ...] | None = None
    """Further columns that describe a release, such as label and genre; by default all others."""


class SignalsSource(_Source):
    """The table of signals: many rows a day and release."""

    date: str | None = None
    creator: str | None = None
    video: str | None = None
    metrics: tuple[str, ...] | None = None
    """Numeric columns; by default all others."""
    cumulative: bool = False
    """Whether the metrics are running totals of each release."""


class OutcomesSource(_Source):
    """The table of outcomes: streams a day and release."""

    date: str | None = None
    streams: str | None = None
    cumulative: bool = False
    """Whether the streams are running totals of each release."""


class TierSettings(_Settings):
    """Classes of outcome: one name more than bounds; a bound belongs to the tier above it."""

    names: tuple[str, ...] = ("low", "middle", "hit")
    bounds: tuple[float, ...] = (50_000.0, 500_000.0)


class EvaluationSettings(_Settings):
    """Rolling origins by release date, and the period kept for the final test."""

    first: dt.date | None = None
    """First day of the first test period; by default so that the periods fill the last half."""
    every: Literal["week", "month", "quarter", "year"] = "quarter"
    final_days: int = Field(default=90, ge=0)
    """Length of the last period of release dates, which is opened once; 0 for none."""
    final_from: dt.date | None = None
    """First day of the last period; in place of its length."""
    budget: tuple[int, ...] = (10, 20, 50)
    """Numbers of releases that could be promoted, for the recall of hits."""


class ReleasesConfig(_Settings):
    """All settings of the release job."""

    releases: ReleasesSource = ReleasesSource()
    signals: SignalsSource = SignalsSource()
    outcomes: OutcomesSource = OutcomesSource()
    window: int = Field(default=7, ge=1, le=60)
    """Days of signals from the release date on, which is day 1."""
    horizons: tuple[int, ...] = (14, 30)
    """Days to which streams are counted, the release date being day 1."""
    step: float = Field(default=50_000.0, gt=0)
    """Unit of the rounded figure."""
    rounding: Literal["nearest", "up"] = "nearest"
    as_of: dt.date | None = None
    """The last day of which anything is known; by default the last day in the tables."""
    timezone: str | None = None
    tiers: TierSettings = TierSettings()
    evaluation: EvaluationSettings = EvaluationSettings()
