"""Targets and answers: each the inverse of the other, and answers that are never absurd."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from upswell.errors import SettingError
from upswell.forecasting.lstm.pretrained import HEADS, decoded, network_inputs, targets


def histories(seed: int, series: int = 3, days: int = 90) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.poisson(np.exp(rng.normal(4, 2, (series, 1))), (series, days)).astype(float)


@given(st.integers(0, 1000), st.integers(1, 40))
def test_decoding_targets_gives_the_future_back(seed, horizon):
    past = histories(seed) + 1
    inputs = network_inputs(past, horizon)
    rng = np.random.default_rng(seed)
    future = rng.poisson(past.mean(axis=1, keepdims=True), (3, horizon)).astype(float)
    said = targets(inputs, future)
    assert said.shape == (3, horizon, 3)
    truth = (future, np.cumsum(future, axis=1), np.maximum.accumulate(future, axis=1))
    for place, head in enumerate(HEADS):
        counts = decoded(inputs, said[:, :, place, None], head)[:, :, 0]
        assert np.allclose(counts, truth[place], rtol=1e-9, atol=1e-6), head


@given(
    arrays(np.float64, (2, 60), elements=st.floats(0, 1e15) | st.just(np.nan)),
    arrays(np.float64, (2, 14, 5), elements=st.floats(-1e6, 1e6)),
)
def test_counts_are_finite_and_in_order_whatever_was_said(past, answers):
    inputs = network_inputs(past, 14)
    largest = np.nanmax(np.where(np.isfinite(past), past, 0), axis=1)
    for head in HEADS:
        counts = decoded(inputs, np.sort(answers, axis=2), head)
        assert np.isfinite(counts).all()
        assert (counts >= 0).all()
        assert (np.diff(counts, axis=2) >= 0).all()
        days = np.arange(1, 15)[:, None] if head == "sum" else 1
        assert (counts / days <= np.exp(4.001) * (largest + 1)[:, None, None]).all()


def test_days_that_are_not_known_have_no_target():
    inputs = network_inputs(histories(1), 4)
    future = np.full((3, 4), 50.0)
    future[:, 2] = np.nan
    known = np.isfinite(targets(inputs, future))[0]
    assert known.T.tolist() == [
        [True, True, False, True],
        [True, True, False, False],
        [True, True, False, False],
    ]


def test_wrong_shapes_and_heads_are_refused():
    inputs = network_inputs(histories(1), 4)
    with pytest.raises(SettingError, match=r"must have shape \(3, up to 7 days\)"):
        targets(inputs, np.zeros((3, 8)))
    with pytest.raises(SettingError, match="a head is one of day, sum, peak"):
        decoded(inputs, np.zeros((3, 4, 1)), "total")
