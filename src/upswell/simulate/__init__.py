"""Worlds with known truth."""

from upswell.simulate.creators import (
    CATEGORIES,
    SimulatedPanel,
    simulate_creators,
    write_creators,
)

__all__ = ["CATEGORIES", "SimulatedPanel", "simulate_creators", "write_creators"]
