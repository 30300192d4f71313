"""The settings of the release job: from a TOML file or a mapping to checked, typed settings.

A configuration reads::

    window = 7
    horizons = [14, 30]

    [releases]
    source = "releases.csv"

    [signals]
    source = "signals/*.parquet"
    metrics = ["views", "likes"]

    [outcomes]
    source = "sqlite:///streams.db?table=daily"

    [tiers]
    names = ["low", "middle", "hit"]
    bounds = [50_000, 500_000]

Relative paths start at the folder of the file.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from upswell.errors import Place, SettingError, SourceError
from upswell.releases._settings import (
    EvaluationSettings,
    OutcomesSource,
    ReleasesConfig,
    ReleasesSource,
    SignalsSource,
    TierSettings,
)
from upswell.releases._source_paths import anchored, recorded

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

__all__ = [
    "EvaluationSettings",
    "OutcomesSource",
    "ReleasesConfig",
    "ReleasesSource",
    "SignalsSource",
    "TierSettings",
    "config_record",
    "load_config",
]

_TABLES = ("releases", "signals", "outcomes")
_TYPES = {
    "int": "a whole number",
    "float": "a number",
    "finite_number": "a finite number",
    "string_too_short": "the name of a column",
    "string": "text",
    "too_short": "at least one name",
    "tuple": "a list",
    "date": "a date such as 2024-01-03",
    "bool": "true or false",
    "model": "a section with settings of its own",
}


def load_config(source: str | Path | Mapping[str, Any] | ReleasesConfig) -> ReleasesConfig:
    """Read and check the settings.

    Parameters
    ----------
    source
        The path of a TOML file, a mapping of the same layout (whose sources may be frames), or
        settings that were checked before.

    Raises
    ------
    SourceError
        When the file cannot be read.
    SettingError
        When it is no TOML, or a setting is unknown or makes no sense; the message names the key
        as the file spells it.

    Examples
    --------
    >>> load_config({"window": 3, "tiers": {"names": ["rest", "hit"], "bounds": [1000]}}).window
    3
    >>> load_config({"horizon": [14]})
    Traceback (most recent call last):
        ...
    upswell.errors.SettingError: there is no setting "horizon"
      what to do: did you mean horizons?
    """
    if isinstance(source, ReleasesConfig):
        return source
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        return _checked(_anchored(_parsed(path, str(source)), path.parent), str(source))
    if not isinstance(source, Mapping):
        raise SettingError(
            f"settings cannot be read from the type {type(source).__name__}",
            fix="give the path of a TOML file, or a mapping",
        )
    return _checked(source, None)


def config_record(config: ReleasesConfig) -> dict[str, Any]:
    """Return the settings as plain data for JSON, which `load_config` takes again.

    Sources that are frames become None, and passwords of databases are left out.

    Examples
    --------
    >>> record = config_record(load_config({"as_of": "2024-01-03"}))
    >>> record["as_of"], record["horizons"], record["signals"]["source"]
    ('2024-01-03', [14, 30], None)
    """
    record = {name: _plain(getattr(config, name)) for name in type(config).model_fields}
    for table in _TABLES:
        record[table]["source"] = recorded(getattr(config, table).source)
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        names = type(value).model_fields
        return {name: _plain(getattr(value, name)) for name in names if name != "source"}
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, dt.date) else value


def _parsed(path: Path, name: str) -> dict[str, Any]:
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


def _anchored(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let relative paths start at the folder of the settings."""
    moved = dict(data)
    for table in _TABLES:
        section = data.get(table)
        if isinstance(section, dict) and "source" in section:
            moved[table] = {**section, "source": anchored(section["source"], folder)}
    return moved


def _checked(data: Mapping[str, Any], name: str | None) -> ReleasesConfig:
    try:
        return ReleasesConfig.model_validate(dict(data))
    except ValidationError as error:
        found = error.errors(include_url=False)
        # A misspelt key says more than what follows from it.
        first = next((one for one in found if one["type"] == "extra_forbidden"), found[0])
        raise _setting_error(first, None if name is None else Place(name)) from error


def _setting_error(error: ErrorDetails, where: Place | None) -> SettingError:
    loc = tuple(part for part in error["loc"] if isinstance(part, str))
    spelt, kind = _spelt(loc), error["type"]
    if kind == "extra_forbidden":
        what, fix = f'there is no setting "{spelt}"', _meant(loc[:-1], loc[-1])
        return SettingError(what, where=where, fix=fix)
    if kind == "value_error":
        said = str(error["ctx"]["error"])
        # What concerns several settings names them itself.
        whole = not loc or (len(loc) == 1 and loc[0] in _sections())
        what = said if whole else f"{spelt} {said}"
    else:
        wanted = next((text for start, text in _TYPES.items() if kind.startswith(start)), None)
        said = f"must be {wanted}" if wanted else error["msg"].replace("Input should", "must", 1)
        what = f"{spelt} {said}, got {error['input']!r:.60}"
    return SettingError(what, where=where, fix="correct the setting")


def _sections() -> dict[str, type[BaseModel]]:
    fields = ReleasesConfig.model_fields.items()
    return {
        name: field.annotation
        for name, field in fields
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _spelt(loc: tuple[str, ...]) -> str:
    """Return a key as the file spells it.

    Examples
    --------
    >>> _spelt(("tiers", "bounds")), _spelt(("window",)), _spelt(("tiers",))
    ('[tiers] bounds', 'window', '[tiers]')
    """
    if len(loc) > 1:
        return f"[{loc[0]}] {'.'.join(loc[1:])}"
    return "".join(f"[{name}]" if name in _sections() else name for name in loc)


def _meant(section: tuple[str, ...], key: str) -> str:
    """Return what the reader may have meant by a key that is not known."""
    sections = _sections()
    model: type[BaseModel] = sections[section[0]] if section else ReleasesConfig
    known = list(model.model_fields)
    close = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {_spelt((*section, close[0]))}?"
    if section and key in ReleasesConfig.model_fields:
        return f"write {key} above the first section"
    for name, other in sections.items():
        if key in other.model_fields:
            return f"it belongs under [{name}]"
    return f"the settings here are {', '.join(known)}"
