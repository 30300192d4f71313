"""One file, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from upswell.errors import OutputError, Place
from upswell.store._disk import (
    disk_errors,
    make_parents,
    real_path,
    remove_empty,
    sync_folder,
    temporary_name,
)

__all__ = ["write_bytes", "write_whole"]


@contextlib.contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under its name only when all of it is on the disk.

    The bytes go to a temporary file beside it, which is synced and renamed when the block ends.
    When the block or the disk fails, or someone presses Ctrl-C, the temporary file is removed and
    what stood at `path` before stays untouched. Missing parent folders are created, and removed
    again on failure. A link is followed: the file it points to is replaced, and the link stays.

    Parameters
    ----------
    path
        The file to write.

    Yields
    ------
    BinaryIO
        A file open for writing.

    Raises
    ------
    OutputError
        When the path is a folder or a device, or the place is full, read-only or forbidden.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with write_whole(folder / "a.txt") as file:
    ...     _ = file.write(b"all of it")
    >>> (folder / "a.txt").read_bytes()
    b'all of it'
    """
    shown = Path(path)
    target = real_path(shown)
    with disk_errors(shown):
        mode = _mode_to_keep(target, shown)
    temporary = temporary_name(target, "new")
    with disk_errors(shown, target, temporary):
        created: list[Path] = []
        try:
            created = make_parents(target.parent)
            with temporary.open("xb") as handle:
                yield handle
                handle.flush()
                os.fsync(handle.fileno())
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            remove_empty(created)
            raise
        sync_folder(target.parent)


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write some bytes as one file, whole or not at all; see `write_whole`."""
    with write_whole(path) as handle:
        handle.write(data)


def _mode_to_keep(target: Path, shown: Path) -> int | None:
    """Return the permissions of the file to be replaced; raise when it is no plain file."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(mode):
        raise OutputError(
            "the output is a folder, not a file", where=Place(str(shown)), fix="add a file name"
        )
    if not stat.S_ISREG(mode):
        # Renaming over a device or pipe would delete it.
        raise OutputError(
            "the output is a device or pipe, not a file",
            where=Place(str(shown)),
            fix="choose the name of a plain file",
        )
    return stat.S_IMODE(mode)
