"""Simulate 12 creators with known truth, forecast 30 days, print the truth beside them.

Run ``scripts/demo [SEED]`` for another world.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

from upswell.cli._run import run
from upswell.cli._show import figure, say, table
from upswell.data import Tree
from upswell.simulate import simulate_creators, write_creators

CREATORS, DAYS, HORIZON = 12, 180, 30
FOLDER = Path("demo")


def main(seed: int) -> int:
    """Run the demo on the world of a seed; return the exit code."""
    world = simulate_creators(CREATORS, DAYS, seed, horizon=HORIZON)
    FOLDER.mkdir(exist_ok=True)
    source = FOLDER / "creators.csv"
    write_creators(world, source)
    command = ["forecast", str(source), "--horizon", str(HORIZON), "--seed", str(seed)]
    say(f"{CREATORS} simulated creators, {DAYS} days: {source}")
    say(f"$ upswell {' '.join(command)} --out {FOLDER / 'forecast'}")
    code = run([*command, "--out", str(FOLDER / "forecast")])
    if code:
        return code
    say()
    say(f"What then happened, which no file of the demo holds, over the {HORIZON} days:")
    tree = Tree.of_panel(world.panel)
    truth = tree.sums(world.future).sum(axis=1).tolist()
    lookup = dict(zip(zip(tree.levels, tree.names, strict=True), truth, strict=True))
    totals = pl.read_csv(FOLDER / "forecast" / "totals.csv")
    sums = totals.filter((pl.col("quantity") == "sum") & pl.col("mean").is_not_null())
    rows, inside = [], 0
    for row in sums.to_dicts():
        name, level, low, median, high = (row[k] for k in ("series", "level", "q10", "q50", "q90"))
        true = lookup[level, name]
        hit = low <= true <= high
        inside += hit
        off = median / true - 1.0 if true > 0 else float("nan")
        verdict = "inside" if hit else "outside"
        rows.append(
            [name, level, *(figure(v) for v in (low, median, high, true)), f"{off:+.0%}", verdict]
        )
    header = ["series", "level", "10%", "median", "90%", "truth", "off", "80% range"]
    table(header, rows, left=2)
    say(f"{inside} of {len(rows)} sums lie inside their 80% range; 8 in 10 should.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
