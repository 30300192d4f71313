"""A model bundle: one file that holds data only, and is checked before anything in it is parsed.

A bundle is a zip archive without compression. Its first entry is ``manifest.json``; the others are
``*.json``, ``*.safetensors``, ``*.parquet``, ``*.cbm`` (CatBoost) and ``*.txt`` (LightGBM) files,
each with its size and SHA-256 in the manifest. Nothing in it can execute: no pickle, no code. The
same content gives the same bytes.
"""

from __future__ import annotations

import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from upswell._version import __version__
from upswell.errors import BundleError, Place, SettingError
from upswell.store._bundle_checks import (
    FORMAT_NAME,
    FORMAT_VERSION,
    MANIFEST_NAME,
    MAXIMUM_BYTES,
    MAXIMUM_ENTRIES,
    entry_name_fault,
    parse_manifest,
    read_entries,
)
from upswell.store.atomic import write_bytes
from upswell.store.hashing import manifest, sha256_bytes

__all__ = [
    "FORMAT_VERSION",
    "Bundle",
    "bundle_bytes",
    "parse_bundle",
    "read_bundle",
    "write_bundle",
]

_KIND = re.compile(r"[a-z][a-z0-9-]{0,63}")


@dataclass(frozen=True)
class Bundle:
    """A bundle that passed all checks.

    Parameters
    ----------
    kind
        What it holds, such as ``lstm``.
    meta
        Facts about the content, as JSON has them.
    entries
        The bytes of each entry by its name.
    package_version
        The version of Upswell that wrote it.
    created_by
        The command or function that wrote it.
    sha256
        Hexadecimal SHA-256 of the whole file.
    """

    kind: str
    meta: Mapping[str, Any]
    entries: Mapping[str, bytes]
    package_version: str
    created_by: str
    sha256: str

    def entry(self, name: str) -> bytes:
        """Return the bytes of one entry.

        Raises
        ------
        BundleError
            When the bundle has no such entry.
        """
        if name not in self.entries:
            raise BundleError(
                f"the bundle has no entry {name!r}", fix="train the model again with this version"
            )
        return self.entries[name]


def bundle_bytes(
    kind: str,
    entries: Mapping[str, bytes],
    meta: Mapping[str, Any],
    *,
    created_by: str = "upswell",
) -> bytes:
    """Return a bundle as bytes; the same content gives the same bytes.

    Parameters
    ----------
    kind
        What it holds: lower-case letters, digits and hyphens.
    entries
        Bytes by name; a name ends in ``.json``, ``.safetensors``, ``.parquet``, ``.cbm`` (CatBoost)
        or ``.txt`` (LightGBM), and the bytes are of that form.
    meta
        Facts about the content: what JSON can say, without NaN and infinity.
    created_by
        The command or function that writes it.

    Raises
    ------
    SettingError
        When a name, the size or `meta` breaks the rules of the format.

    Examples
    --------
    >>> data = bundle_bytes("lstm", {"config.json": b"{}"}, {"units": 50})
    >>> parse_bundle(data, "lstm").meta
    {'units': 50}
    """
    if not _KIND.fullmatch(kind):
        raise SettingError(f"{kind!r} is no kind of bundle")
    faults = [fault for name in entries if (fault := entry_name_fault(name))]
    if faults or len(entries) > MAXIMUM_ENTRIES:
        raise SettingError(faults[0] if faults else f"a bundle cannot hold {len(entries)} entries")
    head = {
        "format": FORMAT_NAME,
        "format_version": FORMAT_VERSION,
        "kind": kind,
        "package_version": __version__,
        "created_by": created_by,
        "meta": dict(meta),
        "entries": [
            {"name": entry.name, "size": entry.size, "sha256": entry.sha256}
            for entry in manifest(entries)
        ],
    }
    try:
        text = json.dumps(head, sort_keys=True, indent=1, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SettingError(f"the facts of a bundle must be plain JSON: {error}") from error
    data = _archive(
        {MANIFEST_NAME: text.encode()} | {name: entries[name] for name in sorted(entries)}
    )
    try:
        parse_bundle(data, kind)
    except BundleError as error:
        raise SettingError(f"this cannot be a bundle: {error.what}") from error
    return data


def _archive(contents: Mapping[str, bytes]) -> bytes:
    """Return a zip archive without compression, times or owners."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.create_system = 3
            info.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def write_bundle(
    path: str | os.PathLike[str],
    kind: str,
    entries: Mapping[str, bytes],
    meta: Mapping[str, Any],
    *,
    created_by: str = "upswell",
) -> None:
    """Write a bundle as one file, whole or not at all; see `bundle_bytes` and `write_whole`.

    Raises
    ------
    SettingError
        When the content breaks the rules of the format.
    OutputError
        When the place cannot be written to.
    """
    write_bytes(path, bundle_bytes(kind, entries, meta, created_by=created_by))


def read_bundle(path: str | os.PathLike[str], kind: str | tuple[str, ...]) -> Bundle:
    """Read and check a bundle.

    The size of the file is checked before it is read, the archive's own claims before an entry is
    touched, the manifest's form before it is believed, and each entry's SHA-256 before it is given
    out. Reading cannot run code, and takes no more memory than twice the file.

    Parameters
    ----------
    path
        The file.
    kind
        What it must hold; of several kinds, one.

    Raises
    ------
    BundleError
        When the file cannot be read, is damaged, foreign, of another kind or of a later version.
    """
    place = Place(str(path))
    try:
        with Path(path).open("rb") as handle:
            info = os.fstat(handle.fileno())
            if not stat.S_ISREG(info.st_mode):
                raise BundleError("a bundle is a plain file, and this is not", where=place)
            if info.st_size > MAXIMUM_BYTES:
                raise BundleError(
                    f"the file has {info.st_size} bytes and a bundle at most {MAXIMUM_BYTES}",
                    where=place,
                )
            data = handle.read(MAXIMUM_BYTES + 1)
    except IsADirectoryError as error:
        raise BundleError(
            "a bundle is one file, and this is a folder", where=place, fix="name the file in it"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BundleError(
            f"the bundle cannot be read: {reason}", where=place, fix="check its path"
        ) from error
    return parse_bundle(data, kind, name=str(path))


def parse_bundle(data: bytes, kind: str | tuple[str, ...], name: str | None = None) -> Bundle:
    """Check the bytes of a bundle and return its content.

    Parameters
    ----------
    data
        The whole file.
    kind
        What it must hold; of several kinds, one.
    name
        Where the bytes come from, for errors.

    Raises
    ------
    BundleError
        As `read_bundle`.

    Examples
    --------
    >>> parse_bundle(b"something else", "lstm")
    Traceback (most recent call last):
    ...
    upswell.errors.BundleError: this is not a bundle: File is not a zip file
      what to do: get the file again, or train the model again
    """
    place = Place(name)
    contents = read_entries(data, place)
    head = parse_manifest(contents, place)
    wanted = (kind,) if isinstance(kind, str) else kind
    if head["kind"] not in wanted:
        needed = " or ".join(map(repr, wanted))
        raise BundleError(
            f"the bundle holds {head['kind']!r}, and {needed} is needed",
            where=place,
            fix="name a bundle of the right kind",
        )
    return Bundle(
        kind=head["kind"],
        meta=head["meta"],
        entries=contents,
        package_version=head["package_version"],
        created_by=head["created_by"],
        sha256=sha256_bytes(data),
    )
