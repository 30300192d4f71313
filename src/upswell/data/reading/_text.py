"""Delimited text: find the delimiter and the header, and read the columns as text."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

import polars as pl

from upswell.data.reading._header import check_header
from upswell.data.reading._structure import scan
from upswell.data.reading._table import Table
from upswell.errors import Place, SourceError

__all__ = ["read_delimited"]

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(rb"[sS][eE][pP]=([,;\t|])\r?\n")
_SAMPLE_BYTES = 1 << 17
_SAMPLE_RECORDS = 100


def read_delimited(data: bytes, name: str, sha256: str) -> Table:
    """Read CSV, TSV and their kin.

    Parameters
    ----------
    data
        UTF-8 text.
    name, sha256
        The name of the file, for errors, and the hash of its original bytes.

    Returns
    -------
    Table
        All cells are text; columns are parsed when they are asked for.

    Raises
    ------
    SourceError
        When there is only one column, a record has too many or too few fields, or quotes are
        not closed.
    ColumnError
        When the header is missing or has a name twice.
    """
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    body = data.lstrip(b"\r\n")
    skipped = data[: len(data) - len(body)].count(b"\n")
    if not body or body.isspace():
        raise SourceError("the file is empty", where=Place(name), fix="export it again")
    delimiter = _find_delimiter(body)
    if named := _SEPARATOR_LINE.match(body):
        # Excel's own way to name the delimiter, in a line above the header.
        delimiter, body, skipped = named[1].decode(), body[named.end() :], skipped + 1
    header = check_header(_first_record(body, delimiter, name), name, row=1 + skipped)
    if len(header) == 1:
        raise SourceError(
            f'only one column was found, "{header[0][:60]}"',
            where=Place(name),
            fix="separate the columns by a comma, a semicolon, a tab or |",
        )
    structure = scan(body, delimiter, len(header))
    slow = partial(_read_slowly, body, delimiter, header, name=name, sha256=sha256, skipped=skipped)
    if not structure.regular:
        return slow()
    rows = structure.records - 1
    load = _fast_loader(body, delimiter, len(header), rows, slow)
    lines = None if structure.lines is None else pl.Series(structure.lines[1:]) + skipped
    return Table(name, sha256, header, rows, load, skipped + 2, lines)


def _fast_loader(
    data: bytes, delimiter: str, width: int, rows: int, slow: Callable[[], Table]
) -> Callable[[Sequence[int]], pl.DataFrame]:
    """Return a loader that parses only the columns asked for, each time from the same bytes."""
    schema = {str(index): pl.String for index in range(width)}

    def load(positions: Sequence[int]) -> pl.DataFrame:
        try:
            frame = pl.read_csv(
                data,
                has_header=False,
                skip_rows=1,
                separator=delimiter,
                columns=sorted(positions),
                schema=schema,
            )
        except pl.exceptions.PolarsError:
            return slow().load(positions)
        if frame.height != rows:
            # The parser saw other records than the scan did; the slow reader settles it.
            return slow().load(positions)
        return frame.select(str(position) for position in positions)

    return load


def _find_delimiter(data: bytes) -> str:
    """Choose the delimiter that gives the most records as many fields as the header has."""
    sample = data[:_SAMPLE_BYTES].decode("utf-8", "ignore")
    best, choice = (0.0, 0), DELIMITERS[0]
    for delimiter in DELIMITERS:
        counts = [len(record) for record in _lenient_records(sample, delimiter) if record]
        if not counts or counts[0] < 2:
            continue
        score = (counts.count(counts[0]) / len(counts), counts[0])
        if score > best:
            best, choice = score, delimiter
    return choice


def _lenient_records(text: str, delimiter: str) -> list[list[str]]:
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        return list(islice(reader, _SAMPLE_RECORDS))
    except csv.Error:
        return [line.split(delimiter) for line in text.splitlines()[:_SAMPLE_RECORDS]]


def _first_record(data: bytes, delimiter: str, name: str) -> list[str]:
    size = _SAMPLE_BYTES
    while True:
        text = data[:size].decode("utf-8", "ignore")
        try:
            reader = csv.reader(
                io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True
            )
            record = next(reader)
        except csv.Error as error:
            raise SourceError(
                f"the header cannot be read: {error}",
                where=Place(name, row=1),
                fix="check the quotes in the header",
            ) from error
        if size >= len(data) or reader.line_num < text.count("\n"):
            return record
        size *= 4


def _read_slowly(
    data: bytes, delimiter: str, header: tuple[str, ...], *, name: str, sha256: str, skipped: int
) -> Table:
    """Read record by record: for irregular quotes, and to find the row that is wrong."""
    text = io.StringIO(data.decode("utf-8"), newline="")
    width = len(header)
    rows: list[list[str | None]] = []
    lines: list[int] = []
    for line, record in _strict_records(text, delimiter, name, skipped):
        if record and len(record) != width:
            few = "few" if len(record) < width else "many"
            raise SourceError(
                f"the row has {len(record)} fields and the header {width}: too {few}",
                where=Place(name, row=line),
                fix="correct that row; quote a field that holds the delimiter or a line break",
            )
        rows.append([cell or None for cell in record] or [None] * width)
        lines.append(line)
    rows, lines = rows[1:], lines[1:]
    schema = {str(index): pl.String for index in range(width)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")

    def load(positions: Sequence[int]) -> pl.DataFrame:
        return frame.select(str(position) for position in positions)

    return Table(
        name, sha256, header, len(rows), load, skipped + 2, pl.Series(lines, dtype=pl.UInt32)
    )


def _strict_records(
    text: io.StringIO, delimiter: str, name: str, skipped: int
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, delimiter=delimiter, skipinitialspace=True, strict=True)
    line = 1
    try:
        for record in reader:
            yield line + skipped, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise SourceError(
            f"the quotes in a row do not match: {error}",
            where=Place(name, row=line + skipped),
            fix='put quotes only around whole fields, and write a quote within as ""',
        ) from error
