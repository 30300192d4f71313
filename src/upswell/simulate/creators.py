"""Creators with daily views whose truth is known: what was expected, and what came after."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel
from upswell.errors import SettingError
from upswell.simulate import _components as part
from upswell.store import csv_bytes, write_bytes

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CATEGORIES", "SimulatedPanel", "simulate_creators", "write_creators"]

CATEGORIES = ("Fitness", "Fashion", "DIY", "Music")
"""Names of the categories by default."""

_FIRST_DAY = dt.date(2025, 1, 6)
_LARGEST = 1e12

# Each part has a stream of its own, by its place here; new ones go to the end.
_STREAMS = (
    *("level", "launch", "growth", "week", "walk", "moods", "bursts", "shifts"),
    *("dispersion", "counts", "missing", "likes", "followers", "shocks"),
)


@dataclass(frozen=True)
class SimulatedPanel:
    """A simulated panel with the truth beside it.

    Parameters
    ----------
    panel
        The history: ``N`` creators, ``T`` days. A day is missing where nothing was recorded or the
        creator had not appeared yet.
    future
        The counts of the ``H`` days after the history, shape ``(N, H)``, complete.
    expected
        The views a day before the noise of counting, given everything else that happened, shape
        ``(N, T + H)``; 0 before a creator appears.
    likes, followers
        Shape ``(N, T)``: likes of the day, and followers at its end; NaN where the views are.
    """

    panel: Panel
    future: NDArray[np.float64]
    expected: NDArray[np.float64]
    likes: NDArray[np.float64]
    followers: NDArray[np.float64]

    @property
    def horizon(self) -> int:
        """Number of days after the history, ``H``."""
        return int(self.future.shape[1])

    def to_frame(self, *, raw: bool = True) -> pl.DataFrame:
        """Return the simulation as a Polars frame, ordered by day.

        Parameters
        ----------
        raw
            Whether to return the history only, as a platform would export it, or all of it with
            its truth.

        Returns
        -------
        polars.DataFrame
            If raw, columns ``Day, CreatorID, Category, Views, Likes, Followers``, a row for each
            day that was recorded. Else ``item, group, date, part, value, expected``, a row for each
            creator and day, where ``part`` is ``history`` or ``future`` and a missing value null.
            Days are dates with a calendar, else integers.
        """
        import polars as pl

        axis = self.panel.axis
        whole = DayAxis(axis.start, axis.length + (0 if raw else self.horizon), axis.calendar)
        count, length = len(self.panel.items), whole.length
        days = pl.Series(np.repeat(whole.numbers(), count))
        days = days.cast(pl.Int32).cast(pl.Date) if axis.calendar else days
        items = pl.Series(list(self.panel.items) * length, dtype=pl.String)
        groups = pl.Series(list(self.panel.groups or ()) * length, dtype=pl.String)
        if raw:
            numbers = {"Views": self.panel.values, "Likes": self.likes, "Followers": self.followers}
            columns = {"Day": days, "CreatorID": items, "Category": groups}
            columns |= {name: pl.Series(grid.T.ravel()) for name, grid in numbers.items()}
            frame = pl.DataFrame(columns).filter(pl.col("Views").is_not_nan())
            return frame.with_columns(pl.col(*numbers).cast(pl.Int64))
        values = np.concatenate([self.panel.values, self.future], axis=1)
        steps = ["history"] * (count * axis.length) + ["future"] * (count * self.horizon)
        return pl.DataFrame(
            {
                "item": items,
                "group": groups,
                "date": days,
                "part": pl.Series(steps, dtype=pl.String),
                "value": pl.Series(values.T.ravel()).fill_nan(None),
                "expected": pl.Series(self.expected.T.ravel()),
            }
        )


def simulate_creators(
    creators: int,
    days: int,
    seed: int,
    *,
    categories: Sequence[str] | None = None,
    start: dt.date | int = _FIRST_DAY,
    horizon: int = 0,
) -> SimulatedPanel:
    """Simulate the daily views of creators.

    Views are a lognormal level, times damped growth, a weekly rhythm shared by the category and a
    creator's own, slow wandering, moods, shocks that a category shares, rare level shifts and
    bursts of viral videos, with negative binomial counts; some days are missing and some creators
    appear on the way. The priors stand in the functions of `_components`.

    Parameters
    ----------
    creators
        Number of creators, named ``creator-01`` and so on.
    days
        Days of history.
    seed
        Not negative. The same seed gives the same bits. One more creator leaves the others as they
        are, and a longer horizon leaves the history and its first days as they are.
    categories
        Their names, dealt out in turn; by default `CATEGORIES`.
    start
        Date of the first day, or an integer for days without a calendar.
    horizon
        Days to simulate after the history.

    Returns
    -------
    SimulatedPanel
        History, future and truth.

    Raises
    ------
    SettingError
        When a number is out of range, categories are empty or not unique, or the calendar ends.

    Examples
    --------
    >>> world = simulate_creators(12, days=120, seed=1, horizon=30)
    >>> world.panel.values.shape, world.future.shape, sorted(set(world.panel.groups))
    ((12, 120), (12, 30), ['DIY', 'Fashion', 'Fitness', 'Music'])
    """
    for name, value, least in (
        ("creators", creators, 1),
        ("days", days, 1),
        ("seed", seed, 0),
        ("horizon", horizon, 0),
    ):
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
            raise SettingError(f"{name} must be an integer from {least}, got {value!r}")
    names = CATEGORIES if categories is None else tuple(categories)
    if not names or "" in names or len(set(names)) != len(names):
        raise SettingError(f"categories must be different names, got {names!r}")
    axis = _axis(start, days, horizon)
    phase = DayAxis(axis.start, days + horizon, axis.calendar).phase()
    shared = [
        _category_effect(_streams(seed, 0, i), phase) for i in range(min(len(names), creators))
    ]
    drawn = [
        _creator(_streams(seed, 1, i), shared[i % len(names)], phase, days) for i in range(creators)
    ]
    expected, views, seen, likes, followers = (
        np.array([getattr(one, name) for one in drawn])
        for name in ("expected", "views", "seen", "likes", "followers")
    )
    width = max(2, len(str(creators)))
    panel = Panel(
        axis=axis,
        items=tuple(f"creator-{i + 1:0{width}d}" for i in range(creators)),
        values=np.where(seen, views[:, :days], np.nan),
        groups=tuple(names[i % len(names)] for i in range(creators)),
    )
    return SimulatedPanel(
        panel=panel,
        future=views[:, days:],
        expected=expected,
        likes=np.where(seen, likes, np.nan),
        followers=np.where(seen, followers, np.nan),
    )


def write_creators(simulated: SimulatedPanel, path: str | os.PathLike[str]) -> None:
    """Write the raw-looking history to one file, whole or not at all.

    Parameters
    ----------
    simulated
        What to write.
    path
        Ends in ``.csv`` or ``.parquet``.

    Raises
    ------
    SettingError
        When the ending is another.
    OutputError
        When the place cannot be written to.
    """
    import io

    ending = Path(path).suffix.lower()
    if ending not in (".csv", ".parquet"):
        raise SettingError(
            f"cannot tell the format of {os.fspath(path)!r}", fix="end its name in .csv or .parquet"
        )
    frame = simulated.to_frame(raw=True)
    if ending == ".csv":
        write_bytes(path, csv_bytes(frame))
        return
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    write_bytes(path, buffer.getvalue())


@dataclass(frozen=True)
class _Drawn:
    """One creator: over history and future, and over the history alone."""

    expected: NDArray[np.float64]
    views: NDArray[np.float64]
    seen: NDArray[np.bool_]
    likes: NDArray[np.float64]
    followers: NDArray[np.float64]


def _streams(seed: int, kind: int, index: int) -> Callable[[str], Generator]:
    """Return a generator for each part of a category (kind 0) or creator (kind 1)."""
    return lambda name: default_rng(
        SeedSequence(int(seed), spawn_key=(kind, index, _STREAMS.index(name)))
    )


def _axis(start: dt.date | int, days: int, horizon: int) -> DayAxis:
    """Return the days of the history, once it is sure that all days have labels."""
    if isinstance(start, bool) or not isinstance(start, dt.date | int):
        raise SettingError(f"start must be a date or an integer, got {start!r}")
    if not isinstance(start, dt.date):
        return DayAxis(start, days, calendar=False)
    first = start.toordinal()
    if first + days + horizon - 1 > dt.date.max.toordinal():
        raise SettingError(f"{days + horizon} days from {start} go beyond the year 9999")
    return DayAxis(first - dt.date(1970, 1, 1).toordinal(), days, calendar=True)


def _category_effect(stream: Callable[[str], Generator], phase: NDArray[np.int64]) -> part.Floats:
    """Draw what the creators of one category share, on the log scale."""
    week = part.weekly_profile(stream("week"), 0.15)
    return week[phase] + part.shared_shocks(stream("shocks"), phase.size)


def _creator(
    stream: Callable[[str], Generator], shared: part.Floats, phase: NDArray[np.int64], days: int
) -> _Drawn:
    """Draw one creator."""
    length = phase.size
    launch = part.launch_day(stream("launch"), days)
    growth = stream("growth")
    young = float(growth.random()) < part.YOUNG_CHANCE or launch > 0
    rate, damping = part.growth_rate(growth, young=young)
    logs = (
        part.log_level(stream("level"))
        + shared
        + part.damped_trend(rate, damping, length, launch)
        + part.weekly_profile(stream("week"), 0.05)[phase]
        + part.random_walk(stream("walk"), length)
        + part.moods(stream("moods"), length)
        + part.level_shifts(stream("shifts"), length)
    )
    usual = np.exp(np.minimum(logs, np.log(_LARGEST)))
    there = np.arange(length) >= launch
    expected = np.where(there, usual * (1.0 + part.bursts(stream("bursts"), length)), 0.0)
    dispersion = part.count_dispersion(stream("dispersion"))
    views = part.counts(stream("counts"), expected, dispersion)
    past = views[:days]
    followers = np.zeros(days)
    followers[launch:] = part.followers(stream("followers"), past[launch:])
    return _Drawn(
        expected=expected,
        views=views,
        seen=there[:days] & ~part.missing_days(stream("missing"), days),
        likes=part.likes(stream("likes"), past),
        followers=followers,
    )
