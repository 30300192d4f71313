"""Rows of signals: the views of each release and day, shared out among videos, and then spoilt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from upswell.simulate._release_cast import TEASER, Cast, Floats, Integers
from upswell.simulate._release_days import SEEN
from upswell.simulate._release_videos import BOTS, Scene, draw_videos

GAP = 0.015
LATE = 0.02
TWICE = 0.003
NEGATIVE = 0.0005
STRANGE = 0.002
STRANGERS = 7
LENGTH = TEASER + SEEN

KEPT = (1.0 - GAP) * (1.0 + TWICE + STRANGE) - LATE * 0.02
"""Rows of the tables for each row that happened, about."""


@dataclass(frozen=True)
class Rows:
    """Rows of signals; all arrays have the same length."""

    release: Integers
    """Place of the release in the scene; negative for one the world does not know."""
    day: Integers
    """Days from the first day of the world."""
    creator: Integers
    """Place of the creator; negative for the artist's own channel."""
    video: Integers
    """Place of the video among those drawn together."""
    views: Integers
    likes: Integers
    comments: Integers
    shares: Integers

    def take(self, places: Integers) -> Rows:
        """Return some of the rows, in the order given."""
        return Rows(**{name: values[places] for name, values in vars(self).items()})


def draw_rows(rng: Generator, scene: Scene, pool: Floats) -> Rows:
    """Draw the rows of a scene, ordered by release and day.

    Parameters
    ----------
    rng
        Source of all draws.
    scene
        The releases.
    pool
        Audience of each creator of the platform.
    """
    made = draw_videos(rng, scene, pool)
    # One row for each day on which a video is followed.
    place = np.repeat(np.arange(made.life.size), made.life)
    age = np.arange(place.size) - np.repeat(np.cumsum(made.life) - made.life, made.life)
    release, kind = made.release[place], made.kind[place]
    day = made.first[place] + age
    weight = made.weight[place] * (np.arange(1.0, LENGTH + 1) ** -1.1)[age]
    views = rng.poisson(_share_out(_totals(scene), release, kind, day, weight))
    likes, comments, shares = _reactions(
        rng, scene.cast, release=release, bots=kind == BOTS, day=day - TEASER, views=views
    )
    rows = Rows(
        release=release,
        day=scene.cast.day[release] + day - TEASER,
        creator=made.creator[place],
        video=place,
        views=views,
        likes=likes,
        comments=comments,
        shares=shares,
    )
    return _spoil(rng, rows, day, len(scene.cast))


def _totals(scene: Scene) -> Floats:
    """Return expected views by kind and day, shape ``(n, 4, LENGTH)``.

    The artist's own videos share the natural views; before the release date they have 5% of those
    of the first day.
    """
    days = scene.days
    totals = np.zeros((len(scene.cast), 4, LENGTH))
    for place, views in enumerate((days.natural, days.paid, days.bots, days.large)):
        totals[:, place, TEASER:] = views
    totals[:, 0, :TEASER] = 0.05 * days.natural[:, :1]
    return totals


def _share_out(
    totals: Floats, release: Integers, kind: Integers, day: Integers, weight: Floats
) -> Floats:
    """Return the expected views of each row: the total of its kind and day, shared by weight."""
    cell = (release * 4 + np.maximum(kind - 1, 0)) * LENGTH + day
    sums = np.bincount(cell, weights=weight, minlength=totals.size)
    each = totals.ravel() / np.where(sums > 0, sums, 1.0)
    return np.asarray(each[cell] * weight)


def _reactions(
    rng: Generator,
    cast: Cast,
    *,
    release: Integers,
    bots: Integers,
    day: Integers,
    views: Integers,
) -> tuple[Integers, Integers, Integers]:
    """Draw likes, comments and shares.

    Prior: six comments for a hundred likes, and ten to twenty shares, more where the song spreads.
    Bots react a twentieth as often as people. Bought likes come in the first four days, on all
    videos but those of bots.
    """
    liked = np.where(bots, 0.05, 1.0) * views * cast.likes[release]
    real = np.minimum(rng.poisson(liked), views)
    early = (day >= 0) & (day < 4) & ~bots
    paid_for = np.flatnonzero(early & (cast.bought[release] > 0))
    real[paid_for] += rng.poisson(liked[paid_for] * cast.bought[release[paid_for]])
    comments = rng.poisson(liked * 0.06)
    shares = rng.poisson(liked * (0.1 + 0.1 * cast.reproduction)[release])
    return real, comments, shares


def _spoil(rng: Generator, rows: Rows, day: Integers, count: int) -> Rows:
    """Order rows by release and day, and do to them what exports do.

    Prior: 1.5% of the days of a release are missing, and for one release in 50 all up to the second
    day; 0.3% of the rows stand there twice; one row in 2,000 is a negative correction; 0.2% of the
    rows are repeated under one of seven releases that nobody knows.
    """
    gap = rng.random((count, LENGTH)) < GAP
    gap[rng.random(count) < LATE, : TEASER + 2] = True
    key = rows.release * LENGTH + day
    order = np.argsort(key, kind="stable")
    order = order[~gap.ravel()[key[order]]]
    often = 1 + (rng.random(order.size) < TWICE)
    negative = np.repeat((rng.random(order.size) < NEGATIVE) & (often == 1), often)
    strange = order[rng.random(order.size) < STRANGE]
    known = rows.take(np.repeat(order, often))
    known.views[negative] = -1 - known.views[negative] // 20
    unknown = rows.take(strange)
    unknown.release[:] = -1 - unknown.release % STRANGERS
    return Rows(
        **{
            name: np.concatenate([values, getattr(unknown, name)])
            for name, values in vars(known).items()
        }
    )
