"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# The same examples in every run: a red tree must be red for everybody.
settings.register_profile("fixed", derandomize=True, deadline=None)
settings.load_profile("fixed")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, which lies outside the project."""
    root = Path(__file__).parents[1]
    folder = Path(os.environ.get("UPSWELL_SHARED_DATA", root / ".." / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"there is no shared data in {folder}")
    return folder
