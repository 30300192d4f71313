import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.forecasting.history import History
from upswell.forecasting.lstm._scaling import envelope, from_log, scale_history


def history_of(values):
    values = np.asarray(values, dtype=np.float64)
    return History(values, np.arange(values.shape[1]) % 7)


COUNTS = arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(1, 40)),
    elements=st.one_of(
        st.just(np.nan), st.integers(0, 10**18).map(float), st.integers(0, 50).map(float)
    ),
)


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_any_counts_scale_to_finite_numbers_once_the_series_begins(values):
    scaled = scale_history(history_of(values))
    begun = np.maximum.accumulate(np.isfinite(values), axis=1)
    assert np.isfinite(scaled.log[begun]).all()
    assert np.isnan(scaled.log[~begun]).all()
    for part in (scaled.offset, scaled.spread, scaled.growth, scaled.swing, scaled.effects):
        assert np.isfinite(part).all()
    assert (scaled.offset > 0).all()


@settings(max_examples=60, deadline=None)
@given(COUNTS)
def test_observed_counts_return_from_the_log_scale(values):
    scaled = scale_history(history_of(values))
    back = from_log(scaled.log, scaled.offset)
    seen = np.isfinite(values)
    largest = np.nanmax(np.where(seen, values, 0.0), axis=1, keepdims=True) + 1
    np.testing.assert_allclose((back / largest)[seen], (values / largest)[seen], atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, (2, 5), elements=st.floats(-1e300, 1e300)))
def test_counts_from_any_log_are_finite_and_not_negative(log):
    counts = from_log(log, np.array([0.1, 1e17]))
    assert np.isfinite(counts).all()
    assert (counts >= 0).all()


def test_later_days_change_no_causal_number_but_through_the_offset(make_panel):
    full = make_panel(60)
    early = scale_history(full.until(40))
    # The offset follows the recent mean; with it held fixed, what was known is known unchanged.
    values = full.values.copy()
    values[:, 40:] = full.values[:, :1]
    late = scale_history(History(values, full.phase))
    ratio = late.offset / early.offset
    same = np.isclose(ratio, 1.0, rtol=1e-12)
    assert not same.all()
    np.testing.assert_array_equal(early.observed, late.observed[:, :40])


def test_effects_and_levels_before_a_day_do_not_see_that_day_or_later():
    generator = np.random.default_rng(0)
    values = generator.integers(50, 100, (2, 70)).astype(float)
    changed = values.copy()
    # Days 5 and 6 from the end are swapped: the recent mean, and so the offset, stays the same.
    changed[:, [64, 65]] = changed[:, [65, 64]]
    one, two = scale_history(history_of(values)), scale_history(history_of(changed))
    np.testing.assert_array_equal(one.offset, two.offset)
    np.testing.assert_array_equal(one.log[:, :64], two.log[:, :64])
    np.testing.assert_array_equal(one.slow[:, :65], two.slow[:, :65])
    np.testing.assert_array_equal(one.effects[:65], two.effects[:65])
    assert (one.slow[:, 65] != two.slow[:, 65]).all()


def test_a_thousandfold_series_has_the_same_scaled_numbers(make_panel):
    panel = make_panel(50)
    one = scale_history(panel)
    thousand = scale_history(History(1000 * panel.values, panel.phase))
    np.testing.assert_allclose(thousand.log, one.log + np.log(1000), rtol=1e-12)
    np.testing.assert_allclose(thousand.effects, one.effects, atol=1e-12)
    np.testing.assert_allclose(thousand.spread, one.spread, rtol=1e-9)


def test_weekday_effects_of_a_pure_rhythm_come_close_to_the_truth():
    rhythm = np.array([0.0, 0.1, 0.2, 0.1, 0.0, -0.2, -0.2])
    days = np.arange(140)
    scaled = scale_history(history_of(1000 * np.exp(rhythm[days % 7])[None, :]))
    shrunk = scaled.effects[-1, 0]
    np.testing.assert_allclose(shrunk, rhythm - rhythm.mean(), atol=0.03)
    assert np.corrcoef(shrunk, rhythm)[0, 1] > 0.999


def test_a_missing_day_is_filled_from_before_with_its_weekday():
    days = np.arange(84)
    truth = 1000 * np.exp(np.where(days % 7 == 5, 0.8, 0.0))
    values = truth.copy()
    values[82] = np.nan  # a day of weekday 5
    assert 82 % 7 == 5
    filled = from_log(*(part for part in _log_and_offset(values)))[0, 82]
    assert filled == pytest.approx(truth[82], rel=0.15)


def _log_and_offset(values):
    scaled = scale_history(history_of(values[None, :]))
    return scaled.log, scaled.offset


def test_a_constant_series_has_no_spread_and_no_room():
    scaled = scale_history(history_of(np.full((2, 40), [[0.0], [7.0]])))
    np.testing.assert_array_equal(scaled.spread, [0, 0])
    room = envelope(scaled, np.zeros(2), 30, 0.0)
    np.testing.assert_allclose(room, 0, atol=1e-9)


def test_room_to_grow_widens_with_the_growth_seen():
    days = np.arange(50)
    values = 100 * np.exp(np.array([[0.0], [0.01], [0.035]]) * days)
    scaled = scale_history(history_of(values))
    width = envelope(scaled, np.zeros(3), 30, 0.0)[1]
    assert (np.diff(width[:, 29]) > 0).all()
    assert (np.diff(width[2]) > 0).all()
    # Twice the growth seen, over 30 days and one week, is room enough to go on as before.
    assert width[2, 29] > 0.9 * 2 * 0.035 * 30
