"""What promoting a release brings, and its settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import BaseModel, ConfigDict

from upswell.releases.config import MoneySettings
from upswell.settings import checked, parsed_toml

__all__ = ["load_money", "profit"]


class _MoneyFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    money: MoneySettings


def profit(
    streams: ArrayLike, money: MoneySettings, cost: ArrayLike | None = None
) -> NDArray[np.float64]:
    """Return the profit of promoting releases that have so many streams without promotion."""
    spent = money.cost if cost is None else np.asarray(cost, dtype=np.float64)
    return np.asarray(money.value * money.uplift * np.asarray(streams, dtype=np.float64) - spent)


def load_money(source: str | Path | Mapping[str, Any] | MoneySettings) -> MoneySettings:
    """Read the settings of the money alone."""
    if isinstance(source, MoneySettings):
        return source
    if isinstance(source, str | Path):
        data = parsed_toml(Path(source).expanduser(), str(source))
        return checked(_MoneyFile, data, str(source)).money
    whole = source if "money" in source else {"money": dict(source)}
    return checked(_MoneyFile, whole, None).money
