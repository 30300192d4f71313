"""Releases whose tiers follow from a few of their features, with the rest noise."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray


def world(
    rows: int, seed: int, shares: tuple[float, ...] = (0.8, 0.95)
) -> tuple[pl.DataFrame, NDArray[np.int64]]:
    """Return features, with gaps and a text, and tiers that these shares lie below."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(rows, 6))
    genre = random.choice(["pop", "rap", "<script>"], rows)
    latent = numbers[:, 0] + 0.7 * numbers[:, 1] + 0.8 * (genre == "rap")
    latent += 0.8 * random.normal(size=rows)
    tiers = np.searchsorted(np.quantile(latent, shares), latent, side="right").astype(np.int64)
    numbers[random.random(numbers.shape) < 0.05] = np.nan
    frame = pl.DataFrame(numbers, schema=[f"number_{place}" for place in range(6)])
    return frame.fill_nan(None).with_columns(genre=pl.Series(genre)), tiers
