"""Sources in settings: relative to the folder of the settings, and as they may be recorded."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import Any
from urllib.parse import quote

__all__ = ["anchored", "recorded"]

_SQLITE = "sqlite:///"


def anchored(source: Any, folder: Path) -> Any:
    """Return a source whose relative paths start at a folder.

    Parameters
    ----------
    source
        A path, pattern or database address, or a list of these; anything else stays.
    folder
        Where relative paths start.

    Examples
    --------
    >>> anchored("views.csv", Path("in")), anchored("/data/views.csv", Path("in"))
    ('in/views.csv', '/data/views.csv')
    >>> anchored("sqlite:///views.db?table=daily", Path("/data"))
    'sqlite:////data/views.db?table=daily'
    """
    if isinstance(source, list | tuple):
        return [anchored(entry, folder) for entry in source]
    if not isinstance(source, str) or not source.strip() or folder == Path():
        return source
    if "://" in source:
        return _anchored_address(source, folder)
    if glob.has_magic(source) and not (folder / source).exists():
        # Brackets in the folder's own name are no pattern.
        folder = Path(glob.escape(str(folder)))
    return str(folder / Path(source).expanduser())


def _anchored_address(address: str, folder: Path) -> str:
    rest = address.removeprefix(_SQLITE)
    if rest == address or rest.startswith(("/", "~", "?")):
        return address
    return f"{_SQLITE}{quote(str(folder))}/{rest}"


def recorded(source: Any) -> Any:
    """Return a source as it may be written down: None for a frame, no passwords.

    Examples
    --------
    >>> recorded("postgresql://ana:secret@host/db?table=daily")
    'postgresql://ana@host/db?table=daily'
    """
    if isinstance(source, list | tuple):
        return [recorded(entry) for entry in source]
    if isinstance(source, str) and "://" in source:
        from upswell.data.reading import without_secrets

        return without_secrets(source)
    return str(source) if isinstance(source, str | Path) else None
