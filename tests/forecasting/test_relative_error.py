"""Errors relative to seasonal naive's, over windows."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.naive import BASELINE
from upswell.forecasting.relative_error import relative_error, relative_errors, window_worth
from worlds import evidence_of

NAN = np.nan


def rivals(errors: np.ndarray, shape: tuple[int, int, int]):
    truth = np.full(shape, 100.0)
    return evidence_of(truth, {BASELINE: truth + 10.0, "ets": truth + errors})


def test_the_total_counts_as_much_as_all_others_together():
    errors = np.full((5, 6, 5), 10.0)
    errors[0] = 2.5
    score = relative_errors(rivals(errors, (5, 6, 5)))["ets"]
    assert score == pytest.approx(np.sqrt(0.25 * 1.0))


def test_errors_are_averaged_over_known_days_and_ratios_geometrically():
    truth = np.array([[[100.0, NAN, 100.0], [50.0, 50.0, 50.0]]])
    naive = np.array([[[110.0, 0.0, 130.0], [60.0, 60.0, 60.0]]])
    own = np.array([[[105.0, 0.0, 105.0], [90.0, 90.0, 90.0]]])
    score = relative_errors(evidence_of(truth, {BASELINE: naive, "ets": own}))["ets"]
    assert score == pytest.approx(np.sqrt((5.0 / 20.0) * (40.0 / 10.0)))


def test_the_unit_of_counts_does_not_matter():
    rng = np.random.default_rng(0)
    truth = rng.uniform(50, 150, (3, 6, 5))
    medians = {
        BASELINE: rng.uniform(50, 150, truth.shape),
        "ets": rng.uniform(50, 150, truth.shape),
    }
    own = relative_errors(evidence_of(truth, medians))
    for unit in (1e15, 1e-9):
        scaled = {name: m * unit for name, m in medians.items()}
        assert relative_errors(evidence_of(truth * unit, scaled)) == pytest.approx(own, rel=1e-9)


def test_medians_of_nobody_in_the_evidence_are_judged_alike():
    evidence = rivals(np.full((2, 4, 5), 7.0), (2, 4, 5))
    assert relative_error(evidence, evidence.truth + 7.0) == relative_errors(evidence)["ets"]


@pytest.mark.parametrize(("windows", "step", "worth"), [(4, 5, 4.0), (4, 1, 1.6), (0, 5, 0.0)])
def test_windows_are_worth_the_span_of_their_days_in_horizons(
    windows: int, step: int, worth: float
):
    truth = np.ones((1, windows, 5))
    assert window_worth(evidence_of(truth, {}, step=step)) == worth


def test_silence_about_a_creator_that_is_days_old_is_no_failure():
    from dataclasses import replace

    errors = np.full((4, 5, 5), 5.0)
    errors[1:, :3] = NAN
    spoken = rivals(errors, (4, 5, 5))
    assert np.isnan(relative_errors(spoken)["ets"])
    observed = np.full((4, 5), 60)
    observed[1:, :3] = 13
    young = replace(spoken, observed=observed)
    assert relative_errors(young)["ets"] == pytest.approx(0.5)
    # One day more, and it should have spoken.
    assert np.isnan(relative_errors(replace(young, observed=observed + 1))["ets"])
    nobody = replace(rivals(errors * NAN, (4, 5, 5)), observed=np.full((4, 5), 2))
    assert np.isnan(relative_errors(nobody)["ets"])
