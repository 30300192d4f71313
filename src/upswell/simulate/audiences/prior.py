"""The prior of an audience: the priors of all its families, and how they are listed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields

from upswell.simulate.audiences.autoregression import MoodPrior
from upswell.simulate.audiences.bursts import BurstPrior
from upswell.simulate.audiences.counts import CountPrior
from upswell.simulate.audiences.holidays import HolidayPrior
from upswell.simulate.audiences.launches import LaunchPrior
from upswell.simulate.audiences.level import LevelPrior
from upswell.simulate.audiences.outliers import OutlierPrior
from upswell.simulate.audiences.panels import PanelPrior
from upswell.simulate.audiences.priors import Prior
from upswell.simulate.audiences.recording import RecordingPrior
from upswell.simulate.audiences.shifts import ShiftPrior
from upswell.simulate.audiences.trend import TrendPrior
from upswell.simulate.audiences.walk import WalkPrior
from upswell.simulate.audiences.week import WeekPrior
from upswell.simulate.audiences.year import YearPrior

__all__ = ["AudiencePrior"]


@dataclass(frozen=True)
class AudiencePrior:
    """Priors of everything that a simulated audience is made of, family by family.

    Examples
    --------
    >>> family, name, prior = next(iter(AudiencePrior().listed()))
    >>> family, name, str(prior)
    ('panels', 'alone', 'chance of 0.93')
    """

    panels: PanelPrior = field(default_factory=PanelPrior)
    level: LevelPrior = field(default_factory=LevelPrior)
    trend: TrendPrior = field(default_factory=TrendPrior)
    walk: WalkPrior = field(default_factory=WalkPrior)
    moods: MoodPrior = field(default_factory=MoodPrior)
    week: WeekPrior = field(default_factory=WeekPrior)
    year: YearPrior = field(default_factory=YearPrior)
    holidays: HolidayPrior = field(default_factory=HolidayPrior)
    bursts: BurstPrior = field(default_factory=BurstPrior)
    shifts: ShiftPrior = field(default_factory=ShiftPrior)
    launches: LaunchPrior = field(default_factory=LaunchPrior)
    outliers: OutlierPrior = field(default_factory=OutlierPrior)
    counts: CountPrior = field(default_factory=CountPrior)
    recording: RecordingPrior = field(default_factory=RecordingPrior)

    def listed(self) -> Iterator[tuple[str, str, Prior]]:
        """Yield family, name and distribution of every prior."""
        for family in fields(self):
            part = getattr(self, family.name)
            for one in fields(part):
                yield family.name, one.name, getattr(part, one.name)
