"""The explanation of a forecast of one series: what each part of its history adds to the sum."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell._version import __version__
from upswell.data import DayAxis
from upswell.data.kinds import FrameKind, as_kind
from upswell.errors import SettingError
from upswell.forecasting.explaining.answering import Members

if TYPE_CHECKING:
    import altair as alt

__all__ = ["LAST", "BurstEffect", "Explanation", "PartEffect"]

LAST = "last"
"""Names the latest burst."""


@dataclass(frozen=True)
class PartEffect:
    """What a part of the history adds to the forecast of the sum.

    Parameters
    ----------
    part
        ``trend``, ``week`` or ``bursts``.
    adds
        Its share of the sum in views: its Shapley value among the parts.
    without
        The sum that is forecast when this part alone is left out.
    """

    part: str
    adds: float
    without: float


@dataclass(frozen=True)
class BurstEffect:
    """A burst of the history, and the forecast without it.

    Parameters
    ----------
    first, last, faded
        First and last day of its run, and the last day on which it still added something.
    views
        What it brought until the cutoff.
    times
        Its largest day, in multiples of the usual.
    adds
        What it adds to the forecast of the sum, in views.
    without
        The sum that is forecast without it.
    places
        First and last day as places in the history.
    medians
        The days that are forecast without it, shape ``(H,)``.
    """

    first: str
    last: str
    faded: str
    views: float
    times: float
    adds: float
    without: float
    places: tuple[int, int] = field(repr=False)
    medians: NDArray[np.float64] = field(repr=False, compare=False)

    def record(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        names = ("first", "last", "faded", "views", "times", "adds", "without")
        return {name: getattr(self, name) for name in names}


@dataclass(frozen=True)
class Explanation:
    """Why a forecaster expects what it expects of one series.

    The sum is the forecaster's own median, before ranges are set and series are made to add up.

    Parameters
    ----------
    series, level
        Its place in the tree.
    model
        The forecaster.
    past, ahead
        The days known, and the days ahead.
    values, medians
        Counts of the days known, shape ``(T,)``, and medians of the days ahead, ``(H,)``.
    total
        Median of the sum over the days ahead.
    usual
        A usual day at the end of the history; times the days ahead it is where the parts begin.
    rest
        What the forecaster makes of everything else, so that all adds up to `total`.
    parts
        Trend, week and bursts.
    growth
        By what the level changed over the last four weeks: 0.1 is 10% more.
    strongest, weakest
        A day of the week, and its factor among the days ahead; None where nothing differs.
    bursts
        The latest bursts, the last one first.
    members
        Who stands behind a name that leaves the choice to the panel's windows; None where the
        forecaster was named.
    notes
        What else to know.
    kind
        Library of the frames that are given out.
    """

    series: str
    level: str
    model: str
    past: DayAxis
    ahead: DayAxis
    values: NDArray[np.float64] = field(repr=False, compare=False)
    medians: NDArray[np.float64] = field(repr=False, compare=False)
    total: float
    usual: float
    rest: float
    parts: tuple[PartEffect, ...]
    growth: float
    strongest: tuple[str, float] | None
    weakest: tuple[str, float] | None
    bursts: tuple[BurstEffect, ...]
    members: Members | None = None
    notes: tuple[str, ...] = ()
    kind: FrameKind = FrameKind.POLARS

    @property
    def base(self) -> float:
        """A usual day, repeated over the days ahead."""
        return self.usual * self.ahead.length

    def part(self, name: str) -> PartEffect:
        """Return one part by its name."""
        return next(part for part in self.parts if part.part == name)

    def without_burst(self, when: str = LAST) -> BurstEffect:
        """Return a burst with the forecast that there would be without it.

        Parameters
        ----------
        when
            ``last``, or a day from its first to its last one.

        Raises
        ------
        SettingError
            When there is no burst then.
        """
        if when == LAST and self.bursts:
            return self.bursts[0]
        for burst in self.bursts:
            first, last = burst.places
            if when in [self.past.label(self.past.start + day) for day in range(first, last + 1)]:
                return burst
        known = ", ".join(f"{burst.first} to {burst.last}" for burst in self.bursts[:5])
        raise SettingError(
            "the history has no burst" if not known else f"no burst of the history holds {when!r}",
            fix=f"the latest are {known}" if known else "leave out --without-burst",
        )

    def sentences(self) -> tuple[str, ...]:
        """Return the explanation in plain words.

        Names in it are as they came from the data: whoever shows them escapes them.
        """
        from upswell.forecasting.explaining.wording import sentences_of

        return sentences_of(self)

    def to_frame(self, kind: FrameKind | str | None = None) -> Any:
        """Return what adds up to the sum, and below it the bursts one by one.

        Returns
        -------
        data frame
            Columns ``part, first, last, views, times, adds, share, without``. The rows ``level``,
            ``trend``, ``week``, ``bursts`` and ``rest`` add up to ``total``; `share` is the part of
            the total. Each row ``burst`` is a part of ``bursts``.
        """
        import polars as pl

        rows: list[dict[str, Any]] = [{"part": "level", "adds": self.base}]
        rows += [asdict(part) for part in self.parts]
        rows += [{"part": "rest", "adds": self.rest}, {"part": "total", "adds": self.total}]
        rows += [{"part": "burst", **burst.record()} for burst in self.bursts]
        schema = {"part": pl.String, "first": pl.String, "last": pl.String}
        figures = ("views", "times", "adds", "share", "without")
        for row in rows:
            row["share"] = row["adds"] / self.total if self.total else None
        columns = {name: [row.get(name) for row in rows] for name in (*schema, *figures)}
        frame = pl.DataFrame(columns, schema={**schema, **dict.fromkeys(figures, pl.Float64)})
        return as_kind(frame, self.kind if kind is None else kind)

    def record(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        return {
            "upswell": __version__,
            "command": "explain",
            "series": self.series,
            "level": self.level,
            "model": self.model,
            "members": None if self.members is None else self.members.record(),
            "last_day": self.past.label(self.past.stop - 1),
            "horizon": self.ahead.length,
            "forecast_days": [self.ahead.label(self.ahead.start), self.ahead.labels()[-1]],
            "total": self.total,
            "usual_day": self.usual,
            "base": self.base,
            "parts": [asdict(part) for part in self.parts],
            "rest": self.rest,
            "growth": self.growth,
            "strongest": _weekday(self.strongest),
            "weakest": _weekday(self.weakest),
            "bursts": [burst.record() for burst in self.bursts],
            "sentences": list(self.sentences()),
            "notes": list(self.notes),
        }

    def plot(self, without_burst: str | None = None) -> alt.TopLevelMixin:
        """Draw the history with its bursts, and the forecast with and without some of it.

        Parameters
        ----------
        without_burst
            ``last`` or a day of the burst whose absence is drawn; by default that of the last one,
            where there is one.

        Returns
        -------
        altair chart
            It shows itself in a notebook; its `save` writes files.
        """
        from upswell.forecasting.explaining.drawing import draw_explanation

        return draw_explanation(self, without_burst)


def _weekday(found: tuple[str, float] | None) -> dict[str, Any] | None:
    return None if found is None else {"day": found[0], "factor": found[1]}
