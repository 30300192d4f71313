"""Overlays: what is laid over a forecast, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from capacity.futures import HOURLY, forecast_of, plan_of
from upswell.capacity.overlays import lay_over, untouched
from upswell.capacity.settings import load_plan
from upswell.errors import SettingError
from upswell.forecasting.result import Forecast

TWO = np.array([[[10.0, 20.0], [1.0, 2.0]], [[30.0, 40.0], [3.0, 4.0]]])
"""Units of creators a and b on two paths and two days: the days are numbers 29 and 30."""


def overlay(**keys: Any) -> dict[str, Any]:
    days = {"from": 29, "to": 29}
    return {"name": "launch", "kind": "multiply", **days, **keys}


def units(forecast: Forecast, *overlays: dict[str, Any]) -> list[list[float]]:
    laid = lay_over(forecast, load_plan(plan_of(overlays=list(overlays))).overlays)
    return np.round(laid.views / HOURLY, 9).tolist()


def test_a_launch_multiplies_all_views_of_its_days_on_each_path() -> None:
    assert units(forecast_of(TWO), overlay(factor=2.0)) == [[22.0, 22.0], [66.0, 44.0]]


@pytest.mark.parametrize(
    "keys", [{"series": "x"}, {"series": "a"}, {"series": "a", "level": "creator"}]
)
def test_a_launch_of_one_series_adds_what_that_series_adds(keys: dict[str, str]) -> None:
    assert units(forecast_of(TWO), overlay(factor=1.5, **keys)) == [[16.0, 22.0], [48.0, 44.0]]


def test_launches_that_overlap_multiply_and_the_order_of_the_file_plays_no_part() -> None:
    several = [
        overlay(factor=2.0),
        overlay(name="other", factor=1.5, series="a"),
        overlay(name="cap", kind="cap", views=50 * HOURLY),
    ]
    assert units(forecast_of(TWO), *several) == [[32.0, 22.0], [50.0, 44.0]]
    assert units(forecast_of(TWO), *several[::-1]) == [[32.0, 22.0], [50.0, 44.0]]


def test_a_cap_takes_off_what_is_above_and_says_how_much() -> None:
    settings = load_plan(plan_of(overlays=[overlay(kind="cap", views=20 * HOURLY)]))
    laid = lay_over(forecast_of(TWO), settings.overlays)
    assert (laid.views / HOURLY).tolist() == [[11.0, 22.0], [20.0, 44.0]]
    assert (laid.capped / HOURLY).tolist() == [0.0, 13.0]


def test_a_throttle_is_left_to_the_hours() -> None:
    settings = load_plan(plan_of(overlays=[overlay(kind="throttle", views=5.0)]))
    laid = lay_over(forecast_of(TWO), settings.overlays)
    assert laid.throttle is not None
    assert laid.throttle.tolist() == [5.0, np.inf]
    assert laid.views.tolist() == untouched(forecast_of(TWO)).views.tolist()


def test_the_forecast_stays_as_it_is() -> None:
    forecast = forecast_of(TWO)
    before = forecast.paths.copy()
    units(forecast, overlay(factor=3.0), overlay(name="b", factor=3.0, series="a"))
    assert (forecast.paths == before).all()


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"from": 28}, ['"launch": from (28)', "29 to 30"]),
        ({"to": 31}, ['"launch": to (31)', "29 to 30"]),
        ({"from": "2025-03-01", "to": "2025-03-02"}, ["from is a date", "numbered days"]),
        ({"series": "nobody"}, ['series "nobody" is no category or creator']),
        ({"series": "a", "level": "category"}, ['series "a" is no category']),
        ({"series": "gone"}, ['series "gone" has no forecast']),
    ],
)
def test_an_overlay_that_does_not_fit_is_named(keys: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(SettingError) as error:
        units(forecast_of(TWO), overlay(factor=2.0, **keys))
    for word in words:
        assert word in str(error.value)


def test_a_dated_forecast_takes_dates_and_no_numbers() -> None:
    dated = forecast_of(TWO, calendar=True)
    day = {"from": "2025-03-03", "to": "2025-03-03"}
    assert units(dated, overlay(factor=2.0, **day)) == [[11.0, 44.0], [33.0, 88.0]]
    with pytest.raises(SettingError, match="from is a number"):
        units(dated, overlay(factor=2.0))
