"""The bound at work: evidence in, codes for a list out, suspended where signals drift."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import polars as pl

from upswell.releases.config import ReleasesConfig, load_config
from upswell.releases.deciding.bounding import bound_codes, bound_for

DAY = dt.date(2025, 6, 1)
MONEY = {"cost": 10.0, "value": 0.01, "uplift": 0.2}


def _config(**money: Any) -> ReleasesConfig:
    return load_config(
        {"money": {**MONEY, **money}, "tiers": {"names": ["no", "hit"], "bounds": [100]}}
    )


def _evidence(misses: int = 0, count: int = 40, days: int = 30) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "probability_hit": [0.9] * count,
            "actual": [100.0] * (count - misses) + [99.0] * misses,
            "release_date": [DAY - dt.timedelta(days=days)] * count,
        }
    )


BOUND = {"bound": {"false_hits": 0.2, "confidence": 0.9}}


def test_without_a_bound_in_the_settings_there_is_none() -> None:
    assert bound_for(_evidence(), _config(), as_of=DAY) is None
    assert bound_for(_evidence(), load_config({}), as_of=DAY) is None
    scores = pl.DataFrame({"probability_hit": [0.1], "status": ["ok"]})
    assert bound_codes(scores, None, "hit") == [None]


def test_a_bundle_without_evidence_lets_nothing_pass_and_says_why() -> None:
    found = bound_for(None, _config(**BOUND), as_of=DAY)
    assert found is not None
    assert (found.code, found.threshold) == ("bound-not-enough-evidence", None)
    assert found.sentence.endswith("keeps no evidence of past releases; train it with [money]")
    scores = pl.DataFrame({"probability_hit": [1.0], "status": ["ok"]})
    assert bound_codes(scores, found, "hit") == ["bound-not-enough-evidence"]


def test_a_release_at_the_bound_of_the_top_tier_is_a_hit() -> None:
    found = bound_for(_evidence(misses=2), _config(**BOUND), as_of=DAY)
    assert found is not None
    assert (found.misses, found.hits, found.code) == (2, 38, "bound-holds")


def test_evidence_ages_until_it_says_nothing() -> None:
    found = bound_for(_evidence(), _config(**BOUND), as_of=DAY + dt.timedelta(days=400))
    assert found is not None
    assert found.code == "bound-not-enough-evidence"


def test_unknown_outcomes_are_no_misses() -> None:
    evidence = _evidence().with_columns(
        actual=pl.when(pl.int_range(pl.len()) < 5).then(None).otherwise("actual")
    )
    found = bound_for(evidence, _config(**BOUND), as_of=DAY)
    assert found is not None
    assert (found.calibration, found.misses) == (35, 0)


def test_only_what_would_be_promoted_counts() -> None:
    evidence = _evidence(misses=20).with_columns(mean=pl.col("actual"))
    whole = bound_for(evidence, _config(**BOUND), as_of=DAY)
    some = bound_for(evidence, _config(**BOUND), as_of=DAY, passes=lambda rows: rows["mean"] >= 100)
    assert whole is not None
    assert some is not None
    assert (whole.code, some.code) == ("bound-not-met", "bound-holds")


def test_drift_suspends_it_with_the_reason() -> None:
    drift = SimpleNamespace(drifted=True, sentence="likes: likes_log_total is higher")
    found = bound_for(_evidence(), _config(**BOUND), as_of=DAY, drift=drift)
    assert found is not None
    assert (found.code, found.threshold) == ("bound-suspended", None)
    assert "likes_log_total" in found.sentence
    scores = pl.DataFrame({"probability_hit": [0.99, 0.2], "status": ["ok", "ok"]})
    assert bound_codes(scores, found, "hit") == ["bound-suspended"] * 2
    calm = SimpleNamespace(drifted=False, sentence="")
    found = bound_for(_evidence(), _config(**BOUND), as_of=DAY, drift=calm)
    assert found is not None
    assert found.holds


def test_each_release_of_a_list_is_told_what_stands_against_it() -> None:
    found = bound_for(_evidence(), _config(**BOUND), as_of=DAY)
    scores = pl.DataFrame(
        {
            "probability_hit": [0.95, 0.9, 0.89, 0.99, None],
            "status": ["ok", "ok", "ok", "short-window", "ok"],
        }
    )
    assert bound_codes(scores, found, "hit") == [
        None,
        None,
        "bound-not-met",
        "bound-not-enough-evidence",
        "bound-not-met",
    ]
