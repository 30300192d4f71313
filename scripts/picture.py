"""Draw the picture of the README: a simulated total, its forecast with ranges, and the truth.

Run with ``.venv/bin/python scripts/picture.py``.
"""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.dates as mdates
import matplotlib.pyplot as plt
import numpy as np

import upswell
from upswell.data import Tree, node_values
from upswell.simulate import simulate_creators

CREATORS, DAYS, HORIZON, SEED = 12, 180, 30, 4
SHOWN_DAYS = 75
TARGET = Path(__file__).parents[1] / "docs" / "images" / "forecast.png"
INK, MEDIAN, TRUTH = "#2b2b2b", "#155a73", "#c8102e"
RANGES = ((0.95, "#dbe8ed"), (0.80, "#b3d0da"), (0.50, "#82b0c0"))


def main() -> None:
    """Simulate, forecast, draw and write the file."""
    world = simulate_creators(CREATORS, DAYS, SEED, horizon=HORIZON)
    forecast = upswell.forecast(world.panel, horizon=HORIZON, seed=SEED)
    total = forecast.paths[:, 0] / 1e6
    truth = Tree.of_panel(world.panel).sums(world.future)[0] / 1e6
    history = node_values(world.panel)[0, -SHOWN_DAYS:] / 1e6
    past = world.panel.axis.numbers()[-SHOWN_DAYS:].astype("datetime64[D]")
    ahead = forecast.axis.numbers().astype("datetime64[D]")
    plt.rcParams.update({"font.size": 10, "axes.edgecolor": "#999999", "text.color": INK})
    figure, axes = plt.subplots(figsize=(9.0, 3.7), layout="constrained")
    axes.plot(past, history, color=INK, linewidth=1.3, label="history")
    for level, shade in RANGES:
        low, high = np.quantile(total, [(1 - level) / 2, (1 + level) / 2], axis=0)
        axes.fill_between(ahead, low, high, color=shade, linewidth=0, label=f"{level:.0%} range")
    axes.plot(ahead, np.median(total, axis=0), color=MEDIAN, linewidth=1.6, label="median")
    axes.plot(ahead, truth, "o", color=TRUTH, markersize=3.4, label="what then happened")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("views a day, millions")
    axes.set_xlabel("date (simulated)")
    axes.set_title(
        f"Total of {CREATORS} simulated creators, forecast {HORIZON} days ahead",
        loc="left",
        fontsize=10.5,
    )
    locator = mdates.AutoDateLocator(minticks=5, maxticks=9)
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.01)
    marks = dict(zip(*axes.get_legend_handles_labels()[::-1], strict=True))
    order = ["history", "what then happened", "median", "50% range", "80% range", "95% range"]
    axes.legend(
        [marks[name] for name in order], order, frameon=False, loc="upper left", ncols=2, fontsize=9
    )
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(TARGET, dpi=170, metadata={"Software": None})


if __name__ == "__main__":
    main()
