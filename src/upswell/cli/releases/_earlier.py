"""What earlier commands wrote, read back for the page of the week: an audit, a review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from upswell.errors import Place, SourceError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["audit_in", "review_in"]

_MOST_BYTES = 50_000_000
_AUDIT = {
    **dict.fromkeys(("title", "kind", "measure", "verdict"), str),
    **dict.fromkeys(("gain", "low", "high"), float),
}
_REVIEW = {
    **dict.fromkeys(("release", "status", "model", "person", "by", "note"), str),
    **dict.fromkeys(("without_promotion", "model_profit", "person_profit"), float),
}


def audit_in(folder: Path) -> pl.DataFrame:
    """Return the findings of an audit that was written to a folder.

    Parameters
    ----------
    folder
        With the ``audit.json`` of ``upswell releases audit``.

    Returns
    -------
    polars.DataFrame
        ``title, kind, measure, verdict, gain, low, high``, and ``unit``, in which cost is counted.

    Raises
    ------
    SourceError
        When there is none, or it cannot be read.
    """
    import polars as pl

    path, command = folder / "audit.json", "upswell releases audit"
    try:
        record = json.loads(_text(path, command))
        rows = [{name: row[name] for name in _AUDIT} for row in record["findings"]]
        unit = record["cost"]["unit"]
        fit = isinstance(unit, str) and all(
            _fits(row[name], kind) for row in rows for name, kind in _AUDIT.items()
        )
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, command) from error
    if not fit:
        raise _damaged(path, command)
    schema = {name: pl.String if kind is str else pl.Float64 for name, kind in _AUDIT.items()}
    return pl.DataFrame(rows, schema=schema).with_columns(unit=pl.lit(unit))


def review_in(folder: Path) -> pl.DataFrame:
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

    path, command = folder / "review.csv", "upswell releases review"
    data = _text(path, command).encode()
    try:
        read = pl.read_csv(data, infer_schema=False)
        read = read.select(
            pl.col(name).cast(pl.Float64 if kind is float else pl.String)
            for name, kind in _REVIEW.items()
        )
    except pl.exceptions.PolarsError as error:
        raise _damaged(path, command) from error
    judged = read.filter(pl.col("status") == "judged").with_row_index("place")
    shared = ("place", "release", pl.col("without_promotion").alias("outcome"))
    lines = [
        judged.drop_nulls(one).select(
            *shared,
            who=pl.col("by").fill_null(one) if one == "person" else pl.lit(one),
            decision=one,
            note=pl.col("note").fill_null("") if one == "person" else pl.lit(""),
            profit=f"{one}_profit",
        )
        for one in ("model", "person")
    ]
    return pl.concat(lines).sort("place", maintain_order=True).drop("place")


def _text(path: Path, command: str) -> str:
    """Return the text of a file that a command wrote."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _damaged(path, command)
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise _damaged(path, command) from error
    except OSError as error:
        raise SourceError(
            f"the folder holds no {path.name} that can be read",
            where=Place(str(path.parent)),
            fix=f"give the folder that {command} wrote to",
        ) from error


def _fits(value: object, kind: type) -> bool:
    """Say whether a value is a text, or a number or null."""
    if kind is str:
        return isinstance(value, str)
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _damaged(path: Path, command: str) -> SourceError:
    return SourceError(
        f"{path.name} is not as {command} writes it",
        where=Place(str(path)),
        fix=f"run {command} again, and give the folder that it writes",
    )
