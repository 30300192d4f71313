"""The layers in NumPy agree with closed forms and loops in plain words."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import expit

from upswell.forecasting.lstm.pretrained._layers import LstmLayer, ordered, silu

SINGLES = st.floats(-80, 80, width=32)


@given(arrays(np.float32, (2, 5, 3), elements=SINGLES))
def test_quantiles_ascend_around_the_median_that_was_said(raw: np.ndarray):
    levels = ordered(raw)
    assert np.isfinite(levels).all()
    assert (np.diff(levels, axis=1) >= 0).all()
    np.testing.assert_array_equal(levels[:, 2], raw[:, 2])


@given(arrays(np.float32, 7, elements=SINGLES))
def test_silu_is_the_value_times_its_logistic(values: np.ndarray):
    wanted = values.astype(np.float64) * expit(values.astype(np.float64))
    np.testing.assert_allclose(silu(values.copy()), wanted, rtol=1e-4, atol=1e-5)


def test_a_layer_is_the_recurrence_of_the_textbook():
    rng = np.random.default_rng(0)
    units, features, steps, series = 3, 4, 6, 5
    into, across = rng.standard_normal((12, features)), rng.standard_normal((12, units))
    bias = rng.standard_normal(12)
    inputs = rng.standard_normal((steps, features, series)).astype(np.float32)
    layer = LstmLayer.of(*(a.astype(np.float32) for a in (into, across, bias)))
    hidden = cell = np.zeros((units, series))
    for step, found in enumerate(layer(inputs)):
        gates = into @ inputs[step] + across @ hidden + bias[:, None]
        admit, keep, news, show = np.split(gates, 4)
        cell = expit(keep) * cell + expit(admit) * np.tanh(news)
        hidden = expit(show) * np.tanh(cell)
        np.testing.assert_allclose(found, hidden, atol=1e-5)
