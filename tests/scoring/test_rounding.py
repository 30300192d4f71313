"""Rounded figures: the rules against decimal arithmetic, and what a constant looks like in them."""

from __future__ import annotations

import decimal
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import norm

from upswell.errors import SettingError
from upswell.scoring import accuracy, confusion_matrix, round_to_step, rounded_score

RULES = {"up": decimal.ROUND_CEILING, "nearest": decimal.ROUND_HALF_UP}
STEPS = st.sampled_from(["0.1", "0.2", "1", "7", "50000"])


@pytest.mark.parametrize("rule", RULES)
@settings(max_examples=150)
@given(st.integers(0, 10**7), STEPS)
def test_rounding_is_that_of_decimal_numbers(rule: str, tenths: int, step: str) -> None:
    value = decimal.Decimal(tenths) / 10
    unit = decimal.Decimal(step)
    steps = (value / unit).to_integral_value(rounding=RULES[rule])
    found = float(round_to_step(float(value), float(step), rule))
    assert found == pytest.approx(float(steps * unit), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("rule", RULES)
def test_multiples_stay_what_they_are(rule: str) -> None:
    multiples = 50_000.0 * np.arange(300)
    assert round_to_step(multiples, 50_000, rule).tolist() == multiples.tolist()


def test_up_makes_any_stream_a_step_and_leaves_zero() -> None:
    assert round_to_step([0.0, 1e-9, 50_000.1], 50_000, "up").tolist() == [0.0, 50e3, 100e3]


def test_missing_stays_missing() -> None:
    assert np.isnan(round_to_step([np.nan], 10, "up")).all()
    assert np.isnan(round_to_step([np.nan], 10, "nearest")).all()


@pytest.mark.parametrize(
    ("values", "step", "rule"),
    [([1.0], 0.0, "up"), ([1.0], -5, "up"), ([1.0], np.nan, "up"), ([-1.0], 5, "nearest")],
)
def test_what_makes_no_sense_is_refused(values, step, rule) -> None:
    with pytest.raises(SettingError):
        round_to_step(values, step, rule)


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(SettingError, match="down"):
        round_to_step([1.0], 5.0, "down")  # type: ignore[arg-type]


def test_actuals_that_round_to_zero_are_excluded_counted_and_still_exact_or_not() -> None:
    score = rounded_score([10.0, 20.0, 70.0, np.nan], [0.0, 80.0, 40.0, 5.0], 50, "nearest")
    assert (score.count, score.excluded) == (3, 2)
    assert score.mape == 0.0  # 70 and 40 both become 50
    assert score.exact == pytest.approx(2 / 3)  # 20 becomes 0, 80 becomes 100


def test_nothing_to_score_is_nan() -> None:
    none = rounded_score([np.nan], [5.0], 50, "up")
    assert (none.count, none.excluded) == (0, 0)
    assert math.isnan(none.mape)
    assert math.isnan(none.exact)
    assert math.isnan(rounded_score([60.0], [np.nan], 50, "up").exact)
    assert math.isnan(rounded_score([60.0], [np.nan], 50, "up").mape)


# The world of the claim that a rounded MAPE of 6% and 95% accuracy are good: streams are lognormal
# with median 5,000 and sigma 2, and the constant knows nothing.
MEDIAN, SIGMA, STEP, HIT = 5_000.0, 2.0, 50_000.0, 200_000.0


def _share_up_to(streams: np.ndarray) -> np.ndarray:
    return norm.cdf(np.log(streams / MEDIAN) / SIGMA)


def test_the_constant_has_eight_percent_mape_when_both_are_rounded_up() -> None:
    steps = np.arange(1, 200_000)
    share = np.diff(_share_up_to(STEP * steps), prepend=0.0)
    # The constant becomes one step; an outcome of k steps is then wrong by (k - 1) / k.
    closed = float((share * (steps - 1) / steps).sum())
    assert closed == pytest.approx(0.081, abs=0.0005)

    streams = MEDIAN * np.exp(SIGMA * norm.ppf((np.arange(400_000) + 0.5) / 400_000))
    found = rounded_score(streams, np.full_like(streams, np.median(streams)), STEP, "up")
    assert found.mape == pytest.approx(closed, abs=1e-4)
    assert found.exact == pytest.approx(float(_share_up_to(np.array(STEP))), abs=1e-4)


def test_the_constant_is_right_for_97_percent_where_a_hit_is_four_steps() -> None:
    closed = float(_share_up_to(np.array(HIT)))
    assert closed == pytest.approx(0.967, abs=0.0005)

    streams = MEDIAN * np.exp(SIGMA * norm.ppf((np.arange(400_000) + 0.5) / 400_000))
    hit = (streams >= HIT).astype(int)
    confusion = confusion_matrix(hit, np.zeros_like(hit), classes=2)
    assert accuracy(confusion) == pytest.approx(closed, abs=1e-5)
