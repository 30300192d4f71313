"""Who posts about a release: videos of the artist, of fans, of paid and large creators, of bots.

What happens to a release is settled before; here it is only told, in many videos or few. So another
number of rows leaves the releases, the streams and the truth as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from upswell.simulate._release_cast import DAYS, TEASER, Cast, Flags, Floats, Integers
from upswell.simulate._release_days import SEEN
from upswell.simulate._release_truth import Days

LIFE = 3
"""Days for which a natural video is followed, in the mean; the artist's own are to the end."""

PAID_LIFE = 6
"""Days for which videos of paid creators and of bots are followed."""

KINDS = ("own", "natural", "paid", "bots", "large")
OWN, NATURAL, PAID, BOTS, LARGE = range(5)


@dataclass(frozen=True)
class Scene:
    """Some releases, and how many natural videos to expect of each."""

    cast: Cast
    days: Days
    videos: Floats

    @property
    def last(self) -> Integers:
        """The last day of signals of each release, counted from its date."""
        return np.minimum(SEEN - 1, DAYS - 1 - self.cast.day)

    def carried(self) -> Flags:
        """Return which days of signals a large creator carried, shape ``(n, SEEN)``."""
        return (self.days.large > 0) & (np.arange(SEEN) <= self.last[:, None])

    def first_days(self) -> Floats:
        """Return the chance of each day to be a natural video's first, shape ``(n, SEEN)``.

        Videos appear in proportion to the natural views of the day.
        """
        there = np.arange(SEEN) <= self.last[:, None]
        views = np.where(there, self.days.natural, 0.0)
        return np.asarray(views / views.sum(axis=1, keepdims=True))

    def at(self, rows: slice) -> Scene:
        """Return some of the releases."""
        return Scene(self.cast.at(rows), self.days.at(rows), self.videos[rows])


@dataclass(frozen=True)
class Videos:
    """Videos of some releases; all arrays have the same length."""

    release: Integers
    """Place of the release in the scene."""
    kind: Integers
    """Place of the kind in `KINDS`."""
    creator: Integers
    """Place of the creator in the pool; the artist's own channel is negative."""
    first: Integers
    """Day of the first row, counted from `TEASER` days before the release date."""
    life: Integers
    """Days with a row."""
    weight: Floats
    """Audience, against other videos of the kind."""


def draw_pool(rng: Generator, size: int) -> Floats:
    """Draw the audiences of the platform's creators.

    Prior: a power tail with exponent 1.2, so that one creator in a hundred has half of the
    audience.
    """
    return np.asarray((1.0 - rng.random(size)) ** (-1.0 / 1.2))


def following(days: Days) -> Floats:
    """Return how many natural videos a release has, against others: a quarter power of views."""
    return np.asarray(np.sqrt(np.sqrt(days.natural.sum(axis=1))))


def rows_of_a_natural_video(scene: Scene) -> Floats:
    """Return the mean rows of a natural video of each release, shape ``(n,)``.

    Lives are uniform from 1 to twice `LIFE` less 1, and end with the signals.
    """
    lives = np.arange(1, 2 * LIFE)
    left = np.arange(SEEN + 1)
    mean = np.minimum(lives[:, None], left).mean(axis=0)
    remaining = np.maximum(scene.last[:, None] + 1 - np.arange(SEEN), 0)
    return np.asarray((scene.first_days() * mean[remaining]).sum(axis=1))


def rows_of_other_videos(scene: Scene) -> Integers:
    """Return the rows of each release that are there however few are asked for, shape ``(n,)``."""
    there = scene.last + 1
    count = there + scene.cast.teaser + scene.carried().sum(axis=1)
    return np.asarray(count + scene.cast.hired.sum(axis=1) * np.minimum(PAID_LIFE, there))


def draw_videos(rng: Generator, scene: Scene, pool: Floats) -> Videos:
    """Draw the videos of all releases of a scene.

    Prior: the weight of a video is lognormal with deviation 0.7; a natural one's is that times the
    root of its creator's audience, since feeds show videos to more than those who follow. The
    artist's own channel weighs one and a half times the median.

    Parameters
    ----------
    rng
        Source of all draws.
    scene
        The releases.
    pool
        Audience of each creator of the platform.
    """
    count, last, cast = len(scene.cast), scene.last, scene.cast
    every = np.arange(count)
    parts = [
        (
            every,
            np.full(count, OWN),
            -1 - cast.artist,
            TEASER - cast.teaser,
            cast.teaser + last + 1,
        ),
        _natural(rng, scene, pool.size),
    ]
    for hired, column in ((PAID, 0), (BOTS, 1)):
        who = np.repeat(every, cast.hired[:, column])
        creator = rng.integers(pool.size, size=who.size)
        life = np.minimum(PAID_LIFE, last[who] + 1)
        parts.append((who, np.full_like(who, hired), creator, np.full_like(who, TEASER), life))
    who, day = np.nonzero(scene.carried())
    largest = np.argsort(-pool, kind="stable")[: max(1, pool.size // 100)]
    creator = largest[rng.integers(largest.size, size=who.size)]
    parts.append((who, np.full_like(who, LARGE), creator, TEASER + day, np.ones_like(who)))
    release, kind, creator, first, life = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    weight = np.exp(0.7 * rng.standard_normal(release.size))
    weight[kind == OWN] *= 1.5
    natural = kind == NATURAL
    weight[natural] *= np.sqrt(pool[creator[natural]])
    return Videos(release, kind, creator, first, life, weight)


def _natural(
    rng: Generator, scene: Scene, pool: int
) -> tuple[Integers, Integers, Integers, Integers, Integers]:
    """Draw release, kind, creator, first day and life of natural videos.

    Creators of a low number post more often than those of a high one.
    """
    count = len(scene.cast)
    number = np.floor(scene.videos + rng.random(count)).astype(np.int64)
    release = np.repeat(np.arange(count), number)
    share = np.cumsum(scene.first_days(), axis=1)
    share[:, -1] = 1.0
    ladder = (share + np.arange(count)[:, None]).ravel()
    first = np.searchsorted(ladder, release + rng.random(release.size)) - release * SEEN
    last = scene.last[release]
    first = np.minimum(first, last)
    life = np.minimum(rng.integers(1, 2 * LIFE, release.size), last + 1 - first)
    creator = (rng.random(release.size) ** 2 * pool).astype(np.int64)
    return release, np.full_like(release, NATURAL), creator, TEASER + first, life
