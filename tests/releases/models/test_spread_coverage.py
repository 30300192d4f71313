"""Ranges hold whatever the number of errors that they are learned from."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from upswell.releases.models.spread import GRID, SpreadModel


@pytest.mark.parametrize("count", [60, 120, 150, 240])
def test_the_80_percent_range_holds_80_percent_around_the_least_number_to_learn_from(
    count: int,
) -> None:
    rng = np.random.default_rng(0)

    def features(rows: int) -> pl.DataFrame:
        return pl.DataFrame(rng.standard_normal((rows, 20)), schema=[f"x{i}" for i in range(20)])

    taught, errors = features(count), 0.6 * rng.standard_normal((count, 1))
    model = SpreadModel.fit(taught, errors, np.array_split(np.arange(count), 3), seed=0)
    found = model.quantiles(features(2000))[:, :, 0]
    truth = 0.6 * rng.standard_normal(2000)
    inside = (found[GRID.index(0.1)] <= truth) & (truth <= found[GRID.index(0.9)])
    assert 0.72 <= inside.mean() <= 0.9
