"""Decisions: promote, watch or hold, with a code for what stands against a release."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from releases.deciding.making import frame_of, lognormal, money
from upswell.releases.deciding.codes import CODES, DECISIONS
from upswell.releases.deciding.decisions import Decisions, decide
from upswell.releases.deciding.dependence import scenarios
from upswell.releases.deciding.money import profit
from upswell.releases.deciding.portfolio import best_list, expected_shortfall

CURVES = lognormal([400_000.0, 200_000.0, 90_000.0, 80_000.0, 82_000.0, 5_000.0], 0.6)
FRAME = frame_of(CURVES)
MEANS = [200.0 * (mean / 100_000.0 - 1.0) for mean in CURVES.mean]


def made(own: Any = None, **others: Any) -> Decisions:
    settings = {"correlation": 0.2, "seed": 3, **others}
    return decide(settings.pop("frame", FRAME), own or money(), **settings)


def said(decisions: Decisions) -> list[tuple[str, str]]:
    return decisions.frame.select("decision", "decision_codes").rows()


def flags(*places: int) -> np.ndarray:
    return np.isin(np.arange(FRAME.height), places)


def test_what_is_worth_it_is_promoted_what_is_nearly_is_watched_the_rest_held() -> None:
    found = made()
    assert found.frame["expected_profit"].to_list() == pytest.approx(MEANS)
    assert [round(mean) for mean in MEANS] == [758, 279, 15, -8, -4, -188]
    assert said(found) == [
        *[("promote", "")] * 3,
        *[("watch", "nearly")] * 2,
        ("hold", ""),
    ]


def test_caution_makes_of_promote_watch() -> None:
    assert said(made(money(caution=4)))[:3] == [
        ("promote", ""),
        ("promote", ""),
        ("watch", "caution"),
    ]
    assert said(made(money(quantile=0.1)))[:3] == [
        ("promote", ""),
        ("watch", "caution"),
        ("watch", "caution"),
    ]


def test_short_windows_and_releases_without_signals_are_never_promoted() -> None:
    status = ["short-window", "no-signals", "ok", "short-window", "ok", "short-window"]
    assert said(made(frame=frame_of(CURVES, status=status))) == [
        ("watch", "short-window"),
        ("watch", "no-signals"),
        ("promote", ""),
        ("watch", "short-window nearly"),
        ("watch", "nearly"),
        ("hold", ""),
    ]


def test_what_is_closed_is_held_whatever_it_promises() -> None:
    found = made(objections={"closed": flags(0, 5)})
    assert said(found)[0] == said(found)[5] == ("hold", "closed")
    assert found.frame["expected_profit"].is_null().to_list() == flags(0, 5).tolist()
    assert found.funded.releases == 2


def test_an_objection_makes_of_promote_watch_and_is_named() -> None:
    found = made(objections={"bound-not-met": flags(1, 2, 5), "bound-suspended": flags(2)})
    assert said(found)[:3] == [
        ("promote", ""),
        ("watch", "bound-not-met"),
        ("watch", "bound-not-met bound-suspended"),
    ]
    assert said(found)[5] == ("hold", "")


def test_a_budget_funds_the_best_and_says_of_the_others_why_not() -> None:
    found = made(money(budget=450.0))
    assert said(found)[:3] == [("promote", ""), ("promote", ""), ("watch", "over-budget")]
    assert (found.funded.releases, found.funded.cost) == (2, 400.0)
    assert found.funded.expected_profit == pytest.approx(MEANS[0] + MEANS[1])
    assert found.funded.expected_hits == pytest.approx(0.5)


def test_costs_of_their_own_change_who_fits() -> None:
    cost = np.array([900.0, 100.0, 100.0, 200.0, 200.0, 200.0])
    found = made(money(budget=450.0), cost=cost)
    assert said(found)[:3] == [("watch", "over-budget"), ("promote", ""), ("promote", "")]
    assert found.frame["cost"].to_list() == cost.tolist()
    assert found.funded.cost == 200.0


def test_a_limit_of_the_shortfall_leaves_out_what_is_too_risky() -> None:
    wide = lognormal([60_000.0, 59_000.0, 140_000.0], [1.3, 1.3, 0.2])
    frame = frame_of(wide)
    free = made(frame=frame)
    assert [row[0] for row in said(free)] == ["promote"] * 3
    limit = free.funded.shortfall / 2
    found = made(money(shortfall=limit), frame=frame)
    left = [codes for decision, codes in said(found) if decision == "watch"]
    assert left
    assert set(left) == {"over-shortfall"}
    assert found.funded.shortfall <= limit


def test_the_risk_of_the_list_is_that_of_its_scenarios() -> None:
    found = made(money(budget=450.0))
    streams = scenarios(lognormal([400_000.0, 200_000.0, 90_000.0], 0.6), 0.2, seed=3)
    totals = profit(streams, money())[:2].sum(axis=0)
    assert found.funded.shortfall == pytest.approx(expected_shortfall(totals))
    assert found.funded.chance_of_loss == (totals < 0).mean()
    nothing = made(money(budget=0.0)).funded
    assert (nothing.shortfall, nothing.chance_of_loss, nothing.expected_hits) == (0.0, 0.0, 0.0)
    chosen = best_list(np.array(MEANS[:3]), np.full(3, 200.0), budget=450.0).chosen
    assert chosen.tolist() == [True, True, False]


def test_hits_are_expected_of_the_top_tier() -> None:
    chances = {"probability_low": 0.5, "probability_middle": 0.3, "probability_hit": 0.2}
    rest = FRAME.drop("probability_low", "probability_hit")
    found = made(frame=rest.with_columns(**{name: pl.lit(p) for name, p in chances.items()}))
    assert found.funded.releases == 3
    assert found.funded.expected_hits == pytest.approx(3 * 0.2)


def test_a_little_more_than_nothing_is_caution_and_a_little_less_is_nearly() -> None:
    # The mean of a lognormal decides; at 100,000 streams promotion neither wins nor loses.
    curves = lognormal(np.array([100_100.0, 99_900.0]) / np.exp(0.18), 0.6)
    found = made(money(caution=4), frame=frame_of(curves))
    assert found.frame["expected_profit"].to_list() == pytest.approx([0.2, -0.2])
    assert said(found) == [("watch", "caution"), ("watch", "nearly")]


def test_the_order_of_rows_changes_no_decision() -> None:
    rng = np.random.default_rng(6)
    curves = lognormal(rng.choice([90_000.0, 120_000.0, 300_000.0], 40), 0.8)
    frame = frame_of(curves)
    own = money(budget=2_100.0, shortfall=1_500.0)
    one = made(own, frame=frame)
    other = made(own, frame=frame.sample(fraction=1.0, shuffle=True, seed=1))
    assert other.frame.sort("release").equals(one.frame)
    assert other.funded == one.funded


def test_every_code_and_decision_has_a_meaning() -> None:
    objections = {"closed": flags(5), "bound-not-met": flags(1), "bound-suspended": flags(1)}
    found = made(money(budget=0.0, caution=4), objections=objections)
    assert {code for _, codes in said(found) for code in codes.split()} <= set(CODES)
    assert set(found.frame["decision"]) <= set(DECISIONS)


def test_no_release_at_all_gives_no_decision() -> None:
    found = made(frame=FRAME.head(0))
    assert found.frame.height == 0
    assert found.funded.releases == 0
