"""Files to tables: one loader for each format, found by what the bytes are."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Sequence

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.data.reading._encoding import to_utf8
from upswell.data.reading._frames import series_of_objects, table_of_frame
from upswell.data.reading._header import check_header
from upswell.data.reading._inputs import FileInput, read_bytes
from upswell.data.reading._table import Table
from upswell.data.reading._text import read_delimited
from upswell.errors import Place, SourceError

__all__ = ["read_file"]

_GZIP, _ZSTD, _PARQUET, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PAR1", b"PK\x03\x04"
_AGAIN = "the file is damaged or was cut off: copy or export it again"


def read_file(file: FileInput) -> Table:
    """Read a file in any known format, packed or not.

    Parameters
    ----------
    file
        The file. Its format is told by its bytes, not by its name.

    Raises
    ------
    SourceError
        When the file cannot be read or is damaged, or its format is not known.
    ColumnError
        When its header is missing or has a name twice.
    """
    data, sha256 = read_bytes(file)
    data = _unpack(data, file.name)
    if data.startswith(_PARQUET):
        return _read_parquet(data, file.name, sha256)
    if data.startswith(_ZIP):
        return _read_excel(data, file.name, sha256)
    text, encoding = to_utf8(data, file.name)
    del data
    if text.lstrip()[:1] == b"{":
        table = _read_json_lines(text, file.name, sha256)
    elif text.lstrip()[:2] in (b"[{", b"[\n", b"[\r", b"[ "):
        raise SourceError(
            "the file is a JSON array",
            where=Place(file.name),
            fix="write JSON lines: one object in a line, without brackets around them",
        )
    else:
        table = read_delimited(text, file.name, sha256)
    return _noting_encoding(table, encoding)


def _noting_encoding(table: Table, encoding: str) -> Table:
    if encoding not in ("cp949", "cp1251"):
        return table
    reason = f"the text is not UTF-8 and was read as {encoding.upper()}"
    line = Repair("guessed-encoding", Action.FLAGGED, reason, 1, place=table.name)
    return table.noting(line)


def _unpack(data: bytes, name: str) -> bytes:
    try:
        if data.startswith(_GZIP):
            unpacked = gzip.decompress(data)
        elif data.startswith(_ZSTD):
            unpacked = _unpack_zstd(data)
        else:
            return data
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(
            f"the packed file cannot be unpacked: {error}", where=Place(name), fix=_AGAIN
        ) from error
    if not unpacked:
        raise SourceError("the packed file is empty", where=Place(name), fix="export it again")
    return unpacked


def _unpack_zstd(data: bytes) -> bytes:
    import pyarrow as pa

    with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
        return bytes(stream.read())


def _read_parquet(data: bytes, name: str, sha256: str) -> Table:
    try:
        if not data.endswith(_PARQUET):
            raise ValueError("its end is missing")
        header = tuple(pl.read_parquet_schema(io.BytesIO(data)))
        rows = pl.scan_parquet(io.BytesIO(data)).select(pl.len()).collect().item()
    except (ValueError, OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise SourceError(
            f"the Parquet file cannot be read: {_first_line(error)}", where=Place(name), fix=_AGAIN
        ) from error

    def load(positions: Sequence[int]) -> pl.DataFrame:
        titles = [header[position] for position in positions]
        try:
            frame = pl.read_parquet(io.BytesIO(data), columns=titles)
        except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise SourceError(
                f"the Parquet file cannot be read: {_first_line(error)}",
                where=Place(name),
                fix=_AGAIN,
            ) from error
        return table_of_frame(frame.select(titles), name, sha256).load(range(len(titles)))

    return Table(name, sha256, header, int(rows), load, first_row=1)


def _first_line(error: BaseException) -> str:
    return str(error).split("\n", 1)[0][:200]


def _read_excel(data: bytes, name: str, sha256: str) -> Table:
    import fastexcel

    try:
        sheet = fastexcel.read_excel(data).load_sheet(0, header_row=None, dtypes="string")
        frame = sheet.to_polars()
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError) as error:
        raise SourceError(
            f"the file is no Excel workbook that can be read: {_first_line(error)}",
            where=Place(name),
            fix="save it again as .xlsx, or as CSV; other ZIP archives must be unpacked first",
        ) from error
    if frame.height == 0:
        raise SourceError(
            "the first sheet is empty", where=Place(name), fix="put the data on the first sheet"
        )
    header = check_header([cell or "" for cell in frame.row(0)], name, row=1)
    body = frame.slice(1)
    body.columns = [str(index) for index in range(len(header))]

    def load(positions: Sequence[int]) -> pl.DataFrame:
        return body.select(str(position) for position in positions)

    return Table(name, sha256, header, body.height, load, first_row=2)


def _read_json_lines(data: bytes, name: str, sha256: str) -> Table:
    count = data.count(b"\n") + int(not data.endswith(b"\n"))
    try:
        frame = pl.read_ndjson(io.BytesIO(data), infer_schema_length=None)
        if frame.height == count:
            return table_of_frame(frame, name, sha256)
    except pl.exceptions.PolarsError:
        pass
    # Cells of several types, empty lines or a broken one: slower, and with the number of the line.
    records: list[dict[str, object]] = []
    lines: list[int] = []
    for number, line in enumerate(data.decode().split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise _broken_line(f"the line is no JSON: {error}", name, number) from error
        if not isinstance(record, dict):
            raise _broken_line("the line holds no JSON object", name, number)
        records.append(record)
        lines.append(number)
    titles = dict.fromkeys(key for record in records for key in record)
    frame = pl.DataFrame(
        [series_of_objects(title, [record.get(title) for record in records]) for title in titles]
    )
    return table_of_frame(frame, name, sha256, lines=pl.Series(lines, dtype=pl.UInt32))


def _broken_line(what: str, name: str, number: int) -> SourceError:
    return SourceError(
        what, where=Place(name, row=number), fix="write one whole JSON object in each line"
    )
