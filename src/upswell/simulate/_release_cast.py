"""Who releases what and when: artists, labels, genres, and the latent state of each release.

Parts named "log" are on the natural log scale. All priors stand beside the draw that uses them.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, SeedSequence, default_rng
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAYS = 728
"""Days of releases before the tables end: two years of whole weeks."""

AS_OF = dt.date(2025, 7, 3).toordinal() - dt.date(1970, 1, 1).toordinal()
"""The last day of the tables, a Thursday: last Friday's releases have just filled their window."""

TEASER = 3
"""Days before its date in which a release can have previews."""

FIRST_DAY = math.log(1500.0)
"""Log views that nothing but fame brings on the first day, for the median artist."""

GENRES = ("pop", "rap", "dance", "rock", "indie", "folk", "metal", "latin")
LABELS = (*(f"major {i}" for i in range(1, 4)), *(f"indie {i}" for i in range(1, 10)))
MAJORS = 3

# Each part has a stream of its own, by its place here; new ones go to the end.
PARTS = ("artists", "calendar", "releases", "actual", "futures", "creators", "rows")


def stream(seed: int, part: str, chunk: int = 0) -> Generator:
    """Return the generator of one part of the world, and of one chunk of its releases."""
    return default_rng(SeedSequence(int(seed), spawn_key=(PARTS.index(part), chunk)))


@dataclass(frozen=True)
class Artists:
    """The ``A`` artists of a world; all arrays have shape ``(A,)`` but `fame`."""

    fame: Floats
    """Log fame at the starts of the quarters, shape ``(A, 9)``."""
    conversion: Floats
    """Log of how readily their viewers listen, against others of the genre."""
    activity: Floats
    """How many releases they have, against others."""
    debut: Integers
    """First day on which they release, counted from the first day of the world."""
    genre: Integers
    label: Integers


@dataclass(frozen=True)
class Calendar:
    """What all releases share, by day: index 0 is `DAYS` days before the tables end."""

    platform: Floats
    """Factor of the views of a day: growth and weekly rhythm."""
    service: Floats
    """Factor of the streams of a day."""
    conversion: Floats
    """Log conversion of each genre."""


@dataclass(frozen=True)
class Cast:
    """The latent state of ``N`` releases, ordered by date; all arrays have shape ``(N,)``."""

    day: Integers
    """Release date, in days from the first day of the world."""
    dated: Flags
    """Whether the tables know the date."""
    artist: Integers
    genre: Integers
    label: Integers
    fame: Floats
    """Log fame of the artist on the day, plus the attention that this release gets."""
    quality: Floats
    """Quality of the song, standard normal."""
    conversion: Floats
    """Log streams for each view."""
    fans: Floats
    """Log streams on the first day by people who never saw a video."""
    reproduction: Floats
    """Views that one view leads to: the branching ratio, below 1."""
    paid: Floats
    """Views by paid creators on the first day."""
    bots: Floats
    """Views by bots on the first day."""
    likes: Floats
    """Share of views that are liked, before any are bought."""
    bought: Floats
    """Likes bought, as a multiple of the real ones of the first four days."""
    playlist: Floats
    """Chance of a playlist or radio within the 30 days."""
    hired: Integers
    """Numbers of paid creators and of bot accounts, shape ``(N, 2)``."""
    teaser: Integers
    """Days of previews before the release date, up to `TEASER`."""

    def __len__(self) -> int:
        return int(self.day.size)

    def at(self, rows: slice) -> Cast:
        """Return some of the releases."""
        return Cast(**{name: values[rows] for name, values in vars(self).items()})


def expit(log_odds: Floats) -> Floats:
    """Return the probability of log odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def draw_artists(rng: Generator, count: int) -> Artists:
    """Draw artists.

    Prior: log fame is normal with deviation 1.35 plus an exponential with mean 0.5, so fame has the
    tail of a power; it drifts by 0.15 a quarter and 0.15 a year on the log scale. Conversion
    deviates by 0.2. Activity is lognormal with deviation 0.9. Three in ten artists have their
    first release within the two years. The more famous, the likelier a major label.
    """
    normals = rng.standard_normal((count, 12))
    shares = rng.random((count, 5))
    base = 1.35 * normals[:, 0] + 0.5 * (-np.log1p(-shares[:, 0]) - 1.0)
    steps = 0.15 * normals[:, 3:11] + 0.0375 * normals[:, 11:12]
    walk = np.concatenate([np.zeros((count, 1)), np.cumsum(steps, axis=1)], axis=1)
    young = shares[:, 1] < 0.3
    debut = np.where(young, (shares[:, 1] / 0.3 * (DAYS - 60)).astype(np.int64), 0)
    weights = np.cumsum([0.24, 0.2, 0.14, 0.12, 0.11, 0.08, 0.05, 0.06])
    genre = np.searchsorted(weights, shares[:, 2], side="right").clip(max=len(GENRES) - 1)
    major = shares[:, 3] < expit(base - 1.0)
    place = np.where(major, shares[:, 3] / expit(base - 1.0), shares[:, 4])
    label = np.where(major, place * MAJORS, MAJORS + place * (len(LABELS) - MAJORS))
    return Artists(
        fame=base[:, None] + walk,
        conversion=0.2 * normals[:, 1],
        activity=np.exp(0.9 * normals[:, 2]),
        debut=debut,
        genre=genre.astype(np.int64),
        label=label.astype(np.int64),
    )


def draw_calendar(rng: Generator) -> Calendar:
    """Draw what all releases share.

    Prior: the platform's views grow by half in a year, with a yearly wave of 8%; the service's
    streams by a tenth. Weekdays deviate by 0.12 on the platform and by 0.06 on the service. The
    conversion of genres is spread evenly from a half to twice the usual, dealt out by chance.
    """
    days = np.arange(DAYS + 31)
    week = 0.12 * rng.standard_normal(7)
    other = 0.06 * rng.standard_normal(7)
    phase = (AS_OF - DAYS + 1 + days) % 7
    growth = math.log(1.5) * days / 365 + 0.08 * np.sin(2 * np.pi * days / 365)
    return Calendar(
        platform=np.exp(growth + (week - week.mean())[phase]),
        service=np.exp(math.log(1.1) * days / 365 + (other - other.mean())[phase]),
        conversion=rng.permutation(np.linspace(-0.75, 0.75, len(GENRES))),
    )


def draw_cast(artists: Artists, calendar: Calendar, rng: Generator, count: int) -> Cast:
    """Draw releases and their latent state.

    Prior: an artist has releases in proportion to activity, from the debut on, two in three on a
    Friday; one release in ten leaves the artist's genre. The date of one in 200 is not known.
    """
    share = np.cumsum(artists.activity) / artists.activity.sum()
    artist = np.searchsorted(share, rng.random(count), side="right").clip(max=share.size - 1)
    first = artists.debut[artist]
    day = first + (rng.random(count) * (DAYS - first)).astype(np.int64)
    friday = day - _since_friday(day)
    day = np.where(rng.random(count) < 2 / 3, np.maximum(friday, 0), day)
    order = np.argsort(day, kind="stable")
    artist, day = artist[order], day[order]
    leaves = rng.random(count) < 0.1
    genre = np.where(leaves, rng.integers(len(GENRES), size=count), artists.genre[artist])
    quarter = day / DAYS * 8.0
    whole = np.minimum(quarter.astype(np.int64), 7)
    grid = artists.fame[artist]
    rows = np.arange(count)
    now = grid[rows, whole] + (quarter - whole) * (grid[rows, whole + 1] - grid[rows, whole])
    return _latent(
        rng,
        calendar,
        day=day,
        artist=artist.astype(np.int64),
        genre=genre.astype(np.int64),
        label=artists.label[artist],
        fame=now,
        liking=artists.conversion[artist],
    )


def _since_friday(day: Integers) -> Integers:
    """Return the days since the last Friday; the day after the tables end is one."""
    return (day - DAYS) % 7


def _latent(
    rng: Generator,
    calendar: Calendar,
    *,
    day: Integers,
    artist: Integers,
    genre: Integers,
    label: Integers,
    fame: Floats,
    liking: Floats,
) -> Cast:
    """Draw the latent state of releases.

    Prior: attention to a release deviates by 0.6 from the artist's fame. Reproduction is 0.4 for
    the median quality, 0.8 for one song in 50. A view leads to 0.16 streams in the median, more
    with quality and liking. One release in five (one in two of a major label) is seeded by paid
    creators, 15% by bots, each with 0.3 to 10 times its natural first day; one in eight buys likes,
    1 to 5 times the real ones; 15% have previews. The like rate, 5%, shows the quality with a
    scatter of 0.1. Playlists are likelier for quality and major labels.
    """
    count = day.size
    normals = rng.standard_normal((count, 8))
    shares = rng.random((count, 5))
    quality = normals[:, 0]
    fame = fame + 0.6 * normals[:, 1]
    major = label < MAJORS
    natural = np.exp(FIRST_DAY + fame + 0.2 * quality) * calendar.platform[day]
    paid = shares[:, 0] < np.where(major, 0.5, 0.2)
    botted = shares[:, 1] < 0.15
    bought = shares[:, 2] < 0.125
    return Cast(
        day=day,
        dated=shares[:, 3] > 0.005,
        artist=artist,
        genre=genre,
        label=label,
        fame=fame,
        quality=quality,
        conversion=math.log(0.16) + calendar.conversion[genre] + liking + 0.15 * quality,
        fans=math.log(55.0) + 1.0 * fame + 0.5 * liking,
        reproduction=0.97 * expit(-0.35 + 1.0 * quality + 0.2 * normals[:, 2]),
        paid=np.where(paid, natural * np.exp(0.4 + 0.8 * normals[:, 3]), 0.0),
        bots=np.where(botted, natural * np.exp(0.8 + 0.8 * normals[:, 4]), 0.0),
        likes=np.minimum(np.exp(math.log(0.05) + 0.3 * quality + 0.1 * normals[:, 5]), 0.4),
        bought=np.where(bought, np.exp(0.8 + 0.4 * normals[:, 6]), 0.0),
        playlist=expit(-1.3 + 0.5 * quality + 0.6 * major),
        hired=np.stack(
            [paid * rng.integers(2, 5, count), botted * rng.integers(1, 3, count)], axis=1
        ),
        teaser=np.where(shares[:, 4] < 0.15, 1 + (shares[:, 4] * 20).astype(np.int64), 0),
    )
