"""Past scores beside what came of the releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.watching.reference import RATIO, TOTAL

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PAST_COLUMNS", "line_of", "past_scores", "promise_kept"]

PAST_COLUMNS = (
    *("release", "release_date", "horizon", "status", "q05", "q10", "q50", "q90", "q95"),
    *("actual", "inside_80", "inside_90", "log_error", "neighbour", "neighbour_log_error"),
)
"""Columns of past scores: what was said, what came, whether the ranges held it, ``log((1 + actual)
/ (1 + median))``, and the same of the trivial neighbour."""


def promise_kept(predictions: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return how the final test went, to travel with the bundle.

    Parameters
    ----------
    predictions
        Of the final test, as `upswell.releases.evaluation.predict_fold` gives them.

    Returns
    -------
    dict
        ``promise``: of complete windows at the longest horizon ``release_date, inside_80,
        inside_90, log_error``.
    """
    import polars as pl

    last = predictions.filter("complete", horizon=predictions["horizon"].max())
    judged = _judged(last.drop_nulls("actual").filter(pl.col("actual").is_finite()))
    return {"promise": judged.select("release_date", "inside_80", "inside_90", "log_error")}


def past_scores(
    scores: pl.DataFrame,
    outcomes: pl.DataFrame,
    table: FeatureTable,
    base: str,
    line: tuple[float, float] | None,
) -> pl.DataFrame:
    """Return scores of complete windows at the longest horizon whose outcome is known.

    Parameters
    ----------
    scores
        Rows of ``scores.csv``.
    outcomes
        With the columns of `upswell.releases.frames.OUTCOME_COLUMNS`.
    table
        The same releases: dates and window totals.
    base
        The base metric.
    line
        Intercept and slope of the trivial neighbour, at the longest horizon; None for none.

    Returns
    -------
    polars.DataFrame
        Columns `PAST_COLUMNS`, ordered by date and release.
    """
    import polars as pl

    total = np.log1p(np.maximum(table.window_total(base), 0.0))
    guess = np.full(len(table), np.nan) if line is None else line[0] + line[1] * total
    said = table.keys.select("release", "release_date").with_columns(
        neighbour=pl.Series(np.expm1(np.clip(guess, 0.0, 40.0)))
    )
    known = outcomes.select("release", "horizon", actual=pl.col("streams").cast(pl.Float64))
    rows = (
        scores.filter(pl.col("status") == "ok", pl.col("horizon") == scores["horizon"].max())
        .join(said, on="release", how="inner")
        .join(known, on=["release", "horizon"], how="inner")
        .sort("release_date", "release")
    )
    error = (pl.col("actual").log1p() - pl.col("neighbour").log1p()).alias("neighbour_log_error")
    return _judged(rows).with_columns(error).select(PAST_COLUMNS)


def line_of(reference: pl.DataFrame | None) -> tuple[float, float] | None:
    """Return the log-linear neighbour of the reference: intercept and slope by least squares."""
    if reference is None or reference.height < 2:
        return None
    total = reference[TOTAL].cast(float).to_numpy()
    outcome = total + reference[RATIO].cast(float).to_numpy()
    away = total - total.mean()
    spread = float(np.square(away).sum())
    slope = float((away * outcome).sum() / spread) if spread > 1e-12 else 0.0
    return float(outcome.mean() - slope * total.mean()), slope


def _judged(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    actual = pl.col("actual")
    return rows.with_columns(
        actual.is_between("q10", "q90").alias("inside_80"),
        actual.is_between("q05", "q95").alias("inside_90"),
        (actual.log1p() - pl.col("q50").log1p()).alias("log_error"),
    )


def values_of(frame: pl.DataFrame, name: str) -> NDArray[np.float64]:
    """Return a column as floats."""
    return np.asarray(frame[name].cast(float).to_numpy(), dtype=np.float64)
