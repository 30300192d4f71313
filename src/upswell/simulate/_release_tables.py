"""A simulated world of releases as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.simulate._release_cast import AS_OF, DAYS, GENRES, LABELS, Integers
from upswell.simulate._release_days import WINDOW
from upswell.simulate._release_rows import Rows
from upswell.simulate._release_truth import HORIZONS

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from upswell.simulate.releases import SimulatedReleases

FIRST = AS_OF - DAYS + 1
"""First day of the world, in days since 1970."""

_TOGETHER = 20_000


def releases_frame(world: SimulatedReleases) -> pl.DataFrame:
    """Return the table of releases."""
    import polars as pl

    cast = world.cast
    frame = pl.DataFrame(
        {
            "release": _release_names(np.arange(len(cast)), len(cast)),
            "release_date": _polars_dates(cast.day),
            "artist": [world.artists[place] for place in cast.artist],
            "label": [LABELS[place] for place in cast.label],
            "genre": [GENRES[place] for place in cast.genre],
        }
    )
    return frame.with_columns(pl.when(pl.Series(cast.dated)).then(pl.col("release_date")))


def truth_frame(world: SimulatedReleases) -> pl.DataFrame:
    """Return the truth, a row for each release and horizon."""
    import polars as pl

    cast, days, count = world.cast, world.days, len(HORIZONS)
    early = slice(0, WINDOW)
    ends = np.cumsum(days.streams, axis=1)[:, np.array(HORIZONS) - 1]
    latent = {
        "fame": cast.fame,
        "quality": cast.quality,
        "conversion": cast.conversion,
        "virality": cast.reproduction,
        "natural": (days.natural + days.large)[:, early].sum(axis=1),
        "paid": days.paid[:, early].sum(axis=1),
        "bots": days.bots[:, early].sum(axis=1),
        "bought_likes": cast.bought / (1.0 + cast.bought),
    }
    names = _release_names(np.arange(len(cast)), len(cast))
    return pl.DataFrame(
        {
            "release": [name for name in names for _ in HORIZONS],
            "horizon": np.tile(HORIZONS, len(cast)),
            "release_date": _polars_dates(np.repeat(cast.day, count)),
            "mature": (cast.day[:, None] + np.array(HORIZONS) <= DAYS).ravel(),
            "streams": ends.ravel(),
            "expected_log": days.expected_log.ravel(),
            "deviation_log": days.deviation.ravel(),
            **{name: np.repeat(values, count) for name, values in latent.items()},
        }
    )


def outcome_tables(world: SimulatedReleases) -> Iterator[pa.Table]:
    """Yield the outcomes in parts; a day without streams has no row."""
    import pyarrow as pa

    for start in range(0, len(world.cast), _TOGETHER):
        part = slice(start, start + _TOGETHER)
        cast, days = world.cast.at(part), world.days.at(part)
        place, day = np.nonzero(days.known_streams(cast))
        names = _release_names(np.arange(start, start + len(cast)), len(world.cast))
        yield pa.table(
            {
                "release": _coded(place, names),
                "date": _dates(cast.day[place] + day),
                "streams": pa.array(days.streams[place, day]),
            }
        )


def signal_table(world: SimulatedReleases, rows: Rows, start: int, video: int) -> pa.Table:
    """Return rows of signals as an Arrow table.

    Parameters
    ----------
    world
        What they belong to.
    rows
        Of some releases.
    start, video
        Place of the first of these releases in the world, and number of the first video.
    """
    import pyarrow as pa

    releases, release_codes = _different(rows.release)
    creators, creator_codes = _different(rows.creator)
    videos, video_codes = _different(rows.video)
    places = np.where(releases >= 0, releases + start, releases)
    return pa.table(
        {
            "release": _coded(release_codes, _release_names(places, len(world.cast))),
            "date": _dates(rows.day),
            "creator": _coded(creator_codes, _creator_names(creators)),
            "video": _coded(video_codes, [f"v{place}" for place in (videos + video).tolist()]),
            "views": pa.array(rows.views),
            "likes": pa.array(rows.likes),
            "comments": pa.array(rows.comments),
            "shares": pa.array(rows.shares),
        }
    )


def _release_names(places: Integers, count: int) -> list[str]:
    """Return names of releases; a negative place is a release that the world does not know."""
    width = max(4, len(str(count)))
    return [
        f"r{place + 1:0{width}d}" if place >= 0 else f"lost-{-place}" for place in places.tolist()
    ]


def _creator_names(places: Integers) -> list[str]:
    """Return names of creators; a negative place is an artist's own channel."""
    return [f"c{place}" if place >= 0 else f"a{-place}" for place in places.tolist()]


def _different(values: Integers) -> tuple[Integers, NDArray[np.int32]]:
    """Return the different values in order, and the place of each value among them.

    Values lie close together, so marking all between is quicker than sorting.

    Examples
    --------
    >>> values, codes = _different(np.array([7, -1, 7, 3]))
    >>> values.tolist(), codes.tolist()
    ([-1, 3, 7], [2, 0, 2, 1])
    """
    low = int(values.min(initial=0))
    there = np.zeros(int(values.max(initial=0)) - low + 1, dtype=np.bool_)
    there[values - low] = True
    places = np.cumsum(there, dtype=np.int32) - 1
    return np.flatnonzero(there) + low, places[values - low]


def _coded(codes: NDArray[Any], names: Sequence[str]) -> Any:
    """Return texts as an Arrow column that holds each of them once."""
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(
        pa.array(codes, type=pa.int32()), pa.array(names, type=pa.string())
    )


def _dates(days: Integers) -> Any:
    """Return days of the world as an Arrow column of dates."""
    import pyarrow as pa

    return pa.array((days + FIRST).astype(np.int32), type=pa.int32()).cast(pa.date32())


def _polars_dates(days: Integers) -> pl.Series:
    """Return days of the world as a Polars column of dates."""
    import polars as pl

    return pl.Series((days + FIRST).astype(np.int32)).cast(pl.Date)
