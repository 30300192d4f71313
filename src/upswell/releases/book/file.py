"""The decision book as a file: read whole, and written by adding entries behind those there."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from upswell.errors import Place, SourceError
from upswell.releases.book.entries import Entry, entry_of, line_of
from upswell.releases.book.standing import Book, Standing
from upswell.store import sole_writer, write_bytes

__all__ = ["Added", "add_entries", "check_book", "read_book"]

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Added:
    """What became of entries that were to be written down.

    Parameters
    ----------
    book
        The book, with them in it.
    added
        Those that were new.
    repeated
        How many stood there already.
    """

    book: Book
    added: tuple[Entry, ...]
    repeated: int


def read_book(path: str | os.PathLike[str]) -> Book:
    """Read a decision book.

    Parameters
    ----------
    path
        The file: JSON lines in UTF-8.

    Raises
    ------
    SourceError
        When it cannot be read, or a line of it is damaged; the line is named.
    """
    return _parsed(_bytes_of(Path(path)), Path(path))


def check_book(path: str | os.PathLike[str] | None) -> None:
    """Raise when a book is there that cannot be read; worth calling before a long computation.

    Raises
    ------
    SourceError
        As of `read_book`.
    """
    if path is not None and os.path.lexists(path):
        read_book(path)


def add_entries(path: str | os.PathLike[str], entries: Iterable[Entry]) -> Added:
    """Write entries into a decision book, all of them or none.

    What stands in the book stays as it is, byte for byte. An entry that would change nothing,
    since the same stands there and counts, is not written again. Several writers wait for each
    other.

    Parameters
    ----------
    path
        The file; created where it is missing.
    entries
        In the order in which they are to stand.

    Raises
    ------
    SourceError
        When a line of the book is damaged; nothing is written then.
    OutputError
        When the place cannot be written to.

    Examples
    --------
    >>> import datetime as dt, tempfile
    >>> from upswell.releases.book.entries import PersonEntry
    >>> path = Path(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> entry = PersonEntry(release="a", on=dt.date(2026, 3, 6), decision="hold", note="too long")
    >>> len(add_entries(path, [entry]).added), add_entries(path, [entry]).repeated
    (1, 1)
    """
    place = Path(path)
    with sole_writer(place):
        data = _bytes_of(place) if os.path.lexists(place) else b""
        book = _parsed(data, place)
        standing = Standing(book.entries)
        added: list[Entry] = []
        repeated = 0
        for entry in entries:
            if standing.holds(entry):
                repeated += 1
            else:
                added.append(entry)
                standing.take(entry)
        if added:
            gap = b"\n" if data and not data.endswith(b"\n") else b""
            write_bytes(place, b"".join([data, gap, *map(line_of, added)]))
    whole = Book(book.path, (*book.entries, *added))
    return Added(whole, tuple(added), repeated)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            f"the decision book cannot be read: {reason}",
            where=Place(str(path)),
            fix="check the path; upswell releases decide starts a book",
        ) from error


def _parsed(data: bytes, path: Path) -> Book:
    """Return the entries; only line feeds end a line, since a note may hold any other break."""
    entries = []
    for number, line in enumerate(data.removeprefix(_MARK).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            entries.append(entry_of(line))
        except ValueError as error:
            raise SourceError(
                f"a line of the decision book is damaged: {error}",
                where=Place(str(path), row=number),
                fix="correct or delete that line, or get the file from a copy",
            ) from error
    return Book(str(path), tuple(entries))
