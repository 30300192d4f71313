"""Light worlds for audits: a few columns with known worth, taught by a line in an instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from upswell.releases import ReleasesConfig
from upswell.releases.auditing.periods import Period, View
from upswell.releases.auditing.subjects import SIGNALS, Subject

Floats = np.ndarray

CONFIG = ReleasesConfig.model_validate({"tiers": {"bounds": [3_000, 20_000]}})


@dataclass(frozen=True)
class Light:
    """A world: its periods, the groups of its columns and their names."""

    periods: tuple[Period, ...]
    groups: tuple[Subject, ...]
    names: tuple[str, ...]


def line(taught: Floats, target: Floats, asked: Floats, seed: int) -> Floats:
    """Learn a ridge regression from a draw of the rows: seeds differ as those of trees do."""
    rows = np.random.default_rng(seed).integers(len(target), size=len(target))
    x, y = taught[rows], target[rows]
    middle, level = x.mean(axis=0), y.mean()
    x = x - middle
    weights = np.linalg.solve(x.T @ x + 5.0 * np.eye(x.shape[1]), x.T @ (y - level))
    return level + (asked - middle) @ weights


def light_world(
    seed: int,
    *,
    releases: int = 240,
    weeks: int = 12,
    worth: float = 0.3,
    noise: int = 3,
    misleading: bool = False,
    rare: float = 0.0,
) -> Light:
    """Return a world of two periods.

    Parameters
    ----------
    seed
        Of the world.
    releases, weeks
        That teach, and that are asked, in each period.
    worth
        What each column of the group ``real`` adds to a log outcome, and of ``rest``.
    noise
        Columns of the group ``noise``, which say nothing.
    misleading
        Whether ``noise`` goes along with the outcome in what teaches, and is turned around in what
        is asked, as signals do that are bought ever more.
    rare
        Part of the releases that take off, as a column tells: they are nearly all of the hits.
    """
    rng = np.random.default_rng(seed)
    names = [*(f"real_{n}" for n in range(2)), *(f"rest_{n}" for n in range(8))]
    names += [f"noise_{n}" for n in range(noise)]
    weights = np.array([worth] * 2 + [0.15] * 8 + [0.0] * noise)
    quiet = slice(10, 10 + noise)

    def drawn(turn: float) -> tuple[Floats, Floats, Floats]:
        columns = rng.standard_normal((releases, len(names)))
        shared = 0.1 * rng.standard_normal(weeks)[np.arange(releases) * weeks // releases]
        errors = 0.6 * rng.standard_normal(releases) + shared
        if misleading:
            columns[:, quiet] += turn * errors[:, None]
        offset = 7.0 + rng.standard_normal(releases)
        logs = offset + 0.5 + columns @ weights + errors
        if rare:
            takes_off = rng.random(releases) < rare
            columns[:, 2] = takes_off
            logs += 5.0 * takes_off
        return columns, offset, logs

    periods = []
    for number in range(2):
        taught, taught_offset, logs = drawn(0.7)
        asked, asked_offset, truth = drawn(-0.7)
        view = View(taught, asked, taught_offset, asked_offset)
        own_weeks = number * weeks + np.arange(releases) * weeks // releases
        periods.append(Period(f"p{number}", logs, truth, own_weeks, (view,)))
    groups = [
        Subject(group, SIGNALS, tuple(name for name in names if name.startswith(group)))
        for group in ("real", "noise")
    ]
    return Light(tuple(periods), tuple(groups), tuple(names))
