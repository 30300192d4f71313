"""History and paths as Parquet: a column each that people can read, and every bit kept."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel, Tree

if TYPE_CHECKING:
    import polars as pl

__all__ = ["HistoryTable", "history_bytes", "parse_history", "parse_paths", "write_paths"]

# Rows of one group of the file: enough to pack well, few enough for the memory.
ROWS_OF_A_GROUP = 1 << 20


@dataclass(frozen=True)
class HistoryTable:
    """What `history.parquet` says of a panel: all but its ledger and its origin."""

    axis: DayAxis
    items: tuple[str, ...]
    groups: tuple[str, ...] | None
    values: NDArray[np.float64]
    outliers: NDArray[np.bool_] | None


def history_bytes(panel: Panel) -> bytes:
    """Return a panel as Parquet in long form.

    Returns
    -------
    bytes
        Columns ``series, category, date, value, outlier``, ordered by series, then by day, every
        day of every series. `value` is null on a missing day, `category` is null when the panel
        has none, `outlier` is null when nobody looked for any.
    """
    import polars as pl

    count, length = panel.values.shape
    rows = np.repeat(np.arange(count), length)
    names = pl.Series("series", panel.items, dtype=pl.String)
    groups = panel.groups if panel.groups is not None else [None] * count
    outliers = panel.outliers
    frame = pl.DataFrame(
        [
            names.gather(rows),
            pl.Series("category", groups, dtype=pl.String).gather(rows),
            _days(panel.axis, count),
            pl.Series("value", panel.values.ravel()).fill_nan(None),
            pl.Series("outlier", [None] * len(rows), dtype=pl.Boolean)
            if outliers is None
            else pl.Series("outlier", outliers.ravel()),
        ]
    )
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _days(axis: DayAxis, times: int) -> pl.Series:
    """Return the days of an axis so many times: dates, or integers without a calendar."""
    import polars as pl

    numbers = pl.Series("date", np.tile(axis.numbers().astype(np.int32), times))
    return numbers.cast(pl.Date) if axis.calendar else numbers


def parse_history(data: bytes) -> HistoryTable:
    """Read back what `history_bytes` wrote.

    Raises
    ------
    ValueError
        When the rows are not the days of a panel.
    """
    import polars as pl

    kinds = {"series": pl.String, "category": pl.String, "value": pl.Float64, "outlier": pl.Boolean}
    frame = _parsed(data, ["date", *kinds])
    wrong = [name for name, kind in kinds.items() if frame[name].dtype != kind]
    if wrong or frame["date"].dtype not in (pl.Date, pl.Int32):
        raise ValueError(f"its columns are of other types: {frame.schema}")
    items = frame["series"].unique(maintain_order=True)
    length = frame.height // max(len(items), 1)
    if length == 0 or frame.height != len(items) * length:
        raise ValueError(f"{frame.height} rows are not the days of {len(items)} series")
    shape = (len(items), length)
    days = frame["date"].cast(pl.Int32).to_numpy().reshape(shape)
    axis = DayAxis(int(days[0, 0]), length, calendar=frame["date"].dtype == pl.Date)
    if not (days == axis.numbers()).all() or not frame["series"].gather_every(length).equals(items):
        raise ValueError("its rows are not in the order of series and days")
    groups = frame["category"].gather_every(length).to_list()
    outliers = frame["outlier"]
    return HistoryTable(
        axis=axis,
        items=tuple(items.to_list()),
        groups=None if None in groups else tuple(groups),
        values=_floats(frame["value"]).reshape(shape),
        outliers=None if outliers.has_nulls() else outliers.to_numpy().reshape(shape),
    )


def _parsed(data: bytes, columns: list[str]) -> pl.DataFrame:
    """Read some columns of a Parquet file.

    Raises
    ------
    ValueError
        When they cannot be read.
    """
    import polars as pl

    try:
        return pl.read_parquet(data, columns=columns)
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"a table cannot be read: {error}") from error


def _floats(values: pl.Series) -> NDArray[np.float64]:
    """Return a column as floats, NaN for null."""
    return np.array(values.fill_null(float("nan")).to_numpy(), dtype=np.float64)


def write_paths(
    path: Path, paths: NDArray[np.float64], tree: Tree, axis: DayAxis, *, group: int | None = None
) -> None:
    """Write joint sample paths in long form, group by group, so that little memory is needed.

    Parameters
    ----------
    path
        The file.
    paths
        Shape ``(P, S, H)``.
    tree, axis
        Their series and days.
    group
        Rows of one row group, about; a million by default.

    Notes
    -----
    Columns ``path, series, level, date, value``, ordered by path, series and day. Names take next
    to no room: they are written once, and their order repeats. The figures are kept to the last
    bit, with their bytes in eight streams, so that sign and exponent pack well; the rest of a
    random number does not.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    count, series, days = paths.shape
    step = max((group or ROWS_OF_A_GROUP) // (series * days), 1)
    keys = {"series": _codes(tree.names, days), "level": _codes(tree.levels, days)}
    numbers = np.tile(axis.numbers().astype(np.int32), series)
    day = pa.date32() if axis.calendar else pa.int32()
    text = pa.dictionary(pa.int32(), pa.string())
    kinds = {"path": pa.int32(), "series": text, "level": text, "date": day, "value": pa.float64()}
    options: dict[str, Any] = {
        "compression": "zstd",
        "use_dictionary": ["path", "series", "level", "date"],
        "use_byte_stream_split": ["value"],
        "store_schema": False,
    }
    with pq.ParquetWriter(path, pa.schema(kinds), **options) as writer:
        for first in range(0, count, step):
            part = paths[first : first + step]
            held = len(part)
            columns = {
                "path": pa.array(
                    np.repeat(np.arange(first, first + held, dtype=np.int32), series * days)
                ),
                **{
                    name: pa.DictionaryArray.from_arrays(np.tile(codes, held), words)
                    for name, (codes, words) in keys.items()
                },
                "date": pa.array(np.tile(numbers, held), pa.int32()).cast(day),
                "value": pa.array(np.ascontiguousarray(part).ravel()),
            }
            writer.write_table(pa.table(columns))


def _codes(words: tuple[str, ...], repeat: int) -> tuple[NDArray[np.int32], Any]:
    """Return each word's place among the different ones, so many times, and those."""
    import pyarrow as pa

    place = {word: number for number, word in enumerate(dict.fromkeys(words))}
    codes = np.array([place[word] for word in words], dtype=np.int32)
    return np.repeat(codes, repeat), pa.array(list(place), pa.string())


def parse_paths(data: bytes, shape: tuple[int, int, int]) -> NDArray[np.float64]:
    """Read the figures that `write_paths` wrote, shape ``(P, S, H)``.

    Raises
    ------
    ValueError
        When there are more or fewer.
    """
    return _floats(_parsed(data, ["value"])["value"]).reshape(shape)
