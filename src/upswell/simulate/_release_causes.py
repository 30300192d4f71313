"""What moved each simulated release: the same world once more without each cause, and no chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from upswell.simulate._release_cast import (
    Calendar,
    Cast,
    Floats,
    draw_artists,
    draw_calendar,
    stream,
)
from upswell.simulate._release_days import (
    LENGTH,
    WINDOW,
    beginning,
    expected_streams,
    make_plan,
    step,
)

if TYPE_CHECKING:
    import polars as pl

    from upswell.simulate.releases import SimulatedReleases

CAUSES = ("fame", "song", "conversion", "paid", "bots")


def causes_frame(world: SimulatedReleases) -> pl.DataFrame:
    """Return what each cause did to each release.

    A release is lived through twice without shocks and unseen causes, as it is and with one cause
    as usual: the fame and attention of the median release, a song of median quality that spreads
    like the median song, the conversion that is usual in the median genre for a median artist, no
    paid creators, no bots. What paid creators and bots bring is in proportion to fame and quality,
    and stays so.

    Parameters
    ----------
    world
        The world.

    Returns
    -------
    polars.DataFrame
        A row a release and cause: ``release, cause, outcome, window``, by how much the cause raises
        the logs of its streams to day 30 and of its views in the first 7 days.
    """
    import polars as pl

    artists = draw_artists(stream(world.seed, "artists"), len(world.artists))
    calendar = draw_calendar(stream(world.seed, "calendar"))
    liking = artists.conversion[world.cast.artist]
    own = _lived(world.cast, calendar)
    names = world.releases["release"]
    parts = []
    for cause in CAUSES:
        without = _lived(_without(cause, world.cast, calendar, liking), calendar)
        parts.append(
            pl.DataFrame(
                {
                    "release": names,
                    "cause": pl.Series([cause] * len(names), dtype=pl.String),
                    "outcome": own[0] - without[0],
                    "window": own[1] - without[1],
                }
            )
        )
    return pl.concat(parts)


def _without(cause: str, cast: Cast, calendar: Calendar, liking: Floats) -> Cast:
    """Return the releases with one cause as usual."""
    if cause == "paid":
        return replace(cast, paid=np.zeros(len(cast)))
    if cause == "bots":
        return replace(cast, bots=np.zeros(len(cast)))
    if cause == "conversion":
        moved = calendar.conversion[cast.genre] + liking
        return replace(cast, conversion=cast.conversion - moved, fans=cast.fans - 0.5 * liking)
    if cause == "fame":
        moved = cast.fame - np.median(cast.fame)
        lower = np.exp(-moved)
        return replace(
            cast,
            fame=cast.fame - moved,
            fans=cast.fans - moved,
            paid=cast.paid * lower,
            bots=cast.bots * lower,
        )
    lower = np.exp(-0.2 * cast.quality)
    return replace(
        cast,
        quality=np.zeros(len(cast)),
        conversion=cast.conversion - 0.15 * cast.quality,
        reproduction=np.full(len(cast), np.median(cast.reproduction)),
        paid=cast.paid * lower,
        bots=cast.bots * lower,
    )


def _lived(cast: Cast, calendar: Calendar) -> tuple[Floats, Floats]:
    """Return the logs of streams to day 30 and of views of the first 7 days, without chance."""
    plan, state = make_plan(cast, calendar), beginning(len(cast))
    calm, pickup = np.ones((len(cast), 1)), np.zeros((len(cast), 1))
    streams, views = np.zeros(len(cast)), np.zeros(len(cast))
    for day in range(LENGTH):
        state, natural, _ = step(plan, state, day, calm, pickup)
        streams += expected_streams(plan, state, day)[:, 0]
        if day < WINDOW:
            views += natural[:, 0] + plan.paid[:, day] + plan.bots[:, day]
    return np.log(streams), np.log(views)
