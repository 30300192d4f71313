"""What promotion brings: profit by streams, the streams from which it pays, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

from upswell.errors import SettingError
from upswell.releases._settings import KINDS, MoneySettings
from upswell.settings import checked, parsed_toml

__all__ = ["break_even", "load_money", "profit"]

Floats = NDArray[np.float64]


class _MoneyFile(BaseModel):
    """A file with nothing but ``[money]``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    money: MoneySettings


def profit(streams: ArrayLike, money: MoneySettings, cost: ArrayLike | None = None) -> Floats:
    """Return what promotion of a release brings, in the currency.

    Parameters
    ----------
    streams
        Streams to the longest horizon without promotion, any shape.
    money
        The settings.
    cost
        Of promoting each release, of a shape that fits; by default ``money.cost`` for each.

    Returns
    -------
    numpy.ndarray
        ``value * uplift * streams - cost``: promotion adds `uplift` times the streams that a
        release would have had, each worth `value`.

    Examples
    --------
    >>> money = MoneySettings(cost=600.0, value=0.004, uplift=0.5)
    >>> profit([100_000.0, 300_000.0, 500_000.0], money).tolist()
    [-400.0, 0.0, 400.0]
    """
    spent = money.cost if cost is None else np.asarray(cost, dtype=np.float64)
    return np.asarray(_worth(money) * np.asarray(streams, dtype=np.float64) - spent)


def break_even(money: MoneySettings, cost: ArrayLike | None = None) -> Any:
    """Return the streams from which promotion pays: ``cost / (value * uplift)``.

    Parameters
    ----------
    money, cost
        As for `profit`.

    Returns
    -------
    float or numpy.ndarray
        The shape of `cost`, a float without one.

    Examples
    --------
    >>> break_even(MoneySettings(cost=600.0, value=0.004, uplift=0.5))
    300000.0
    """
    if cost is None:
        return money.cost / _worth(money)
    return np.asarray(cost, dtype=np.float64) / _worth(money)


def _worth(money: MoneySettings) -> float:
    """Return what promotion adds for each stream that a release has without it."""
    return money.value * money.uplift


def load_money(source: str | Path | Mapping[str, Any] | MoneySettings) -> MoneySettings:
    """Read and check the settings of the money alone, such as those of this week's budget.

    Parameters
    ----------
    source
        The path of a TOML file with the section ``[money]`` and no other, a mapping with the same
        (or with its keys alone), or settings that were checked before.

    Raises
    ------
    SourceError
        When the file cannot be read.
    SettingError
        When it is no TOML, or a setting is unknown or makes no sense; the message names the key as
        the file spells it.

    Examples
    --------
    >>> load_money({"cost": 600.0, "value": 0.004, "uplift": 0.5}).caution
    1.0
    >>> load_money({"money": {"cost": -600.0, "value": 0.004, "uplift": 0.5}})
    Traceback (most recent call last):
        ...
    upswell.errors.SettingError: [money] cost must be greater than 0, got -600.0
      what to do: correct the setting
    """
    if isinstance(source, MoneySettings):
        return source
    if isinstance(source, str | Path):
        data = parsed_toml(Path(source).expanduser(), str(source))
        return checked(_MoneyFile, data, str(source), types=KINDS).money
    if not isinstance(source, Mapping):
        raise SettingError(
            f"money cannot be read from the type {type(source).__name__}",
            fix="give the path of a TOML file with [money], or a mapping",
        )
    whole = source if "money" in source else {"money": dict(source)}
    return checked(_MoneyFile, whole, None, types=KINDS).money
