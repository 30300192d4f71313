"""Frames for the tests of the families of simulated audiences."""

from __future__ import annotations

import numpy as np

from upswell.simulate.audiences.frame import Frame


def frame(size: int = 400, days: int = 200, horizon: int = 30, members: int = 1) -> Frame:
    """Return a frame of panels of equal size that all begin on the first of January 2024."""
    panel = np.arange(size) // members
    return Frame(days, horizon, np.full(size, 19_723), panel)
