"""Scores of named classes against scikit-learn, and at their edges."""

from __future__ import annotations

import math
import warnings

import hypothesis.extra.numpy as hnp
import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import binomtest
from sklearn import metrics as oracle

from upswell.errors import SettingError
from upswell.scoring import (
    accuracy,
    balanced_accuracy,
    class_scores,
    confusion_matrix,
    majority_accuracy,
    majority_class,
)

LABELS = hnp.arrays(np.int64, st.tuples(st.just(2), st.integers(1, 25)), elements=st.integers(0, 2))


@settings(max_examples=60)
@given(LABELS)
def test_scores_equal_scikit_learn(pair: np.ndarray) -> None:
    actual, predicted = pair
    confusion = confusion_matrix(actual, predicted, classes=3)
    assert (
        confusion.tolist() == oracle.confusion_matrix(actual, predicted, labels=range(3)).tolist()
    )
    assert accuracy(confusion) == pytest.approx(oracle.accuracy_score(actual, predicted))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of classes that are named and do not occur
        expected = oracle.balanced_accuracy_score(actual, predicted)
    assert balanced_accuracy(confusion) == pytest.approx(expected)
    precision, recall, _, _ = oracle.precision_recall_fscore_support(
        actual, predicted, labels=range(3), zero_division=np.nan
    )
    scores = class_scores(confusion)
    np.testing.assert_allclose([score.precision for score in scores], precision)
    np.testing.assert_allclose([score.recall for score in scores], recall)


@settings(max_examples=40)
@given(LABELS)
def test_intervals_equal_those_of_scipy(pair: np.ndarray) -> None:
    for score in class_scores(confusion_matrix(*pair, classes=3), level=0.9):
        for trials, found in (
            (score.predicted, score.precision_range),
            (score.actual, score.recall_range),
        ):
            expected = (0.0, 1.0)
            if trials:
                exact = binomtest(score.hit, trials).proportion_ci(0.9, method="exact")
                expected = (exact.low, exact.high)
            assert found == pytest.approx(expected, abs=1e-9)


@settings(max_examples=40)
@given(LABELS)
def test_no_constant_is_more_accurate_than_the_majority(pair: np.ndarray) -> None:
    actual, _ = pair
    best = max(
        accuracy(confusion_matrix(actual, np.full_like(actual, label), 3)) for label in range(3)
    )
    assert majority_accuracy(actual, 3) == pytest.approx(best)
    named = np.full_like(actual, majority_class(actual, 3))
    assert accuracy(confusion_matrix(actual, named, 3)) == pytest.approx(best)


def test_of_equally_frequent_classes_the_lowest_is_the_majority() -> None:
    assert majority_class([2, 2, 1, 1], 3) == 1


def test_a_constant_has_the_balanced_accuracy_of_chance() -> None:
    confusion = confusion_matrix([0] * 96 + [1] * 3 + [2], [0] * 100, 3)
    assert accuracy(confusion) == 0.96
    assert balanced_accuracy(confusion) == pytest.approx(1 / 3)


def test_without_items_everything_is_undefined() -> None:
    confusion = confusion_matrix([], [], 3)
    assert math.isnan(accuracy(confusion))
    assert math.isnan(balanced_accuracy(confusion))
    assert math.isnan(majority_accuracy([], 3))
    assert all(math.isnan(s.precision) and math.isnan(s.recall) for s in class_scores(confusion))
    with pytest.raises(SettingError, match="majority"):
        majority_class([], 3)


@pytest.mark.parametrize("labels", [[3], [-1], [0.5], [np.nan], ["low"], [[0]], [None]], ids=str)
def test_labels_that_are_no_class_are_refused(labels) -> None:
    with pytest.raises(SettingError):
        confusion_matrix(labels, [0], classes=3)


def test_lengths_that_differ_are_refused() -> None:
    with pytest.raises(SettingError, match="shapes"):
        confusion_matrix([0, 1], [0], classes=2)
    with pytest.raises(SettingError, match="at least one class"):
        confusion_matrix([0], [0], classes=0)
