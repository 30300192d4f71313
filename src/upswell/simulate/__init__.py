"""Worlds with known truth."""

from upswell.simulate.creators import (
    CATEGORIES,
    SimulatedPanel,
    simulate_creators,
    write_creators,
)
from upswell.simulate.releases import (
    SimulatedReleases,
    floor_rmsle,
    simulate_releases,
    write_releases,
)

__all__ = [
    "CATEGORIES",
    "SimulatedPanel",
    "SimulatedReleases",
    "floor_rmsle",
    "simulate_creators",
    "simulate_releases",
    "write_creators",
    "write_releases",
]
