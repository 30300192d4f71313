"""The week's list: its order, what is cut, who gets details of their own."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from report.releases.weeks import MEANINGS, week_of
from upswell.report.releases import WeekFacts
from upswell.report.releases import _list as listing
from upswell.report.releases._list import list_context, list_rows


@pytest.fixture(scope="module")
def facts() -> WeekFacts:
    return week_of([f"r{k}" for k in range(60)], full=False)


def test_the_largest_expected_profit_comes_first(facts: WeekFacts) -> None:
    profits = [row["profit"] for row in list_rows(facts)]
    assert profits == sorted(profits, reverse=True)
    assert len(profits) == 60


def test_without_decisions_the_largest_median_comes_first() -> None:
    rows = list_rows(week_of([f"r{k}" for k in range(20)], decided=False, full=False))
    assert [row["range"][2] for row in rows] == sorted((r["range"][2] for r in rows), reverse=True)
    assert {row["profit"] for row in rows} == {None}


def test_rows_of_keys_and_counts_may_stand_in_another_order_than_scores(facts: WeekFacts) -> None:
    turned = replace(facts, keys=facts.keys.reverse(), daily=facts.daily[::-1])
    assert [str(r) for r in list_rows(turned)] == [str(r) for r in list_rows(facts)]


def test_a_row_says_its_own_figures(facts: WeekFacts) -> None:
    last = facts.scores.filter(pl.col("horizon") == 30)
    for row in list_rows(facts)[::10]:
        own = last.row(by_predicate=pl.col("release") == row["release"], named=True)
        assert row["range"] == [own[q] for q in ("q10", "q25", "q50", "q75", "q90")]
        assert row["top"] == own["probability_hit"]
        assert row["decision"] == own["decision"]
        assert [said["code"] for said in row["why"]] == own["decision_codes"].split()
        assert all(said["meaning"] == MEANINGS[said["code"]] for said in row["why"])


def test_the_first_and_all_promoted_have_details(
    facts: WeekFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "TOP", 3)
    decisions = pl.Series("decision", ["promote" if k % 10 == 9 else "hold" for k in range(60)])
    ordered = facts.scores.filter(pl.col("horizon") == 30).sort("expected_profit", descending=True)
    chosen = replace(facts, scores=ordered.with_columns(decisions))
    rows = list_rows(chosen)
    detailed = [place for place, row in enumerate(rows) if row["number"] is not None]
    assert detailed == [0, 1, 2, 9, 19, 29, 39, 49, 59]
    assert [rows[place]["number"] for place in detailed] == list(range(1, 10))
    found = list_context(chosen, rows)
    assert (found["detailed"], found["undetailed"], found["promoted_undetailed"]) == (9, 51, 0)
    monkeypatch.setattr(listing, "MOST_DETAILS", 5)
    rows = list_rows(chosen)
    assert list_context(chosen, rows)["promoted_undetailed"] == 4


def test_what_is_left_out_of_the_list_is_counted(
    facts: WeekFacts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "MOST_ROWS", 25)
    rows = list_rows(facts)
    assert (len(rows), list_context(facts, rows)["left_out"]) == (25, 35)


def test_a_code_without_a_meaning_is_said_in_its_own_words(facts: WeekFacts) -> None:
    (row, *_) = list_rows(replace(facts, meanings={}))
    assert row["why"][0] == {"code": "worth-it", "meaning": "worth it"}


def test_a_release_without_an_expected_profit_comes_last(facts: WeekFacts) -> None:
    profit = pl.col("expected_profit")
    best = list_rows(facts)[0]["release"]
    spent = facts.scores.with_columns(pl.when(pl.col("release") != best).then(profit))
    rows = list_rows(replace(facts, scores=spent))
    assert (rows[-1]["release"], rows[-1]["profit"]) == (best, None)
