"""What the modules of this room hand to each other: features as of a gate, and outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.data.ledger import Ledger

if TYPE_CHECKING:
    import polars as pl

__all__ = ["KEY_COLUMNS", "OUTCOME_COLUMNS", "FeatureNote", "FeatureTable"]

KEY_COLUMNS = ("release", "release_date", "gate", "age", "artist")
"""Columns of `FeatureTable.keys`: text, date, date, integer, text or null."""

OUTCOME_COLUMNS = ("release", "horizon", "streams", "closed")
"""Columns of a frame of outcomes: text, integer, float, and the last day of the outcome."""


@dataclass(frozen=True, slots=True)
class FeatureNote:
    """One line of the catalogue.

    Parameters
    ----------
    name
        The column, in words joined by underscores.
    group
        What it belongs to: a metric's name, ``creators``, ``ratios``, ``seeding``, ``window``,
        ``previews``, ``calendar``, ``platform``, ``track record`` or ``attributes``.
    text
        What it says, in one sentence.
    category
        Whether it is a text to be treated as a category, not a number.
    """

    name: str
    group: str
    text: str
    category: bool = False


@dataclass(frozen=True)
class FeatureTable:
    """Features of ``N`` releases, each as of the end of its own gate.

    Parameters
    ----------
    keys
        ``N`` rows with the columns of `KEY_COLUMNS`, ordered by release date and release. The gate
        is the last day of which anything was seen: release date + age − 1.
    features
        ``N`` rows in the same order; Float64 with null where unknown, or String for categories.
    catalogue
        A note for each column of `features`, in their order.
    daily
        By metric, counts a day, shape ``(N, window)``; NaN where nothing was recorded and beyond
        the age.
    ledger
        What was repaired, dropped or flagged on the way.
    """

    keys: pl.DataFrame
    features: pl.DataFrame
    catalogue: tuple[FeatureNote, ...]
    daily: Mapping[str, NDArray[np.float64]]
    ledger: Ledger = field(default_factory=Ledger)

    def __len__(self) -> int:
        return int(self.keys.height)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Names of the metrics."""
        return tuple(self.daily)

    def window_total(self, metric: str) -> NDArray[np.float64]:
        """Return the sum of one metric over the window so far, shape ``(N,)``; 0 when nothing."""
        return np.asarray(np.nansum(self.daily[metric], axis=1), dtype=np.float64)

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> FeatureTable:
        """Return some of the releases, by position or by a mask.

        Examples
        --------
        >>> import numpy as np, polars as pl
        >>> keys = pl.DataFrame({"release": ["a", "b"]})
        >>> table = FeatureTable(keys, pl.DataFrame({"x": [1.0, 2.0]}), (), {"views": np.eye(2)})
        >>> table.take(np.array([False, True])).features["x"].to_list()
        [2.0]
        """
        import polars as pl

        chosen = np.flatnonzero(rows) if rows.dtype == np.bool_ else rows
        index = pl.Series(chosen, dtype=pl.UInt32)
        return FeatureTable(
            keys=self.keys[index],
            features=self.features[index],
            catalogue=self.catalogue,
            daily={name: grid[chosen] for name, grid in self.daily.items()},
            ledger=self.ledger,
        )
