"""Calibration mends what is wrong, leaves what is right, and does little with little."""

from __future__ import annotations

import json

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models.calibration import (
    Calibrator,
    calibrate,
    expected_calibration_error,
)
from upswell.releases.models.ordinal import log_loss, reach, tier_probabilities


def logistic(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-x))


def world(
    rows: int, seed: int, slope: float, shift: float
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return what is said, what happened, and the truth, which is said wrongly on the logit."""
    random = np.random.default_rng(seed)
    latent = random.normal(-1.5, 1.5, rows)
    truth = tier_probabilities(logistic(np.stack([latent, latent - 1.5], axis=1)))
    tiers = (random.random(rows)[:, None] > np.cumsum(truth, axis=1)[:, :-1]).sum(axis=1)
    logits = np.stack([latent, latent - 1.5], axis=1)
    said = tier_probabilities(logistic(slope * logits + shift))
    return said, tiers.astype(np.int64), truth


@pytest.mark.parametrize(("slope", "shift"), [(2.0, 0.0), (0.5, 0.0), (1.0, 1.0), (1.6, -1.0)])
def test_what_is_said_wrongly_is_mended_on_releases_not_seen(slope: float, shift: float):
    calibrator = calibrate(*world(3000, 1, slope, shift)[:2])
    said, tiers, truth = world(20_000, 2, slope, shift)
    mended = calibrator.apply(said)
    for tier in (1, 2):
        before = expected_calibration_error(reach(said)[:, tier - 1], tiers >= tier)
        after = expected_calibration_error(reach(mended)[:, tier - 1], tiers >= tier)
        assert after < 0.02
        assert after < 0.5 * before
    assert np.abs(mended - truth).max() < 0.08
    assert log_loss(mended, tiers) < log_loss(said, tiers)


@pytest.mark.parametrize("rows", [30, 300, 3000])
def test_what_is_right_is_left_nearly_alone(rows: int):
    # Average over samples: one sample of 30 may really ask for a change.
    moved = []
    for seed in range(8):
        said, tiers, _ = world(rows, seed, 1.0, 0.0)
        moved.append(np.abs(calibrate(said, tiers).apply(said) - said).mean())
    assert np.mean(moved) < {30: 0.045, 300: 0.025, 3000: 0.01}[rows]


@pytest.mark.parametrize("positives", [0, 1, 3])
def test_a_handful_of_examples_moves_little_and_stays_valid(positives: int):
    random = np.random.default_rng(3)
    said = random.dirichlet((20.0, 3.0, 1.0), size=60)
    tiers = np.zeros(60, dtype=np.int64)
    tiers[:positives] = 2
    mended = calibrate(said, tiers).apply(said)
    assert np.isfinite(mended).all()
    assert (mended >= 0).all()
    assert mended.sum(axis=1) == pytest.approx(1.0)
    assert np.corrcoef(mended[:, 2], said[:, 2])[0, 1] > 0.5
    # 60 rows that hardly ever reach what was said to happen to one in six.
    assert mended[:, 1:].sum() < said[:, 1:].sum()
    assert mended[:, 1:].sum() > 0.1 * positives


@settings(max_examples=60)
@given(st.integers(0, 10**6), st.integers(2, 5), st.integers(1, 30))
def test_any_input_gives_probabilities(seed: int, tiers: int, rows: int):
    random = np.random.default_rng(seed)
    said = random.dirichlet(np.full(tiers, 0.05), size=rows)
    happened = random.integers(0, tiers, rows)
    mended = calibrate(said, happened, random.random(rows)).apply(said)
    assert mended.shape == said.shape
    assert (mended >= 0).all()
    assert mended.sum(axis=1) == pytest.approx(1.0)


def test_order_is_kept():
    said, tiers, _ = world(500, 5, 1.7, 0.5)
    curve = np.linspace(0, 1, 101)
    line = np.stack([1 - curve, curve], axis=1)
    binary = np.stack([said[:, 0], said[:, 1:].sum(axis=1)], axis=1)
    mended = calibrate(binary, np.minimum(tiers, 1)).apply(line)[:, 1]
    assert (np.diff(mended) >= 0).all()
    assert np.diff(mended)[5:-5].min() > 0


def test_a_weight_counts_as_so_many_rows():
    said, tiers, _ = world(200, 6, 1.5, 0.0)
    weights = np.random.default_rng(1).integers(0, 3, 200)
    weighted = calibrate(said, tiers, weights.astype(np.float64))
    repeated = calibrate(np.repeat(said, weights, axis=0), np.repeat(tiers, weights))
    np.testing.assert_allclose(weighted.curves, repeated.curves, rtol=1e-3)


def test_the_curve_is_the_most_probable_one():
    # The gradient by finite differences of a loss written out anew vanishes there.
    said, tiers, _ = world(400, 7, 1.5, 0.4)
    a, b, c = calibrate(said, tiers).curves[0]
    p = np.clip(1 - said[:, 0], 1e-9, 1 - 1e-9)

    def loss(point: NDArray[np.float64]) -> float:
        logit = np.exp(point[0]) * np.log(p) - np.exp(point[1]) * np.log(1 - p) + point[2]
        q = logistic(logit)
        likelihood = np.where(tiers >= 1, np.log(q), np.log(1 - q)).sum()
        return float(-likelihood + (point / [0.5, 0.5, 1.0]) @ (point / [0.5, 0.5, 1.0]) / 2)

    best = np.array([np.log(a), np.log(b), c])
    for step in np.eye(3) * 0.02:
        assert loss(best) <= min(loss(best + step), loss(best - step)) + 1e-6


def test_json_is_read_back_and_what_is_none_is_refused():
    calibrator = calibrate(*world(100, 8, 1.5, 0.0)[:2])
    assert Calibrator.from_json(json.loads(json.dumps(calibrator.to_json()))) == calibrator
    for wrong in (
        {},
        [],
        {"curves": []},
        {"curves": [[1, 1]]},
        {"curves": [[1, 1, "a"]]},
        {"curves": [[0, 1, 0]]},
        {"curves": [[1, -1, 0]]},
        {"curves": [[1, 1, float("nan")]]},
        {"curves": 3},
    ):
        with pytest.raises(BundleError):
            Calibrator.from_json(wrong)


def test_the_error_of_calibration_by_hand():
    said = np.array([0.1, 0.9, 0.3, 0.7])
    answers = np.array([False, True, True, True])
    # Lower half: said 0.2 on average, true 0.5; upper half: said 0.8, true 1.
    assert expected_calibration_error(said, answers, bins=2) == pytest.approx(0.25)
    assert expected_calibration_error(said, answers, bins=10) == pytest.approx(
        np.abs(said - answers).mean()
    )
