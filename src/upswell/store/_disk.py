"""What files and folders share when they are written: temporary names, syncing, plain errors."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from upswell.errors import OutputError, Place

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FIXES = {
    errno.EROFS: "choose a place that is not read-only",
    errno.EACCES: "choose a place you may write to, or change its permissions",
    errno.EPERM: "choose a place you may write to, or change its permissions",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.ENOTDIR: "a part of the path is a file: choose another path",
    errno.ELOOP: "its links lead in a circle: choose another path",
    errno.EEXIST: "a part of the path is a file: choose another path",
} | dict.fromkeys(_FULL, "free some space or choose another disk; what was there is unchanged")


def output_error(error: OSError, path: Path) -> OutputError:
    """Return the error of the operating system as one of ours, with what to do."""
    reason = os.strerror(error.errno) if error.errno else str(error)
    what = "the disk is full" if error.errno in _FULL else f"it cannot be written: {reason}"
    fix = _FIXES.get(error.errno or 0, "choose another place")
    return OutputError(what, where=Place(str(path)), fix=fix)


@contextlib.contextmanager
def disk_errors(path: Path, *ours: Path) -> Iterator[None]:
    """Turn errors of the operating system into `OutputError`.

    With `ours`, only those about these paths, what lies in them and what they lie in: an error
    about another file, such as an input that vanished while the output was open, passes.
    """
    try:
        yield
    except OSError as error:
        named = isinstance(error.filename, str)
        if named and ours and not any(_touches(Path(error.filename), own) for own in ours):
            raise
        raise output_error(error, path) from error


def _touches(path: Path, own: Path) -> bool:
    return path.is_relative_to(own) or own.is_relative_to(path)


def real_path(path: Path) -> Path:
    """Return a path without links, so that what they point to is replaced and not the link."""
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        what = f"the output cannot be named like this: {error}"
        raise OutputError(what, where=Place(repr(str(path))), fix="choose another name") from error


def temporary_name(path: Path, role: str) -> Path:
    """Return a name beside a path that nobody else uses, hidden from listings."""
    return path.with_name(f".{path.name[:100]}.{role}-{secrets.token_hex(8)}")


def sync_folder(folder: Path) -> None:
    """Ask for the names in a folder to reach the disk; not every file system knows how."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def make_parents(folder: Path) -> list[Path]:
    """Create a folder and its missing parents; return those created, the deepest last."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    created: list[Path] = []
    try:
        for path in reversed(missing):
            created.append(path)
            path.mkdir(exist_ok=True)
    except BaseException:
        remove_empty(created)
        raise
    return created


def remove_empty(folders: list[Path]) -> None:
    """Remove folders that were created in vain, the last first, as long as they are empty."""
    for folder in reversed(folders):
        with contextlib.suppress(OSError):
            folder.rmdir()
