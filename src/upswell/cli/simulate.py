"""The command ``upswell simulate``."""

from __future__ import annotations

from pathlib import Path

from upswell.cli._show import count, say

__all__ = ["run_simulate_creators"]


def run_simulate_creators(*, creators: int, days: int, seed: int, out: Path, quiet: bool) -> int:
    """Simulate and write; return the exit code."""
    from upswell.simulate import simulate_creators, write_creators

    world = simulate_creators(creators, days, seed)
    write_creators(world, out)
    if not quiet:
        size = f"{count(creators, 'creator')}, {count(days, 'day')}, seed {seed}"
        say(f"{size}: written to {out}")
    return 0
