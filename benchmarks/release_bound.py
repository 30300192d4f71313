"""How often the bound on false hits holds in simulated worlds, and what monitoring says of drift.

Run ``python benchmarks/release_bound.py [--worlds 20] [--releases 1200] [--first 0]``; it prints a
Markdown table for ``docs/benchmarks.md``. With ``--lines`` each world's findings go to a file.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from scipy.special import ndtr

from upswell.releases import load_config
from upswell.releases.deciding.bounding import bound_codes, bound_for
from upswell.releases.evaluation import predict_fold, teach
from upswell.releases.frames import FeatureTable
from upswell.releases.ground import lay_ground, memory_at
from upswell.releases.models import blend, companion
from upswell.releases.models.center import CENTER_SPACE
from upswell.releases.models.classifier import CLASSIFIER_SPACE
from upswell.releases.models.schema import FeatureSchema
from upswell.releases.models.space import defaults
from upswell.releases.scoring import score_releases
from upswell.releases.tables import read_tables
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching.drift import drift_of
from upswell.releases.watching.monitoring import monitor_releases
from upswell.releases.watching.past import promise_kept
from upswell.releases.watching.reference import day_numbers, reference_kept
from upswell.simulate import simulate_releases

WEEKS = 8
"""Weeks of lists after the training."""

HORIZON = 30
HIT = 50_000
FALSE_HITS, CONFIDENCE = 0.2, 0.9

TREES = 40
"""Of each model: few, so that many worlds can be afforded."""


@dataclass(frozen=True)
class World:
    """Tables of a world, its truth, and what multiplies its streams after the training."""

    releases: pl.DataFrame
    signals: pl.DataFrame
    outcomes: pl.DataFrame
    truth: pl.DataFrame
    streams: float = 1.0


def main() -> None:
    """Run the worlds and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="seed of the first world")
    parser.add_argument("--releases", type=int, default=1200)
    parser.add_argument("--lines", type=Path, help="file to append a JSON line a world and case to")
    arguments = parser.parse_args()
    blend.PLAIN = companion.Manner(TREES)
    blend.THOROUGH = (companion.Manner(TREES),)
    found = []
    for seed in range(arguments.first, arguments.first + arguments.worlds):
        start = perf_counter()
        for row in one_world(seed, arguments.releases):
            found.append({"seed": seed, **row})
            if arguments.lines is not None:
                with arguments.lines.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(found[-1]) + "\n")
        print(f"world {seed}: {perf_counter() - start:.0f} s", flush=True)
    report(found)


def one_world(seed: int, size: int) -> Iterator[dict[str, Any]]:
    """Train before the last lists of a world, and look at them without and with drift."""
    made = simulate_releases(size, None, seed=seed)
    as_of = made.as_of - dt.timedelta(days=7 * WEEKS + HORIZON)
    plain = World(made.releases, made.signals, made.outcomes, made.truth)
    trained = taught(plain, as_of)
    for name, world in (
        ("no drift", plain),
        ("views bought for half of the releases", bought(plain, "views", as_of, seed)),
        ("likes bought for half of the releases", bought(plain, "likes", as_of, seed)),
        ("streams halved", halved(plain, as_of)),
    ):
        yield {"case": name, **looked_at(trained, world, as_of)}


def taught(world: World, as_of: dt.date) -> TrainedReleases:
    """Return a small training on complete windows, with evidence of rolling folds."""
    settings = {
        **{name: {"source": getattr(world, name)} for name in ("releases", "signals", "outcomes")},
        "as_of": as_of,
        "tiers": {"bounds": [5_000, HIT]},
        "evaluation": {"every": "year", "final_days": 90},
        "money": {
            "cost": 1000.0,
            "value": 1.0,
            "uplift": 1.0,
            "bound": {"false_hits": FALSE_HITS, "confidence": CONFIDENCE},
        },
    }
    config = load_config(settings)
    center, tiers = defaults(CENTER_SPACE), defaults(CLASSIFIER_SPACE)
    center, tiers = {**center, "trees": TREES}, {**tiers, "rounds": TREES}
    with read_tables(config) as tables:
        ground = replace(lay_ground(tables, config), short=None, echo=None)
        said = []
        final = ground.final()
        assert final is not None
        for fold in (*ground.folds(), final):
            before = teach(ground, fold, center, tiers, seed=0)
            said.append(predict_fold(ground, fold, before)[0])
        (whole,) = teach(ground, None, center, tiers, seed=0)
        evidence = pl.concat(said).filter(pl.col("horizon") == HORIZON)
        return TrainedReleases(
            config=config,
            as_of=as_of,
            complete=whole.expert,
            short=None,
            schema=FeatureSchema(ground.complete.catalogue, ground.complete.metrics),
            memory=memory_at(tables, ground),
            facts={"base": ground.base, "mature": len(whole.lesson.table), "seed": 0},
            kept={**reference_kept(ground), **promise_kept(said[-1]), "evidence": evidence},
        )


def bought(world: World, metric: str, as_of: dt.date, seed: int) -> World:
    """Let a few accounts give half of the later releases three times as much of a metric again."""
    later = world.releases.filter(pl.col("release_date") > as_of)["release"].sort().to_list()
    paid = np.random.default_rng(seed).permutation(later)[: len(later) // 2].tolist()
    own = world.signals.filter(pl.col("release").is_in(paid))
    rows = own.group_by("release", "date", maintain_order=True).agg(pl.col(metric).sum() * 3)
    rows = rows.with_columns(creator=pl.lit("account 1"), video=pl.lit("v-bought"))
    others = [name for name in world.signals.columns if name not in rows.columns]
    rows = rows.with_columns(pl.lit(0).alias(name) for name in others)
    more = rows.select(world.signals.columns).cast(dict(world.signals.schema))
    return replace(world, signals=pl.concat([world.signals, more]))


def halved(world: World, as_of: dt.date) -> World:
    """Let later releases have half the streams."""
    later = world.releases.filter(pl.col("release_date") > as_of)["release"].to_list()
    half = pl.when(pl.col("release").is_in(later)).then(0.5).otherwise(1.0)
    streams = (pl.col("streams") * half).round().cast(world.outcomes["streams"].dtype)
    return replace(world, outcomes=world.outcomes.with_columns(streams), streams=0.5)


def looked_at(trained: TrainedReleases, world: World, as_of: dt.date) -> dict[str, Any]:
    """Score the later lists, week by week under the bound, then monitor the bundle."""
    settings = trained.config.model_copy(
        update={
            "as_of": None,
            **{
                name: getattr(trained.config, name).model_copy(
                    update={"source": getattr(world, name)}
                )
                for name in ("releases", "signals", "outcomes")
            },
        }
    )
    with read_tables(settings) as tables:
        scored = score_releases(trained, tables, since=as_of + dt.timedelta(days=1))
        watched = monitor_releases(trained, tables)
    chances = chance_of_a_hit(world)
    promoted, stopped, all_flagged = [], 0, []
    days = day_numbers(scored.keys["release_date"])
    first = (as_of - dt.date(1970, 1, 1)).days + 1
    last_day = first + 7 * WEEKS
    code = ""
    for end in range(first + 6, last_day, 7):
        table = scored.table.take(np.flatnonzero((days <= end) & (days > end - 28)))
        week = scored.table.take(np.flatnonzero((days <= end) & (days > end - 7)))
        today = dt.date(1970, 1, 1) + dt.timedelta(days=end + 6)
        drift = drift_of(trained, table)
        stopped += drift.drifted
        evidence = trained.kept["evidence"]
        unchecked = bound_for(evidence, trained.config, as_of=today)
        assert unchecked is not None
        code = unchecked.code
        names = flagged(trained, scored.frame, week, unchecked)
        all_flagged += names
        promoted += [] if drift.drifted else names
    return {
        "code": code,
        "weeks_suspended": int(stopped),
        "verdict": watched.verdict,
        "failed": [one.test for one in watched.tests if one.failed],
        **risk("promoted", promoted, chances),
        **risk("unwatched", all_flagged, chances),
    }


def flagged(
    trained: TrainedReleases, frame: pl.DataFrame, week: FeatureTable, bound: Any
) -> list[str]:
    """Return the releases of a week that the bound lets pass."""
    rows = frame.filter(
        pl.col("horizon") == HORIZON, pl.col("release").is_in(week.keys["release"].to_list())
    )
    codes = bound_codes(rows, bound, trained.config.tiers.names[-1])
    return [name for name, code in zip(rows["release"].to_list(), codes, strict=True) if not code]


def chance_of_a_hit(world: World) -> dict[str, float]:
    """Return the true chance of a hit of each release, given all that is latent."""
    rows = world.truth.filter(pl.col("horizon") == HORIZON)
    away = rows["expected_log"].to_numpy() + np.log(world.streams) - np.log1p(HIT)
    return dict(zip(rows["release"], ndtr(away / rows["deviation_log"].to_numpy()), strict=True))


def risk(name: str, releases: list[str], chances: dict[str, float]) -> dict[str, Any]:
    """Return how many releases there are and what part of them is expected to miss."""
    miss = float(np.mean([1.0 - chances[each] for each in releases])) if releases else 0.0
    return {name: len(releases), f"{name}_risk": miss}


def report(found: list[dict[str, Any]]) -> None:
    """Print the table."""
    print(
        "\n| case | worlds | bound found | promoted | true false hits | held | held if nobody "
        "watched | worlds suspended | weeks suspended | keep | retrain | suspend |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for case in dict.fromkeys(row["case"] for row in found):
        rows = [row for row in found if row["case"] == case]
        number = len(rows)
        many = sum(row["promoted"] for row in rows)
        missed = sum(row["promoted"] * row["promoted_risk"] for row in rows)
        cells = [
            case,
            number,
            sum(row["code"] == "bound-holds" for row in rows),
            many,
            f"{missed / many:.0%}" if many else "-",
            sum(row["promoted_risk"] <= FALSE_HITS for row in rows),
            sum(row["unwatched_risk"] <= FALSE_HITS for row in rows),
            sum(row["weeks_suspended"] > 0 for row in rows),
            f"{sum(row['weeks_suspended'] for row in rows)} of {number * WEEKS}",
            *(
                sum(row["verdict"] == verdict for row in rows)
                for verdict in ("keep", "retrain", "suspend decisions")
            ),
        ]
        print("| " + " | ".join(map(str, cells)) + " |", flush=True)


if __name__ == "__main__":
    main()
