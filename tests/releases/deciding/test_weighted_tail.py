"""The tail of weighted coins: against the binomial, and against counting every case."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from upswell.releases.deciding._weighted_tail import LEVELS, lower_tail, recency_weights

chances = st.floats(0.01, 0.99)


@given(st.integers(1, 60), st.integers(1, 5), chances, st.data())
@settings(max_examples=60, deadline=None)
def test_equal_weights_give_the_binomial_tail(
    count: int, weight: int, chance: float, data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, count))
    found = lower_tail(np.full(count, weight), chance, total * weight)
    assert found == pytest.approx(binom.cdf(total, count, chance), rel=1e-9, abs=1e-12)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), chances, st.data())
@settings(max_examples=60, deadline=None)
def test_any_weights_give_what_counting_every_case_gives(
    weights: list[int], chance: float, data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    every = 0.0
    for coins in itertools.product((0, 1), repeat=len(weights)):
        if sum(w * c for w, c in zip(weights, coins, strict=True)) <= total:
            every += chance ** sum(coins) * (1 - chance) ** (len(coins) - sum(coins))
    assert lower_tail(np.array(weights), chance, total) == pytest.approx(every, rel=1e-9)


@given(st.lists(st.integers(1, LEVELS), min_size=1, max_size=80), chances)
@settings(max_examples=40, deadline=None)
def test_without_a_miss_the_weights_do_not_matter(weights: list[int], chance: float) -> None:
    found = lower_tail(np.array(weights), chance, 0)
    assert found == pytest.approx((1 - chance) ** len(weights), rel=1e-9)


def test_nothing_is_below_nothing() -> None:
    assert lower_tail(np.array([1, 2]), 0.5, -1) == 0.0
    assert lower_tail(np.array([], dtype=np.int64), 0.5, 0) == 1.0


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50), st.floats(1, 500))
@settings(max_examples=60, deadline=None)
def test_weights_fall_with_age_and_are_never_zero(ages: list[float], half_life: float) -> None:
    ordered = np.sort(np.array(ages))
    weights = recency_weights(ordered, half_life)
    assert (np.diff(weights) <= 0).all()
    assert weights.min() >= 1
    assert weights.max() <= LEVELS


def test_without_a_half_life_all_weigh_alike() -> None:
    assert recency_weights(np.array([0.0, 5.0, 900.0]), np.inf).tolist() == [1, 1, 1]
    assert recency_weights(np.array([]), 10.0).size == 0
