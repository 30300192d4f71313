"""What a reader gave as the source, taken apart to single inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from upswell.data.ledger import Repair
from upswell.data.reading._databases import is_uri
from upswell.data.reading._frames import is_frame
from upswell.data.reading._inputs import expand
from upswell.errors import SettingError

__all__ = ["list_inputs"]


def list_inputs(source: Any) -> tuple[list[Any], list[Repair]]:
    """Take a source apart: files, database addresses, or one data frame.

    Parameters
    ----------
    source
        A path, a glob pattern, a folder, a database URI, a list of these, or a data frame.

    Returns
    -------
    tuple
        The inputs, files first, and lines for the ledger.

    Raises
    ------
    SettingError
        When it is nothing of these.
    SourceError
        When a path does not exist or a folder has no data files.
    """
    if is_frame(source):
        return [source], []
    entries = source if isinstance(source, list | tuple) else [source]
    if not entries:
        raise SettingError("no input was given", fix="name a file, a folder or a database")
    inputs: list[Any] = []
    paths: list[str | Path] = []
    for entry in entries:
        if not isinstance(entry, str | Path):
            raise SettingError(
                f"an input of the type {type(entry).__name__} cannot be read",
                fix="give a path, a list of paths, a database address or a data frame",
            )
        if isinstance(entry, str) and is_uri(entry):
            inputs.append(entry)
        else:
            paths.append(entry)
    files, repairs = expand(paths) if paths else ([], [])
    return [*files, *inputs], repairs
