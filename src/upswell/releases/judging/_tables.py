"""The tables of the scorecard: their columns, and frames in which the undefined is null."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

Row = dict[str, Any]

_TEXT = {"scope", "model", "tier", "tier_actual", "rule", "best_trivial", "worse_than_trivial"}
_WHOLE = {
    *("horizon", "count", "excluded", "weeks", "actual", "predicted", "hit", "hits"),
    *("budget", "periods", "places"),
}

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "regression": (
        *("horizon", "scope", "model", "count", "excluded"),
        *("rmsle", "log_bias", "wmape", "mape", "median_ape", "bias", "mean_pinball"),
        *("coverage50", "coverage80", "coverage90"),
        *("best_trivial", "ratio", "ratio_low", "ratio_high", "better", "weeks"),
        "worse_than_trivial",
    ),
    "bands": (
        *("horizon", "scope", "model", "low", "high", "count", "excluded"),
        *("mape", "median_ape", "rmsle"),
    ),
    "rounding": (
        *("horizon", "scope", "rule", "step", "count", "excluded"),
        *("mape", "mape_constant", "exact", "exact_constant", "worse_than_trivial"),
    ),
    "tiers": (
        *("horizon", "scope", "model", "count", "accuracy", "balanced_accuracy"),
        *("log_loss", "brier", "rps", "ece", "worse_than_trivial"),
    ),
    "by_tier": (
        *("horizon", "scope", "tier", "actual", "predicted", "hit"),
        *("precision", "precision_low", "precision_high"),
        *("recall", "recall_low", "recall_high"),
        *("average_precision", "share", "average_precision_base", "ece", "worse_than_trivial"),
    ),
    "confusion": ("horizon", "scope", "tier_actual", "tier", "count"),
    "calibration": (
        *("horizon", "scope", "tier", "low", "high", "count", "hits"),
        *("mean_probability", "observed", "observed_low", "observed_high"),
    ),
    "budget": (
        *("horizon", "scope", "budget", "periods", "places", "count", "hits"),
        *("found", "recall", "recall_base", "recall_possible", "precision"),
        "worse_than_trivial",
    ),
}
"""Columns of each table, in their order."""


def frame_of(table: str, rows: Iterable[Row]) -> pl.DataFrame:
    """Return one table; a column that a row leaves out, NaN and infinity are null."""
    import polars as pl

    names = COLUMNS[table]
    kinds = {
        name: pl.String if name in _TEXT else pl.Int64 if name in _WHOLE else pl.Float64
        for name in names
    }
    listed = [tuple(row.get(name) for name in names) for row in rows]
    frame = pl.DataFrame(listed, schema=kinds, orient="row")
    floats = pl.col(pl.Float64)
    return frame.with_columns(pl.when(floats.is_finite()).then(floats))
