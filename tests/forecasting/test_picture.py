"""`Forecast.plot`: which series is drawn, and with which figures."""

from __future__ import annotations

import numpy as np
import pytest

from charts.test_fan import datasets
from pages import forecast_of
from upswell.data import node_values
from upswell.errors import SettingError
from upswell.forecasting.picture import history_of, past_and_future

FORECAST = forecast_of(["ana", "ben"], ["x", "y"], days=120, absent=["gone"])


def test_plot_draws_the_total_unless_another_series_is_named() -> None:
    assert FORECAST.plot().to_dict()["description"].startswith("total: ")
    text = FORECAST.plot("ben").to_dict()["description"]
    last = FORECAST.paths[:, FORECAST.tree.names.index("ben"), -1]
    assert text.startswith("ben: ")
    assert f"{np.quantile(last, 0.1):,.0f}" in text


def test_plot_draws_the_running_sum() -> None:
    low, high = np.quantile(FORECAST.of("sum")[:, 0], [0.1, 0.9])
    text = FORECAST.plot(cumulative=True).to_dict()["description"]
    assert f"between {low:,.0f} and {high:,.0f}" in text


def test_history_is_that_of_the_series_with_a_future() -> None:
    whole = node_values(FORECAST.panel)
    found = history_of(FORECAST)
    assert found.shape == (FORECAST.tree.size, 120)
    assert np.array_equal(found[0], whole[0])
    assert np.array_equal(found[-1], FORECAST.panel.values[1])


def test_three_horizons_of_history_are_shown_and_at_least_ninety_days() -> None:
    assert len(past_and_future(FORECAST)[0].numbers) == 90
    long = forecast_of(["ana"], days=120, horizon=35)
    assert len(past_and_future(long)[0].numbers) == 105
    short = forecast_of(["ana"], days=20, horizon=3)
    past, ahead = past_and_future(short)
    assert (len(past.numbers), past.numbers[-1] + 1) == (20, ahead.numbers[0])
    (rows,) = [rows for rows in datasets(short.plot()) if "value" in rows[0]][:1]
    assert len(rows) == 20


@pytest.mark.parametrize(("name", "why"), [("gone", "has no future"), ("nobody", "there is none")])
def test_a_series_that_cannot_be_drawn_is_an_error(name: str, why: str) -> None:
    with pytest.raises(SettingError, match=why):
        FORECAST.plot(name)
