"""Scores of probabilities against scikit-learn, brute force and closed forms."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from sklearn import metrics as oracle
from sklearn.calibration import calibration_curve

from upswell.errors import SettingError
from upswell.scoring import (
    brier_score,
    calibration_table,
    expected_calibration_error,
    log_loss,
    ranked_probability_score,
)

SEEDS = st.integers(0, 10_000)


def _answers(seed: int, count: int = 20, classes: int = 3) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    return (
        generator.integers(0, classes, count),
        generator.dirichlet(np.ones(classes) * 0.7, size=count),
    )


@settings(max_examples=40)
@given(SEEDS)
def test_losses_equal_scikit_learn(seed: int) -> None:
    actual, chances = _answers(seed)
    assert log_loss(actual, chances) == pytest.approx(
        oracle.log_loss(actual, chances, labels=range(3)), rel=1e-6
    )
    assert brier_score(actual, chances) == pytest.approx(
        oracle.brier_score_loss(actual, chances, labels=range(3), scale_by_half=False)
    )


@settings(max_examples=40)
@given(SEEDS, st.integers(2, 5))
def test_the_ranked_score_equals_brute_force(seed: int, classes: int) -> None:
    actual, chances = _answers(seed, classes=classes)
    total = 0.0
    for label, row in zip(actual.tolist(), chances.tolist(), strict=True):
        for bound in range(classes - 1):
            total += (sum(row[: bound + 1]) - (label <= bound)) ** 2
    expected = total / len(actual) / (classes - 1)
    assert ranked_probability_score(actual, chances) == pytest.approx(expected)


@settings(max_examples=40)
@given(SEEDS)
def test_the_ranked_score_of_two_classes_is_half_the_brier_score(seed: int) -> None:
    actual, chances = _answers(seed, classes=2)
    assert ranked_probability_score(actual, chances) == pytest.approx(
        brier_score(actual, chances) / 2
    )


@pytest.mark.parametrize("score", [log_loss, brier_score, ranked_probability_score])
def test_the_true_probabilities_score_best_on_average(score) -> None:
    truth = np.array([0.7, 0.2, 0.1])
    actual = np.repeat([0, 1, 2], [70, 20, 10])
    best = score(actual, np.tile(truth, (100, 1)))
    for other in ([0.6, 0.3, 0.1], [0.8, 0.15, 0.05], [1 / 3] * 3, [0.7, 0.1, 0.2]):
        assert score(actual, np.tile(other, (100, 1))) > best


def test_known_values() -> None:
    assert log_loss([0, 1, 2], np.full((3, 3), 1 / 3)) == pytest.approx(math.log(3))
    assert brier_score([0], [[0.0, 1.0]]) == 2.0
    assert ranked_probability_score([0], [[1.0]]) == 0.0
    assert log_loss([0], [[0.0, 1.0]]) == pytest.approx(-math.log(1e-15))


@pytest.mark.parametrize("score", [log_loss, brier_score, ranked_probability_score])
def test_without_items_a_loss_is_undefined(score) -> None:
    assert math.isnan(score([], np.zeros((0, 3))))


@pytest.mark.parametrize(
    "chances",
    [[[0.5, 0.4]], [[1.2, -0.2]], [[np.nan, 1.0]], [0.5, 0.5], [[0.5, 0.5], [0.5, 0.5]]],
    ids=str,
)
def test_what_is_no_probability_is_refused(chances) -> None:
    with pytest.raises(SettingError):
        log_loss([0], chances)


@settings(max_examples=40)
@given(SEEDS)
def test_the_calibration_table_equals_scikit_learn(seed: int) -> None:
    generator = np.random.default_rng(seed)
    # No probability on an edge: there the oracle puts it into the bin below.
    chance = (generator.integers(0, 1000, 60) + 0.5) / 1000
    hit = generator.random(60) < chance
    observed, given_chance = calibration_curve(hit, chance, n_bins=10)
    used = [one for one in calibration_table(hit, chance) if one.count]
    np.testing.assert_allclose([one.observed for one in used], observed)
    np.testing.assert_allclose([one.mean_probability for one in used], given_chance)
    expected = sum(
        one.count / 60 * abs(a - b) for one, a, b in zip(used, observed, given_chance, strict=True)
    )
    assert expected_calibration_error(hit, chance) == pytest.approx(expected)


@settings(max_examples=40)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=40), st.integers(1, 12))
def test_every_probability_lies_in_the_bin_that_is_named(chances: list, bins: int) -> None:
    table = calibration_table(np.zeros(len(chances)), chances, bins)
    assert sum(one.count for one in table) == len(chances)
    for one in table:
        last = one.high == 1.0
        inside = [c for c in chances if one.low <= c and (c < one.high or (last and c <= 1.0))]
        assert one.count == len(inside)


def test_calibration_knows_the_perfect_and_the_undefined() -> None:
    assert expected_calibration_error([0, 0, 1, 1], [0.0, 0.0, 1.0, 1.0]) == 0.0
    assert expected_calibration_error([1, 1], [0.0, 0.0]) == 1.0
    assert math.isnan(expected_calibration_error([], []))
    empty = calibration_table([], [], bins=2)
    assert [one.count for one in empty] == [0, 0]
    assert math.isnan(empty[0].observed)
    for bad in ([0.5, 0.5], [1.5]):
        with pytest.raises(SettingError):
            calibration_table([1], bad)
    with pytest.raises(SettingError, match="bin"):
        calibration_table([1], [0.5], bins=0)
