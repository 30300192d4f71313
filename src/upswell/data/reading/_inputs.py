"""From what the reader named (paths, globs, folders) to files and their bytes."""

from __future__ import annotations

import datetime as dt
import glob
import hashlib
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from upswell.data.ledger import Action, Repair
from upswell.errors import Place, SourceError

__all__ = ["FileInput", "dates_in_name", "expand", "read_bytes"]

DATA_EXTENSIONS = frozenset(
    {".csv", ".tsv", ".tab", ".txt", ".parquet", ".pq", ".jsonl", ".ndjson", ".json", ".xlsx"}
)
PACKED_EXTENSIONS = frozenset({".gz", ".zst", ".zstd"})
_NAME_DATE = re.compile(r"(?<!\d)(\d{4})([-_. ]?)(\d{2})\2(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class FileInput:
    """A file to read.

    Parameters
    ----------
    name
        The path as given, or the folder as given with the file's name.
    path
        Where it is.
    """

    name: str
    path: Path


def expand(entries: Iterable[str | Path]) -> tuple[list[FileInput], list[Repair]]:
    """Expand paths, globs and folders to files, each once, in a fixed order.

    Parameters
    ----------
    entries
        Paths of files or folders, or glob patterns.

    Returns
    -------
    tuple of list
        The files, and a line for the ledger for each kind of thing left out.

    Raises
    ------
    SourceError
        When a path does not exist, a pattern matches nothing, or a folder has no data files or
        cannot be listed.
    """
    found: list[FileInput] = []
    skipped: list[str] = []
    for entry in entries:
        for path in _matches(str(entry)):
            if path.is_dir():
                inside, left = _list_folder(path)
                found += inside
                skipped += left
            else:
                found.append(FileInput(str(path), path))
    unique = {os.path.realpath(file.path): file for file in reversed(found)}
    kept = [file for file in found if unique[os.path.realpath(file.path)] is file]
    repairs = []
    if skipped:
        reason = "hidden files, folders and files of other kinds in a folder were not read"
        repairs.append(
            Repair("skipped-file", Action.DROPPED, reason, len(skipped), place=skipped[0])
        )
    if len(kept) < len(found):
        twice = next(file for file in found if file not in kept)
        reason = "files that were named more than once were read once"
        count = len(found) - len(kept)
        repairs.append(Repair("repeated-file", Action.DROPPED, reason, count, place=twice.name))
    return kept, repairs


def _matches(entry: str) -> list[Path]:
    path = Path(entry).expanduser()
    try:
        # A path that exists is meant as such, even when its name has brackets.
        path.stat()
    except PermissionError as error:
        raise SourceError(
            f"{entry} cannot be read: permission denied",
            fix="ask for the right to read it, or copy it elsewhere",
        ) from error
    except (OSError, ValueError):
        pass
    else:
        return [path]
    if glob.has_magic(entry):
        # Path.glob takes no absolute patterns.
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207
        if matches:
            return [Path(match) for match in matches]
        raise SourceError(f"no file matches {entry}", fix="check the pattern and the folder")
    raise SourceError(f"{entry} does not exist", fix="check the path")


def _list_folder(folder: Path) -> tuple[list[FileInput], list[str]]:
    try:
        paths = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        raise SourceError(
            f"the folder {folder} cannot be listed: {error.strerror}",
            fix="ask for the right to read it, or copy it elsewhere",
        ) from error
    files, skipped = [], []
    for path in paths:
        if _is_data(path):
            files.append(FileInput(str(path), path))
        else:
            skipped.append(str(path))
    if not files:
        kinds = ", ".join(sorted(DATA_EXTENSIONS))
        raise SourceError(
            f"the folder {folder} has no data files; {len(skipped)} other entries were skipped",
            fix=f"name a folder with files that end in one of {kinds} (or these with .gz or .zst)",
        )
    return files, skipped


def _is_data(path: Path) -> bool:
    if path.name.startswith((".", "~$")) or path.is_dir():
        return False
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    if not suffixes:
        return False
    if suffixes[-1] in PACKED_EXTENSIONS:
        return len(suffixes) == 1 or suffixes[-2] in DATA_EXTENSIONS
    return suffixes[-1] in DATA_EXTENSIONS


def read_bytes(file: FileInput) -> tuple[bytes, str]:
    """Read a file whole, and hash the very bytes that will be parsed.

    Parameters
    ----------
    file
        The file.

    Returns
    -------
    tuple
        The bytes and their SHA-256 in hexadecimal.

    Raises
    ------
    SourceError
        When the file cannot be read, is empty, or changed while it was read.
    """
    where = Place(file.name)
    try:
        before = file.path.stat()
        data = _read_all(file.path)
        after = file.path.stat()
    except OSError as error:
        raise SourceError(
            f"the file cannot be read: {error.strerror}", where=where, fix="check its permissions"
        ) from error
    if stat.S_ISREG(before.st_mode):
        state = [(s.st_size, s.st_mtime_ns, s.st_ino) for s in (before, after)]
        if state[0] != state[1] or len(data) != after.st_size:
            raise SourceError(
                "the file changed while it was read",
                where=where,
                fix="wait until nothing writes to it, and run again",
            )
    if not data:
        raise SourceError("the file is empty", where=where, fix="export it again")
    return data, hashlib.sha256(data).hexdigest()


def _read_all(path: Path) -> bytes:
    return path.read_bytes()


def dates_in_name(name: str) -> tuple[dt.date, ...]:
    """Find the dates that a file's name holds, year first.

    Parameters
    ----------
    name
        A path; only its last part is looked at.

    Returns
    -------
    tuple of datetime.date
        The different dates, in the order of appearance.

    Examples
    --------
    >>> dates_in_name("in/STREAMS_2024_01_03.csv")
    (datetime.date(2024, 1, 3),)
    >>> dates_in_name("views-20240103.csv.gz"), dates_in_name("views.csv")
    ((datetime.date(2024, 1, 3),), ())
    """
    dates: dict[dt.date, None] = {}
    for year, _, month, day in _NAME_DATE.findall(Path(name).name):
        try:
            date = dt.date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1900 <= date.year <= 2200:
            dates[date] = None
    return tuple(dates)
