"""How far to trust chances and ranges: counted by hand, from evidence or from the final test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.stats import binomtest

from report.releases.weeks import BOUNDS, TIERS, evidence_of, week_of
from upswell.releases.config import load_config
from upswell.releases.judging import judge
from upswell.report.releases import WeekFacts
from upswell.report.releases._judged import calibration, scorecard_context


@pytest.fixture(scope="module")
def facts() -> WeekFacts:
    return week_of(["a", "b", "c"])


def test_coverage_is_the_share_of_outcomes_inside(facts: WeekFacts) -> None:
    found = calibration(facts)
    assert found is not None
    assert facts.evidence is not None
    rows = facts.evidence.to_dicts()
    for row, (low, high) in zip(
        found["coverage"], (("q25", "q75"), ("q10", "q90"), ("q05", "q95")), strict=True
    ):
        held = sum(each[low] <= each["actual"] <= each[high] for each in rows)
        exact = binomtest(held, len(rows)).proportion_ci(0.9, method="exact")
        assert (row["count"], row["held"]) == (len(rows), held / len(rows))
        assert (row["low"], row["high"]) == pytest.approx((exact.low, exact.high))


@pytest.mark.parametrize(
    ("factor", "verdict"), [(1.0, "as it should"), (0.2, "too narrow"), (9.0, "too wide")]
)
def test_a_range_that_holds_too_few_or_too_many_is_named(
    facts: WeekFacts, factor: float, verdict: str
) -> None:
    middle = pl.col("q50")
    names = ["q05", "q10", "q25", "q75", "q90", "q95"]
    wider = evidence_of(400).with_columns(
        (middle * (pl.col(name) / middle).pow(factor)).alias(name) for name in names
    )
    found = calibration(replace(facts, evidence=wider))
    assert found is not None
    assert {row["verdict"] for row in found["coverage"]} == {verdict}


def test_reliability_counts_what_came_true_by_the_chance_given(facts: WeekFacts) -> None:
    found = calibration(facts)
    assert found is not None
    assert facts.evidence is not None
    for tier, name in enumerate(TIERS):
        points = []
        for place in range(10):
            own = [
                row
                for row in facts.evidence.to_dicts()
                if min(int(row[f"probability_{name}"] * 10), 9) == place
            ]
            if own:
                hits = sum(sum(row["actual"] >= bound for bound in BOUNDS) == tier for row in own)
                points.append((len(own), hits / len(own)))
        assert [(p.count, p.observed) for p in found["points"][name]] == points


def test_releases_without_an_outcome_are_left_out(facts: WeekFacts) -> None:
    more = pl.concat([evidence_of(50), evidence_of(9).with_columns(actual=pl.lit(np.nan))])
    found = calibration(replace(facts, evidence=more))
    assert found is not None
    assert (found["count"], found["folds"]) == (50, 3)


def test_without_evidence_the_final_test_stands_in(facts: WeekFacts) -> None:
    tested = replace(facts, evidence=None, scorecard=card())
    found, whole = calibration(tested), calibration(replace(facts, evidence=evidence_of(120)))
    assert found is not None
    assert whole is not None
    assert (found["source"], whole["source"]) == ("final test", "evidence")
    # The same releases in both: what is counted must agree.
    assert found["coverage"] == whole["coverage"]
    for name in TIERS:
        for one, other in zip(found["points"][name], whole["points"][name], strict=True):
            assert (one.count, one.observed, one.low) == (other.count, other.observed, other.low)
            assert one.given == pytest.approx(other.given)


def test_with_neither_nothing_is_said(facts: WeekFacts) -> None:
    assert calibration(replace(facts, evidence=None)) is None
    assert calibration(replace(facts, evidence=evidence_of(3).clear())) is None
    assert scorecard_context(facts) is None


def test_the_scorecard_is_that_of_the_last_period_at_the_longest_horizon(facts: WeekFacts) -> None:
    found = scorecard_context(replace(facts, scorecard=card()))
    assert found is not None
    assert (found["scope"], found["model"]["count"]) == ("final", 120)
    assert {row["horizon"] for row in found["regression"]} == {30}
    # What ranks alone is the metric that goes best with the outcome, not the first of the table.
    assert found["base"] == "views"
    record = {**facts.record, "bundle": {**facts.record["bundle"], "base": "shares"}}
    other = scorecard_context(replace(facts, scorecard=card(), record=record))
    assert other is not None
    assert other["base"] == "shares"


def card() -> dict[str, object]:
    """Return a scorecard of 120 releases of a last period, without neighbours."""
    rows = evidence_of(120).with_columns(
        fold=pl.lit("final"), release_date=pl.lit("2025-01-05").str.to_date()
    )
    config = load_config({"tiers": {"names": list(TIERS), "bounds": list(BOUNDS)}})
    return judge(rows, None, config).to_record()
