"""A cheap study with a known best: a bowl in three settings, seen through three folds.

Run as a program it tunes until its sixth trial has seen one fold, says so, and waits to be killed.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from upswell.releases.models.space import Choice, FloatRange, IntegerRange, Space
from upswell.releases.models.tuning import Objective, TuningResult, tune

SPACE: Space = {
    "x": FloatRange(-3.0, 3.0, default=2.0),
    "rate": FloatRange(0.001, 1.0, default=0.1, log=True),
    "depth": IntegerRange(1, 9, default=3),
    "way": Choice(("plain", "other"), default="other"),
}
TRIALS = 30
SEED = 11


def bowl(params: Mapping[str, Any], seed: int) -> Iterator[float]:
    """Yield three scores: each fold is harder than the one before, and a little noisy."""
    depth = abs(math.log10(params["rate"]) + 2) * 0.3 + (params["way"] == "other") * 0.2
    for fold in range(3):
        yield (params["x"] - 1) ** 2 + depth + fold + (seed % 7) * 0.001


def study(journal: Path, objective: Objective = bowl, **changes: Any) -> TuningResult:
    """Tune the bowl."""
    given = {"trials": TRIALS, "seed": SEED, "fingerprint": "bowl"} | changes
    space = given.pop("space", SPACE)
    name = given.pop("name", "bowl")
    return tune(name, space, objective, journal=journal, **given)


def wait_to_be_killed(journal: Path) -> None:
    """Tune, and stop in the middle of the sixth trial."""
    calls = 0

    def objective(params: Mapping[str, Any], seed: int) -> Iterator[float]:
        nonlocal calls
        calls += 1
        for score in bowl(params, seed):
            yield score
            if calls == 6:
                sys.stdout.write("in the sixth trial\n")
                sys.stdout.flush()
                time.sleep(600)

    study(journal, objective)


if __name__ == "__main__":
    wait_to_be_killed(Path(sys.argv[1]))
