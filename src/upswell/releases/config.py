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
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from upswell.errors import SettingError
from upswell.releases._settings import (
    KINDS,
    BoundSettings,
    EvaluationSettings,
    MoneySettings,
    OutcomesSource,
    ReleasesConfig,
    ReleasesSource,
    SignalsSource,
    TierSettings,
)
from upswell.releases._source_paths import anchored, recorded
from upswell.settings import checked, parsed_toml

__all__ = [
    "BoundSettings",
    "EvaluationSettings",
    "MoneySettings",
    "OutcomesSource",
    "ReleasesConfig",
    "ReleasesSource",
    "SignalsSource",
    "TierSettings",
    "config_record",
    "load_config",
]

_TABLES = ("releases", "signals", "outcomes")


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
        data = _anchored(parsed_toml(path, str(source)), path.parent)
        return checked(ReleasesConfig, data, str(source), types=KINDS)
    if not isinstance(source, Mapping):
        raise SettingError(
            f"settings cannot be read from the type {type(source).__name__}",
            fix="give the path of a TOML file, or a mapping",
        )
    return checked(ReleasesConfig, source, None, types=KINDS)


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


def _anchored(data: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Let relative paths start at the folder of the settings."""
    moved = dict(data)
    for table in _TABLES:
        section = data.get(table)
        if isinstance(section, dict) and "source" in section:
            moved[table] = {**section, "source": anchored(section["source"], folder)}
    return moved
