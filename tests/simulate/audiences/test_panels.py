"""Panels: sizes, and shocks that their series share."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.panels import PanelPrior, draw_frame, log_shared


def test_about_half_of_the_series_stand_alone_and_a_panel_begins_on_one_day() -> None:
    alone = 0
    for seed in range(60):
        block = draw_frame(default_rng(seed), PanelPrior(), 128, 50, 10)
        sizes = np.bincount(block.panel)
        assert sizes.min() >= 1
        assert sizes.sum() == block.size == 128
        assert (np.diff(block.panel) >= 0).all()
        alone += (sizes == 1).sum()
        for panel in range(block.panels):
            assert np.unique(block.start[block.panel == panel]).size == 1
    assert 0.35 < alone / (60 * 128) < 0.65


def test_series_alone_share_nothing_and_those_of_a_panel_move_together() -> None:
    assert (log_shared(default_rng(1), PanelPrior(), frame(50)) == 0).all()
    shared = log_shared(default_rng(1), PanelPrior(), frame(200, 300, 0, members=10))
    within = np.corrcoef(shared[:10])
    assert within.min() > 0.999
    across = np.corrcoef(shared[::10])
    assert np.abs(np.median(across[np.triu_indices(20, 1)])) < 0.2
    assert np.abs(shared).max() <= 4.5
