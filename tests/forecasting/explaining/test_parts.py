"""Parts multiply to the history, know nothing of the future, and are what was simulated."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.errors import SettingError
from upswell.forecasting.explaining.parts import FAMILIES, Parts, split_history
from upswell.simulate.audiences import simulate_audiences

HISTORIES = arrays(
    np.float64,
    st.tuples(st.integers(1, 3), st.integers(1, 70)),
    elements=st.one_of(
        st.integers(0, 10).map(float), st.floats(0, 1e12), st.just(float("nan")), st.just(0.0)
    ),
)


def product(parts: Parts) -> np.ndarray:
    return parts.level[:, None] * parts.trend * parts.week * parts.burst * parts.rest


@settings(max_examples=40, deadline=None)
@given(HISTORIES)
def test_any_history_is_the_product_of_its_parts(values: np.ndarray) -> None:
    parts = split_history(values)
    assert np.allclose(product(parts), values, rtol=1e-9, equal_nan=True)
    assert (parts.level > 0).all()
    assert np.allclose(parts.trend[:, -1], 1.0)
    assert (parts.burst >= 1.0).all()
    for factor in (parts.trend, parts.week, parts.burst):
        assert np.isfinite(factor).all()
        assert (factor > 0).all()
    for family in FAMILIES:
        left = parts.without([family])
        assert (left[np.isfinite(left)] >= 0).all()


@pytest.fixture(scope="module")
def batch():
    return simulate_audiences(96, 300, 30, seed=17)


def test_simulated_histories_are_the_products_of_their_parts(batch) -> None:
    parts = split_history(batch.observed)
    assert np.allclose(product(parts), batch.observed, rtol=1e-12, equal_nan=True)


def test_one_history_is_split_as_it_is_among_others(batch) -> None:
    whole, one = split_history(batch.observed), split_history(batch.observed[5:6])
    assert whole.trend[5].tobytes() == one.trend[0].tobytes()
    assert whole.bursts[5] == one.bursts[0]


def test_what_is_left_out_is_divided_out_and_nothing_else(batch) -> None:
    parts = split_history(batch.observed)
    assert parts.without(()).tobytes() == batch.observed.tobytes()
    flat = parts.without(["trend"])
    assert np.allclose(flat * parts.trend, batch.observed, equal_nan=True)
    with pytest.raises(SettingError, match="no part 'year'"):
        parts.without(["year"])


def test_one_burst_can_be_left_out(batch) -> None:
    parts = split_history(batch.observed)
    row = next(r for r, found in enumerate(parts.bursts) if len(found) > 1)
    burst = parts.bursts[row][-1]
    left = parts.without_bursts({row: burst})
    same = np.ones(left.shape, dtype=bool)
    same[row, burst.days] = False
    assert np.array_equal(left[same], batch.observed[same], equal_nan=True)
    days = slice(burst.first, burst.last + 1)
    assert np.nansum(left[row, days]) < np.nansum(batch.observed[row, days])


def test_a_closed_day_is_unknown_without_the_week() -> None:
    days = np.arange(140)
    views = np.where(days % 7 < 5, 1000.0 + days, 0.0)[None]
    left = split_history(views).without(["week"])
    assert np.isnan(left[0, days % 7 >= 5]).all()
    assert np.isfinite(left[0, days % 7 < 5]).all()


@pytest.mark.parametrize("open_days", [1, 2, 5])
def test_weeks_of_any_number_of_open_days_have_a_profile(open_days: int) -> None:
    days = np.arange(140)
    views = np.where(days % 7 < open_days, 500.0, 0.0)[None]
    parts = split_history(views)
    assert parts.level[0] == pytest.approx(500.0 * open_days / 7, rel=0.3)
    assert (parts.week[0, days % 7 >= open_days] < 0.05).all()


def test_a_series_of_hardly_any_views_has_their_mean_as_its_level() -> None:
    views = (np.random.default_rng(3).random((1, 200)) < 0.15) * 1.0
    assert split_history(views).level[0] == pytest.approx(views[0, -56:].mean(), rel=0.1)


def test_outages_and_partial_days_bend_neither_level_nor_week() -> None:
    rng = np.random.default_rng(8)
    views = 2000.0 * np.exp(0.05 * rng.standard_normal((1, 140)))
    clean = split_history(views.copy())
    views[0, [70, 72, 73, 90, 101, 102, 103, 104]] = 0.0
    spoilt = split_history(views)
    assert np.abs(np.log(spoilt.trend / clean.trend)).max() < 0.05
    assert np.abs(np.log(spoilt.week / clean.week)).max() < 0.05


def test_a_burst_at_the_end_does_not_become_the_level() -> None:
    rng = np.random.default_rng(9)
    views = 5000.0 * np.exp(0.08 * rng.standard_normal((1, 120)))
    views[0, 110:] *= 1.0 + 6.0 * np.exp2(-np.arange(10) / 3.0)
    parts = split_history(views)
    assert abs(parts.level[0] / 5000.0 - 1) < 0.1
    assert parts.bursts[0][-1].first == 110


def test_a_level_that_stays_is_no_burst() -> None:
    rng = np.random.default_rng(9)
    views = 5000.0 * np.exp(0.08 * rng.standard_normal((1, 120)))
    views[0, 80:] *= 2.5
    parts = split_history(views)
    assert abs(parts.level[0] / 12500.0 - 1) < 0.15
    assert parts.burst[0, -1] == 1.0


def test_parts_are_those_that_were_simulated(batch) -> None:
    parts, truth = split_history(batch.observed), batch.components
    alive = np.nan_to_num(batch.observed[:, -56:]).mean(axis=1) > 50
    names = ("trend", "walk", "year", "shift", "shared", "debut")
    slow = sum(getattr(truth, name) for name in names)
    past = slice(300 - 57, 300)
    said = np.log(parts.trend[alive, 300 - 57])
    real = (slow[:, 300 - 57] - slow[:, 299])[alive]
    assert np.corrcoef(said, real)[0, 1] > 0.75

    def centred(logs: np.ndarray) -> np.ndarray:
        return (logs - logs.mean(axis=1, keepdims=True)).ravel()

    said = centred(np.log(parts.week[alive, past][:, -28:]))
    real = centred(truth.week[alive, past][:, -28:])
    assert np.corrcoef(said, real)[0, 1] > 0.8
