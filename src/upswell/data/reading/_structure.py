"""The structure of delimited text: how many records and fields, and on which line each begins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Structure", "scan"]

_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Structure:
    """What a scan of delimited text found.

    Parameters
    ----------
    records
        Number of records, the header and empty lines included.
    regular
        Whether every record has the number of fields asked for (or is empty) and quotes stand
        only around whole fields. The scan is strict: text that is not regular may still be valid.
    lines
        The line on which each record begins, shape ``(records,)``, the first line being 1; None
        when each record is one line.
    """

    records: int
    regular: bool
    lines: NDArray[np.uint32] | None


def scan(data: bytes, delimiter: str, fields: int) -> Structure:
    r"""Count records and fields with array operations, by pieces of about a megabyte.

    Parameters
    ----------
    data
        UTF-8 text whose lines end with a line feed, perhaps after a carriage return.
    delimiter
        One ASCII character.
    fields
        How many fields each record should have.

    Examples
    --------
    >>> scan(b'a,b\n1,"x\ny"\n2,z\n', ",", 2)
    Structure(records=3, regular=True, lines=array([1, 2, 4], dtype=uint32))
    >>> scan(b'a,b\n1,2,3\n', ",", 2).regular
    False
    """
    buffer = np.frombuffer(data, dtype=np.uint8)
    quoted = data.find(b'"') >= 0
    separator = ord(delimiter)
    regular, records, line, position, size = True, 0, 1, 0, _CHUNK
    begins: list[NDArray[np.uint32]] = []
    while position < len(data):
        piece = buffer[position : position + size]
        last = position + size >= len(data)
        newlines = np.flatnonzero(piece == _NEWLINE)
        ends, separators = newlines, np.flatnonzero(piece == separator)
        if quoted:
            within = _within_quotes(piece)
            ends, separators = ends[~within[ends]], separators[~within[separators]]
            if last and within[-1] and piece[-1] != _QUOTE:
                return Structure(records, regular=False, lines=None)
        if last and (len(ends) == 0 or ends[-1] != len(piece) - 1):
            ends = np.append(ends, len(piece))
        if len(ends) == 0:
            size *= 2
            continue
        cut = min(int(ends[-1]) + 1, len(piece))
        piece, separators = piece[:cut], separators[separators < cut]
        if quoted:
            regular &= _quotes_are_sound(piece, within[:cut], separator)
            starts = np.append(0, ends[:-1] + 1)
            begins.append((line + np.searchsorted(newlines, starts)).astype(np.uint32))
            line += int(np.searchsorted(newlines, cut))
        regular &= _fields_agree(piece, ends, separators, fields)
        records += len(ends)
        position += cut
        size = _CHUNK
    lines = np.concatenate(begins) if begins else None
    one_line_each = lines is None or int(lines[-1]) == records
    return Structure(records, regular, None if one_line_each else lines)


def _within_quotes(piece: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mark the bytes from an opening quote to just before its closing one; shape of `piece`."""
    return np.bitwise_xor.accumulate(piece == _QUOTE).astype(np.bool_)


def _quotes_are_sound(piece: NDArray[np.uint8], within: NDArray[np.bool_], separator: int) -> bool:
    """Tell whether quotes open after a delimiter and close before one; doubled ones pass."""
    quotes = np.flatnonzero(piece == _QUOTE)
    opening, closing = quotes[within[quotes]], quotes[~within[quotes]]
    before = piece[np.maximum(opening - 1, 0)]
    after = piece[np.minimum(closing + 1, len(piece) - 1)]
    edges = np.array([separator, _NEWLINE, _QUOTE], dtype=np.uint8)
    opens = np.isin(before, edges) | (opening == 0)
    closes = np.isin(after, np.append(edges, np.uint8(_RETURN))) | (closing == len(piece) - 1)
    return bool(opens.all() and closes.all())


def _fields_agree(
    piece: NDArray[np.uint8], ends: NDArray[np.int64], separators: NDArray[np.int64], fields: int
) -> bool:
    """Tell whether each record has the right number of fields or is an empty line."""
    counts = np.diff(np.searchsorted(separators, ends), prepend=0)
    wrong = np.flatnonzero(counts != fields - 1)
    if len(wrong) == 0:
        return True
    starts = np.append(0, ends[:-1] + 1)[wrong]
    lengths = ends[wrong] - starts
    blank = (lengths == 0) | (
        (lengths == 1) & (piece[np.minimum(starts, len(piece) - 1)] == _RETURN)
    )
    return bool(blank.all())
