"""A folder of files, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from upswell.errors import OutputError, Place, SettingError
from upswell.store._disk import (
    disk_errors,
    make_parents,
    real_path,
    remove_empty,
    sync_folder,
    temporary_name,
)

__all__ = ["FolderWriter", "check_folder", "write_folder"]


class FolderWriter:
    """Takes the files of one output folder; `write_folder` gives it.

    Parameters
    ----------
    staging
        The temporary folder in which the files gather.
    directory
        The output folder, as errors name it.
    owned
        The names that may be written.
    """

    def __init__(self, staging: Path, directory: Path, owned: Collection[str]) -> None:
        self._staging = staging
        self._directory = directory
        self._owned = owned

    def path(self, name: str) -> Path:
        """Return where to write a file for which `write` does not fit, such as a large one.

        Raises
        ------
        SettingError
            When the name is not one of those the folder owns.
        """
        if name not in self._owned:
            raise SettingError(f"{name!r} is not a file of this output folder")
        return self._staging / name

    def write(self, name: str, data: bytes) -> None:
        """Write one file.

        Raises
        ------
        SettingError
            When the name is not one of those the folder owns.
        OutputError
            When the disk is full.
        """
        target = self.path(name)
        with disk_errors(self._directory / name), target.open("wb") as handle:
            handle.write(data)

    def keep(self, name: str) -> None:
        """Take one file over from the folder that is replaced, where it is there.

        Raises
        ------
        SettingError
            When the name is not one of those the folder owns.
        OutputError
            When the file cannot be read, or the disk is full.
        """
        target, there = self.path(name), self._directory / name
        with disk_errors(there):
            if there.exists():
                shutil.copyfile(there, target)


def check_folder(directory: str | os.PathLike[str], owned: Collection[str]) -> None:
    """Raise unless a folder can be created or replaced without losing anything foreign.

    Worth calling before a long computation. `write_folder` calls it by itself.

    Parameters
    ----------
    directory
        The output folder; it may be absent.
    owned
        Names of the files that this program writes there, and that it may replace.

    Raises
    ------
    OutputError
        When it is a file, or holds anything other than plain files with owned names; the first such
        name is named.

    Examples
    --------
    >>> check_folder("no/such/folder", owned={"forecast.csv"})
    """
    shown = Path(directory)
    target = real_path(shown)
    with disk_errors(shown):
        try:
            mode = target.stat().st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISDIR(mode):
            raise OutputError(
                "the output folder is a file", where=Place(str(shown)), fix="choose another name"
            )
        _refuse_foreign(target, owned, shown)


def _refuse_foreign(
    target: Path, owned: Collection[str], shown: Path, besides: str | None = None
) -> None:
    """Raise when a folder holds anything but plain files with owned names and one name besides."""
    with os.scandir(target) as entries:
        foreign = sorted(
            entry.name
            for entry in entries
            if entry.name != besides
            and (entry.name not in owned or not entry.is_file(follow_symlinks=False))
        )
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise OutputError(
            f"the output folder holds {foreign[0]!r}{more}, which is not ours to replace",
            where=Place(str(shown)),
            fix="choose an empty folder or a new name",
        )


@contextlib.contextmanager
def write_folder(
    directory: str | os.PathLike[str], owned: Collection[str]
) -> Iterator[FolderWriter]:
    """Write several files as one folder that appears only when all of them are on the disk.

    The files gather in a temporary folder beside it. When the block ends, they are synced and the
    folder takes its name; a folder that was there and held nothing but owned files is swapped for
    it, files that were not written again included. When the block or the disk fails, or someone
    presses Ctrl-C, the old folder stays as it was and nothing temporary is left. Missing parents
    are created.

    A folder that cannot be renamed, because a disk is mounted there or because it is the current
    folder, keeps its place and its files are exchanged one by one, with the same way back.

    Parameters
    ----------
    directory
        The output folder.
    owned
        Names of the files that may be written and replaced.

    Yields
    ------
    FolderWriter
        Takes the files.

    Raises
    ------
    OutputError
        As `check_folder`, or when the place is full, read-only or forbidden.

    Notes
    -----
    Between the two renames of the swap there is a moment at which the name is free. A process
    killed right there leaves the old content beside it, in a hidden folder whose name starts with
    that of the output folder and ``.old``.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "out"
    >>> with write_folder(target, owned={"a.csv", "b.csv"}) as folder:
    ...     folder.write("a.csv", b"x")
    >>> sorted(path.name for path in target.iterdir())
    ['a.csv']
    """
    shown = Path(directory)
    check_folder(shown, owned)
    target = real_path(shown)
    fixed = _cannot_be_renamed(target)
    staging = temporary_name(target / "upswell" if fixed else target, "new")
    with disk_errors(shown, target, staging):
        created: list[Path] = []
        try:
            created = make_parents(target.parent)
            staging.mkdir()
            yield FolderWriter(staging, shown, owned)
            _sync_files(staging)
            # Something foreign may have come in the meantime.
            if fixed:
                _refuse_foreign(target, owned, shown, besides=staging.name)
                _exchange_files(staging, target)
            else:
                check_folder(shown, owned)
                _swap(staging, target)
        except BaseException:
            _remove(staging)
            remove_empty(created)
            raise
        sync_folder(target.parent)


def _cannot_be_renamed(target: Path) -> bool:
    """Whether a folder is a mount point, the current folder or one around it."""
    return target.is_dir() and (os.path.ismount(target) or Path.cwd().is_relative_to(target))


def _sync_files(staging: Path) -> None:
    """Bring all files of a folder to the disk."""
    for path in staging.iterdir():
        with path.open("rb") as handle:
            os.fsync(handle.fileno())
    sync_folder(staging)


def _swap(staging: Path, target: Path) -> None:
    """Give the new folder its name; on any failure before that the old one has it again."""
    old = temporary_name(target, "old")
    try:
        if target.exists():
            staging.chmod(target.stat().st_mode & 0o7777)
            target.rename(old)
        staging.rename(target)
        _remove(old)
    except BaseException:
        if not staging.exists():
            _remove(old)
        elif old.exists() and not target.exists():
            old.rename(target)
        raise


def _exchange_files(staging: Path, target: Path) -> None:
    """Exchange the files of a folder that cannot be renamed; on any failure put them back."""
    old = temporary_name(target / "upswell", "old")
    moves = [(path, old / path.name) for path in target.iterdir() if path != staging]
    moves += [(path, target / path.name) for path in staging.iterdir()]
    try:
        old.mkdir()
        for source, goal in moves:
            source.rename(goal)
    except BaseException:
        for source, goal in reversed(moves):
            if goal.exists() and not source.exists():
                goal.rename(source)
        with contextlib.suppress(OSError):
            old.rmdir()
        raise
    try:
        _remove(old)
    except BaseException:
        _remove(old)
        raise
    finally:
        _remove(staging)


def _remove(folder: Path) -> None:
    """Remove a temporary folder with its files, as far as that goes."""
    with contextlib.suppress(OSError):
        for path in list(folder.iterdir()):
            with contextlib.suppress(OSError):
                path.unlink()
        folder.rmdir()
