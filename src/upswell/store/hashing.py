"""SHA-256 of bytes and files, and a manifest of both."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Entry", "manifest", "sha256_bytes", "sha256_file"]

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a manifest.

    Parameters
    ----------
    name
        Name of the content.
    size
        Its length in bytes.
    sha256
        Its hexadecimal SHA-256.
    """

    name: str
    size: int
    sha256: str


def sha256_bytes(data: bytes) -> str:
    """Return the hexadecimal SHA-256 of some bytes.

    Examples
    --------
    >>> sha256_bytes(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(data).hexdigest()


def sha256_file(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read piece by piece.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def manifest(contents: Mapping[str, bytes]) -> tuple[Entry, ...]:
    """Return name, size and SHA-256 of each content, sorted by name.

    Examples
    --------
    >>> [(entry.name, entry.size) for entry in manifest({"b": b"12", "a": b""})]
    [('a', 0), ('b', 2)]
    """
    return tuple(
        Entry(name, len(contents[name]), sha256_bytes(contents[name])) for name in sorted(contents)
    )
