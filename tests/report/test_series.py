"""The series of the page: rows in order, figures packed without loss that could be seen."""

from __future__ import annotations

import numpy as np
import pytest

from pages import forecast_of
from upswell.forecasting.picture import history_of
from upswell.report._series import series_context, series_data

NAMES = [f"c{k}" for k in range(8)]
FORECAST = forecast_of(NAMES, [f"g{k % 2}" for k in range(8)], days=70, absent=["gone"])


def test_rows_are_total_categories_creators_by_size_then_those_without_a_future() -> None:
    context = series_context(FORECAST)
    rows = context["rows"]
    assert [row["level"] for row in rows] == ["total", *["category"] * 2, *["creator"] * 9]
    assert [row["name"] for row in rows[3:]] == [*NAMES, "gone"]
    assert (context["drawn"], context["left_out"]) == (11, 0)


def test_rows_have_the_figures_of_the_forecast() -> None:
    for row in series_context(FORECAST)["rows"][:-1]:
        node = FORECAST.tree.names.index(row["name"])
        assert row["total"] == pytest.approx(FORECAST.range_of(node))
        assert row["peak"] == pytest.approx(FORECAST.range_of(node, "peak"))


def test_pictures_have_the_figures_of_the_forecast_to_a_thousandth_of_their_height() -> None:
    data, rows = series_data(FORECAST), series_context(FORECAST)["rows"]
    for row, packed in zip(rows, data["series"], strict=False):
        node = FORECAST.tree.names.index(row["name"])
        past, low, median, high = (np.array(part) * packed["unit"] for part in packed["figures"])
        height = max(past.max(), high.max())
        exact = np.quantile(FORECAST.paths[:, node], [0.1, 0.5, 0.9], axis=0)
        assert np.abs(np.stack([low, median, high]) - exact).max() < height / 1000
        assert np.abs(past - history_of(FORECAST)[node, -len(past) :]).max() < height / 1000
        assert all(isinstance(v, int) and v < 10_000 for v in packed["figures"][0])


def test_many_days_are_thinned_evenly() -> None:
    data = series_data(forecast_of(["ana"], days=901, horizon=310, paths=100))
    assert len(data["past"]) + len(data["ahead"]) <= 250
    days = [row["day"] for row in data["past"] + data["ahead"]]
    assert len(set(np.diff(days))) == 1
    assert [len(part) for part in data["series"][0]["figures"]] == [
        len(data["past"]),
        *[len(data["ahead"])] * 3,
    ]


def test_a_series_of_zeros_can_be_packed() -> None:
    made = forecast_of(["ana"], scale=0.0)
    packed = series_data(made)["series"][0]
    assert packed["unit"] == 1.0
    assert set(packed["figures"][1]) == {0}
