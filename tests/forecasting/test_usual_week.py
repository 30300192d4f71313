"""The usual week against medians by another library, and what it must not be moved by."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis.extra.numpy import arrays

from upswell.forecasting.history import History
from upswell.forecasting.usual_week import MEMORY_DAYS, MINIMUM_DAYS, UsualWeek
from worlds import history_of

RNG = np.random.default_rng(8)


def predict(values: np.ndarray, horizon: int = 30) -> np.ndarray:
    return UsualWeek().predict(history_of(values), horizon)


@pytest.mark.parametrize("days", [56, 60, 200])
def test_it_is_the_median_level_and_each_weekdays_median_deviation(days: int) -> None:
    values = RNG.lognormal(6, 1, days)
    values[RNG.random(days) < 0.1] = np.nan
    frame = pl.DataFrame({"day": np.arange(days), "log": np.log1p(values)}).fill_nan(None)
    frame = frame.tail(MEMORY_DAYS).with_columns(pl.col("log") - pl.col("log").median())
    level = np.nanmedian(np.log1p(values[-MEMORY_DAYS:]))
    by_weekday = dict(frame.group_by(pl.col("day") % 7).agg(pl.col("log").median()).iter_rows())
    expected = [np.expm1(level + by_weekday[(days + k) % 7]) for k in range(30)]
    np.testing.assert_allclose(predict(values)[0], expected, rtol=1e-9)


def test_a_burst_of_a_week_moves_nothing() -> None:
    week = np.tile([50.0, 60.0, 55.0, 70.0, 90.0, 120.0, 100.0], 10)
    burst = week.copy()
    burst[-7:] *= 40
    np.testing.assert_allclose(predict(burst), predict(week))


def test_what_was_more_than_eight_weeks_ago_is_forgotten() -> None:
    values = RNG.lognormal(6, 1, 100)
    older = values.copy()
    older[: 100 - MEMORY_DAYS] = 1e9
    assert (predict(older) == predict(values)).all()


def test_a_weekday_never_observed_is_a_day_like_the_others() -> None:
    values = np.full(56, 80.0)
    values[3::7] = np.nan
    assert predict(values)[0] == pytest.approx(80.0)


def test_a_short_series_has_no_forecast() -> None:
    values = np.full((2, 60), np.nan)
    values[0, -MINIMUM_DAYS + 1 :] = 5.0
    values[1, -MINIMUM_DAYS:] = 5.0
    found = predict(values, 3)
    assert np.isnan(found[0]).all()
    assert found[1] == pytest.approx(5.0)


@settings(max_examples=60, deadline=None)
@given(
    arrays(
        float,
        (2, 45),
        elements=st.one_of(st.just(0.0), st.just(np.nan), st.floats(0, 1e12)),
    )
)
def test_it_says_nothing_outside_what_was_seen(values: np.ndarray) -> None:
    found = UsualWeek().predict(History(values, np.arange(45) % 7), 30)
    assert not np.isinf(found).any()
    for row, said in zip(values, found, strict=True):
        if np.isfinite(row).sum() >= MINIMUM_DAYS:
            # Level and deviation may each come from the largest day.
            largest = np.log1p(np.nanmax(row))
            assert (said >= 0).all()
            assert (np.log1p(said) <= 2 * largest + 1e-9).all()
