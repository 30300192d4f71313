"""A file that one writer at a time may rewrite."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from upswell.errors import OutputError, Place
from upswell.store._disk import disk_errors, real_path

__all__ = ["sole_writer"]

PATIENCE = 10.0
_PAUSE = 0.02


@contextlib.contextmanager
def sole_writer(path: str | os.PathLike[str]) -> Iterator[None]:
    """Hold the lock of the operating system under which a file is read, and written anew.

    The lock lies on the folder of the file, since the file itself is replaced by another of its
    name. It ends with the block, or with the process. Missing parent folders are created.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    OutputError
        When the folder cannot be used, or another writer holds it for 10 seconds.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "book.jsonl"
    >>> with sole_writer(path):
    ...     _ = path.write_text("one line")
    """
    import fcntl

    shown = Path(path)
    folder = real_path(shown).parent
    with disk_errors(shown):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:
                if time.monotonic() > ends:
                    raise OutputError(
                        "another program is writing in this folder, and does not end",
                        where=Place(str(shown)),
                        fix="wait until it has ended, and try again",
                    ) from error
            time.sleep(_PAUSE)
        yield
    finally:
        os.close(handle)
