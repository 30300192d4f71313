"""Whether real series lie inside of what the simulator implies: a prior predictive check.

The simulator was not fitted to these panels, and must not be: this looks, and changes nothing.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from panels import PANELS

from upswell.data import Panel, node_values
from upswell.simulate.audiences import simulate_audiences
from upswell.simulate.audiences.implied import quantiles, statistics

DAYS, LARGEST, PRESENT = 370, 40, 0.97
SIMULATED, SEED = 8192, 20


def series(panel: Panel) -> NDArray[np.float64]:
    """Return the last days of the total and of the largest series that are nearly complete."""
    values = node_values(panel)[:, -DAYS:]
    total, creators = values[:1], panel.values[:, -DAYS:]
    complete = creators[np.isfinite(creators).mean(axis=1) >= PRESENT]
    order = np.argsort(-np.nansum(complete, axis=1), kind="stable")[:LARGEST]
    return np.concatenate([total, complete[order]]) if order.size > 1 else total


def main() -> None:
    """Print a row for each panel and statistic."""
    begun = time.process_time()
    batch = simulate_audiences(SIMULATED, DAYS, 30, SEED, components=False)
    spent = time.process_time() - begun
    print(f"{SIMULATED / spent:,.0f} series of {DAYS + 30} days a second of one core\n")
    simulated = statistics(batch.observed)
    print("| panel | series | statistic | 10% | 50% | 90% | within 90% | within 99% |")
    print("|---|---|---|---|---|---|---|---|")
    for name, read in PANELS.items():
        values = series(read())
        for statistic, found in statistics(values).items():
            known = found[np.isfinite(found)]
            ends = quantiles(simulated[statistic], (0.005, 0.05, 0.95, 0.995))
            inside = [
                np.mean((known >= ends[i]) & (known <= ends[3 - i])) if known.size else np.nan
                for i in (1, 0)
            ]
            low, middle, high = quantiles(found, (0.1, 0.5, 0.9))
            print(
                f"| {name} | {known.size} | {statistic} | {low:.3g} | {middle:.3g} | {high:.3g} "
                f"| {inside[0]:.2f} | {inside[1]:.2f} |"
            )


if __name__ == "__main__":
    main()
