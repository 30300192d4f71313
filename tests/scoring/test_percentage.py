"""Percentage errors against scikit-learn and by hand, whole and by size."""

from __future__ import annotations

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics as oracle

from upswell.errors import SettingError
from upswell.scoring import mape, mape_by_size, median_ape, percentage_error, rmsle

ABOVE = hnp.arrays(np.float64, (2, 9), elements=st.floats(1e-3, 1e9))


@settings(max_examples=40)
@given(ABOVE)
def test_mape_equals_scikit_learn(pair: np.ndarray) -> None:
    expected = oracle.mean_absolute_percentage_error(pair[0], pair[1])
    assert mape(pair[0], pair[1]) == pytest.approx(expected)


@settings(max_examples=40)
@given(ABOVE)
def test_the_median_is_that_of_the_sorted_errors(pair: np.ndarray) -> None:
    errors = sorted(abs(f - a) / a for a, f in pair.T.tolist())
    assert median_ape(pair[0], pair[1]) == pytest.approx(errors[4])


def test_actuals_of_zero_have_no_percentage_error() -> None:
    assert np.isnan(percentage_error([0.0], [5.0])[0])
    assert mape([0.0, 10.0], [5.0, 15.0]) == 0.5
    assert median_ape([0.0, 10.0], [5.0, 15.0]) == 0.5
    assert np.isnan(mape([0.0], [0.0]))
    assert np.isnan(median_ape([], []))


@pytest.mark.parametrize("score", [mape, median_ape])
def test_a_missing_actual_is_left_out_and_a_missing_forecast_is_not(score) -> None:
    assert score([np.nan, 10.0], [1.0, 15.0]) == 0.5
    assert np.isnan(score([20.0, 10.0], [np.nan, 15.0]))


@settings(max_examples=40)
@given(hnp.arrays(np.float64, (2, 15), elements=st.floats(0, 5000)))
def test_bands_part_the_items_and_their_errors_add_up(pair: np.ndarray) -> None:
    actual, forecast = pair.round()
    bands = mape_by_size(actual, forecast, bounds=(10.0, 1000.0))
    assert [band.low for band in bands] == [0.0, 10.0, 1000.0]
    assert sum(band.count for band in bands) == actual.size
    assert sum(band.excluded for band in bands) == (actual == 0).sum()
    weighed = [band.mape * (band.count - band.excluded) for band in bands if band.mape >= 0]
    if (actual > 0).any():
        total = mape(actual, forecast) * (actual > 0).sum()
        assert sum(weighed) == pytest.approx(total, rel=1e-9, abs=1e-12)
    for band in bands:
        inside = (actual >= band.low) & (actual < band.high)
        np.testing.assert_allclose(band.rmsle, rmsle(actual[inside], forecast[inside]))


def test_a_bound_belongs_to_the_band_above() -> None:
    below, above = mape_by_size([99.0, 100.0], [99.0, 150.0], bounds=(100.0,))
    assert (below.count, above.count, above.mape) == (1, 1, 0.5)
    assert above.high == np.inf


def test_an_empty_band_is_there_and_undefined() -> None:
    low, _ = mape_by_size([500.0], [500.0], bounds=(100.0,))
    assert low.count == 0
    assert np.isnan([low.mape, low.median_ape, low.rmsle]).all()


@pytest.mark.parametrize("bounds", [(0.0,), (2.0, 2.0), (5.0, 1.0), (np.nan, 3.0)])
def test_bounds_that_do_not_ascend_are_refused(bounds) -> None:
    with pytest.raises(SettingError, match="ascend"):
        mape_by_size([1.0], [1.0], bounds)
