"""The output folder, looked at before the long work and again before it is replaced."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

from upswell.data.panel import Source
from upswell.errors import BundleError, OutputError, Place

__all__ = ["check_bundle", "check_out", "keep_inputs"]


def check_out(out: Path | None, owned: Collection[str]) -> None:
    """Raise when a folder cannot be written or replaced.

    Parameters
    ----------
    out
        The folder.
    owned
        Names of the files that may be replaced there.

    Raises
    ------
    OutputError
        When it is a file, holds foreign files, or its place is read-only.
    """
    from upswell.store import check_folder

    if out is None:
        return
    check_folder(out, owned)
    parent = out.absolute()
    while not os.path.lexists(parent):
        parent = parent.parent
    if parent == out.absolute():
        parent = parent.parent
    effective = os.access in os.supports_effective_ids
    if parent.is_dir() and not os.access(parent, os.W_OK | os.X_OK, effective_ids=effective):
        raise OutputError(
            "the output folder cannot be written: its place is read-only",
            where=Place(str(out)),
            fix="choose a place you may write to, or change its permissions",
        )


def keep_inputs(sources: Iterable[Source], out: Path | None) -> None:
    """Raise when the output folder holds an input, which would be replaced.

    Raises
    ------
    OutputError
        When an input lies in the folder.
    """
    if out is None:
        return
    folder = os.path.realpath(out)
    for source in sources:
        if os.path.dirname(os.path.realpath(source.name)) == folder:  # noqa: PTH120
            raise OutputError(
                f"the output folder holds the input {source.name!r}, which it would replace",
                where=Place(str(out)),
                fix="choose another folder for --out",
            )


def check_bundle(out: Path, load: Callable[[Path], object]) -> None:
    """Raise unless a bundle can be written: nothing but another bundle is ever replaced.

    Parameters
    ----------
    out
        The bundle.
    load
        Raises a BundleError when a file is no bundle of the kind that is to be written.

    Raises
    ------
    OutputError
        When there is a folder, or a file that is no bundle.
    """
    if not os.path.lexists(out):
        return
    try:
        load(out)
    except BundleError as error:
        raise OutputError(
            "there is something that is no bundle, and it would be replaced",
            where=Place(str(out)),
            fix="choose another file for --out",
        ) from error
