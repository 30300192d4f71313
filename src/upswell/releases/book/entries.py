"""The two kinds of entries of a decision book, and each as one line of JSON."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from upswell.errors import SettingError

__all__ = [
    "DECISIONS",
    "Decision",
    "Entry",
    "ModelEntry",
    "MoneyThen",
    "PersonEntry",
    "entry_of",
    "line_of",
    "name_of",
]

Decision = Literal["promote", "watch", "hold"]
DECISIONS: tuple[Decision, ...] = ("promote", "watch", "hold")
"""What may be decided of a release."""

SCHEMA = 1
_Name = Annotated[str, Field(min_length=1, strict=True)]
_Text = Annotated[str, Field(strict=True)]
_Number = Annotated[float, Field(allow_inf_nan=False)]
_Streams = Annotated[_Number, Field(ge=0)]


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MoneyThen(BaseModel):
    """The money settings under which the model decided; those besides these stay as they were."""

    model_config = ConfigDict(extra="allow", frozen=True)

    cost: Annotated[_Number, Field(gt=0)]
    value: Annotated[_Number, Field(gt=0)]
    uplift: Annotated[_Number, Field(gt=0, le=100)]
    currency: Annotated[_Text, Field(max_length=12)] = ""


class ModelEntry(_Frozen):
    """A decision of the model."""

    kind: Literal["model"] = "model"
    release: _Name
    on: dt.date
    """The last day of which the model knew anything: as-of day of the scores or of the bundle."""
    decision: Decision
    codes: _Text = ""
    expected_profit: _Number | None
    """None where nothing was left to promote."""
    released: dt.date | None = None
    """The release date."""
    horizon: Annotated[int, Field(ge=1)]
    """Days to which streams are counted."""
    tier: _Name
    """The top tier."""
    tier_from: _Number
    """Streams from which on a release is in it."""
    chance: Annotated[_Number, Field(ge=0, le=1)]
    """That it will be."""
    mean: _Streams
    q10: _Streams
    q50: _Streams
    q90: _Streams
    bundle: _Text | None = None
    """SHA-256 of the bundle."""
    cost: Annotated[_Number, Field(ge=0)] | None = None
    """Of promoting this release, where it has a price of its own."""
    money: MoneyThen


class PersonEntry(_Frozen):
    """A decision that a person took."""

    kind: Literal["person"] = "person"
    release: _Name
    on: dt.date
    """The day on which it was taken."""
    decision: Decision
    by: _Text | None = None
    note: _Text = ""


Entry = ModelEntry | PersonEntry
_KINDS: Mapping[str, type[ModelEntry] | type[PersonEntry]] = {
    "model": ModelEntry,
    "person": PersonEntry,
}


def line_of(entry: Entry) -> bytes:
    r"""Return an entry as one line of JSON in UTF-8, without a line break inside.

    Examples
    --------
    >>> import datetime as dt
    >>> entry = PersonEntry(release="a", on=dt.date(2026, 3, 6), decision="hold", note="=1+1\n")
    >>> line_of(entry)[-30:]
    b'"by": null, "note": "=1+1\\n"}\n'
    >>> entry_of(line_of(entry)) == entry
    True
    """
    record = {"schema": SCHEMA, **entry.model_dump(mode="json")}
    return json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def entry_of(line: bytes) -> Entry:
    """Read one line of a book.

    Raises
    ------
    ValueError
        When it is no entry; the message says why, without the place.

    Examples
    --------
    >>> entry_of(b'{"schema": 1, "kind": "person", "release": "a", "on": "2026-03-06"}')
    Traceback (most recent call last):
        ...
    ValueError: "decision" is missing
    """
    try:
        record = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON in UTF-8") from error
    if not isinstance(record, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - one kind for whoever catches it
    schema = record.pop("schema", None)
    if schema != SCHEMA:
        raise ValueError(f'its "schema" is {schema!r:.40}, and {SCHEMA} can be read')
    kind = _KINDS.get(str(record.get("kind")))
    if kind is None:
        raise ValueError(f'its "kind" is {record.get("kind")!r:.40}, neither model nor person')
    try:
        return kind.model_validate(record)
    except ValidationError as error:
        raise ValueError(_said(error)) from error


def _said(error: ValidationError) -> str:
    first: Any = error.errors(include_url=False)[0]
    key = ".".join(map(str, first["loc"]))
    if first["type"] == "missing":
        return f'"{key}" is missing'
    if first["type"] == "extra_forbidden":
        return f'"{key}" is not known'
    return f'"{key}" is {first["input"]!r:.40}: {first["msg"]}'


def name_of(text: str, what: str) -> str:
    """Return a name as the tables have it: trimmed, in Unicode form NFC.

    Parameters
    ----------
    text
        As it was given.
    what
        What it names, for errors.

    Raises
    ------
    SettingError
        When nothing is left, or it holds bytes that are no text.

    Examples
    --------
    >>> name_of(" ana ", "release")
    'ana'
    """
    name = unicodedata.normalize("NFC", readable(text, what).strip())
    if not name:
        raise SettingError(f"the {what} is empty", fix=f"name the {what}")
    return name


def readable(text: str, what: str) -> str:
    """Return a text that can be written as UTF-8.

    Raises
    ------
    SettingError
        When it cannot, as words of a command whose bytes are no UTF-8.
    """
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SettingError(
            f"the {what} holds bytes that are no UTF-8 text", fix="give it in UTF-8"
        ) from error
    return text
