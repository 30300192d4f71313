"""Days off by country: the right days, any way of naming a country, and clear refusals."""

from __future__ import annotations

import datetime as dt

import pytest

from upswell.data import DayAxis
from upswell.data.occasions import country_codes, days_off
from upswell.errors import SettingError

EPOCH = dt.date(1970, 1, 1)
YEAR = DayAxis((dt.date(2024, 1, 1) - EPOCH).days, 366, calendar=True)


def _within(codes: list[str], axis: DayAxis) -> list[str]:
    return [axis.label(day)[5:] for day in days_off(codes, axis) if day < axis.stop]


def test_the_days_off_of_a_year_are_those_of_the_law() -> None:
    # § 1 of the laws of the German states: these nine days are off in all of them.
    german = ["01-01", "03-29", "04-01", "05-01", "05-09", "05-20", "10-03", "12-25", "12-26"]
    assert _within(["DE"], YEAR) == german
    assert set(_within(["DE-BY"], YEAR)) - set(german) == {"01-06", "05-30", "11-01"}


def test_several_countries_are_joined() -> None:
    both = set(_within(["US", "DE"], YEAR))
    assert both == set(_within(["US"], YEAR)) | set(_within(["DE"], YEAR))
    assert "07-04" in both


def test_they_reach_beyond_the_history_and_begin_with_it() -> None:
    found = days_off(["US"], YEAR)
    assert found[0] == YEAR.start
    assert YEAR.stop + 3500 < found[-1] < YEAR.stop + 3650
    assert list(found) == sorted(set(found))


@pytest.mark.parametrize("year", [1900, 2199])
def test_years_of_which_nothing_is_known_have_none_and_break_nothing(year: int) -> None:
    axis = DayAxis((dt.date(year, 1, 1) - EPOCH).days, 30, calendar=True)
    assert set(days_off(["IN"], axis)) <= set(range(axis.start, axis.stop + 3650))


@pytest.mark.parametrize("wanted", ["us,DE-by", [" US ", "de-By"], ("US", "DE-BY", "US")])
def test_countries_are_named_in_any_manner(wanted: str) -> None:
    assert country_codes(wanted) == ("US", "DE-BY")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        ("Germany", "DE"),
        ("XY", "ISO 3166"),
        ("DE-XX", "BY"),
        (" , ", "no country"),
        ("Öland", "PL (Poland)"),
        ("US;DE", "such as"),
    ],
)
def test_an_unknown_country_is_an_error_that_names_others(wanted: str, words: str) -> None:
    with pytest.raises(SettingError) as caught:
        country_codes(wanted)
    assert words in str(caught.value)


def test_numbered_days_have_no_days_off() -> None:
    with pytest.raises(SettingError, match="bare numbers"):
        days_off(["US"], DayAxis(1, 50, calendar=False))
