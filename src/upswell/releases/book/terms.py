"""By what decisions are judged: horizon, top tier and money, from settings or from the book."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from upswell.errors import SettingError
from upswell.releases.book.entries import ModelEntry
from upswell.releases.book.standing import Book
from upswell.releases.config import MoneySettings, ReleasesConfig

__all__ = ["Terms", "terms_of"]


@dataclass(frozen=True)
class Terms:
    """By what decisions are judged.

    Parameters
    ----------
    horizon
        Days to which streams are counted.
    tier, tier_from
        The top tier, and the streams from which on a release is in it.
    money
        What promotion costs and brings.
    source
        Where horizon and tier come from: ``settings``, or ``book``, which is the model's latest
        entry.
    others
        How many entries of the model were made under other money or tiers than these.
    """

    horizon: int
    tier: str
    tier_from: float
    money: MoneySettings
    source: Literal["settings", "book"]
    others: int = 0

    def record(self) -> dict[str, Any]:
        """Return them as plain data."""
        money = {name: getattr(self.money, name) for name in ("cost", "value", "uplift")}
        return {
            "horizon": self.horizon,
            "tier": self.tier,
            "tier_from": self.tier_from,
            **money,
            "currency": self.money.currency,
            "source": self.source,
            "others": self.others,
        }


def terms_of(
    book: Book, config: ReleasesConfig | None = None, money: MoneySettings | None = None
) -> Terms:
    """Return by what the decisions of a book are judged.

    Parameters
    ----------
    book
        The book.
    config
        Settings, whose horizon and tiers come before those of the book.
    money
        Comes before that of the settings, and that before the book's.

    Raises
    ------
    SettingError
        When neither the settings nor the book say it.
    """
    entries = [entry for entry in book.entries if isinstance(entry, ModelEntry)]
    last = max(reversed(entries), key=lambda entry: entry.on, default=None)
    horizon, tier, start = _tier(config, last)
    paid = money or _money(config, last)
    own = (horizon, start, paid.cost, paid.value, paid.uplift)
    return Terms(
        horizon=horizon,
        tier=tier,
        tier_from=start,
        money=paid,
        source="book" if config is None else "settings",
        others=sum(_made_under(entry) != own for entry in entries),
    )


def _tier(config: ReleasesConfig | None, last: ModelEntry | None) -> tuple[int, str, float]:
    """Return the horizon, the top tier, and where it starts."""
    if config is not None:
        return config.horizons[-1], config.tiers.names[-1], config.tiers.bounds[-1]
    if last is None:
        raise SettingError(
            "no model wrote into the decision book, so it says nothing of horizon and tiers",
            fix="give the settings or the bundle: --config CONFIG.toml or --bundle BUNDLE",
        )
    return last.horizon, last.tier, last.tier_from


def _money(config: ReleasesConfig | None, last: ModelEntry | None) -> MoneySettings:
    if config is not None and config.money is not None:
        return config.money
    if last is None:
        raise SettingError(
            "there are no money settings: cost, value and uplift of a promotion are not known",
            fix="give them in [money] of the settings, or by --money",
        )
    then = last.money.model_dump(include={"cost", "value", "uplift", "currency"})
    return MoneySettings(**then)


def _made_under(entry: ModelEntry) -> tuple[float, ...]:
    money = entry.money
    return (entry.horizon, entry.tier_from, money.cost, money.value, money.uplift)
