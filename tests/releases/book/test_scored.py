"""What the model writes into the book is what its scores say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from releases.decisions import PRICES, RELEASED, SCORED
from upswell.data.ledger import Ledger
from upswell.errors import SettingError
from upswell.releases import deciding
from upswell.releases.book import DECISIONS, add_entries, entries_of, read_book
from upswell.releases.config import MoneySettings
from upswell.releases.scoring import ScoredReleases

MONEY = MoneySettings.model_validate({**PRICES, "bound": {"false_hits": 0.25}, "currency": "EUR"})
ROW = {"mean": 9.5, "q10": 1.0, "q50": 7.0, "q90": 20.25, "probability_top": 0.125}
TWO = {
    "release": ["a", "a", "b", "b"],
    "horizon": [14, 30, 14, 30],
    **{name: [0.0, value, 0.0, value] for name, value in ROW.items()},
}
DECIDED = {
    "decision": [None, "promote", None, "watch"],
    "expected_profit": [None, 12.5, None, -3.0],
    "decision_codes": [None, "", None, "budget bound"],
}


def _scored(**columns: Any) -> ScoredReleases:
    keys = pl.DataFrame({"release": ["b", "a"], "release_date": [RELEASED] * 2})
    record = {
        "tiers": {"names": ["rest", "top"], "bounds": [900.0]},
        "bundle": {"sha256": "0f", "as_of": (SCORED - dt.timedelta(days=3)).isoformat()},
    }
    frame = pl.DataFrame({**TWO, **columns})
    decided = SimpleNamespace(money=MONEY) if columns else None
    nothing: Any = None
    return ScoredReleases(
        frame, keys, SCORED, nothing, Ledger(), record, {"b": 30.0}, cast("Any", decided)
    )


def test_an_entry_says_what_the_scores_say() -> None:
    first, second = entries_of(_scored(**DECIDED))
    assert first.model_dump() == {
        "kind": "model", "release": "a", "on": SCORED, "decision": "promote", "codes": "",
        "expected_profit": 12.5, "released": RELEASED, "horizon": 30, "tier": "top",
        "tier_from": 900.0, "chance": 0.125, "mean": 9.5, "q10": 1.0, "q50": 7.0, "q90": 20.25,
        "bundle": "0f", "cost": None, "money": MONEY.model_dump(mode="json"),
    }  # fmt: skip
    assert (second.release, second.decision, second.codes) == ("b", "watch", "budget bound")
    assert second.cost == 30


def test_a_bundle_that_was_trained_later_knew_more_than_the_scores_say() -> None:
    scored = _scored(**DECIDED)
    scored.record["bundle"]["as_of"] = "2026-03-01"
    assert {entry.on for entry in entries_of(scored)} == {dt.date(2026, 3, 1)}


def test_both_rooms_know_the_same_decisions() -> None:
    assert tuple(deciding.DECISIONS) == DECISIONS


def test_to_score_twice_writes_once_and_on_another_day_anew(tmp_path: Path) -> None:
    path = tmp_path / "book.jsonl"
    scored = _scored(**DECIDED)
    for added in (2, 0):
        assert len(add_entries(path, entries_of(scored)).added) == added
    object.__setattr__(scored, "as_of", SCORED + dt.timedelta(days=1))
    assert len(add_entries(path, entries_of(scored)).added) == 2
    assert read_book(path).model()["a"].on == scored.as_of


def test_scores_without_decisions_have_nothing_to_write() -> None:
    with pytest.raises(SettingError, match="the scores hold no decisions"):
        entries_of(_scored())
