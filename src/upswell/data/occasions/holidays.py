"""Days off by country, from the package holidays."""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Sequence
from difflib import get_close_matches

from upswell.data.axis import DayAxis
from upswell.errors import SettingError

__all__ = ["country_codes", "days_off"]

_EPOCH = dt.date(1970, 1, 1)
# The longest horizon of the command line: so the days off serve any horizon, and a later cutoff.
_AHEAD = 3650
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


def country_codes(wanted: str | Sequence[str]) -> tuple[str, ...]:
    """Return codes of countries, or of parts of them, as they were named.

    Parameters
    ----------
    wanted
        Codes such as ``US``, ``DEU`` or ``DE-BY`` (Bavaria), separated by commas or in a list.

    Raises
    ------
    SettingError
        When no days off are known of one; the error lists those that may have been meant.

    Examples
    --------
    >>> country_codes("us, DE-BY")
    ('US', 'DE-BY')
    """
    named = wanted.split(",") if isinstance(wanted, str) else [str(name) for name in wanted]
    codes = dict.fromkeys(_known(name.strip()) for name in named if name.strip())
    if not codes:
        raise SettingError("--holidays names no country", fix="write --holidays US,DE")
    return tuple(codes)


def days_off(codes: Sequence[str], axis: DayAxis) -> tuple[int, ...]:
    """Return the public holidays of countries over a history and ten years beyond.

    Parameters
    ----------
    codes
        From `country_codes`.
    axis
        The days of the history, with a calendar.

    Returns
    -------
    tuple of int
        Day numbers, ascending, each once. Years of which the package knows nothing have none.

    Raises
    ------
    SettingError
        When the days have no dates.

    Examples
    --------
    >>> axis = DayAxis(19723, 30, calendar=True)  # from 2024-01-01
    >>> [axis.label(day) for day in days_off(["US"], axis)[:2]]
    ['2024-01-01', '2024-01-15']
    """
    if not axis.calendar:
        raise SettingError(
            "days off need dates, and the days of this panel are bare numbers",
            fix="give the date of the first day, --start-date 2024-01-03, or leave --holidays out",
        )
    from holidays import country_holidays

    first, last = axis.start, axis.stop + _AHEAD - 1
    low, high = (max(min(_year(day), _LAST_YEAR), _FIRST_YEAR) for day in (first, last))
    found: set[int] = set()
    for code in codes:
        country, _, part = code.partition("-")
        with warnings.catch_warnings():
            # That it knows some calendars for a span of years only.
            warnings.simplefilter("ignore")
            dates = country_holidays(country, subdiv=part or None, years=range(low, high + 1))
        found |= {(date - _EPOCH).days for date in dates}
    return tuple(sorted(day for day in found if first <= day <= last))


def _year(day: int) -> int:
    return (_EPOCH + dt.timedelta(days=day)).year


def _known(name: str) -> str:
    """Return a code as the package writes it."""
    from holidays import country_holidays, list_supported_countries

    known = list_supported_countries(include_aliases=True)
    country, dash, part = name.partition("-")
    country = country.upper()
    if country not in known:
        raise SettingError(
            f'no days off are known of a country "{name}"',
            fix=_suggestion(name.upper(), list(known)),
        )
    if not dash:
        return country
    parts = {one.upper(): one for one in country_holidays(country).subdivisions}
    if part.upper() not in parts:
        near = f"of its parts there are {', '.join(parts.values())}" if parts else "it has no parts"
        raise SettingError(
            f'no days off are known of "{part}" in {country}', fix=f"write {country}; {near}"
        )
    return f"{country}-{parts[part.upper()]}"


def _suggestion(code: str, known: list[str]) -> str:
    """Return what may have been meant: countries of a near name, else of a near code."""
    from holidays.registry import COUNTRIES

    names = {name.replace("_", " ").upper(): entry[1] for name, entry in COUNTRIES.items()}
    close = get_close_matches(code, names, n=3, cutoff=0.6)
    if close:
        meant = " or ".join(f"{names[name]} ({name.title()})" for name in close)
        return f"did you mean {meant}?"
    near = get_close_matches(code, known, n=5, cutoff=0.5)
    near = near or [other for other in known if other[:1] == code[:1] and len(other) == 2]
    if not near:
        near = ["US", "DE", "KR"]
    return f"use a code of ISO 3166 such as {', '.join(near)}"
