"""The example plan on the shared demand panels: what each rule would have cost.

Run ``python benchmarks/capacity.py [--windows 8] [--models A,B] [--panels A,B] [--total]``; it
prints Markdown tables for ``docs/benchmarks.md``. The panels count different things, so the views
that a unit serves are set for each: its mean hour in the 90 days before the first window asks for
60 units. Units that exist already would decide for every rule, so there are none. All else is as in
``docs/examples/plan.toml``.
"""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import polars as pl
from panels import PANELS

import upswell
from upswell.capacity.money import money_by_rule
from upswell.data import Panel, node_values
from upswell.scoring import rolling_cutoffs

EXAMPLE = Path(__file__).resolve().parents[1] / "docs" / "examples" / "plan.toml"
HORIZON, LEAST_DAYS, MEAN_UNITS = 30, 14, 60


def main() -> None:
    """Run the backtests and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--windows", type=int, default=8)
    parser.add_argument("--models", default="auto")
    parser.add_argument("--panels", default=",".join(PANELS))
    parser.add_argument("--total", action="store_true", help="forecast the total alone: quicker")
    arguments = parser.parse_args()
    found = []
    for name in arguments.panels.split(","):
        start = perf_counter()
        panel = PANELS[name]()
        if arguments.total:
            panel = _total(panel)
        plan = _plan(panel, arguments.windows)
        result = upswell.backtest(
            panel,
            horizon=HORIZON,
            windows=arguments.windows,
            models=arguments.models.split(","),
            plan=plan,
        )
        assert result.money is not None
        found.append(result.money)
        served = plan["unit"]["views_per_hour"]
        print(
            f"\n### {name}: {len(result.cutoffs)} windows, a unit serves {served:,.0f} an hour, "
            f"{perf_counter() - start:.0f} s\n",
            flush=True,
        )
        _table(result.money)
    if len(found) > 1:
        print("\n### All panels\n")
        _table(pl.concat(found))


def _plan(panel: Panel, windows: int) -> dict[str, Any]:
    """Return the example plan with units of a size that fits a panel."""
    plan = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    for key in ("existing", "existing_price", "last_month"):
        del plan["commitment"][key]
    first = rolling_cutoffs(panel.days, HORIZON, windows, LEAST_DAYS)[0]
    mean = float(np.nanmean(node_values(panel)[0, max(first - 90, 0) : first]))
    plan["unit"]["views_per_hour"] = mean / 24 * (1 + plan["unit"]["headroom"]) / MEAN_UNITS
    return plan


def _total(panel: Panel) -> Panel:
    return Panel.from_arrays(
        node_values(panel)[:1],
        items=["all"],
        start=panel.axis.start,
        calendar=panel.axis.calendar,
    )


def _table(money: pl.DataFrame) -> None:
    print("| commit to | forecaster | units | cost of 30 days | regret | hours short |")
    print("|---|---|---|---|---|---|")
    for row in money_by_rule(money).to_dicts():
        cells = [
            row["rule"],
            row["model"] or "-",
            f"{row['commitment']:.0f}",
            f"{row['cost']:,.0f} USD",
            f"{row['regret_share']:.1%}",
            f"{row['shortage_hours']:.1f}",
        ]
        print("| " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
