"""Coverage of the 30-day sum, its peak and its days over many cutoffs of single series.

Run ``python benchmarks/coverage.py [--model ensemble] [--history 50] [--worlds]``. Each total, and
some large series of each panel, is forecast alone from a cutoff every 30 days, with all of its
history before it or the last days of it. That gives hundreds of windows, where the scorecards of
whole panels have five each. With ``--worlds``, panels of the simulator are forecast instead.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray
from panels import PANELS, SHARED

import upswell
from upswell.data import Panel, Tree, node_values
from upswell.errors import RefusalError
from upswell.forecasting import path_forecasters
from upswell.simulate import simulate_creators

HORIZON, FIRST_CUTOFF, PATHS = 30, 60, 300
LEAST_KNOWN_DAYS = 25
Floats = NDArray[np.float64]


def main() -> None:
    """Forecast from every cutoff and print the shares inside the ranges."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="ensemble")
    parser.add_argument("--history", type=int, help="days before each cutoff that are seen")
    parser.add_argument("--worlds", action="store_true", help="worlds of the simulator instead")
    arguments = parser.parse_args()
    if arguments.worlds:
        simulated(arguments.model)
        return
    print("| series | windows | 80% sum | below | above | 95% sum | 80% peak | 80% day |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, series in (("totals", totals()), ("single series", singles())):
        rows = np.array(
            [
                row
                for values in series
                for row in windows(values, arguments.model, arguments.history)
            ]
        )
        low, high, wide, peak, day = rows.mean(axis=0)
        print(
            f"| {kind} | {len(rows)} | {1 - low - high:.3f} | {low:.3f} | {high:.3f} "
            f"| {wide:.3f} | {peak:.3f} | {day:.3f} |",
            flush=True,
        )


def totals() -> Iterator[Floats]:
    """Give the total of each panel, and of cinemas in four earlier periods."""
    for read in PANELS.values():
        yield node_values(read())[0]
    frame = pl.read_parquet(SHARED / "releases" / "kofic_films.parquet")
    for year in (2006, 2009, 2012, 2015):
        within = pl.col("date").is_between(dt.date(year, 1, 1), dt.date(year + 2, 12, 31))
        daily = frame.filter(within).group_by("date").agg(pl.col("admissions").sum()).sort("date")
        yield np.maximum(daily["admissions"].to_numpy().astype(float), 0.0)


def singles() -> Iterator[Floats]:
    """Give every fourth of the 60 largest series of each panel with 90% of its days."""
    for name, read in PANELS.items():
        if name == "kofic_total":
            continue
        values = read().values
        whole = np.flatnonzero(np.isfinite(values).mean(axis=1) > 0.9)
        order = np.argsort(-np.nanmean(values[whole], axis=1))
        yield from values[whole[order]][:60:4]


def simulated(model: str) -> None:
    """Print the coverage of 30-day sums of 24 simulated worlds of 12 creators."""
    inside: dict[str, list[bool]] = {}
    for seed in range(100, 124):
        world = simulate_creators(12, 180, seed, horizon=HORIZON)
        tree = Tree.of_panel(world.panel)
        sums = tree.sums(world.future).sum(axis=1)
        truth = dict(zip(zip(tree.levels, tree.names, strict=True), sums, strict=True))
        found = upswell.forecast(world.panel, horizon=HORIZON, model=model)
        keys = zip(found.tree.levels, found.tree.names, strict=True)
        for node, (level, name) in enumerate(keys):
            low, _, high = found.range_of(node)
            inside.setdefault(level, []).append(bool(low <= truth[level, name] <= high))
    for level, hits in inside.items():
        print(f"- {level}: {sum(hits)} of {len(hits)} sums inside their 80% range")


def windows(values: Floats, model: str, history: int | None) -> Iterator[tuple[float, ...]]:
    """Give for each window: below, above, inside 95%, peak inside, share of days inside."""
    (forecaster,) = path_forecasters([model])
    first = int(np.flatnonzero(np.isfinite(values))[0])
    for cutoff in range(len(values) - HORIZON, first + FIRST_CUTOFF, -HORIZON):
        truth = values[cutoff : cutoff + HORIZON]
        seen = np.isfinite(truth)
        if seen.sum() < LEAST_KNOWN_DAYS:
            continue
        start = 0 if history is None else max(cutoff - history, 0)
        known = values[None, start:cutoff]
        panel = Panel.from_arrays(known, items=["x"], start=start, calendar=True)
        try:
            paths = forecaster.fit(panel, HORIZON, 0).sample(PATHS)[:, 0][:, seen]
        except RefusalError:
            continue
        total = (paths.sum(axis=1) < truth[seen].sum()).mean()
        peak = (paths.max(axis=1) < truth[seen].max()).mean()
        days = (paths < truth[seen]).mean(axis=0)
        yield (
            float(total < 0.1),
            float(total > 0.9),
            float(0.025 <= total <= 0.975),
            float(0.1 <= peak <= 0.9),
            float(np.mean((days >= 0.1) & (days <= 0.9))),
        )


if __name__ == "__main__":
    main()
