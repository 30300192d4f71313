"""The folder beside a bundle in which its training is written down, held by one training."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from upswell.errors import OutputError, Place, SettingError

__all__ = ["JOURNALS", "journals_in", "study_folder"]

JOURNALS = ("streams.journal", "tiers.journal")


@contextlib.contextmanager
def study_folder(bundle: Path, *, resume: bool) -> Iterator[Path]:
    """Hold ``BUNDLE.study``, created when missing; nothing in it is touched.

    Parameters
    ----------
    bundle
        The bundle to come.
    resume
        Whether journals may be there.

    Raises
    ------
    SettingError
        When another training is at work there, or left a journal that is not to be resumed.
    OutputError
        When the folder cannot be made.
    """
    folder = bundle.with_name(f"{bundle.name}.study")
    with _held(folder):
        if not resume and journals_in(folder):
            raise SettingError(
                "the journal of an earlier training is there; nothing of it was changed",
                where=Place(str(folder)),
                fix="go on with that training by --resume, or delete the folder, or name another "
                "bundle",
            )
        yield folder


def journals_in(folder: Path) -> list[Path]:
    """Return the journals of a folder that hold anything."""
    found = [folder / name for name in JOURNALS]
    return [path for path in found if path.is_file() and path.stat().st_size]


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Create a folder and hold the lock of the operating system on it, which ends with us."""
    import fcntl

    place = Place(str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise OutputError(
            f"the folder of the training cannot be made: {error.strerror}",
            where=place,
            fix="choose another place for the bundle",
        ) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingError(
                "another training is at work on this bundle",
                where=place,
                fix="wait until it ends, or name another bundle",
            ) from error
        yield
    finally:
        os.close(handle)
        # Empty when nothing came of it; another may have begun to use it.
        with contextlib.suppress(OSError):
            folder.rmdir()
