"""Small trainings: a simulated world that is quick to learn, models of few trees, planted rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl
import pytest

from upswell.releases import train
from upswell.releases.config import load_config
from upswell.releases.ground import Ground, lay_ground
from upswell.releases.models import blend, center, classifier, companion, spread
from upswell.releases.models.space import IntegerRange
from upswell.releases.tables import read_tables
from upswell.releases.trained import TrainedReleases
from upswell.simulate import simulate_releases
from upswell.store import parse_bundle

AS_OF = dt.date(2025, 4, 30)
"""Some weeks before the tables of the world end."""

EVALUATION = {"every": "quarter", "final_days": 60, "budget": [5]}
TIERS = {"names": ["low", "middle", "hit"], "bounds": [3_000, 30_000]}


def make_quick(patch: pytest.MonkeyPatch) -> None:
    """Let every model have a dozen trees."""
    few = IntegerRange(5, 20, default=12)
    patch.setitem(center.CENTER_SPACE, "trees", few)
    patch.setitem(classifier.CLASSIFIER_SPACE, "rounds", few)
    patch.setattr(blend, "PLAIN", companion.Manner(12))
    patch.setattr(blend, "THOROUGH", (companion.Manner(20), companion.Manner(16)))
    patch.setitem(blend._STEPS, "trees", 12)
    usual = spread.fit_catboost

    def small(matrix: Any, target: Any, options: Mapping[str, Any], **more: Any) -> Any:
        return usual(matrix, target, {**options, "iterations": 12}, **more)

    patch.setattr(spread, "fit_catboost", small)


@dataclass(frozen=True)
class World:
    """The three tables."""

    releases: pl.DataFrame
    signals: pl.DataFrame
    outcomes: pl.DataFrame

    def settings(self, **others: Any) -> dict[str, Any]:
        """Return a configuration that trains on these tables."""
        sections = {
            name: {"source": getattr(self, name), **others.pop(name, {})}
            for name in ("releases", "signals", "outcomes")
        }
        given = {"evaluation": EVALUATION, "tiers": TIERS, "as_of": AS_OF, **others}
        return {**sections, **given}

    def train(
        self, *, trials: int = 0, workers: int = 1, seed: int = 0, **others: Any
    ) -> TrainedReleases:
        """Train on these tables."""
        return train(self.settings(**others), trials=trials, workers=workers, seed=seed)

    def until(self, day: dt.date) -> World:
        """Return what was known at the end of a day."""
        known = pl.max_horizontal("date", "known") <= day
        return World(
            self.releases.filter(pl.col("release_date").fill_null(day) <= day),
            self.signals.filter(known),
            self.outcomes.filter(known),
        )

    def plus(self, **rows: pl.DataFrame) -> World:
        """Return the tables with more rows in some, shuffled among the others."""
        return replace(
            self,
            **{
                name: pl.concat(
                    [
                        getattr(self, name),
                        more.select(getattr(self, name).columns).cast(
                            dict(getattr(self, name).schema)
                        ),
                    ]
                ).sample(fraction=1.0, shuffle=True, seed=7)
                for name, more in rows.items()
            },
        )


def simulated(releases: int = 320, seed: int = 5) -> World:
    """Return a simulated world with two metrics, creators, and days of knowing."""
    world = simulate_releases(releases, releases * 80, seed=seed)
    return World(
        world.releases.select("release", "release_date", "artist", "genre"),
        world.signals.select("release", "date", "creator", "views", "likes", known="date"),
        world.outcomes.with_columns(known="date"),
    )


def planted_after(world: World, day: dt.date) -> World:
    """Return the tables with absurd rows that happened, or became known, only after a day."""
    names = world.releases.filter(pl.col("release_date") <= day)["release"].to_list()
    later = day + dt.timedelta(days=1)
    new = pl.DataFrame(
        {
            "release": [f"new {k}" for k in range(30)],
            "release_date": [later + dt.timedelta(days=k) for k in range(30)],
            "artist": [world.releases["artist"][0]] * 30,
            "genre": ["unheard"] * 30,
        }
    )
    every = pl.DataFrame({"release": [*names, *new["release"]]})
    dates = world.releases.select("release", start="release_date")
    # Of days within the windows, but known too late; and of days that are still to come.
    late = every.join(dates, on="release").select("release", date="start", known=pl.lit(later))
    ahead = every.with_columns(date=pl.lit(later), known=pl.lit(later))
    rows = pl.concat([late.filter(pl.col("date").is_not_null()), ahead])
    return world.plus(
        releases=new,
        signals=rows.with_columns(creator=pl.lit("planted"), views=777_777, likes=1),
        outcomes=rows.with_columns(streams=999_999_999),
    )


def contents(trained: TrainedReleases) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the entries of a bundle, and its facts without what is said of the raw tables."""
    bundle = parse_bundle(trained.to_bytes(), "releases")
    facts = dict(bundle.meta["facts"])
    about = {"sources", "ledger"}
    facts["training"] = {k: v for k, v in facts["training"].items() if k not in about}
    return dict(bundle.entries), facts


def ground_of(world: World, **others: Any) -> Ground:
    """Return what can be learned from a world."""
    settings = load_config(world.settings(**others))
    with read_tables(settings, threads=1) as tables:
        return lay_ground(tables, settings)


def all_released_on(world: World, day: dt.date) -> World:
    """Return a world in which every release is moved to one day, with all that belongs to it."""
    dates = world.releases.drop_nulls("release_date").select("release", start="release_date")

    def moved(frame: pl.DataFrame) -> pl.DataFrame:
        shift = pl.lit(day) - pl.col("start")
        days = [(pl.col(name) + shift).alias(name) for name in ("date", "known")]
        return frame.join(dates, on="release").with_columns(days).drop("start")

    return World(
        world.releases.drop_nulls("release_date").with_columns(release_date=pl.lit(day)),
        moved(world.signals),
        moved(world.outcomes),
    )


def distinct_parts(data: bytes, count: int) -> list[int]:
    """Return positions spread evenly over some bytes, the first and the last among them."""
    return sorted({round(k * (len(data) - 1) / (count - 1)) for k in range(count)})
