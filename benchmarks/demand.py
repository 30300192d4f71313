"""Scorecards of all statistical forecasters on the shared demand panels.

Run ``python benchmarks/demand.py [--windows 8] [--models A,B] [--panels A,B]``; it prints
Markdown tables for ``docs/benchmarks.md``. The LSTM is left out unless named: it trains anew in
every window.
"""

from __future__ import annotations

import argparse
import math
from time import perf_counter

from panels import PANELS

import upswell
from upswell.forecasting.backtest import BACKTEST_MODELS, Backtest
from upswell.scoring import clopper_pearson

COLUMNS = (
    ("ratio_mase", "MASE / naive"),
    ("ratio_scaled_quantile_loss", "SQL / naive"),
    ("error_of_total", "error of sum"),
    ("coverage80", "80% day"),
    ("coverage80_total", "80% sum"),
    ("coverage95_total", "95% sum"),
    ("coverage80_peak", "80% peak"),
)


def main() -> None:
    """Run the backtests and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--models", default=",".join(BACKTEST_MODELS))
    parser.add_argument("--panels", default=",".join(PANELS))
    arguments = parser.parse_args()
    found = {}
    for name in arguments.panels.split(","):
        start = perf_counter()
        panel = PANELS[name]()
        found[name] = upswell.backtest(
            panel, windows=arguments.windows, models=arguments.models.split(",")
        )
        cutoffs = len(found[name].cutoffs)
        print(f"\n### {name}: {cutoffs} windows, {perf_counter() - start:.0f} s\n", flush=True)
        _table(found[name])
    print("\n### 80% range of the 30-day sum of the total, all windows of all panels\n")
    for model in arguments.models.split(","):
        _pooled(model, found)


def _table(found: Backtest) -> None:
    print("| level | forecaster | " + " | ".join(name for _, name in COLUMNS) + " |")
    print("|---|---|" + "---|" * len(COLUMNS))
    for row in found.to_frame("polars").to_dicts():
        if row["level"] != "category":
            cells = ("-" if row[key] is None else f"{row[key]:.3f}" for key, _ in COLUMNS)
            print(f"| {row['level']} | {row['model']} | " + " | ".join(cells) + " |", flush=True)


def _pooled(model: str, found: dict[str, Backtest]) -> None:
    hits = [
        score.metrics.coverage80_total
        for backtest in found.values()
        for score in backtest.scores
        if score.model == model and score.level == "total"
    ]
    known = [hit for hit in hits if not math.isnan(hit)]
    inside = int(sum(known))
    low, high = clopper_pearson(inside, len(known))
    share = inside / len(known)
    print(
        f"- {model}: {inside} of {len(known)} = {share:.0%} (95% confidence {low:.0%}-{high:.0%})"
    )


if __name__ == "__main__":
    main()
