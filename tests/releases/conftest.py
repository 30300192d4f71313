"""Fixtures for tests of the release job: one small world, and what is taught on it."""

from __future__ import annotations

import pytest

from releases.teaching import World, ground_of, make_quick, simulated
from upswell.releases.ground import Ground
from upswell.releases.trained import TrainedReleases


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every model have a dozen trees."""
    make_quick(monkeypatch)


@pytest.fixture(scope="session")
def world() -> World:
    """A simulated world with two metrics, creators, artists and genres."""
    return simulated()


@pytest.fixture(scope="session")
def trained(world: World) -> TrainedReleases:
    """What is taught on the world, with a final test, without tuning."""
    with pytest.MonkeyPatch.context() as patch:
        make_quick(patch)
        return world.train()


@pytest.fixture(scope="session")
def ground(world: World) -> Ground:
    """What can be learned from the world."""
    return ground_of(world)
