"""Seasonal naive against a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.forecasting.naive import SeasonalNaive
from worlds import history_of

NAN = np.nan


def by_hand(values: np.ndarray, horizon: int) -> list[float]:
    """Look back in steps of a week for each day; else take the last value."""
    observed = values[np.isfinite(values)]
    out = []
    for ahead in range(horizon):
        day = len(values) + ahead - 7
        while day >= len(values):
            day -= 7
        while day >= 0 and not np.isfinite(values[day]):
            day -= 7
        latest = observed[-1] if len(observed) else NAN
        out.append(values[day] if day >= 0 else latest)
    return out


@settings(max_examples=80, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(0.0, 1e18)), min_size=1, max_size=40),
    st.integers(1, 25),
)
def test_each_day_repeats_the_last_observed_same_day_of_the_week(days: list, horizon: int):
    values = np.array([NAN if day is None else day for day in days])
    found = SeasonalNaive().predict(history_of(values), horizon)
    assert found.shape == (1, horizon)
    assert np.array_equal(found[0], by_hand(values, horizon), equal_nan=True)


def test_series_do_not_touch_each_other():
    values = np.stack([np.arange(14.0), np.full(14, NAN), np.arange(14.0) * 10])
    found = SeasonalNaive().predict(history_of(values), 8)
    assert np.isnan(found[1]).all()
    assert (found[2] == 10 * found[0]).all()


def test_it_knows_itself_by_the_name_of_the_baseline():
    assert SeasonalNaive().name == "seasonal-naive"
    assert not SeasonalNaive().costly
