"""The folder beside a bundle in which its training is written down, held by one training."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from upswell.cli._held import held
from upswell.errors import Place, SettingError

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
    with held(folder):
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
