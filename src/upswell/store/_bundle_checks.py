"""The checks of a bundle's archive and manifest, in the order in which trust is earned."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from upswell.errors import BundleError, Place
from upswell.store.hashing import manifest

FORMAT_NAME = "upswell-bundle"
FORMAT_VERSION = 1
MANIFEST_NAME = "manifest.json"
MAXIMUM_BYTES = 256 * 1024**2
MAXIMUM_ENTRIES = 256
_MAXIMUM_MANIFEST_BYTES = 1024**2
_AGAIN = "get the file again, or train the model again"
_ENTRY_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9._-]*/){0,4}[A-Za-z0-9_][A-Za-z0-9._-]*")

# All that `zipfile` is known to raise on bytes that only look like an archive.
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    RuntimeError,
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    OSError,
    OverflowError,
    struct.error,
)


def entry_name_fault(name: str) -> str | None:
    """Return what is wrong with the name of an entry, or None."""
    if len(name) > 200 or not _ENTRY_NAME.fullmatch(name):
        return f"{name[:200]!r} is no name for an entry"
    if name == MANIFEST_NAME:
        return f"{MANIFEST_NAME} is the bundle's own entry"
    return None


def entry_form_fault(name: str, data: bytes) -> str | None:
    """Return why the bytes of an entry are not of the form that its name says, or None.

    Only marks at fixed places are looked at: nothing is parsed. JSON and safetensors are left to
    their readers, which check all they read.
    """
    if name.endswith(_CHECKED_BY_READERS):
        return None
    test = next((test for suffix, test in _FORMS.items() if name.endswith(suffix)), None)
    if test is None:
        known = ", ".join((*_CHECKED_BY_READERS, *_FORMS))
        return f"entry {name!r} is of no known form ({known})"
    return None if test(data) else f"entry {name!r} does not hold what its name says"


def _is_catboost(data: bytes) -> bool:
    return data.startswith(b"CBM1")


def _is_lightgbm(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return text.startswith("tree\n") and "\0" not in text


def _is_parquet(data: bytes) -> bool:
    return len(data) >= 12 and data.startswith(b"PAR1") and data.endswith(b"PAR1")


_CHECKED_BY_READERS = (".safetensors", ".json")
_FORMS: dict[str, Callable[[bytes], bool]] = {
    ".cbm": _is_catboost,
    ".txt": _is_lightgbm,
    ".parquet": _is_parquet,
}


def read_entries(data: bytes, place: Place) -> dict[str, bytes]:
    """Return the bytes of each entry, manifest included, once the archive's claims are checked."""
    if len(data) > MAXIMUM_BYTES:
        raise _damaged(f"it has {len(data)} bytes, more than {MAXIMUM_BYTES}", place)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            fault = _archive_fault(infos, len(data))
            if fault is not None:
                raise _damaged(fault, place)
            return {info.filename: archive.read(info) for info in infos}
    except _ZIP_ERRORS as error:
        raise _damaged(str(error), place) from error


def _archive_fault(infos: list[zipfile.ZipInfo], size: int) -> str | None:
    """Return what is wrong with the entries an archive claims to hold, or None."""
    names = [info.filename for info in infos]
    if MANIFEST_NAME not in names:
        return f"it has no {MANIFEST_NAME}"
    if len(names) > MAXIMUM_ENTRIES + 1:
        return f"it has {len(names)} entries"
    if len(set(names)) != len(names):
        return "two of its entries have one name"
    fault = next((fault for info in infos if (fault := _entry_fault(info))), None)
    # Without compression the entries cannot be larger than the file, unless they overlap.
    if fault is None and sum(info.file_size for info in infos) > size:
        return "its entries claim more bytes than the file has"
    return fault


def _entry_fault(info: zipfile.ZipInfo) -> str | None:
    """Return what is wrong with the claims about one entry, or None."""
    if info.compress_type != zipfile.ZIP_STORED or info.file_size != info.compress_size:
        return f"entry {info.filename!r} is compressed"
    if info.flag_bits & 0x1:
        return f"entry {info.filename!r} is encrypted"
    return None if info.filename == MANIFEST_NAME else entry_name_fault(info.filename)


def parse_manifest(contents: dict[str, bytes], place: Place) -> dict[str, Any]:
    """Take the manifest out of the contents, check it and hold the rest against it."""
    text = contents.pop(MANIFEST_NAME)
    if len(text) > _MAXIMUM_MANIFEST_BYTES:
        raise _damaged("its manifest is too large", place)
    try:
        head = json.loads(text.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _damaged(f"its manifest is not JSON: {error}", place) from error
    _check_version(head, place)
    types = {"kind": str, "package_version": str, "created_by": str, "meta": dict, "entries": list}
    for key, kind in types.items():
        if not isinstance(head.get(key), kind):
            raise _damaged(f"its manifest has no proper {key!r}", place)
    said = head["entries"]
    if not all(isinstance(e, dict) and set(e) == {"name", "size", "sha256"} for e in said):
        raise _damaged("its manifest describes an entry in another form", place)
    _check_entries(said, contents, place)
    return dict(head)


def _check_version(head: object, place: Place) -> None:
    """Raise unless the manifest is of our format and of a version that we know."""
    if not isinstance(head, dict) or head.get("format") != FORMAT_NAME:
        raise _damaged("it is of another program", place)
    version = head.get("format_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged("its manifest has no proper 'format_version'", place)
    if version > FORMAT_VERSION:
        raise BundleError(
            f"the bundle has format version {version}, and this program knows {FORMAT_VERSION}",
            where=place,
            fix="upgrade upswell",
        )


def _check_entries(said: list[dict[str, Any]], contents: dict[str, bytes], place: Place) -> None:
    """Raise unless sizes and hashes are those of the manifest, with nothing missing or added."""
    found = {entry.name: entry for entry in manifest(contents)}
    if sorted(str(entry["name"]) for entry in said) != sorted(found):
        raise _damaged("its entries are not those of its manifest", place)
    for entry in said:
        own = found[entry["name"]]
        if entry["size"] != own.size or entry["sha256"] != own.sha256:
            raise _damaged(f"entry {own.name!r} is not what its manifest says", place)
    # After the version and the hashes: a later format may know more forms, and should say so.
    faults = (entry_form_fault(name, contents[name]) for name in sorted(contents))
    fault = next((fault for fault in faults if fault), None)
    if fault is not None:
        raise _damaged(fault, place)


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is not JSON")


def _damaged(why: str, place: Place) -> BundleError:
    return BundleError(f"this is not a bundle: {why}", where=place, fix=_AGAIN)
