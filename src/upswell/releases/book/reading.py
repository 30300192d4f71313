"""The decisions that a review has judged, read back from its table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from upswell.releases._written import damaged, written_text

if TYPE_CHECKING:
    import polars as pl

__all__ = ["read_review"]

_COMMAND = "upswell releases review"
_COLUMNS = {
    **dict.fromkeys(("release", "status", "model", "person", "by", "note"), str),
    **dict.fromkeys(("without_promotion", "model_profit", "person_profit"), float),
}


def read_review(folder: str | os.PathLike[str]) -> pl.DataFrame:
    """Return the decisions that a review has judged, a row for each.

    Parameters
    ----------
    folder
        With the ``review.csv`` of ``upswell releases review``.

    Returns
    -------
    polars.DataFrame
        ``release, who, decision, note, outcome, profit``.

    Raises
    ------
    SourceError
        When there is none, or it cannot be read.
    """
    import polars as pl

    path = Path(folder) / "review.csv"
    data = written_text(path, _COMMAND).encode()
    try:
        read = pl.read_csv(data, infer_schema=False)
        read = read.select(
            pl.col(name).cast(pl.Float64 if kind is float else pl.String)
            for name, kind in _COLUMNS.items()
        )
    except pl.exceptions.PolarsError as error:
        raise damaged(path, _COMMAND) from error
    judged = read.filter(pl.col("status") == "judged").with_row_index("place")
    lines = [_decided_by(judged, who) for who in ("model", "person")]
    return pl.concat(lines).sort("place", maintain_order=True).drop("place")


def _decided_by(judged: pl.DataFrame, who: str) -> pl.DataFrame:
    """Return the lines of the model, or of people under the names that they gave."""
    import polars as pl

    named = who == "person"
    return judged.drop_nulls(who).select(
        *("place", "release"),
        pl.col("without_promotion").alias("outcome"),
        who=pl.col("by").fill_null(who) if named else pl.lit(who),
        decision=who,
        note=pl.col("note").fill_null("") if named else pl.lit(""),
        profit=f"{who}_profit",
    )
