"""Releases across two platforms whose truth is known: early signals, later streams, the floor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.simulate import _release_cast as world
from upswell.simulate import _release_rows as telling
from upswell.simulate import _release_videos as videos
from upswell.simulate._release_causes import causes_frame
from upswell.simulate._release_files import write_releases
from upswell.simulate._release_tables import (
    outcome_tables,
    releases_frame,
    signal_table,
    truth_frame,
)
from upswell.simulate._release_truth import Days, live

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = ["SimulatedReleases", "floor_rmsle", "simulate_releases", "write_releases"]

_ROWS_TOGETHER = 400_000
_MOST = 1_000_000
_USUAL = 100


@dataclass(frozen=True)
class SimulatedReleases:
    """A simulated world of releases, with the truth beside its three tables.

    Signals are drawn when they are asked for, the same ones each time: a world of 71 million rows
    need not be in memory at once.

    Parameters
    ----------
    cast
        The latent state of each release.
    days
        What happened to each release by day, and what was to be expected.
    artists
        Names of the artists.
    videos
        Natural videos to expect of each release.
    seed
        What all was drawn from.
    """

    cast: world.Cast
    days: Days
    artists: tuple[str, ...]
    videos: NDArray[np.float64]
    seed: int

    @property
    def as_of(self) -> dt.date:
        """The last day of the tables."""
        return dt.date(1970, 1, 1) + dt.timedelta(days=world.AS_OF)

    @cached_property
    def releases(self) -> pl.DataFrame:
        """The table of releases: ``release, release_date, artist, label, genre``."""
        return releases_frame(self)

    @cached_property
    def signals(self) -> pl.DataFrame:
        """The table of signals.

        Columns ``release, date, creator, video, views, likes, comments, shares``.
        """
        return _frame(self.signal_chunks())

    @cached_property
    def outcomes(self) -> pl.DataFrame:
        """The table of outcomes: ``release, date, streams``, to at most the 30th day."""
        return _frame(outcome_tables(self))

    @cached_property
    def truth(self) -> pl.DataFrame:
        """What no table shows, a row for each release and horizon.

        ``streams`` are the true ones, also where the tables end before; ``expected_log`` is the
        mean of ``log1p`` of them and ``deviation_log`` its standard deviation, for the best
        possible predictor at the end of day 7, who knows the whole latent state but neither the
        playlists and radio nor the future (nor the streams so far, which would tell of both).
        ``mature`` tells whether the horizon had passed when the tables end. Then the latent state:
        ``fame``, ``quality``, ``conversion`` (logs), ``virality`` (the branching ratio); and of the
        first 7 days ``natural``, ``paid`` and ``bots`` (views), and ``bought_likes`` (the share of
        the first four days' likes that was bought).
        """
        return truth_frame(self)

    @cached_property
    def causes(self) -> pl.DataFrame:
        """What moved each release, a row for each release and cause.

        Columns ``release, cause, outcome, window``: by how much the cause raises the logs of the
        streams to day 30 and of the views of the first 7 days. Causes are ``fame``, ``song``
        (quality and how it spreads), ``conversion`` (of the genre and by the artist), ``paid`` and
        ``bots``.
        """
        return causes_frame(self)

    def signal_chunks(self) -> Iterator[pa.Table]:
        """Yield the signals in parts of about 400,000 rows, their texts coded.

        Releases stand in their order, and the rows of each in the order of days; at the end of each
        part stand those of releases that nobody knows.
        """
        scene = videos.Scene(self.cast, self.days, self.videos)
        pool = videos.draw_pool(world.stream(self.seed, "creators"), _creators(self.videos))
        size = _releases_together(self.videos)
        made = 0
        for chunk, start in enumerate(range(0, len(self.cast), size)):
            rng = world.stream(self.seed, "rows", chunk)
            rows = telling.draw_rows(rng, scene.at(slice(start, start + size)), pool)
            yield signal_table(self, rows, start, made)
            made += int(rows.video.max(initial=-1)) + 1


def simulate_releases(
    releases: int, rows: int | None, seed: int, *, names: Sequence[str] = ()
) -> SimulatedReleases:
    """Simulate two years of releases on a short-video platform and a streaming service.

    Artists have heavy-tailed fame that drifts; songs have quality. Views excite more views (a
    Hawkes process in days) on a platform that grows and has a weekly rhythm; paid creators and bots
    add a burst in few hands, and some buy likes. Views become streams with a delay and a rate that
    depends on genre, artist and quality; playlists and radio multiply them, unseen. The priors
    stand in `_release_cast` and `_release_days`, and what spoils the tables in `_release_rows`.

    Parameters
    ----------
    releases
        Number of releases, at most a million; there is an artist for every five.
    rows
        Rows of signals and outcomes together, met within 2% from 1,000 releases on; by default 100
        a release. About 55 a release are always there, and at most a million a release are told.
    seed
        Not negative. The same seed gives the same bytes. Another number of rows leaves the
        releases, the outcomes and the truth as they are and tells the same views in more or fewer
        videos; another number of releases is another world.
    names
        Names for the artists with most releases, the first of them first.

    Returns
    -------
    SimulatedReleases
        Three tables and the truth.

    Raises
    ------
    SettingError
        When a number is out of range, the rows are fewer than the releases need, or the names are
        empty, not unique or too many.

    Examples
    --------
    >>> simulated = simulate_releases(100, rows=8_000, seed=1)
    >>> simulated.releases.columns
    ['release', 'release_date', 'artist', 'label', 'genre']
    >>> simulated.truth.height
    200
    """
    _check_integer("releases", releases, 1, _MOST)
    _check_integer("seed", seed, 0)
    rows = _USUAL * releases if rows is None else rows
    _check_integer("rows", rows, 1)
    artists = world.draw_artists(world.stream(seed, "artists"), max(1, round(releases / 5)))
    calendar = world.draw_calendar(world.stream(seed, "calendar"))
    cast = world.draw_cast(artists, calendar, world.stream(seed, "releases"), releases)
    days = live(cast, calendar, seed)
    each = _natural_videos(cast, days, rows)
    return SimulatedReleases(cast, days, _artist_names(artists, names), each, int(seed))


def floor_rmsle(
    truth: pl.DataFrame, releases: Collection[str] | None = None, horizon: int = 30
) -> float:
    """Return the error of the best possible predictor.

    Parameters
    ----------
    truth
        `SimulatedReleases.truth`, or the file of that name.
    releases
        Those to count; by default all.
    horizon
        14 or 30 days.

    Returns
    -------
    float
        Root of the mean square of ``log1p(streams) - expected_log``.

    Raises
    ------
    SettingError
        When no row is left.

    Examples
    --------
    >>> simulated = simulate_releases(200, rows=16_000, seed=1)
    >>> 0.3 < floor_rmsle(simulated.truth) < 0.7
    True
    """
    import polars as pl

    chosen = truth.filter(pl.col("horizon") == horizon)
    if releases is not None:
        chosen = chosen.filter(pl.col("release").is_in(list(releases)))
    if chosen.is_empty():
        raise SettingError(f"the truth has no such releases at horizon {horizon}")
    error = np.log1p(chosen["streams"].to_numpy()) - chosen["expected_log"].to_numpy()
    return float(np.sqrt(np.mean(error**2)))


def _check_integer(name: str, value: Any, least: int, most: int | None = None) -> None:
    """Raise unless a setting is an integer within its limits."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if whole and least <= int(value) and (most is None or int(value) <= most):
        return
    limits = f"from {least}" if most is None else f"from {least} to {most}"
    raise SettingError(f"{name} must be an integer {limits}, got {value!r}")


def _natural_videos(cast: world.Cast, days: Days, rows: int) -> NDArray[np.float64]:
    """Return the natural videos to expect of each release so that the rows add up."""
    scene = videos.Scene(cast, days, videos.following(days))
    outcomes = int(days.known_streams(cast).sum())
    always = int(videos.rows_of_other_videos(scene).sum())
    least = outcomes + round(always * telling.KEPT)
    if not least <= rows <= _MOST * len(cast):
        raise SettingError(
            f"{len(cast)} releases of this seed can be told in {least} to {_MOST * len(cast)} rows,"
            f" got {rows}"
        )
    wanted = (rows - outcomes) / telling.KEPT - always
    each = float((scene.videos * videos.rows_of_a_natural_video(scene)).sum())
    return np.asarray(scene.videos * max(wanted, 0.0) / each)


def _artist_names(artists: world.Artists, names: Sequence[str]) -> tuple[str, ...]:
    """Return the names of all artists, those given to the ones with most releases."""
    count = artists.activity.size
    width = max(3, len(str(count)))
    found = [f"artist-{place + 1:0{width}d}" for place in range(count)]
    if "" in names or len(set(names)) != len(names) or len(names) > count:
        raise SettingError(f"names must be at most {count} different texts, got {names!r}")
    busiest = np.argsort(-artists.activity, kind="stable")
    for place, name in zip(busiest, names, strict=False):
        found[place] = name
    return tuple(found)


def _releases_together(each: NDArray[np.float64]) -> int:
    """Return how many releases are told together: a part of the draws, so of the settings only."""
    rows = 25.0 + float(each.mean()) * videos.LIFE
    return max(1, min(4096, int(_ROWS_TOGETHER / rows)))


def _creators(each: NDArray[np.float64]) -> int:
    """Return the number of creators of the platform: one for eight natural videos."""
    return max(200, min(200_000, int(each.sum() / 8)))


def _frame(tables: Iterator[pa.Table]) -> pl.DataFrame:
    """Join Arrow tables to a frame with plain text columns."""
    import polars as pl

    frames = [pl.DataFrame(pl.from_arrow(table)) for table in tables]
    return pl.concat([frame.cast({pl.Categorical: pl.String}) for frame in frames])
