"""Data frames of other libraries to tables."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence
from typing import Any

import polars as pl

from upswell.data.reading._table import Table
from upswell.errors import ColumnError, SourceError

__all__ = ["FRAME", "is_frame", "read_frame", "series_of_objects", "table_of_frame"]

FRAME = "<frame>"


def is_frame(source: object) -> bool:
    """Tell whether something is a data frame that can be read."""
    return (
        isinstance(source, pl.DataFrame | pl.LazyFrame)
        or _is_pandas(source)
        or hasattr(source, "__arrow_c_stream__")
    )


def _is_pandas(source: object) -> bool:
    # By name, so that pandas is not imported for those who do not use it.
    kind = type(source)
    return kind.__module__.split(".")[0] == "pandas" and kind.__name__ == "DataFrame"


def read_frame(source: Any, name: str = FRAME) -> Table:
    """Read a data frame of pandas, Polars, or anything with the Arrow C stream interface.

    Parameters
    ----------
    source
        The frame. Of a pandas frame, named levels of the index count as columns, and so does an
        index of dates.
    name
        What to call it in errors.

    Raises
    ------
    SourceError
        When it cannot be read.
    ColumnError
        When two columns have the same name.

    Examples
    --------
    >>> import polars as pl
    >>> read_frame(pl.DataFrame({"day": [1, 2], "views": [5, 7]})).rows
    2
    """
    try:
        if isinstance(source, pl.LazyFrame):
            frame = source.collect()
        elif isinstance(source, pl.DataFrame):
            frame = source
        elif _is_pandas(source):
            frame = _from_pandas(source)
        else:
            frame = pl.DataFrame(source)
    except pl.exceptions.DuplicateError as error:
        raise ColumnError(
            f"the frame has two columns of one name: {str(error).splitlines()[0]}",
            fix="give each column a name of its own",
        ) from error
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise SourceError(
            f"the frame cannot be read: {str(error)[:200]}",
            fix="give a pandas, Polars or Arrow frame with plain columns",
        ) from error
    table = table_of_frame(frame, name, "", file=False)
    return Table(name, _hash(frame), table.header, table.rows, table.load, 1, file=False)


def table_of_frame(
    frame: pl.DataFrame,
    name: str,
    sha256: str,
    *,
    lines: pl.Series | None = None,
    file: bool = True,
) -> Table:
    """Wrap a Polars frame; categories become text, and so do bytes and nested values."""
    header = tuple(frame.columns)

    def load(positions: Sequence[int]) -> pl.DataFrame:
        columns = [_plain(frame.to_series(position)) for position in positions]
        named = zip(columns, positions, strict=True)
        return pl.DataFrame([column.alias(str(position)) for column, position in named])

    return Table(name, sha256, header, frame.height, load, 1, lines, file)


def _plain(column: pl.Series) -> pl.Series:
    kind = column.dtype
    if kind.is_nested() or kind == pl.Object:
        return series_of_objects(column.name, column.to_list())
    if kind == pl.Binary:
        return column.cast(pl.String, strict=False)
    if isinstance(kind, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    return column


def series_of_objects(name: str, values: Sequence[Any]) -> pl.Series:
    """Make a column of Python objects: typed when all are of one type, else text."""
    values = [None if _is_missing(value) else value for value in values]
    kinds = {type(value) for value in values if value is not None}
    if kinds and not any(issubclass(kind, list | dict | tuple) for kind in kinds):
        try:
            return pl.Series(name, values, strict=True)
        except (pl.exceptions.PolarsError, TypeError, ValueError, OverflowError):
            pass
    texts = [None if value is None else str(value) for value in values]
    return pl.Series(name, texts, dtype=pl.String)


def _is_missing(value: Any) -> bool:
    # Not-a-number, not-a-time and their kin differ from themselves; pandas.NA has no truth value.
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value  # noqa: PLR0124


def _from_pandas(source: Any) -> pl.DataFrame:
    frame = source
    levels = [level for level in frame.index.names if level is not None]
    unnamed_dates = not levels and type(frame.index).__name__ == "DatetimeIndex"
    if unnamed_dates:
        frame = frame.rename_axis(index="index")
        levels = ["index"]
    if levels:
        twice = [level for level in levels if level in frame.columns]
        frame = frame.reset_index(level=[level for level in levels if level not in twice])
    titles = [str(title) for title in frame.columns]
    doubled = next((title for title in titles if titles.count(title) > 1), None)
    if doubled is not None:
        raise ColumnError(
            f'the frame has "{doubled}" more than once', fix="give each column a name of its own"
        )
    return pl.DataFrame(
        [_pandas_column(title, frame.iloc[:, index]) for index, title in enumerate(titles)]
    )


def _pandas_column(title: str, column: Any) -> pl.Series:
    try:
        return pl.Series(title, pl.from_pandas(column))
    except (pl.exceptions.PolarsError, ImportError, TypeError, ValueError):
        # Objects of several types, which Arrow has no type for.
        return series_of_objects(title, column.tolist())


def _hash(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of the content as an Arrow file, the same for any chunks in memory."""
    plain = pl.DataFrame([_plain(column) for column in frame.get_columns()])
    buffer = io.BytesIO()
    plain.rechunk().write_ipc(
        buffer, compression="uncompressed", compat_level=pl.CompatLevel.oldest()
    )
    return hashlib.sha256(buffer.getbuffer()).hexdigest()
