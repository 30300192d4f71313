"""Both jobs on simulated worlds with known truth, and the truth beside the answers.

Views of 12 creators, the next 30 days, and a plan for them, with a page; then the first week of
1,200 releases, their streams, and which of them to promote, with a page of the week.
Run ``scripts/demo [SEED]`` for other worlds.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tomllib
from pathlib import Path

import polars as pl

from upswell.cli._run import run
from upswell.cli._show import figure, say, table
from upswell.data import Tree
from upswell.simulate import (
    simulate_creators,
    simulate_releases,
    write_creators,
    write_releases,
)

CREATORS, DAYS, HORIZON = 12, 180, 30
RELEASES, WEEK, TRIALS = 1200, 10, 0
FOLDER = Path("demo")
PLAN = """\
[unit]
views_per_hour = 5_000
headroom = 0.10
[profile]
peak_to_average = 1.8
[prices]
currency = "USD"
reserved = 0.06
on_demand = 0.10
shortage = 0.50
[commitment]
existing = 20
lead_time_days = 14
[limit]
units = 200
"""
MONEY = """
[money]
currency = "USD"
cost = 100
value = 0.004
uplift = 0.5
budget = 300
caution = 2
"""


def main(seed: int) -> int:
    """Run the demo on the worlds of a seed; return the exit code."""
    FOLDER.mkdir(exist_ok=True)
    return demand(seed) or releases(seed)


def demand(seed: int) -> int:
    """Forecast simulated creators, plan for them, and print what then happened."""
    world = simulate_creators(CREATORS, DAYS, seed, horizon=HORIZON)
    source = FOLDER / "creators.csv"
    write_creators(world, source)
    say(f"{CREATORS} simulated creators, {DAYS} days: {source}")
    plan, out = FOLDER / "plan.toml", FOLDER / "forecast"
    plan.write_text(PLAN, encoding="utf-8")
    words = ["forecast", source, "--horizon", HORIZON, "--seed", seed, "--plan", plan, "--out", out]
    if code := upswell(*words):
        return code
    page = FOLDER / "report.html"
    shutil.copyfile(out / page.name, page)
    say(f"The same as a page, which any browser opens: {page}")
    say()
    say(f"What then happened, which no file of the demo holds, over the {HORIZON} days:")
    tree = Tree.of_panel(world.panel)
    truth = tree.sums(world.future).sum(axis=1).tolist()
    lookup = dict(zip(zip(tree.levels, tree.names, strict=True), truth, strict=True))
    totals = pl.read_csv(out / "totals.csv")
    sums = totals.filter((pl.col("quantity") == "sum") & pl.col("mean").is_not_null())
    rows = []
    for row in sums.to_dicts():
        ends = [row[name] for name in ("q10", "q50", "q90")]
        rows.append(
            [row["series"], row["level"], *beside(ends, lookup[row["level"], row["series"]])]
        )
    header = ["series", "level", "10%", "median", "90%", "truth", "off", "80% range"]
    table(header, rows, left=2)
    count_inside(rows, "sums")
    return 0


def releases(seed: int) -> int:
    """Train on simulated releases, score those of this week, and print what they came to."""
    home, bundle = FOLDER / "releases", FOLDER / "releases.bundle"
    for folder in (home, FOLDER / "scores", FOLDER / f"{bundle.name}.study"):
        shutil.rmtree(folder, ignore_errors=True)
    world = simulate_releases(RELEASES, None, seed)
    write_releases(world, home)
    # One horizon, no trials, one past period and no final test: a demo is to end soon.
    config = home / "config.toml"
    text = config.read_text(encoding="utf-8").replace("[14, 30]", f"[{HORIZON}]")
    text = text.replace("final_days = 90", "final_days = 0").replace('"quarter"', '"year"')
    # A hit is what pays for its promotion, so that decisions and tiers speak of one thing.
    text = text.replace("bounds = [20000, 200000]", "bounds = [20000, 50000]")
    config.write_text(text + MONEY, encoding="utf-8")
    say()
    say(f"{RELEASES:,} simulated releases: {home}")
    words = ["releases", "train", config, "--trials", TRIALS, "--seed", seed, "--out", bundle]
    if code := upswell(*words):
        return code
    since = world.as_of - dt.timedelta(days=WEEK - 1)
    tables = ["--signals", home / "signals.parquet", "--releases", home / "releases.parquet"]
    words = ["releases", "score", bundle, *tables, "--since", since, "--out", FOLDER / "scores"]
    say()
    if code := upswell(*words):
        return code
    say()
    page = FOLDER / "week.html"
    shutil.copyfile(FOLDER / "scores" / "report.html", page)
    say(f"The same as a page, which any browser opens: {page}")
    say()
    say(f"What they came to by day {HORIZON}, from truth.parquet, which was not read so far:")
    truth = pl.read_parquet(home / "truth.parquet").filter(pl.col("horizon") == HORIZON)
    lookup = dict(zip(truth["release"], truth["streams"], strict=True))
    rows = []
    for row in pl.read_csv(FOLDER / "scores" / "scores.csv").to_dicts():
        ends = [row[name] for name in ("q10", "q50", "q90")]
        rows.append([row["release"], row["status"], *beside(ends, lookup[row["release"]])])
    table(["release", "status", "10%", "median", "90%", "truth", "off", "80% range"], rows, left=2)
    count_inside(rows, "releases")
    say()
    return money(lookup)


def money(truth: dict[str, float]) -> int:
    """Print the list that is funded with what each release would really have brought."""
    settings = tomllib.loads(MONEY)["money"]
    record = json.loads((FOLDER / "scores" / "run.json").read_text(encoding="utf-8"))
    say(f"The list that is funded, and what promotion of each brings ({settings['currency']}):")
    rows, sums = [], [0.0, 0.0]
    scores = pl.read_csv(FOLDER / "scores" / "scores.csv")
    for row in scores.filter(decision="promote").to_dicts():
        streams = truth[row["release"]]
        brought = settings["value"] * settings["uplift"] * streams - settings["cost"]
        hit = streams >= record["tiers"]["bounds"][-1]
        sums = [sums[0] + row["expected_profit"], sums[1] + brought]
        rows.append(
            [
                row["release"],
                f"{row['tier']} {row['probability_hit']:.0%}",
                figure(row["expected_profit"]),
                figure(streams),
                figure(brought),
                "hit" if hit else "no hit",
            ]
        )
    header = ["release", "tier, chance of a hit", "expected profit", "true streams", "profit"]
    table([*header, "came to"], rows, left=2)
    missed = scores.filter(pl.col("decision") != "promote")["release"].to_list()
    left = [truth[name] for name in missed]
    paid = sum(streams >= record["money"]["break_even"] for streams in left)
    say(
        f"{len(rows)} releases for {record['money']['funded']['cost']:,.0f} of "
        f"{settings['budget']:,.0f}: expected {figure(sums[0])}, and it came to {figure(sums[1])}. "
        f"Of the {len(left)} others {paid} would have paid."
    )
    return 0


def upswell(*words: object) -> int:
    """Show a command, run it and return its exit code."""
    command = [str(word) for word in words]
    say(f"$ upswell {' '.join(command)}")
    return run(command)


def beside(ends: list[float], truth: float) -> list[str]:
    """Return a range and its middle, the truth, how far off, and whether it lies inside."""
    low, median, high = ends
    off = f"{median / truth - 1.0:+.0%}" if truth > 0 else "-"
    verdict = "inside" if low <= truth <= high else "outside"
    return [*(figure(value) for value in (low, median, high, truth)), off, verdict]


def count_inside(rows: list[list[str]], what: str) -> None:
    """Say how many truths lie inside."""
    inside = sum(row[-1] == "inside" for row in rows)
    say(f"{inside} of {len(rows)} {what} lie inside their 80% range; 8 in 10 should.")


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
