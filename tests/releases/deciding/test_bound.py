"""The bound on false hits: what it promises, and that it keeps its promise."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from upswell.errors import SettingError
from upswell.releases.deciding.bound import (
    BOUND_CODES,
    THRESHOLDS,
    false_hit_bound,
    needed_without_miss,
)


@pytest.mark.parametrize(("false_hits", "confidence"), [(0.1, 0.9), (0.2, 0.9), (0.05, 0.95)])
def test_as_many_as_needed_without_a_miss_are_enough_and_one_fewer_is_not(
    false_hits: float, confidence: float
) -> None:
    needed = needed_without_miss(false_hits, confidence)
    assert binom.cdf(0, needed, false_hits) <= 1 - confidence < binom.cdf(0, needed - 1, false_hits)
    for count, code in ((needed, "bound-holds"), (needed - 1, "bound-not-enough-evidence")):
        found = false_hit_bound(
            np.full(count, 0.97),
            np.ones(count),
            np.zeros(count),
            false_hits=false_hits,
            confidence=confidence,
        )
        assert found.code == code
        assert str(needed) in found.sentence or found.holds


def test_twenty_two_without_a_miss_are_needed_for_a_tenth_at_nine_tenths() -> None:
    assert needed_without_miss(0.1, 0.9) == 22


def test_equal_ages_give_the_binomial_test() -> None:
    hit = np.ones(60)
    hit[[10, 20, 30]] = 0
    found = false_hit_bound(np.full(60, 0.8), hit, np.full(60, 90.0), false_hits=0.15)
    assert (found.flagged, found.misses) == (60, 3)
    assert found.p_value == pytest.approx(binom.cdf(3, 60, 0.15))
    assert found.threshold == 0.8


def test_a_recent_miss_weighs_more_than_an_old_one() -> None:
    age = np.linspace(0, 360, 60)
    recent, old = np.ones(60), np.ones(60)
    recent[:4], old[-4:] = 0, 0
    p_values = [
        false_hit_bound(np.full(60, 0.8), hit, age, false_hits=0.15).p_value
        for hit in (recent, old)
    ]
    assert p_values[0] is not None
    assert p_values[1] is not None
    assert p_values[1] < p_values[0]


def test_what_is_too_long_ago_does_not_count() -> None:
    age = np.r_[np.zeros(10), np.full(50, 400.0)]
    found = false_hit_bound(np.full(60, 0.9), np.ones(60), age, false_hits=0.2)
    assert found.code == "bound-not-enough-evidence"
    assert found.calibration == 10


def test_hits_too_few_are_not_enough_evidence_and_misses_too_many_are_not_met() -> None:
    few = np.zeros(100)
    few[:5] = 1
    scores = np.linspace(0.9, 0.1, 100)
    found = false_hit_bound(scores, few, np.zeros(100), false_hits=0.2)
    assert found.code == "bound-not-enough-evidence"
    assert "5 hits" in found.sentence
    half = np.arange(100) % 2
    found = false_hit_bound(scores, half, np.zeros(100), false_hits=0.2)
    assert (found.code, found.threshold) == ("bound-not-met", None)
    assert "does not hold" in found.sentence


def test_below_the_last_release_seen_nothing_may_pass() -> None:
    found = false_hit_bound(np.full(40, 0.905), np.ones(40), np.zeros(40), false_hits=0.2)
    assert found.threshold == 0.9


def test_the_sequence_ends_at_the_first_threshold_that_does_not_pass() -> None:
    # Sure hits, then misses, then so many hits that all together would pass again.
    scores = np.r_[np.full(30, 0.9), np.full(30, 0.6), np.full(900, 0.3)]
    hit = np.r_[np.ones(30), np.zeros(30), np.ones(900)]
    assert binom.cdf(30, 960, 0.2) < 0.1
    found = false_hit_bound(scores, hit, np.zeros(960), false_hits=0.2)
    assert (found.threshold, found.flagged) == (0.9, 30)


def test_of_all_that_pass_the_widest_is_given_and_ends_at_the_last_release_seen() -> None:
    scores = np.r_[np.full(30, 0.955), np.full(30, 0.805)]
    found = false_hit_bound(scores, np.ones(60), np.zeros(60), false_hits=0.2)
    assert (found.threshold, found.flagged) == (0.8, 60)


@given(st.integers(0, 2**32 - 1), st.integers(0, 150), st.sampled_from([0.1, 0.2, 0.4]))
@settings(max_examples=60, deadline=None)
def test_any_calibration_gives_a_consistent_answer(
    seed: int, count: int, false_hits: float
) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.random(count).round(2)
    hit = rng.random(count) < scores
    age = rng.integers(0, 500, count)
    found = false_hit_bound(scores, hit, age, false_hits=false_hits)
    inside = age <= 365
    assert found.code in BOUND_CODES
    assert found.holds == (found.code == "bound-holds")
    assert found.hits == hit[inside].sum()
    if found.threshold is not None:
        over = inside & (scores >= found.threshold)
        assert (found.flagged, found.misses) == (over.sum(), (over & ~hit).sum())
        assert found.p_value is not None
        assert found.p_value <= 0.1 + 1e-12
        assert found.threshold in THRESHOLDS
        assert found.flagged >= found.needed
    again = rng.permutation(count)
    assert false_hit_bound(scores[again], hit[again], age[again], false_hits=false_hits) == found


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_where_the_sequence_begins_does_not_depend_on_outcomes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, age = rng.random(80), np.zeros(80)
    # Of a calibration without a hit the first threshold tested is the only one, and is reported.
    none = false_hit_bound(scores, np.zeros(80), age, false_hits=0.3)
    other = rng.random(80) < 0.02
    found = false_hit_bound(scores, other, age, false_hits=0.3)
    assert found.flagged == none.flagged


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.3]))
@settings(max_examples=25, deadline=None)
def test_the_sequence_begins_where_true_scores_are_most_likely_to_pass(
    seed: int, false_hits: float
) -> None:
    scores = np.random.default_rng(seed).beta(3.0, 0.6, 120)
    # Without a hit only the first threshold is tested.
    found = false_hit_bound(scores, np.zeros(120), np.zeros(120), false_hits=false_hits)
    most_likely, power = 0, -1.0
    for threshold in THRESHOLDS:
        chance = scores[scores >= threshold]
        if chance.size < found.needed:
            continue
        tails = binom.cdf(np.arange(chance.size + 1), chance.size, false_hits)
        allowed = int((tails <= 1.0 - 0.9).sum()) - 1
        own = round(float(binom.cdf(allowed, chance.size, (1.0 - chance).mean())), 9)
        if own > power:
            most_likely, power = chance.size, own
    assert found.flagged == most_likely > 0


@pytest.mark.parametrize("false_hits", [0.1, 0.2, 0.35])
@pytest.mark.parametrize("sharper", [1.0, 1.6])
def test_in_simulated_calibrations_the_promise_is_kept_as_often_as_said(
    false_hits: float, sharper: float
) -> None:
    # The true part of misses from each threshold on is computed, not sampled; scores may be too
    # sure of themselves as long as they rise with the truth.
    rng = np.random.default_rng(3)
    logits = rng.normal(-0.5, 2.0, 200_000)
    many = np.sort(_chance(sharper * logits))[::-1]
    truth = _chance(np.sort(logits)[::-1])
    risk = np.cumsum(1 - truth) / np.arange(1, truth.size + 1)
    kept = found = 0
    rounds = 150
    for _ in range(rounds):
        own = rng.normal(-0.5, 2.0, 250)
        bound = false_hit_bound(
            _chance(sharper * own),
            rng.random(250) < _chance(own),
            rng.integers(0, 365, 250),
            false_hits=false_hits,
        )
        place = np.searchsorted(-many, -(bound.threshold or 1.0), side="right")
        found += bound.holds
        kept += bound.threshold is None or risk[place - 1] <= false_hits
    assert kept / rounds >= 0.9 - 2 * np.sqrt(0.09 / rounds)
    assert found > rounds / 20


def _chance(logits: Any) -> Any:
    return 1.0 / (1.0 + np.exp(-logits))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"scores": [1.2]}, "no chance"),
        ({"scores": [float("nan")]}, "no chance"),
        ({"is_hit": [1, 0]}, "one shape"),
        ({"age_days": [float("nan")]}, "age"),
        ({"false_hits": 0.0}, "false_hits"),
        ({"confidence": 1.0}, "confidence"),
        ({"half_life": 0.0}, "half-life"),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], words: str) -> None:
    arguments = {"scores": [0.5], "is_hit": [1], "age_days": [0.0], "false_hits": 0.1, **given}
    with pytest.raises(SettingError, match=words):
        false_hit_bound(**arguments)
