"""The bound and its suspension together, in light worlds with and without drift."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl

from releases.watching.making import GAP, START, LightWorld, light_world
from upswell.releases.config import load_config
from upswell.releases.deciding.bound import FalseHitBound
from upswell.releases.deciding.bounding import bound_for
from upswell.releases.watching.drift import drift_of

WORLDS = 100
LAST = 104
FALSE_HITS = 0.2
CONFIG = load_config(
    {
        "tiers": {"names": ["low", "hit"], "bounds": [1]},
        "money": {
            "cost": 1000.0,
            "value": 1.0,
            "uplift": 1.0,
            "bound": {"false_hits": FALSE_HITS, "confidence": 0.9},
        },
    }
)


def _bound(world: LightWorld, *, watched: bool = True) -> FalseHitBound:
    """Return the bound on the list of a week, calibrated on what was mature before it."""
    known = LAST - GAP
    rows = np.flatnonzero((world.week < known) & (world.week >= known - 40))
    evidence = pl.DataFrame(
        {
            "probability_hit": world.score[rows],
            "actual": world.hit[rows].astype(float),
            "release_date": [START + dt.timedelta(weeks=int(w)) for w in world.week[rows]],
        }
    )
    drift = None
    if watched:
        drift = drift_of(world.bundle(range(known)), world.table(range(LAST, LAST + 1)))
    today = START + dt.timedelta(weeks=LAST, days=6)
    found = bound_for(evidence, CONFIG, as_of=today, drift=drift)
    assert found is not None
    return found


def _breaks(like: LightWorld, bound: FalseHitBound) -> bool:
    """Whether more than promised of what may be promoted is expected to miss, in many such weeks.

    `like` is a large world under the same law, whose last weeks stand for those of the world.
    """
    if bound.threshold is None:
        return False
    rows = (like.week >= LAST) & (like.score >= bound.threshold)
    return bool((1 - like.chance[rows]).mean() > FALSE_HITS)


def test_without_drift_it_holds_at_least_nine_times_in_ten_and_is_seldom_suspended() -> None:
    like = light_world(10**6, weeks=LAST + 300, each=100)
    bounds = [_bound(light_world(seed)) for seed in range(WORLDS)]
    assert sum(_breaks(like, bound) for bound in bounds) <= 0.1 * WORLDS
    assert sum(bound.code == "bound-suspended" for bound in bounds) <= 0.08 * WORLDS
    assert sum(bound.holds for bound in bounds) >= 0.5 * WORLDS


def test_with_drift_it_is_suspended_before_it_breaks() -> None:
    like = light_world(10**6, weeks=LAST + 300, each=100, bots_from=LAST)
    worlds = [light_world(seed, bots_from=LAST) for seed in range(WORLDS)]
    unwatched = [_bound(world, watched=False) for world in worlds]
    assert sum(_breaks(like, bound) for bound in unwatched) >= 0.5 * WORLDS
    watched = [_bound(world) for world in worlds]
    assert sum(_breaks(like, bound) for bound in watched) <= 0.1 * WORLDS
    named = [bound for bound in watched if "signal_7" in bound.sentence and not bound.holds]
    assert len(named) >= 0.9 * WORLDS
