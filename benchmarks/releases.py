"""The release job on real and simulated data, beside the trivial neighbours and the floor.

Run ``python benchmarks/releases.py [--only films,videos,world]``; it prints Markdown tables for
``docs/benchmarks.md``.
"""

from __future__ import annotations

import argparse
import datetime as dt
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from panels import SHARED

from upswell.releases import load_config
from upswell.releases.choosing import settings_before
from upswell.releases.evaluation import predict_fold, teach
from upswell.releases.ground import Ground, lay_ground
from upswell.releases.judging import judge
from upswell.releases.judging.folds import Fold
from upswell.releases.tables import read_tables
from upswell.scoring import rmsle
from upswell.simulate import floor_rmsle, simulate_releases

RELEASES = SHARED / "releases"
WORKERS = 2


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="films,videos,world")
    parser.add_argument("--trials", type=int, default=0, help="of tuning, before the first period")
    parser.add_argument("--releases", type=int, default=20_000, help="size of the simulated world")
    arguments = parser.parse_args()
    wanted = arguments.only.split(",")
    if "films" in wanted:
        for window in (3, 7):
            films(window, arguments.trials)
    if "videos" in wanted:
        videos(arguments.trials)
    if "world" in wanted:
        world(arguments.releases, arguments.trials)


def films(window: int, trials: int) -> None:
    """Predict each year's films from their first days by what was mature before the year."""
    path = str(RELEASES / "kofic_films.parquet")
    columns = {"source": path, "release": "item_id"}
    ground = _ground(
        {
            "releases": {**columns, "date": "release_date", "attributes": []},
            "signals": {
                **columns,
                "date": "date",
                "metrics": ["admissions", "sales_krw", "screens", "showings"],
            },
            "outcomes": {**columns, "date": "date", "streams": "admissions"},
            "window": window,
            "horizons": [30],
            "tiers": {"bounds": [10_000, 100_000]},
            "evaluation": {"every": "year", "first": dt.date(2014, 1, 1), "final_days": 0},
        },
        lambda table, outcomes: (
            np.isfinite(table.daily["admissions"]).all(axis=1) & (outcomes[:, -1] > 0)
        ),
    )
    folds = [fold for fold in ground.folds() if fold.label <= "2025"]
    _report(f"films, days 1-{window}", ground, folds, trials)


def videos(trials: int) -> None:
    """Predict the views of a video on day 7 from its readings within 48 hours."""
    readings = pl.read_parquet(RELEASES / "youtube_trending_videos.parquet")
    day7 = (
        readings.filter(pl.col("age_h").is_between(156, 180))
        .sort("item_id", (pl.col("age_h") - 168).abs())
        .unique("item_id", keep="first", maintain_order=True)
        .select("item_id", "published_at", streams="views_cum")
    )
    early = readings.filter(pl.col("age_h") <= 48).join(
        day7.select("item_id", "streams"), on="item_id"
    )
    day = pl.col("published_at").dt.date()
    signals = early.select(
        release="item_id",
        date=day + pl.duration(days=(pl.col("age_h") / 24).floor().clip(0, 1).cast(pl.Int64)),
        views="views_cum",
        likes="likes_cum",
        comments="comments_cum",
        countries="n_countries",
    )
    releases = (
        early.sort("item_id", "age_h")
        .group_by("item_id", maintain_order=True)
        .agg(
            release_date=day.first(),
            artist=pl.col("channel_id").first(),
            category=pl.col("category").first(),
            duration=pl.col("duration_s").first().cast(pl.Float64),
            published_hour=(
                pl.col("published_at").dt.hour() + pl.col("published_at").dt.minute() / 60
            ).first(),
            hours_at_first_reading=pl.col("age_h").first(),
            hours_at_last_reading=pl.col("age_h").last(),
        )
        .rename({"item_id": "release"})
    )
    outcomes = day7.select(
        release="item_id", date=day + pl.duration(days=6), streams="streams"
    ).join(releases.select("release"), on="release", how="semi")
    ground = _ground(
        {
            "releases": {
                "source": releases,
                "release": "release",
                "date": "release_date",
                "artist": "artist",
                "attributes": [
                    "category",
                    "duration",
                    "published_hour",
                    "hours_at_first_reading",
                    "hours_at_last_reading",
                ],
            },
            "signals": {
                "source": signals,
                "release": "release",
                "date": "date",
                "metrics": ["views", "likes", "comments", "countries"],
                "cumulative": True,
            },
            "outcomes": {
                "source": outcomes,
                "release": "release",
                "date": "date",
                "streams": "streams",
            },
            "window": 2,
            "horizons": [7],
            "tiers": {"bounds": [100_000, 1_000_000]},
            "evaluation": {"final_days": 61},
        },
        None,
    )
    final = ground.final()
    assert final is not None
    _report("videos, 48 hours to day 7, the last two months", ground, [final], trials)


def world(size: int, trials: int) -> None:
    """Predict the last half year of a simulated world, beside the best that can be known."""
    made = simulate_releases(size, None, seed=0)
    tables = {name: {"source": getattr(made, name)} for name in ("releases", "signals", "outcomes")}
    ground = _ground(
        {
            **tables,
            "tiers": {"bounds": [20_000, 200_000]},
            "evaluation": {"final_days": 180},
        },
        None,
    )
    final = ground.final()
    assert final is not None
    name = f"simulated world of {size:,} releases, the last half year"
    _report(name, ground, [final], trials, truth=made.truth)


def _ground(settings: dict[str, Any], keep: Any) -> Ground:
    """Return what can be learned from tables, complete windows only."""
    config = load_config(settings)
    with read_tables(config) as tables:
        ground = lay_ground(tables, config)
    table, echo = ground.complete, ground.echo
    if keep is not None:
        rows = keep(table, np.expm1(ground.log_outcomes(table)))
        table, echo = table.take(rows), None if echo is None else echo.take(rows)
    return replace(ground, complete=table, short=None, echo=echo)


def _report(
    name: str,
    ground: Ground,
    folds: list[Fold],
    trials: int,
    truth: pl.DataFrame | None = None,
) -> None:
    """Print the errors of the model and of its trivial neighbours."""
    start = perf_counter()
    with TemporaryDirectory() as folder:
        chosen = settings_before(
            ground, trials, 0, Path(folder), workers=WORKERS, told=lambda *_: None
        )
    own, beside = [], []
    for fold in folds:
        taught = teach(ground, fold, chosen.center, chosen.tiers, seed=0, workers=WORKERS)
        predictions, trivial = predict_fold(ground, fold, taught)
        own.append(predictions)
        beside.append(trivial)
    predictions, trivial = pl.concat(own), pl.concat(beside)
    card = judge(predictions, trivial, ground.config)
    print(f"\n### {name}: {perf_counter() - start:.0f} s, base {ground.base}\n", flush=True)
    print("| day | model | releases | RMSLE | of the best trivial | 80% range | 90% range |")
    print("|---|---|---|---|---|---|---|")
    for row in card.regression.filter(pl.col("scope").is_in(["all", "final"])).to_dicts():
        ratio = "" if row.get("ratio") is None else f"{row['ratio']:.2f}"
        cover = [row.get(key) for key in ("coverage80", "coverage90")]
        cells = " | ".join("" if value is None else f"{value:.0%}" for value in cover)
        print(
            f"| {row['horizon']} | {row['model']} | {row['count']} | {row['rmsle']:.4f} | {ratio} "
            f"| {cells} |",
            flush=True,
        )
    if truth is not None:
        _floor(predictions, truth)


def _floor(predictions: pl.DataFrame, truth: pl.DataFrame) -> None:
    for horizon in predictions["horizon"].unique().sort().to_list():
        mine = predictions.filter(pl.col("horizon") == horizon)
        error = float(rmsle(mine["actual"].to_numpy(), mine["q50"].to_numpy()))
        floor = floor_rmsle(truth, mine["release"].to_list(), horizon)
        print(f"- day {horizon}: RMSLE {error:.4f}, floor {floor:.4f}, ratio {error / floor:.3f}")


if __name__ == "__main__":
    main()
