"""Occasions: days off by country and announced events, known of past and future days alike."""

from typing import TYPE_CHECKING, Any

from upswell.data.occasions._occasions import Event, Occasions
from upswell.data.occasions.holidays import country_codes, days_off

if TYPE_CHECKING:
    from upswell.data.occasions._attaching import with_occasions

__all__ = ["Event", "Occasions", "country_codes", "days_off", "with_occasions"]


def __getattr__(name: str) -> Any:
    """Import on first use what imports polars."""
    if name != "with_occasions":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from upswell.data.occasions._attaching import with_occasions

    return with_occasions
