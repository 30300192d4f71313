"""The curve read back from quantiles and a mean: its integrals are those of its own values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import lognorm

from releases.deciding.making import any_curves, lognormal
from upswell.releases.deciding.curves import LEVELS, StreamCurves

STEPS = 10_000
FINE = (np.arange(STEPS) + 0.5) / STEPS


@given(any_curves(), st.floats(0.0, 30_000.0))
@settings(max_examples=40, deadline=None)
def test_the_lack_is_the_integral_over_the_levels(curves: StreamCurves, count: float) -> None:
    values = curves.at(FINE)
    expected = np.maximum(count - values, 0.0).mean(axis=1)
    found = curves.lack(np.full(len(curves), count))
    # The tail beyond the last fine level is left out of the sum.
    np.testing.assert_allclose(found, expected, rtol=2e-3, atol=count * 2 / STEPS + 1e-9)


@given(any_curves())
@settings(max_examples=40, deadline=None)
def test_curves_rise_from_zero_through_the_quantiles(curves: StreamCurves) -> None:
    values = curves.at(FINE)
    assert (np.diff(values, axis=1) >= -1e-9).all()
    assert (values >= 0).all()
    np.testing.assert_allclose(curves.at(LEVELS), curves.quantiles, rtol=1e-12, atol=1e-9)


@given(any_curves())
@settings(max_examples=40, deadline=None)
def test_the_mean_is_the_one_that_was_said_unless_the_quantiles_forbid_it(
    curves: StreamCurves,
) -> None:
    # Of the tail, the mean over levels within it is known in closed form.
    body = curves.at(FINE[LEVELS[-1] > FINE]).sum(axis=1) / STEPS
    whole = body + 0.05 * (curves.quantiles[:, -1] + curves.tail)
    allowed = curves.tail > 0
    np.testing.assert_allclose(whole[allowed], curves.mean[allowed], rtol=2e-3, atol=0.1)
    assert (whole[~allowed] >= curves.mean[~allowed] * (1 - 2e-3) - 0.1).all()


@given(any_curves(), st.floats(0.0, 20_000.0))
@settings(max_examples=40, deadline=None)
def test_a_level_is_the_chance_to_stay_below(curves: StreamCurves, count: float) -> None:
    values = curves.at(FINE)
    below, within = (values < count - 1e-9).mean(axis=1), (values <= count + 1e-9).mean(axis=1)
    found = curves.level_of(np.full(len(curves), count))
    # Of a step the middle counts; the ends of the sum are a fine level off.
    np.testing.assert_allclose(found, (below + within) / 2, atol=2 / STEPS + 1e-4)


@pytest.mark.parametrize("width", [0.2, 0.6, 1.0, 1.5])
def test_a_lognormal_is_read_back_closely(width: float) -> None:
    curves = lognormal(100_000.0, width)
    truth = lognorm(width, scale=100_000.0)
    for count in (20_000.0, 60_000.0, 150_000.0, 400_000.0):
        exact = truth.expect(lambda x, count=count: count - x, lb=0.0, ub=count)
        assert curves.lack([count])[0] == pytest.approx(exact, abs=0.004 * count)


def test_a_release_that_is_known_for_sure_stays_so() -> None:
    sure = StreamCurves(np.full((1, 19), 500.0), np.array([500.0]))
    assert sure.lack([500.0])[0] == 0.0
    assert sure.lack([800.0])[0] == pytest.approx(300.0)
    np.testing.assert_allclose(sure.at([0.001, 0.5, 0.999]), 500.0)
