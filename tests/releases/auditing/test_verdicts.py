"""Verdicts on worlds in which the worth of each group is known."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from releases.auditing.light import CONFIG, Light, light_world, line
from upswell.releases import ReleasesConfig
from upswell.releases.auditing.measures import losses_of
from upswell.releases.auditing.refits import refit
from upswell.releases.auditing.run import audit_periods
from upswell.releases.auditing.subjects import cleaning_rules
from upswell.releases.auditing.variants import variants_of
from upswell.releases.auditing.verdicts import CODES, Finding, findings_of

WORLDS = 100


def _findings(world: Light, *, seeds: int = 3, draws: int = 999) -> list[Finding]:
    variants = variants_of(world.groups, world.names, {})
    refits = refit(world.periods, variants, line, seeds=seeds, seed=1)
    losses = losses_of(refits, CONFIG)
    return list(findings_of(world.groups, losses, refits, seed=1, draws=draws))


@pytest.fixture(scope="module")
def plain() -> list[list[Finding]]:
    return [_findings(light_world(seed)) for seed in range(WORLDS)]


@pytest.fixture(scope="module")
def misled() -> list[list[Finding]]:
    return [_findings(light_world(seed, misleading=True)) for seed in range(10)]


def _verdicts(worlds: list[list[Finding]], subject: str, measure: str) -> Counter[str]:
    return Counter(
        each.verdict
        for findings in worlds
        for each in findings
        if (each.subject.name, each.measure) == (subject, measure)
    )


def test_noise_helps_in_at_most_five_of_a_hundred_worlds(plain: list[list[Finding]]) -> None:
    helpful = [
        any(each.verdict == "helps" for each in findings if each.subject.name == "noise")
        for findings in plain
    ]
    assert sum(helpful) <= 5


def test_what_is_worth_something_helps(plain: list[list[Finding]]) -> None:
    assert _verdicts(plain, "real", "rmsle")["helps"] >= 90
    assert _verdicts(plain, "real", "hit_recall")["hurts"] == 0


def test_what_misleads_hurts_and_never_helps(misled: list[list[Finding]]) -> None:
    verdicts = _verdicts(misled, "noise", "rmsle")
    assert verdicts["hurts"] >= 9
    assert verdicts["helps"] == 0


def test_dropping_the_top_of_what_teaches_loses_the_hits() -> None:
    hits = ReleasesConfig.model_validate({"tiers": {"bounds": [3_000, 100_000]}})
    for seed in range(4):
        world = light_world(seed, releases=1500, weeks=30, rare=0.012)
        found = audit_periods(
            world.periods, cleaning_rules(), world.names, hits, line, instead={}, seeds=3, seed=1
        )
        verdicts = {(each.subject.name, each.measure): each for each in found.findings}
        drop = verdicts["drop", "hit_recall"]
        assert drop.verdict == "hurts"
        # As many dropped at random lose none.
        assert drop.over_random == pytest.approx(drop.gain, abs=0.1)
        assert verdicts["clip", "hit_recall"].verdict == "hurts"


def test_holm_goes_over_all_subjects_and_measures(plain: list[list[Finding]]) -> None:
    for findings in plain[:5]:
        known = sorted(each.p for each in findings if np.isfinite(each.p))
        smallest = min(findings, key=lambda each: each.p)
        assert smallest.p_holm == pytest.approx(min(1.0, len(known) * smallest.p))
        assert all(each.p_holm >= each.p for each in findings if np.isfinite(each.p))
        assert all((each.verdict == "unclear") == (not each.p_holm <= 0.05) for each in findings)


def test_gains_are_the_differences_of_the_scores(plain: list[list[Finding]]) -> None:
    for each in plain[0]:
        better, worse, random, permuted = each.scores
        side = 1.0 if each.measure == "hit_recall" else -1.0
        assert each.gain == pytest.approx(side * (better - worse))
        assert each.over_random == pytest.approx(side * (random - worse))
        assert each.over_permuted == pytest.approx(side * (better - permuted))
        assert each.low <= each.gain <= each.high


def test_few_hits_and_few_weeks_leave_it_open() -> None:
    scarce = _findings(light_world(1, releases=40, weeks=4), draws=99)
    for each in scarce:
        assert each.verdict == "unclear"
        assert "few-weeks" in each.codes
        assert np.isnan(each.p)
        assert set(each.codes) <= set(CODES)
    assert any("few-hits" in each.codes for each in scarce if each.measure == "hit_recall")


def test_with_the_same_seed_the_bits_are_the_same() -> None:
    world = light_world(2)
    one, other = (_findings(world, draws=99) for _ in range(2))
    assert [repr(each) for each in one] == [repr(each) for each in other]
