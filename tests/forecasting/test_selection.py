"""Selection: which forecaster the windows support."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.registry import BASELINE
from upswell.forecasting.selection import relative_errors, select
from worlds import evidence_of

NAN = np.nan


def rivals(errors: dict[str, float | np.ndarray], shape: tuple[int, int, int] = (3, 6, 5)):
    """Make evidence in which each forecaster is off by a given amount; naive by 10."""
    truth = np.full(shape, 100.0)
    medians = {BASELINE: truth + 10.0}
    medians |= {name: truth + error for name, error in errors.items()}
    return evidence_of(truth, medians)


def test_the_best_is_chosen_and_the_sentence_says_by_how_much():
    found = select(rivals({"ets": 8.0, "theta": 6.0}))
    assert found.chosen == "theta"
    assert found.scores == pytest.approx({BASELINE: 1.0, "ets": 0.8, "theta": 0.6})
    assert "0.60" in found.why
    assert "6 backtest windows" in found.why
    assert found.windows == 6


@pytest.mark.parametrize(("ensemble", "chosen"), [(6.11, "ensemble"), (6.13, "theta")])
def test_the_ensemble_is_preferred_within_two_percent(ensemble: float, chosen: str):
    found = select(rivals({"theta": 6.0, "ensemble": ensemble}))
    assert found.chosen == chosen
    assert ("theta" in found.why) == (chosen == "ensemble")


def test_seasonal_naive_is_kept_when_nothing_beats_it():
    found = select(rivals({"ets": 11.0, "theta": 10.0}))
    assert found.chosen == BASELINE
    assert "theta comes nearest" in found.why


def test_a_failed_forecaster_is_never_chosen_however_good_where_it_answered():
    errors = np.zeros((3, 6, 5))
    errors[:, :2] = NAN
    found = select(rivals({"ets": errors, "theta": 9.0}))
    assert np.isnan(found.scores["ets"])
    assert found.chosen == "theta"


def test_when_all_failed_the_baseline_stands_and_says_so():
    found = select(rivals({"ets": NAN, "ensemble": NAN}))
    assert found.chosen == BASELINE
    assert "no other forecaster" in found.why


def test_a_rare_failure_is_borne():
    errors = np.full((3, 6, 5), 5.0)
    errors[2, 0] = NAN
    assert select(rivals({"ets": errors})).chosen == "ets"


def test_without_windows_the_baseline_stands():
    found = select(rivals({"ets": 1.0}, (2, 0, 5)))
    assert (found.chosen, found.windows) == (BASELINE, 0)
    assert all(np.isnan(score) for score in found.scores.values())


def test_a_baseline_without_error_is_kept_for_that_reason():
    truth = np.full((2, 4, 5), 100.0)
    found = select(evidence_of(truth, {BASELINE: truth, "ets": truth + 1}))
    assert found.chosen == BASELINE
    assert "no error" in found.why


def test_the_total_counts_as_much_as_all_others_together():
    errors = np.full((5, 6, 5), 10.0)
    errors[0] = 2.5
    score = relative_errors(rivals({"ets": errors}, (5, 6, 5)))["ets"]
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
