"""The folder beside an output in which a training keeps its state, held by one training."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from upswell.errors import OutputError, Place, SettingError

__all__ = ["held"]


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Create a folder and hold the lock of the operating system on it, which ends with us.

    Parameters
    ----------
    folder
        Removed in the end when nothing is in it.

    Raises
    ------
    SettingError
        When another training holds it.
    OutputError
        When it cannot be made.
    """
    import fcntl

    place = Place(str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise OutputError(
            f"the folder of the training cannot be made: {error.strerror}",
            where=place,
            fix="choose another place for --out",
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingError(
                "another training is at work there",
                where=place,
                fix="wait until it ends, or name another --out",
            ) from error
        yield
    finally:
        os.close(handle)
        # Empty when nothing came of it; another may have begun to use it.
        with contextlib.suppress(OSError):
            folder.rmdir()
