"""Selection: which forecaster the windows support."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.naive import BASELINE
from upswell.forecasting.selection import select
from worlds import evidence_of

NAN = np.nan


def rivals(errors: dict[str, float | np.ndarray], shape: tuple[int, int, int] = (3, 6, 5)):
    """Make evidence in which each forecaster is off by a given amount; naive by 10."""
    truth = np.full(shape, 100.0)
    medians = {BASELINE: truth + 10.0}
    medians |= {name: truth + error for name, error in errors.items()}
    return evidence_of(truth, medians)


def test_the_preferred_is_chosen_and_the_sentence_says_by_how_much():
    found = select(rivals({"ets": 8.0, "blend": 6.0}), "blend", "two averaged")
    assert found.chosen == "blend"
    assert found.scores == pytest.approx({BASELINE: 1.0, "ets": 0.8, "blend": 0.6})
    assert found.why.startswith("two averaged: 0.60 of seasonal naive's error on 6 ")
    assert found.windows == 6


def test_a_member_that_was_luckier_is_not_chosen():
    assert select(rivals({"ets": 5.0, "blend": 6.0}), "blend").chosen == "blend"


@pytest.mark.parametrize(
    ("windows", "error", "chosen"),
    [(2, 11.0, "blend"), (40, 11.0, BASELINE), (2, 20.0, BASELINE), (40, 9.9, "blend")],
)
def test_few_windows_speak_less_against_the_preferred_than_many(
    windows: int, error: float, chosen: str
):
    assert select(rivals({"blend": error}, (3, windows, 5)), "blend").chosen == chosen


def test_a_failed_forecaster_is_never_chosen_however_good_where_it_answered():
    errors = np.zeros((3, 6, 5))
    errors[:, :2] = NAN
    found = select(rivals({"blend": errors, "theta": 9.0}), "blend")
    assert np.isnan(found.scores["blend"])
    assert found.chosen == BASELINE
    assert "failed on more than a tenth of 6" in found.why


def test_when_all_failed_the_baseline_stands_and_says_so():
    found = select(rivals({"ets": NAN, "blend": NAN}), "blend")
    assert found.chosen == BASELINE
    assert "no other forecaster" in found.why


def test_a_rare_failure_is_borne():
    errors = np.full((3, 6, 5), 5.0)
    errors[2, 0] = NAN
    assert select(rivals({"blend": errors}), "blend").chosen == "blend"


def test_without_windows_the_baseline_stands():
    found = select(rivals({"blend": 1.0}, (2, 0, 5)), "blend")
    assert (found.chosen, found.windows) == (BASELINE, 0)
    assert all(np.isnan(score) for score in found.scores.values())


def test_a_baseline_without_error_is_kept_for_that_reason():
    truth = np.full((2, 4, 5), 100.0)
    found = select(evidence_of(truth, {BASELINE: truth, "blend": truth + 1}), "blend")
    assert found.chosen == BASELINE
    assert "no error" in found.why
