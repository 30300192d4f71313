"""Fixtures for all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data, which lies outside the project."""
    root = Path(__file__).parents[1]
    folder = Path(os.environ.get("UPSWELL_SHARED_DATA", root / ".." / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"there is no shared data in {folder}")
    return folder
