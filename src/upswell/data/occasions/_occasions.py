"""What was known of days beforehand: days off and announced events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.data.axis import DayAxis
from upswell.data.panel import Source

__all__ = ["Event", "Occasions"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something announced, such as a launch.

    Parameters
    ----------
    day
        Number of its day, as in `DayAxis`.
    item
        The creator whose event it is; None when it is everybody's.
    name
        What it is, for people.
    """

    day: int
    item: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Occasions:
    """Days off, and announced events.

    An event counts as announced at every cutoff before it: files do not say when it was.

    Parameters
    ----------
    countries
        Codes of the countries whose days off are meant.
    days_off
        Numbers of the days, ascending.
    events
        In the order of the file.
    sources
        The files of the events.

    Examples
    --------
    >>> known = Occasions(days_off=(2, 9), events=(Event(3, "ana"),))
    >>> known.off(DayAxis(1, 4, calendar=False)).tolist()
    [False, True, False, False]
    """

    countries: tuple[str, ...] = ()
    days_off: tuple[int, ...] = ()
    events: tuple[Event, ...] = ()
    sources: tuple[Source, ...] = ()

    def off(self, axis: DayAxis) -> NDArray[np.bool_]:
        """Return whether each day is a day off, shape ``(length,)``."""
        return np.isin(axis.numbers(), np.array(self.days_off, dtype=np.int64))

    def says_the_same(self, other: Occasions | None) -> bool:
        """Whether another has the same countries and events, from whatever file."""
        if other is None:
            return False
        return self.countries == other.countries and set(self.events) == set(other.events)

    def record(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; `of_record` reads it back."""
        return {
            "countries": list(self.countries),
            "days_off": list(self.days_off),
            "events": [asdict(event) for event in self.events],
            "sources": [asdict(source) for source in self.sources],
        }

    @classmethod
    def of_record(cls, record: Mapping[str, Any]) -> Occasions:
        """Return what `record` gave.

        Raises
        ------
        KeyError, TypeError, ValueError
            When the record is not one of ours.
        """
        return cls(
            countries=tuple(str(code) for code in record["countries"]),
            days_off=tuple(int(day) for day in record["days_off"]),
            events=tuple(
                Event(int(event["day"]), event["item"], event["name"]) for event in record["events"]
            ),
            sources=tuple(Source(**source) for source in record["sources"]),
        )
