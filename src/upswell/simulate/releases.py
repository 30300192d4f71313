"""Releases across two platforms whose truth is known: early signals, later streams, the floor."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError
from upswell.simulate import _release_cast as world
from upswell.simulate import _release_rows as telling
from upswell.simulate._release_files import (
    outcome_tables,
    releases_frame,
    signal_table,
    truth_frame,
    write_releases,
)
from upswell.simulate._release_truth import HORIZONS, Days, live

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

__all__ = ["SimulatedReleases", "floor_rmsle", "simulate_releases", "write_releases"]

_ROWS_TOGETHER = 400_000
_MOST = 1_000_000


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
        Number of artists.
    videos
        Videos that each release has in the mean, apart from those that are always there.
    seed
        What all was drawn from.
    """

    cast: world.Cast
    days: Days
    artists: int
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
        playlists and radio nor the future. ``mature`` tells whether the horizon had passed when the
        tables end. Then the latent state: ``fame``, ``quality``, ``conversion`` (logs),
        ``virality`` (the branching ratio); and of the first 7 days ``natural``, ``paid`` and
        ``bots`` (views), and ``bought_likes`` (the share of the likes that was bought).
        """
        return truth_frame(self)

    def signal_chunks(self) -> Iterator[pa.Table]:
        """Yield the signals in parts of about 400,000 rows."""
        pool = _pool(self.seed, self.videos)
        size = _releases_together(self.videos)
        video = 0
        for chunk, start in enumerate(range(0, len(self.cast), size)):
            part = slice(start, start + size)
            rng = world.stream(self.seed, "rows", chunk)
            days = Days(**{name: value[part] for name, value in vars(self.days).items()})
            rows = telling.draw_rows(
                rng, self.cast.at(part), days, self.videos[part], pool, start, video
            )
            video = max(video, int(rows.video.max(initial=video)) + 1)
            yield signal_table(self, rows)


def simulate_releases(releases: int, rows: int, seed: int) -> SimulatedReleases:
    """Simulate two years of releases on a short-video platform and a streaming service.

    Artists have heavy-tailed fame that drifts; songs have quality. Views excite more views (a
    Hawkes process in days) on a platform that grows and has a weekly rhythm; paid creators and bots
    add a burst in few hands, and some buy likes. Views become streams with a delay and a rate that
    depends on genre, artist and quality; playlists and radio multiply them, unseen. The priors
    stand in `_release_cast` and `_release_days`, and what spoils the tables in `_release_rows`.

    Parameters
    ----------
    releases
        Number of releases, at most a million.
    rows
        Rows of signals and outcomes together, met within a few percent; at least 60 a release and
        at most a million a release.
    seed
        Not negative. The same seed gives the same bytes. Another number of rows leaves the
        releases, the outcomes and the truth as they are and tells the same views in more or fewer
        videos; another number of releases is another world.

    Returns
    -------
    SimulatedReleases
        Three tables and the truth.

    Raises
    ------
    SettingError
        When a number is out of range.

    Examples
    --------
    >>> simulated = simulate_releases(100, rows=8_000, seed=1)
    >>> simulated.releases.columns
    ['release', 'release_date', 'artist', 'label', 'genre']
    >>> simulated.truth.height
    200
    """
    for name, value, least, most in (
        ("releases", releases, 1, _MOST),
        ("seed", seed, 0, math.inf),
        ("rows", rows, 60 * releases, 1_000_000 * releases),
    ):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not least <= value <= most:
            raise SettingError(f"{name} must be an integer from {least} to {most}, got {value!r}")
    count = max(1, round(releases / 5))
    artists = world.draw_artists(world.stream(seed, "artists"), count)
    calendar = world.draw_calendar(world.stream(seed, "calendar"), world.DAYS + 31)
    cast = world.draw_cast(artists, calendar, seed, releases)
    days = live(cast, calendar, seed)
    return SimulatedReleases(cast, days, count, _videos(cast, days, rows), int(seed))


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


def _videos(cast: world.Cast, days: Days, rows: int) -> NDArray[np.float64]:
    """Return the natural videos of each release that make up the rows asked for."""
    kept = (1.0 - telling.GAP) * (1.0 + telling.TWICE + telling.STRANGE)
    ended = world.DAYS - cast.day[:, None] <= np.arange(days.streams.shape[1])
    outcomes = int(((days.streams > 0) & ~ended).sum())
    wanted = (rows - outcomes) / kept - float(telling.fixed_rows(cast, days).sum())
    share = telling.following(days)
    each = float((share * telling.life_within(days, cast)).sum())
    return np.asarray(share * max(wanted, 0.0) / each)


def _releases_together(videos: NDArray[np.float64]) -> int:
    """Return how many releases are told together: a part of the draws, so of the settings only."""
    rows = 30.0 + float(videos.mean()) * telling.LIFE
    return max(1, min(4096, int(_ROWS_TOGETHER / rows)))


def _pool(seed: int, videos: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw the audiences of the platform's creators: a power tail with exponent 1.2."""
    size = max(200, min(200_000, int(videos.sum() / 8)))
    rng = world.stream(seed, "creators")
    return np.asarray((1.0 - rng.random(size)) ** (-1.0 / 1.2))


def _frame(tables: Iterator[pa.Table]) -> pl.DataFrame:
    """Join Arrow tables to a frame with plain text columns."""
    import polars as pl

    frames = [pl.DataFrame(pl.from_arrow(table)) for table in tables]
    texts = pl.col(pl.Categorical).cast(pl.String)
    return pl.concat([frame.with_columns(texts) for frame in frames])


_ = HORIZONS
