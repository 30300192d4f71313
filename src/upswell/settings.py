"""From a TOML file or a mapping to typed settings, with errors that name the key."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from upswell.errors import Place, SettingError, SourceError

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

__all__ = ["checked", "parsed_toml", "sections", "spelt"]

Model = TypeVar("Model", bound="BaseModel")

_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a finite number",
    "string": "text",
    "tuple": "a list",
    "date": "a date such as 2024-01-03",
    "bool": "true or false",
    "model": "a section with settings of its own",
}


def parsed_toml(path: Path, name: str) -> dict[str, Any]:
    """Read a TOML file.

    Parameters
    ----------
    path
        Where it lies.
    name
        How errors call it.

    Raises
    ------
    SourceError
        When the file cannot be read.
    SettingError
        When it is no TOML; the line is named.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SourceError(
            f"the settings cannot be read: {error.strerror or error}",
            where=Place(name),
            fix="check the path",
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError(
            "the settings are not UTF-8", where=Place(name), fix="save the file as UTF-8"
        ) from error
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", said)
        line = text.count("\n") + 1 if place is None or place[1] is None else int(place[1])
        what = said[: place.start()] if place else said
        raise SettingError(
            f"the settings are no TOML: {what[:1].lower()}{what[1:]}",
            where=Place(name, row=line),
            fix="correct that line; text stands in quotes, lists in brackets",
        ) from error


def checked(
    model: type[Model],
    data: Mapping[str, Any],
    name: str | None,
    *,
    types: Mapping[str, str] | None = None,
) -> Model:
    """Check settings against their model.

    Parameters
    ----------
    model
        A pydantic model that forbids unknown keys. Its validators raise ``ValueError`` with a
        sentence that follows the key; one that concerns several keys names them itself.
    data
        The settings.
    name
        The file that errors name, if there is one.
    types
        What a kind of pydantic's errors asks for, where it is not the usual.

    Raises
    ------
    SettingError
        Of the first thing that is wrong, with the key as the file spells it.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A misspelt key says more than what follows from it.
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        where = None if name is None else Place(name)
        raise _setting_error(model, first, where, {**(types or {}), **_TYPES}) from error


def _setting_error(
    model: type[BaseModel], error: ErrorDetails, where: Place | None, types: Mapping[str, str]
) -> SettingError:
    loc, kind = error["loc"], error["type"]
    key = spelt(model, loc)
    fix = "correct the setting"
    if kind == "extra_forbidden":
        what, fix = f'there is no setting "{key}"', _meant(model, loc)
    elif kind == "missing":
        what, fix = f"{key} is missing", "add the setting"
    elif kind == "value_error":
        said = str(error["ctx"]["error"])
        # What concerns several settings names them itself.
        what = said if _names_itself(model, loc) else f"{key} {said}"
    else:
        wanted = next((text for start, text in types.items() if kind.startswith(start)), None)
        said = f"must be {wanted}" if wanted else error["msg"].replace("Input should", "must", 1)
        what = f"{key} {said}, got {error['input']!r:.60}"
        fix = _as_share(error) or fix
    return SettingError(what, where=where, fix=fix)


def _as_share(error: ErrorDetails) -> str | None:
    """Say how a share is written where a percentage was given; None where it is something else."""
    given, bound = error["input"], error.get("ctx", {})
    largest = bound.get("lt", bound.get("le"))
    percentage = isinstance(given, int | float) and largest == 1 and 1 < given <= 100
    return f"write {given / 100:g} for {given:g}%" if percentage else None


def _names_itself(model: type[BaseModel], loc: tuple[int | str, ...]) -> bool:
    """Whether a place is a whole section, not one key."""
    return not loc or _model_at(model, loc) is not None


def spelt(model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    """Return a key as the file spells it.

    Parameters
    ----------
    model
        The settings.
    loc
        Where pydantic found something: names of sections and keys, and positions in lists.

    Examples
    --------
    >>> from pydantic import create_model
    >>> Tier = create_model("Tier", start=(int, ...))
    >>> Prices = create_model("Prices", reserved=(float, ...), tiers=(tuple[Tier, ...], ()))
    >>> Plan = create_model("Plan", horizon=(int, ...), prices=(Prices, ...))
    >>> spelt(Plan, ("horizon",)), spelt(Plan, ("prices", "reserved")), spelt(Plan, ("prices",))
    ('horizon', '[prices] reserved', '[prices]')
    >>> spelt(Plan, ("prices", "tiers", 1, "start"))
    '[[prices.tiers]] number 2: start'
    >>> Wide = create_model("Wide", plan=(Plan, ...))
    >>> spelt(Wide, ("plan", "horizon")), spelt(Wide, ("plan", "prices", "reserved"))
    ('[plan] horizon', '[plan.prices] reserved')
    """
    names = [part for part in loc if isinstance(part, str)]
    within = [i for i, part in enumerate(loc[:-1]) if isinstance(part, int)]
    within = [i for i in within if isinstance(loc[i + 1], str)]
    if within:
        last = within[-1]
        table = ".".join(part for part in loc[:last] if isinstance(part, str))
        rest = ".".join(part for part in loc[last:] if isinstance(part, str))
        return f"[[{table}]] number {int(loc[last]) + 1}: {rest}"
    if len(names) > 1:
        nested = len(names) > 2 and _model_at(model, tuple(names[:-1])) is not None
        inside = len(names) - 1 if nested else 1
        return f"[{'.'.join(names[:inside])}] {'.'.join(names[inside:])}"
    return "".join(f"[{name}]" if name in sections(model) else name for name in names)


def sections(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """Return the sections and lists of sections of a model, by name."""
    found = {}
    for name, field in model.model_fields.items():
        inner = _model_in(field.annotation)
        if inner is not None:
            found[field.alias or name] = inner
    return found


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model within an annotation such as ``tuple[Tier, ...]`` or ``Limit | None``."""
    from pydantic import BaseModel

    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((m for a in get_args(annotation) if (m := _model_in(a)) is not None), None)


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    """Return the model at a place, None where there is no section."""
    found: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, str):
            found = None if found is None else sections(found).get(part)
    return found


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _meant(model: type[BaseModel], loc: tuple[int | str, ...]) -> str:
    """Return what the reader may have meant by a key that is not known."""
    place, key = loc[:-1], str(loc[-1])
    inner = _model_at(model, place) or model
    known = _keys(inner)
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {spelt(model, (*place, close[0]))}?"
    if place and key in _keys(model):
        return f"write {key} above the first section"
    nested = any(isinstance(part, int) for part in place)
    for name, other in () if nested else sections(model).items():
        if key in _keys(other):
            return f"it belongs under [{name}]"
    return f"the settings here are {', '.join(known)}"
