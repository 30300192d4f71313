"""Rankings against scikit-learn and against all orders of equal scores."""

from __future__ import annotations

import itertools
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn.metrics import average_precision_score

from upswell.errors import SettingError
from upswell.scoring import average_precision, hits_at_budget, recall_at_budget

# Few different scores, so that many are equal.
ITEMS = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30)


@settings(max_examples=80)
@given(ITEMS)
def test_average_precision_equals_scikit_learn(items: list) -> None:
    hit, score = np.array([h for h, _ in items]), np.array([s for _, s in items], dtype=float)
    if hit.any():
        expected = average_precision_score(hit, score)
        assert average_precision(hit, score) == pytest.approx(expected)
    else:
        assert math.isnan(average_precision(hit, score))


@settings(max_examples=30)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=1, max_size=6))
def test_hits_are_the_mean_over_all_orders_of_equal_scores(items: list) -> None:
    hit, score = [h for h, _ in items], [float(s) for _, s in items]
    for budget in range(len(items) + 2):
        found = []
        for order in itertools.permutations(range(len(items))):
            ranked = sorted(order, key=lambda i: -score[i])  # keeps the order of equal ones
            found.append(sum(hit[i] for i in ranked[:budget]))
        assert hits_at_budget(hit, score, budget) == pytest.approx(np.mean(found))


@settings(max_examples=40)
@given(ITEMS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(items: list, random) -> None:
    shuffled = random.sample(items, len(items))
    for budget in (0, 1, 3, 10):
        before, after = (
            hits_at_budget([h for h, _ in rows], [float(s) for _, s in rows], budget)
            for rows in (items, shuffled)
        )
        assert before == pytest.approx(after)


def test_a_ranking_that_says_nothing_has_the_share_of_hits() -> None:
    hit = np.arange(20) < 5
    assert average_precision(hit, np.zeros(20)) == 0.25
    assert recall_at_budget(hit, np.zeros(20), 4) == pytest.approx(0.2)


def test_recall_is_bounded_by_the_budget() -> None:
    hit = np.arange(20) < 5
    assert recall_at_budget(hit, hit.astype(float), 2) == pytest.approx(0.4)
    assert recall_at_budget(hit, hit.astype(float), 5) == 1.0
    assert recall_at_budget(hit, -hit.astype(float), 15) == 0.0
    assert recall_at_budget(hit, -hit.astype(float), 100) == 1.0
    assert math.isnan(recall_at_budget([0, 0], [1.0, 2.0], 1))
    assert hits_at_budget([], [], 3) == 0.0


@pytest.mark.parametrize(
    ("hit", "score"), [([1, 0], [1.0]), ([1], [np.nan]), ([2], [1.0]), ([1], [np.inf])], ids=str
)
def test_what_cannot_be_ranked_is_refused(hit, score) -> None:
    with pytest.raises(SettingError):
        average_precision(hit, score)


def test_a_budget_below_zero_is_refused() -> None:
    with pytest.raises(SettingError, match="budget"):
        hits_at_budget([1], [1.0], -1)
