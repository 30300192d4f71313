"""Who decided better: counted release by release, and not told from too little."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from releases.decisions import PRICES, RELEASED, TERMS, book, model, person
from upswell.releases.book.summary import ANSWERS, LEAST_DIFFERENT, compared, summed
from upswell.releases.book.verdict import Outcomes, verdicts

WORDS = ("promote", "watch", "hold", None)


def _many(
    count: int, seed: int, *, weeks: int = 30, agree: bool = False, added: float = 0.5
) -> pl.DataFrame:
    """Verdicts on decisions made at random; some releases only one of the two decided.

    Promotion really adds a part `added` of the streams.
    """
    rng = np.random.default_rng(seed)
    entries: list[Any] = []
    streams, released = {}, {}
    for k in range(count):
        name, day = f"r{k}", RELEASED + dt.timedelta(days=7 * int(rng.integers(weeks)))
        streams[name], released[name] = float(rng.lognormal(10.0, 1.0)), day
        said, theirs = (WORDS[rng.integers(4)] for _ in range(2))
        theirs = said if agree else theirs
        theirs = "hold" if said is theirs is None else theirs
        streams[name] *= 1.0 + added * ((theirs or said) == "promote")
        if said is not None:
            profit = float(rng.normal(0.0, 50.0))
            entries.append(model(name, said, on=day, released=day, expected_profit=profit))
        if theirs is not None:
            entries.append(person(name, theirs, on=day))
    last = RELEASED + dt.timedelta(days=7 * weeks + 30)
    return verdicts(book(*entries), Outcomes(streams, released, last), TERMS)


def _by_hand(rows: list[dict[str, Any]], word: Any) -> dict[str, float]:
    """The same counts, release by release."""
    found = dict.fromkeys(
        ("undecided", "promoted", "watched", "held", "hits", "hits_caught", "hits_lost",
         "false_hits", "right", "profit", "expected_profit"), 0.0
    )  # fmt: skip
    for row in rows:
        said = word(row)
        worth = PRICES["value"] * PRICES["uplift"] * row["without_promotion"] - PRICES["cost"]
        hit = row["without_promotion"] >= 50_000
        column = {"promote": "promoted", "watch": "watched", "hold": "held", None: "undecided"}
        found[column[said]] += 1
        found["hits"] += hit
        if said == "promote":
            found["hits_caught" if hit else "false_hits"] += 1
            found["profit"] += worth
            found["expected_profit"] += row["expected_profit"] or 0.0
            found["right"] += worth > 0
        else:
            found["hits_lost"] += hit
            found["right"] += worth <= 0
    return found


@pytest.mark.parametrize("seed", range(3))
def test_the_counts_are_those_made_by_hand(seed: int) -> None:
    frame = _many(80, seed)
    rows = frame.to_dicts()
    both = [row for row in rows if row["model"] and row["person"]]
    unlike = [row for row in both if ("promote" in (row["model"], row["person"]))
              and row["model"] != row["person"]]  # fmt: skip
    scopes = {"all": rows, "both": both, "different": unlike}
    deciders = {
        "model": lambda row: row["model"],
        "people": lambda row: row["person"],
        "final": lambda row: row["person"] or row["model"],
        "promote all": lambda _: "promote",
        "promote none": lambda _: "hold",
    }
    summary = summed(frame)
    assert summary.height == 12
    for row in summary.to_dicts():
        own = scopes[row["scope"]]
        assert row["releases"] == len(own)
        wanted = _by_hand(own, deciders[row["decider"]])
        assert {name: row[name] for name in wanted} == pytest.approx(wanted)


def test_the_difference_is_that_of_the_two_profits() -> None:
    frame = _many(200, 5)
    found, summary = compared(frame), summed(frame)
    rows = {(r["scope"], r["decider"]): r for r in summary.to_dicts()}
    for scope in ("both", "different"):
        gap = rows[scope, "people"]["profit"] - rows[scope, "model"]["profit"]
        assert found.difference == pytest.approx(gap)
    assert found.different == rows["different", "people"]["releases"]
    assert found.people_right == rows["different", "people"]["right"]
    assert found.model_right == rows["different", "model"]["right"]
    assert found.low is not None
    assert found.low < found.difference < found.high


def test_the_same_book_gives_the_same_answer() -> None:
    assert compared(_many(200, 5)) == compared(_many(200, 5))


@pytest.mark.parametrize("added", [0.0, 0.25, 0.5])
def test_decisions_at_random_are_seldom_called_better(added: float) -> None:
    found = [compared(_many(120, seed, added=added)).answer for seed in range(100, 140)]
    # At the 90% level, one in ten would be: more than 8 of 40 come about once in 60 times.
    assert sum(answer in ("people-better", "model-better") for answer in found) <= 8


def test_who_only_seems_worse_for_promoting_more_is_not_called_worse() -> None:
    # Promotion added nothing, and the assumption takes a third off what people promoted.
    found = compared(_many(1500, 7, added=0.0))
    assert found.difference < 0
    assert found.high is not None
    assert found.high < 0
    assert found.answer == "depends-on-uplift"


@pytest.mark.parametrize("better", ["person", "model"])
def test_who_knows_the_outcome_decides_better(better: str) -> None:
    frame = _many(300, 1).drop_nulls(["model", "person"])
    knowing = pl.col("profit_if_promoted") > 0
    word = pl.when(knowing).then(pl.lit("promote")).otherwise(pl.lit("hold"))
    frame = frame.with_columns(word.alias(better))
    assert compared(frame).answer == {"person": "people-better"}.get(better, "model-better")


def test_from_too_little_nothing_is_told() -> None:
    few = compared(_many(30, 2))
    assert few.different < LEAST_DIFFERENT
    narrow = compared(_many(200, 2, weeks=6))
    assert (narrow.different >= LEAST_DIFFERENT, narrow.weeks) == (True, 6)
    for found in (few, narrow, compared(_many(60, 2, agree=True))):
        assert (found.answer, found.low, found.high) == ("not-enough-evidence", None, None)
        assert found.answer in ANSWERS


def test_no_release_that_both_decided_is_no_fault() -> None:
    frame = _many(40, 3).filter(pl.col("model").is_null() | pl.col("person").is_null())
    found = compared(frame)
    assert (found.both, found.different, found.difference) == (0, 0, 0.0)
    rows = summed(frame).filter(pl.col("scope") == "both")
    assert rows["releases"].to_list() == [0] * 4
