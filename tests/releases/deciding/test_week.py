"""The decisions of a week: from a bundle and tables to a list, its record and its chart."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from releases.deciding.making import past
from releases.teaching import AS_OF, World
from upswell.charts import alternative_text
from upswell.errors import CellError, RefusalError, SettingError
from upswell.releases import score
from upswell.releases.deciding import CODES, DECISIONS
from upswell.releases.deciding.money import load_money, profit
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases

MONEY = {"cost": 30.0, "value": 0.004, "uplift": 0.5, "budget": 200.0, "currency": "USD"}
DAY = AS_OF + dt.timedelta(days=20)


def decided(
    world: World, trained: TrainedReleases, releases: pl.DataFrame | None = None, **money: Any
) -> ScoredReleases:
    table = world.releases if releases is None else releases
    own: Mapping[str, Any] = {**MONEY, **money}
    return score(trained, signals=world.signals, releases=table, as_of=DAY, money=own)


@pytest.fixture(scope="module")
def week(world: World, trained: TrainedReleases) -> ScoredReleases:
    return decided(world, replace(trained, kept={"evidence": past()}))


def longest(scored: ScoredReleases) -> pl.DataFrame:
    return scored.frame.filter(horizon=30)


def test_decisions_stand_at_the_longest_horizon_the_best_first(week: ScoredReleases) -> None:
    assert week.frame.columns[-3:] == ["decision", "expected_profit", "decision_codes"]
    early = week.frame.filter(horizon=14)
    for name in week.frame.columns[-3:]:
        assert early[name].null_count() == early.height
    rows = longest(week)
    open_ = rows.filter(pl.col("decision_codes") != "closed")
    assert rows.head(open_.height).equals(open_)
    assert open_["expected_profit"].is_sorted(descending=True)
    assert week.frame["release"][::2].to_list() == rows["release"].to_list()
    money = load_money(MONEY)
    np.testing.assert_allclose(open_["expected_profit"], profit(open_["mean"], money))
    assert set(rows["decision"]) == set(DECISIONS)
    assert {c for text in rows["decision_codes"] for c in text.split()} <= set(CODES)


def test_releases_whose_days_are_over_are_held(week: ScoredReleases) -> None:
    rows = longest(week).join(week.keys, on="release")
    over = pl.col("release_date") + pl.duration(days=29) <= DAY
    assert set(rows.filter(over)["decision_codes"]) == {"closed"}
    assert set(rows.filter(over)["decision"]) == {"hold"}
    assert set(rows.filter(over)["expected_profit"]) == {None}
    assert "closed" not in set(rows.filter(~over)["decision_codes"])


def test_no_incomplete_window_is_promoted(week: ScoredReleases) -> None:
    rows = longest(week)
    assert set(rows.filter(decision="promote")["status"]) == {"ok"}
    young = rows.filter(pl.col("decision_codes").str.contains("short-window"))
    assert set(young["decision"]) <= {"watch"}


def test_the_record_sums_up_what_the_frame_says(week: ScoredReleases) -> None:
    record = json.loads(json.dumps(week.record["money"], allow_nan=False))
    rows = longest(week)
    counts = {name: rows.filter(decision=name).height for name in DECISIONS}
    assert record["decisions"] == counts
    funded = rows.filter(decision="promote")
    assert record["funded"]["releases"] == funded.height > 0
    assert record["funded"]["cost"] == 30.0 * funded.height <= 200.0
    assert record["funded"]["expected_profit"] == pytest.approx(funded["expected_profit"].sum())
    assert record["settings"]["budget"] == 200.0
    assert record["evidence"] == {
        "status": "ok",
        "reason": None,
        "releases": 200,
        "hits": int((past()["actual"] >= 30_000).sum()),
        "first": past()["release_date"].min().isoformat(),  # type: ignore[union-attr]
        "last": past()["release_date"].max().isoformat(),  # type: ignore[union-attr]
    }
    assert record["scenarios"]["weeks"] > 8
    assert [row["rule"] for row in record["caution"]] == [
        *("caution", "all", "none", "window-total", "log-linear")
    ]


def test_the_chart_says_what_the_table_says(week: ScoredReleases) -> None:
    assert week.decided is not None
    text = alternative_text(week.decided.plot())
    assert "on 200 past releases" in text
    assert "caution 1 (in use): 0 hits lost, 0 false hits avoided" in text


def test_without_evidence_decisions_stand_and_their_price_is_refused(
    world: World, trained: TrainedReleases, week: ScoredReleases
) -> None:
    found = decided(world, trained)
    evidence = found.record["money"]["evidence"]
    assert (evidence["status"], found.record["money"]["caution"]) == ("not-enough-evidence", [])
    assert found.decided is not None
    assert found.decided.caution is None
    with pytest.raises(RefusalError) as caught:
        found.decided.plot()
    assert caught.value.code == "not-enough-evidence"
    names = ["release", "decision", "expected_profit"]
    assert longest(found).select(names).equals(longest(week).select(names))


def test_without_money_nothing_is_decided(world: World, trained: TrainedReleases) -> None:
    found = score(trained, signals=world.signals, releases=world.releases, as_of=DAY)
    assert found.decided is None
    assert "money" not in found.record
    assert "decision" not in found.frame.columns


def test_the_money_of_a_call_takes_the_place_of_the_bundles(
    world: World, trained: TrainedReleases
) -> None:
    own = trained.config.model_copy(update={"money": load_money(MONEY)})
    bundle = replace(trained, config=own)
    tables = {"signals": world.signals, "releases": world.releases, "as_of": DAY}
    kept, given = score(bundle, **tables), score(bundle, money={**MONEY, "budget": 0}, **tables)
    assert kept.record["money"]["settings"]["budget"] == 200.0
    assert kept.record["money"]["funded"]["releases"] > 0
    assert given.record["money"]["funded"]["releases"] == 0
    assert "over-budget" in set(longest(given)["decision_codes"])
    with pytest.raises(SettingError, match=r"\[money\] budget"):
        score(bundle, money={**MONEY, "budget": -1}, **tables)


def test_a_column_of_costs_is_read_and_is_no_feature(
    world: World, trained: TrainedReleases, week: ScoredReleases
) -> None:
    dear = longest(week)["release"][0]
    cost = pl.when(pl.col("release") == dear).then(500.0)
    table = world.releases.with_columns(promotion_cost=cost)
    found = decided(world, trained, releases=table)
    assert found.costs == {dear: 500.0}
    rows = longest(found)
    before = longest(week).filter(release=dear)["expected_profit"][0]
    (after,) = rows.filter(release=dear)["expected_profit"]
    assert after == pytest.approx(before - 470.0)
    assert rows.filter(release=dear)["decision"].to_list() != ["promote"]
    # Scores are those without the column.
    scores = ["release", "mean", "q50", "codes"]
    assert rows.sort("release").select(scores).equals(longest(week).sort("release").select(scores))
    bad = world.releases.with_columns(promotion_cost=-cost)
    with pytest.raises(CellError, match="promotion cannot cost -500") as caught:
        decided(world, trained, releases=bad)
    assert caught.value.where is not None
    assert caught.value.where.column == "promotion_cost"


def test_objections_come_in_by_code(world: World, trained: TrainedReleases) -> None:
    from upswell.releases.deciding.week import decide_week

    scored = score(trained, signals=world.signals, releases=world.releases, as_of=DAY)
    every = np.ones(longest(scored).height, dtype=np.bool_)
    found = decide_week(trained, scored, load_money(MONEY), objections={"bound-suspended": every})
    assert found.record["money"]["decisions"]["promote"] == 0
    assert "bound-suspended" in set(longest(found)["decision_codes"])


BOUND = {"false_hits": 0.2, "confidence": 0.9}


def bounded(world: World, trained: TrainedReleases, hits: bool) -> ScoredReleases:
    """Decide under a bound, on past releases of the last 100 days that all are hits, or none."""
    days = [DAY - dt.timedelta(days=100 - place // 2) for place in range(200)]
    actual = [1e9 if hits else 0.0] * 200
    chance = {f"probability_{trained.config.tiers.names[-1]}": [0.5] * 200}
    evidence = past(release_date=days, actual=actual, **chance)
    bundle = replace(trained, kept={**trained.kept, "evidence": evidence})
    return decided(world, bundle, budget=None, bound=BOUND)


def test_a_bound_that_holds_keeps_back_what_lies_below_its_threshold(
    world: World, trained: TrainedReleases
) -> None:
    found = bounded(world, trained, hits=True)
    said = found.record["money"]["bound"]
    assert (said["code"], said["threshold"], said["misses"]) == ("bound-holds", 0.5, 0)
    chance = pl.col(f"probability_{trained.config.tiers.names[-1]}")
    rows = longest(found).filter(pl.col("status") == "ok")
    assert rows.filter(decision="promote").select((chance >= 0.5).all()).item()
    free = longest(decided(world, trained, budget=None))
    below = free.filter((pl.col("decision") == "promote") & (chance < 0.5))["release"]
    assert below.len()
    kept_back = rows.filter(pl.col("release").is_in(below.implode()))
    assert set(kept_back["decision"]) == {"watch"}
    assert set(kept_back["decision_codes"]) == {"bound-not-met"}


@pytest.mark.parametrize("kind", ["no evidence", "only misses"])
def test_a_bound_that_cannot_be_held_lets_nothing_be_promoted(
    world: World, trained: TrainedReleases, kind: str
) -> None:
    if kind == "no evidence":
        found = decided(world, replace(trained, kept={}), budget=None, bound=BOUND)
    else:
        found = bounded(world, trained, hits=False)
    money = found.record["money"]
    assert money["bound"]["code"] == "bound-not-enough-evidence"
    assert money["bound"]["threshold"] is None
    assert money["decisions"]["promote"] == 0
    assert "bound-not-enough-evidence" in set(longest(found)["decision_codes"])


def test_drift_is_told_but_suspends_a_bound_only(
    monkeypatch: pytest.MonkeyPatch, world: World, trained: TrainedReleases
) -> None:
    from upswell.releases.watching import drift

    plain = drift.drift_of

    def drifted(*args: Any) -> drift.Drift:
        return replace(plain(*args), code="drifted", sentence="views: views_x is higher")

    calm = decided(world, trained, budget=None)
    monkeypatch.setattr(drift, "drift_of", drifted)
    free = decided(world, trained, budget=None)
    assert free.record["drift"]["code"] == "drifted"
    assert free.frame.equals(calm.frame)
    found = bounded(world, trained, hits=True)
    said = found.record["money"]["bound"]
    assert said["code"] == "bound-suspended"
    assert said["sentence"].endswith("views: views_x is higher")
    assert found.record["money"]["decisions"]["promote"] == 0
    assert "bound-suspended" in set(longest(found)["decision_codes"])
