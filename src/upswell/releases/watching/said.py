"""What was said at the time: past scores, read back from their files."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.errors import ColumnError, Place, SourceError

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.trained import TrainedReleases

__all__ = ["SAID_COLUMNS", "read_said"]

SAID_COLUMNS = ("release", "horizon", "q05", "q10", "q50", "q90", "q95", "status")
"""Columns that past scores must have."""


def read_said(source: Any, trained: TrainedReleases) -> pl.DataFrame:
    """Read past scores; of a release that was scored several times the first complete one counts.

    Parameters
    ----------
    source
        A folder of a scoring, a file ``scores.csv``, several of these, or a data frame.
    trained
        The bundle, whose horizons and tiers the scores must have.

    Raises
    ------
    SourceError
        When a file is missing, is no CSV, or has a cell that is no number.
    ColumnError
        When a column is missing.
    """
    import polars as pl

    parts = [_checked(frame, name) for frame, name in _frames(source)]
    told = pl.concat(parts)
    last = trained.config.horizons[-1]
    own = told.filter(horizon=last)
    if not own.height:
        raise SourceError(
            f"the past scores have no row of day {last}, the longest horizon of the bundle",
            fix="give scores of a bundle with the same horizons",
        )
    whole = own.with_columns(late=pl.col("status") != "ok")
    return (
        whole.sort("late", maintain_order=True)
        .unique("release", keep="first", maintain_order=True)
        .drop("late")
    )


def _frames(source: Any) -> Iterable[tuple[pl.DataFrame, str]]:
    import polars as pl

    if isinstance(source, pl.DataFrame):
        yield source, "the past scores"
        return
    for each in [source] if isinstance(source, str | os.PathLike) else source:
        path = Path(each)
        file = path / "scores.csv" if path.is_dir() else path
        yield _read(file), str(file)


def _read(file: Path) -> pl.DataFrame:
    import polars as pl

    try:
        frame = pl.read_csv(file.read_bytes(), infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise SourceError(
            "the past scores cannot be read",
            where=Place(str(file)),
            fix="give a folder of a scoring, or its scores.csv",
        ) from error
    # The apostrophe before what a spreadsheet would run is not part of the name.
    if "release" in frame.columns:
        plain = pl.col("release").str.replace(r"^'([\t\r\n]|[\s\x1c-\x1f]*[=+\-@＝＋－＠])", "$1")
        frame = frame.with_columns(plain)
    return frame


def _checked(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    import polars as pl

    missing = [column for column in SAID_COLUMNS if column not in frame.columns]
    if missing:
        raise ColumnError(
            f"the past scores have no column {missing[0]!r}",
            where=Place(name),
            fix="give a folder of a scoring, or its scores.csv",
        )
    texts = ("release", "status")
    kinds = {
        column: pl.String if column in texts else pl.Int64 if column == "horizon" else pl.Float64
        for column in SAID_COLUMNS
    }
    try:
        return frame.select(pl.col(column).cast(kind) for column, kind in kinds.items())
    except pl.exceptions.PolarsError as error:
        raise SourceError(
            "the past scores have a cell that is no number",
            where=Place(name),
            fix="give the file as the scoring wrote it",
        ) from error
