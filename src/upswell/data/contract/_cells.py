"""Cells that cannot be counts: empty, not a number, infinite, negative, or below their likes."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from upswell.data.contract._findings import RowFinding
from upswell.data.ledger import Action

__all__ = ["clean_cells"]


def clean_cells(
    frame: pl.DataFrame, *, counters: bool
) -> tuple[NDArray[np.float64], list[RowFinding]]:
    """Mark what cannot be a count as missing.

    Parameters
    ----------
    frame
        Rows of the observations, with ``value`` and ``likes``.
    counters
        Whether the values are running totals; one below zero is then a glitch of the counter.

    Returns
    -------
    tuple
        The values, shape ``(rows,)``, NaN where missing, and the findings.
    """
    values = frame["value"].cast(pl.Float64).to_numpy(writable=True)
    likes = frame["likes"].cast(pl.Float64).to_numpy()
    empty = frame["value"].is_null().to_numpy()
    nan = np.isnan(values) & ~empty
    infinite = np.isinf(values)
    negative = (values < 0) & ~infinite
    exceeded = (likes > values) & ~negative & ~infinite
    values[infinite | negative] = np.nan
    values += 0.0  # a negative zero becomes zero, so that equal counts have equal bits
    glitch = "counter-glitch" if counters else "negative"
    below = "a counter below zero" if counters else "a count below zero"
    missing = Action.MARKED_MISSING
    findings = [
        _finding(
            "likes-exceed-value",
            Action.FLAGGED,
            "more likes than views, which cannot be: the columns may be swapped or mislabelled",
            exceeded,
        ),
        _finding("empty-cell", Action.FLAGGED, "the cell was empty", empty),
        _finding("not-a-number", missing, "the cell held NaN", nan),
        _finding("infinite", missing, "an infinite count", infinite),
        _finding(glitch, missing, below, negative),
    ]
    return values, findings


def _finding(code: str, action: Action, reason: str, mask: NDArray[np.bool_]) -> RowFinding:
    return RowFinding(code, action, reason, np.flatnonzero(mask))
