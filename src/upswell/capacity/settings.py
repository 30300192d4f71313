"""The settings of a plan: from ``plan.toml`` or a mapping to checked, typed settings."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from upswell.capacity._settings import PlanSettings
from upswell.errors import SettingError
from upswell.settings import checked, parsed_toml

__all__ = ["example_plan", "load_plan", "settings_record"]


def load_plan(source: str | Path | Mapping[str, Any] | PlanSettings) -> PlanSettings:
    """Read and check the settings of a plan.

    Parameters
    ----------
    source
        The path of a TOML file, a mapping of the same layout, or settings that were checked
        before.

    Raises
    ------
    SourceError
        When the file cannot be read.
    SettingError
        When it is no TOML, or a setting is missing, unknown or makes no sense; the message names
        the key as the file spells it.

    Examples
    --------
    >>> plan = {"unit": {"views_per_hour": 50}, "prices": {"reserved": 0.06, "on_demand": 0.1}}
    >>> load_plan(plan).prices.currency
    'USD'
    >>> load_plan({**plan, "prices": {"reserved": 0.2, "on_demand": 0.1}})
    Traceback (most recent call last):
        ...
    upswell.errors.SettingError: [prices] reserved (0.2) must not be above [prices] on_demand \
(0.1): nobody would reserve
      what to do: correct the setting
    """
    if isinstance(source, PlanSettings):
        return source
    if isinstance(source, str | Path):
        path = Path(source).expanduser()
        return checked(PlanSettings, parsed_toml(path, str(source)), str(source))
    if not isinstance(source, Mapping):
        raise SettingError(
            f"a plan cannot be read from the type {type(source).__name__}",
            fix="give the path of a TOML file, or a mapping",
        )
    return checked(PlanSettings, source, None)


def example_plan() -> str:
    """Return a ``plan.toml`` with all settings and what they mean.

    Examples
    --------
    >>> import tomllib
    >>> load_plan(tomllib.loads(example_plan())).unit.headroom
    0.1
    """
    return resources.files("upswell.capacity").joinpath("example.toml").read_text("utf-8")


def settings_record(settings: PlanSettings) -> dict[str, Any]:
    """Return the settings as plain data for JSON, which `load_plan` takes again.

    Examples
    --------
    >>> plan = {"unit": {"views_per_hour": 50}, "prices": {"reserved": 0.06, "on_demand": 0.1}}
    >>> record = settings_record(load_plan(plan))
    >>> load_plan(record) == load_plan(plan), record["unit"]
    (True, {'views_per_hour': 50.0, 'headroom': 0.0})
    """
    return settings.model_dump(mode="json", by_alias=True)
