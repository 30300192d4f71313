"""Text encodings: whatever the bytes are in, UTF-8 comes out."""

from __future__ import annotations

import codecs
import re

from upswell.errors import Place, SourceError

__all__ = ["to_utf8"]

_CHUNK = 1 << 20
_MIXED_WORD = re.compile(r"[A-Za-z][\u0400-\u045f]|[\u0400-\u045f][A-Za-z]")
_SAVE_AS_UTF8 = "save the file as UTF-8 (in Excel: CSV UTF-8)"
_MAGIC = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls); save it as .xlsx",
    b"SQLite format 3": "an SQLite database; name it as sqlite:///FILE?table=TABLE",
    b"\x7fELF": "a program",
    b"ARROW1": "an Arrow file; save it as Parquet",
    b"BZh": "a bzip2 archive; unpack it, or use gzip or zstd",
    b"\xfd7zXZ": "an xz archive; unpack it, or use gzip or zstd",
}


def to_utf8(data: bytes, name: str) -> tuple[bytes, str]:
    """Turn the bytes of a text file into UTF-8 without a byte-order mark.

    Known are UTF-8, UTF-16 (by its byte-order mark, or by the zero bytes of its delimiters),
    UTF-32 with its mark, CP949 (Korean) and CP1251 (Cyrillic). Bytes that are not valid UTF-8
    are taken as CP949 when that makes nearly all of them Hangul syllables, else as CP1251 when
    that makes nearly all of them Cyrillic letters.

    Parameters
    ----------
    data
        The bytes.
    name
        The name of the file, for errors.

    Returns
    -------
    tuple
        UTF-8 bytes, and the name of the encoding that was found.

    Raises
    ------
    SourceError
        When the bytes are not text, or in none of these encodings.

    Examples
    --------
    >>> to_utf8("дата;просмотры".encode("cp1251"), "a.csv")[1]
    'cp1251'
    >>> to_utf8("날짜,조회수".encode("cp949"), "a.csv")[1]
    'cp949'
    """
    encoding = _marked(data) or _unmarked_utf16(data)
    if encoding is not None:
        return _recode(data, encoding, name), encoding
    _refuse_binary(data, name)
    if data.isascii() or _is_valid_utf8(data):
        return data.removeprefix(codecs.BOM_UTF8), "utf-8"
    _refuse_broken_utf8(data, name)
    for candidate in ("cp949", "cp1251"):
        text = _decode(data, candidate)
        if text is not None and _share_of_script(text, candidate) >= 0.8:
            return text.encode(), candidate
    raise SourceError(
        "the encoding of the text cannot be told: it is none of UTF-8, UTF-16, CP1251, CP949",
        where=Place(name),
        fix=_SAVE_AS_UTF8,
    )


def _marked(data: bytes) -> str | None:
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None


def _unmarked_utf16(data: bytes) -> str | None:
    sample = data[:4096]
    if len(data) % 2:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    enough = max(1, len(sample) // 20)
    if odd >= enough and even == 0:
        return "utf-16-le"
    if even >= enough and odd == 0:
        return "utf-16-be"
    return None


def _recode(data: bytes, encoding: str, name: str) -> bytes:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"the text is broken: it begins as {encoding.upper()} and then is not",
            where=Place(name),
            fix=_SAVE_AS_UTF8,
        ) from error
    result = text.encode("utf-8", "surrogatepass").removeprefix(codecs.BOM_UTF8)
    _refuse_binary(result, name)
    return result


def _refuse_binary(data: bytes, name: str) -> None:
    kind = next((kind for magic, kind in _MAGIC.items() if data.startswith(magic)), None)
    start = data[:512].lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        kind = "a web page or XML"
    if kind is None:
        sample = data[:65536]
        controls = sum(sample.count(bytes([code])) for code in (*range(1, 9), *range(14, 27)))
        # bytes.find, since the C loop over the whole file costs milliseconds.
        if data.find(b"\0") >= 0 or controls > len(sample) // 100:
            kind = "a binary file"
    if kind is not None:
        raise SourceError(
            f"the file is not a table of text: it looks like {kind}",
            where=Place(name),
            fix="give CSV, TSV, JSON lines, Parquet or .xlsx, also packed with gzip or zstd",
        )


def _is_valid_utf8(data: bytes) -> bool:
    # By pieces: the decoded text of a large file would take up to four times its size.
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(view[start : start + _CHUNK], final=start + _CHUNK >= len(data))
    except UnicodeDecodeError:
        return False
    return True


def _refuse_broken_utf8(data: bytes, name: str) -> None:
    """Refuse text that is UTF-8 but for a few bytes: another encoding would garble the rest."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    valid = sum(1 for character in text[: 4 * _CHUNK] if character > "\x7f") - broken
    if data.startswith(codecs.BOM_UTF8) or valid > broken:
        line = text[: text.index("\ufffd")].count("\n") + 1
        raise SourceError(
            "the text is UTF-8 with broken characters in it",
            where=Place(name, row=line),
            fix=f"correct that row, or {_SAVE_AS_UTF8}",
        )


def _decode(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _share_of_script(text: str, encoding: str) -> float:
    """Return which share of the characters beyond ASCII belongs to the encoding's script."""
    beyond = [character for character in text[:_CHUNK] if character > "\x7f"]
    if not beyond:
        return 1.0
    low, high = ("\uac00", "\ud7a3") if encoding == "cp949" else ("\u0400", "\u045f")
    if encoding == "cp1251" and len(_MIXED_WORD.findall(text[:_CHUNK])) > len(beyond) / 5:
        # Western text with accents: "Beyonc\xe9" would read as Latin letters with a Cyrillic one.
        return 0.0
    neutral = "\xa0«»–—№’“”…"
    return sum(low <= c <= high or c in neutral for c in beyond) / len(beyond)
