"""The output folder, looked at before the long work and again before it is replaced."""

from __future__ import annotations

import os
from pathlib import Path

from upswell.data import Panel
from upswell.errors import BundleError, OutputError, Place

__all__ = ["check_bundle", "check_out", "keep_inputs"]


def check_out(out: Path | None) -> None:
    """Raise when a folder cannot be written or replaced.

    Raises
    ------
    OutputError
        When it is a file, holds foreign files, or its place is read-only.
    """
    from upswell.forecasting.saving import OUTPUT_NAMES
    from upswell.store import check_folder

    if out is None:
        return
    check_folder(out, OUTPUT_NAMES)
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


def keep_inputs(panel: Panel, out: Path | None) -> None:
    """Raise when the output folder holds an input, which would be replaced.

    Raises
    ------
    OutputError
        When an input lies in the folder.
    """
    if out is None:
        return
    folder = os.path.realpath(out)
    for source in panel.sources:
        if os.path.dirname(os.path.realpath(source.name)) == folder:  # noqa: PTH120
            raise OutputError(
                f"the output folder holds the input {source.name!r}, which it would replace",
                where=Place(str(out)),
                fix="choose another folder for --out",
            )


def check_bundle(out: Path) -> None:
    """Raise unless a bundle can be written: nothing but another bundle is ever replaced.

    Raises
    ------
    OutputError
        When there is a folder, or a file that is no bundle.
    """
    from upswell.forecasting.lstm import load_lstm

    if not os.path.lexists(out):
        return
    try:
        load_lstm(out)
    except BundleError as error:
        raise OutputError(
            "there is something that is no bundle, and it would be replaced",
            where=Place(str(out)),
            fix="choose another file for --out",
        ) from error
