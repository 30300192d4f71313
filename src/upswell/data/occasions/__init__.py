"""Occasions: days off by country and announced events, known of past and future days alike."""

from upswell.data.occasions._occasions import Event, Occasions
from upswell.data.occasions.holidays import country_codes, days_off

__all__ = ["Event", "Occasions", "country_codes", "days_off", "with_occasions"]


def __getattr__(name: str) -> object:
    """Import on first use what imports polars."""
    if name != "with_occasions":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from upswell.data.occasions._attaching import with_occasions

    return with_occasions
