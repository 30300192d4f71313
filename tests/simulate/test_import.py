"""The rooms on the ground floors cost nothing to import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.parametrize("room", ["scoring", "store", "simulate", "simulate.audiences"])
def test_importing_a_room_loads_nothing_heavy(room: str) -> None:
    source = Path(__file__).parents[2] / "src"
    code = (
        f"import sys; sys.path.insert(0, {str(source)!r}); import upswell.{room}; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"polars", "pandas", "pyarrow", "scipy", "torch", "statsforecast", "numba"}
    assert heavy & set(done.stdout.split()) == set()
