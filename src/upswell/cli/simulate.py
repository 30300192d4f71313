"""The command ``upswell simulate``."""

from __future__ import annotations

from pathlib import Path

from upswell.cli._show import say

__all__ = ["run_simulate_creators"]


def run_simulate_creators(*, creators: int, days: int, seed: int, out: Path) -> int:
    """Simulate and write; return the exit code."""
    from upswell.simulate import simulate_creators, write_creators

    world = simulate_creators(creators, days, seed)
    write_creators(world, out)
    say(f"{creators} creators, {days} days, seed {seed}: written to {out}")
    return 0
