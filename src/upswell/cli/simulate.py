"""The commands ``upswell simulate``."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from upswell.cli._show import count, say

__all__ = ["run_simulate_creators", "run_simulate_releases"]


def run_simulate_creators(*, creators: int, days: int, seed: int, out: Path, quiet: bool) -> int:
    """Simulate and write; return the exit code."""
    from upswell.simulate import simulate_creators, write_creators

    world = simulate_creators(creators, days, seed)
    write_creators(world, out)
    if not quiet:
        size = f"{count(creators, 'creator')}, {count(days, 'day')}, seed {seed}"
        say(f"{size}: written to {out}")
    return 0


def run_simulate_releases(
    *,
    releases: int,
    rows: int | None,
    seed: int,
    out: Path,
    table_format: Literal["parquet", "csv"],
    quiet: bool,
) -> int:
    """Simulate and write; return the exit code."""
    from upswell.simulate import floor_rmsle, simulate_releases, write_releases

    world = simulate_releases(releases, rows, seed)
    written = write_releases(world, out, table_format)
    if not quiet:
        size = f"{count(releases, 'release')}, {count(written['signals'], 'row')} of signals"
        size += f", {count(written['outcomes'], 'row')} of outcomes, seed {seed}"
        say(f"{size}: written to {out}")
        error = floor_rmsle(world.truth)
        say(f"the tables end on {world.as_of}; best possible RMSLE of 30 days: {error:.3f}")
    return 0
