"""What became of a decision: checked against the formula, written out."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from releases.decisions import LAST_DAY, RELEASED, SCORED, TERMS, book, model, outcomes, person
from upswell.releases.book.entries import Entry
from upswell.releases.book.verdict import STATUSES, verdicts

CLOSED = RELEASED + dt.timedelta(days=29)


def _row(*entries: Entry, streams: float | None = 90_000.0) -> dict[str, object]:
    found = {} if streams is None else {"a": streams}
    return verdicts(book(*entries), outcomes(found, a=RELEASED), TERMS).to_dicts()[0]


def test_a_release_that_was_promoted_is_judged_without_what_promotion_added() -> None:
    row = _row(model("a", "promote"))
    assert (row["status"], row["done"]) == ("judged", "promote")
    assert (row["streams"], row["without_promotion"], row["hit"]) == (90_000, 60_000, True)
    # 0.01 a stream, half as many again, 100 spent.
    assert row["profit_if_promoted"] == pytest.approx(0.01 * 0.5 * 60_000 - 100)
    assert row["model_profit"] == row["done_profit"] == row["profit_if_promoted"]
    assert row["person_profit"] is None


def test_what_a_person_decided_is_what_was_done() -> None:
    row = _row(model("a", "promote"), person("a", "hold", note="no tour", by="Ana"))
    assert (row["done"], row["without_promotion"]) == ("hold", 90_000)
    assert row["model_profit"] == pytest.approx(0.01 * 0.5 * 90_000 - 100)
    assert (row["person_profit"], row["done_profit"]) == (0, 0)
    assert (row["note"], row["by"]) == ("no tour", "Ana")
    row = _row(model("a", "watch"), person("a", "promote"))
    assert (row["done"], row["without_promotion"]) == ("promote", 60_000)
    assert (row["model_profit"], row["person_profit"]) == (0, pytest.approx(200))


def test_a_hit_starts_on_the_bound_itself() -> None:
    assert _row(model("a", "hold"), streams=50_000)["hit"] is True
    assert _row(model("a", "hold"), streams=49_999)["hit"] is False
    # Only promotion brought it there.
    assert _row(model("a", "promote"), streams=74_999)["hit"] is False
    assert _row(model("a", "promote"), streams=75_000)["hit"] is True


def test_a_release_with_a_price_of_its_own_is_judged_by_it() -> None:
    row = _row(model("a", "promote", cost=400.0))
    assert row["profit_if_promoted"] == pytest.approx(0.01 * 0.5 * 60_000 - 400)


def test_nothing_that_was_written_when_the_outcome_had_closed_counts() -> None:
    eve = CLOSED - dt.timedelta(days=1)
    row = _row(person("a", "hold", on=eve), person("a", "promote", on=CLOSED))
    assert (row["status"], row["person"], row["done_profit"]) == ("judged", "hold", 0)
    row = _row(model("a", "promote", on=CLOSED))
    assert (row["status"], row["model"], row["profit_if_promoted"]) == ("hindsight", None, None)


def test_each_release_has_its_standing() -> None:
    entries = [model(name) for name in ("judged", "late", "silent", "strange")]
    late = LAST_DAY - dt.timedelta(days=28)
    found = outcomes({"judged": 5.0}, late=late, silent=RELEASED)
    frame = verdicts(book(*entries), found, TERMS)
    assert dict(frame.select("release", "status").iter_rows()) == {
        "judged": "judged",
        "late": "waiting",
        "silent": "no-outcome",
        "strange": "unknown-release",
    }
    assert set(frame["status"]) < set(STATUSES)
    assert frame["release"][0] == "judged"
    unjudged = frame.filter(pl.col("status") != "judged")
    assert unjudged["done_profit"].null_count() == unjudged.height == 3
    # One day later it has closed.
    closed = outcomes({"judged": 5.0}, late=late - dt.timedelta(days=1), silent=RELEASED)
    frame = verdicts(book(*entries), closed, TERMS)
    assert dict(frame.select("release", "status").iter_rows())["late"] == "no-outcome"


def test_an_outcome_of_nothing_is_an_outcome() -> None:
    row = _row(model("a", "promote"), streams=0.0)
    assert (row["status"], row["hit"], row["model_profit"]) == ("judged", False, -100)


def test_a_person_may_have_decided_what_the_model_never_scored() -> None:
    row = _row(person("a", "promote", on=SCORED))
    assert (row["status"], row["model"], row["done"]) == ("judged", None, "promote")
    assert row["model_profit"] is None
    assert row["person_profit"] == pytest.approx(200)
