"""Simulate 12 creators with known truth, forecast 30 days, print the truth beside them.

Run ``scripts/demo [SEED]`` for another world.
"""

from __future__ import annotations

import sys
from pathlib import Path

import upswell
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
    # The command wrote the same figures: same input, same seed.
    forecast = upswell.forecast(source, horizon=HORIZON, seed=seed)
    truth = Tree.of_panel(world.panel).sums(world.future).sum(axis=1)
    names = Tree.of_panel(world.panel)
    lookup = dict(zip(zip(names.levels, names.names, strict=True), truth, strict=True))
    rows, inside = [], 0
    for node, (name, level) in enumerate(
        zip(forecast.tree.names, forecast.tree.levels, strict=True)
    ):
        low, median, high = forecast.range_of(node)
        true = float(lookup[level, name])
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
