"""Rows of signals: the views of each release and day, split among creators and their videos.

What happens to a release is settled before; here it is only told in rows, many or few. So another
number of rows leaves the releases, the streams and the truth as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from upswell.simulate._release_cast import DAYS, Cast, Flags, Floats, Integers
from upswell.simulate._release_truth import Days

SEEN = 14
"""Days from the release date on for which the platform is exported."""

TEASER = 3
"""Days before the release date that can have previews."""

LIFE = 5
"""Days for which a video is followed, in the mean; the artist's own are followed to the end."""

PAID_LIFE = 6
GAP = 0.015
LATE = 0.02
TWICE = 0.003
NEGATIVE = 0.0005
STRANGE = 0.002
OWN, NATURAL, PAID, BOT, PICKUP = range(5)


@dataclass(frozen=True)
class Videos:
    """Videos of some releases, a row each."""

    release: Integers
    """Place of the release among those drawn together."""
    kind: Integers
    creator: Integers
    first: Integers
    """Day of the first row, counted from `TEASER` days before the release date."""
    life: Integers
    weight: Floats


@dataclass(frozen=True)
class Rows:
    """Rows of signals; all arrays have the same length."""

    release: Integers
    """Place of the release in the world; negative for one the world does not know."""
    day: Integers
    """Days from the first day of the world."""
    creator: Integers
    """Place of the creator; negative for the artist's own channel."""
    video: Integers
    views: Integers
    likes: Integers
    comments: Integers
    shares: Integers


def last_days(cast: Cast) -> Integers:
    """Return the last day of signals of each release, counted from its date."""
    return np.minimum(SEEN - 1, DAYS - 1 - cast.day)


def teasers(cast: Cast) -> Integers:
    """Return how many days before its date each release shows previews: 15% do, for 1 to 3.

    Drawn from the digits of the quality, so that it depends on nothing else.
    """
    place = np.abs(cast.quality) * 1e4 % 1.0
    return np.where(place < 0.15, 1 + (place / 0.05).astype(np.int64), 0).clip(max=TEASER)


def pickup_days(days: Days, last: Integers) -> Flags:
    """Return which days of signals a large creator carried, shape ``(N, SEEN)``."""
    return (days.picked[:, :SEEN] > 0) & (np.arange(SEEN) <= last[:, None])


def fixed_rows(cast: Cast, days: Days) -> Floats:
    """Return the rows of each release that are there whatever the number asked for."""
    last = last_days(cast)
    count = (last + 1 + teasers(cast)).astype(np.float64)
    count += cast.sized.sum(axis=1) * np.minimum(PAID_LIFE, last + 1)
    count += pickup_days(days, last).sum(axis=1)
    return count


def following(days: Days) -> Floats:
    """Return how many creators take a release up, against others: the root of its views."""
    return np.asarray(np.sqrt(days.natural[:, :SEEN].sum(axis=1)))


def life_within(days: Days, cast: Cast) -> Floats:
    """Return the mean rows of a natural video of each release.

    Lives are uniform from 1 to twice `LIFE` less 1, and end with the signals.
    """
    last = last_days(cast)
    share = _first_day_shares(days, last)
    lives = np.arange(1, 2 * LIFE)
    left = last[:, None] + 1 - np.arange(SEEN)
    mean = np.minimum(lives[:, None, None], np.maximum(left, 0)).mean(axis=0)
    return np.asarray((share * mean).sum(axis=1))


def _first_day_shares(days: Days, last: Integers) -> Floats:
    """Return the chances of each day to be a natural video's first, shape ``(N, SEEN)``."""
    there = np.arange(SEEN) <= last[:, None]
    views = np.where(there, days.natural[:, :SEEN], 0.0)
    return np.asarray(views / views.sum(axis=1, keepdims=True))


def draw_rows(
    rng: Generator, cast: Cast, days: Days, videos: Floats, pool: Floats, start: int, video: int
) -> Rows:
    """Draw the rows of releases that stand together.

    Parameters
    ----------
    rng
        Source of all draws.
    cast, days
        Of ``n`` releases.
    videos
        Natural videos to expect of each, shape ``(n,)``.
    pool
        Audience of each creator of the platform.
    start, video
        Place of the first release in the world, and number of the first video.
    """
    last = last_days(cast)
    made = _make_videos(rng, cast, days, videos, pool, last)
    # Follow each video for its days.
    place = np.repeat(np.arange(made.life.size), made.life)
    age = np.arange(place.size) - np.repeat(np.cumsum(made.life) - made.life, made.life)
    release, kind = made.release[place], made.kind[place]
    day = made.first[place] + age
    weight = made.weight[place] * (1.0 + age) ** -1.1
    views = rng.poisson(_share_out(_totals(cast, days), release, kind, day, weight))
    likes, comments, shares = _reactions(rng, cast, release, kind, day - TEASER, views)
    rows = Rows(
        release=release + start,
        day=cast.day[release] + day - TEASER,
        creator=made.creator[place],
        video=place + video,
        views=views,
        likes=likes,
        comments=comments,
        shares=shares,
    )
    return _spoil(rng, rows, release, day, len(cast))


def _make_videos(
    rng: Generator, cast: Cast, days: Days, videos: Floats, pool: Floats, last: Integers
) -> Videos:
    """Draw the videos of releases: the artist's own, natural, paid, of bots, of large creators."""
    count = len(cast)
    ahead = teasers(cast)
    every = np.arange(count)
    own = (every, np.full(count, OWN), -1 - cast.artist, TEASER - ahead, ahead + last + 1)
    number = rng.poisson(videos)
    release = np.repeat(every, number)
    share = np.cumsum(_first_day_shares(days, last), axis=1)
    share[:, -1] = 1.0
    flat = (share + every[:, None]).ravel()
    first = np.searchsorted(flat, release + rng.random(release.size)) - release * SEEN
    first = np.minimum(first, last[release])
    life = np.minimum(rng.integers(1, 2 * LIFE, release.size), last[release] + 1 - first)
    popular = (rng.random(release.size) ** 2 * pool.size).astype(np.int64)
    natural = (release, np.full(release.size, NATURAL), popular, TEASER + first, life)
    parts = [own, natural]
    for kind, column in ((PAID, 0), (BOT, 1)):
        who = np.repeat(every, cast.sized[:, column])
        creator = rng.integers(pool.size, size=who.size)
        fixed = np.minimum(PAID_LIFE, last[who] + 1)
        parts.append((who, np.full(who.size, kind), creator, np.full(who.size, TEASER), fixed))
    who, when = np.nonzero(pickup_days(days, last))
    large = np.argsort(-pool)[: max(1, pool.size // 100)]
    creator = large[rng.integers(large.size, size=who.size)]
    parts.append((who, np.full(who.size, PICKUP), creator, TEASER + when, np.ones_like(who)))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    weight = np.exp(0.7 * rng.standard_normal(joined[0].size))
    weight *= np.where(joined[1] == NATURAL, pool[np.maximum(joined[2], 0)], 1.0)
    weight[joined[1] == OWN] *= 3.0 * pool.mean()
    return Videos(*joined, weight=weight)


def _totals(cast: Cast, days: Days) -> Floats:
    """Return expected views by kind and day, shape ``(n, 4, TEASER + SEEN)``.

    The artist's own videos share the natural views; alone before the release date, they have 5% of
    what the first day brings by itself.
    """
    totals = np.zeros((len(cast), 4, TEASER + SEEN))
    kinds = (days.natural, days.paid, days.bots, days.picked)
    for place, views in enumerate(kinds):
        totals[:, place, TEASER:] = views[:, :SEEN]
    totals[:, 0, :TEASER] = 0.05 * days.natural[:, :1]
    return totals


def _share_out(
    totals: Floats, release: Integers, kind: Integers, day: Integers, weight: Floats
) -> Floats:
    """Return the expected views of each row: the total of its kind and day, shared by weight."""
    cell = (release * 4 + np.maximum(kind - 1, 0)) * (TEASER + SEEN) + day
    sums = np.bincount(cell, weights=weight, minlength=totals.size)
    return np.asarray(totals.ravel()[cell] * weight / sums[cell])


def _reactions(
    rng: Generator, cast: Cast, release: Integers, kind: Integers, day: Integers, views: Integers
) -> tuple[Integers, Integers, Integers]:
    """Draw likes, comments and shares.

    Bots hardly react. Bought likes come in the first four days, on natural and paid videos alike.
    """
    alive = np.where(kind == BOT, 0.05, 1.0) * views
    rate = cast.likes[release]
    real = np.minimum(rng.poisson(alive * rate), views)
    early = (day >= 0) & (day < 4) & (kind != BOT)
    bought = rng.poisson(np.where(early, alive * rate * cast.bought[release], 0.0))
    comments = rng.poisson(alive * rate * 0.06)
    shares = rng.poisson(alive * rate * (0.1 + 0.1 * cast.reproduction[release]))
    return real + bought, comments, shares


def _spoil(rng: Generator, rows: Rows, release: Integers, day: Integers, count: int) -> Rows:
    """Order rows by release and day, and do to them what exports do.

    Prior: 1.5% of the days of a release are missing, and for one release in 50 the first two; 0.3%
    of the rows stand there twice; one row in 2,000 is a negative correction; 0.2% of the rows are
    repeated under a release that nobody knows.
    """
    gap = rng.random((count, TEASER + SEEN)) < GAP
    late = rng.random(count) < LATE
    gap[:, : TEASER + 2] |= late[:, None]
    order = np.argsort(release * (TEASER + SEEN) + day, kind="stable")
    order = order[~gap[release[order], day[order]]]
    often = 1 + (rng.random(order.size) < TWICE)
    strange = order[rng.random(order.size) < STRANGE]
    taken = np.concatenate([np.repeat(order, often), strange])
    named = rows.release[taken]
    known = taken.size - strange.size
    named[known:] = -1 - named[known:] % 7
    negative = rng.random(taken.size) < NEGATIVE
    negative &= np.concatenate([np.repeat(often, often) == 1, np.zeros(strange.size, dtype=bool)])
    views = rows.views[taken]
    views[negative] = -1 - views[negative] // 20
    rest = {name: getattr(rows, name)[taken] for name in vars(rows)}
    return Rows(**(rest | {"release": named, "views": views}))
