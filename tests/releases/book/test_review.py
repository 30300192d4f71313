"""A review of outcomes as they lie in tables: only what had closed counts, and was known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from releases.decisions import PRICES, RELEASED, SCORED, book, model, person
from upswell.errors import InputError, RefusalError
from upswell.releases import decide, load_config, review
from upswell.releases.book import Book, add_entries
from upswell.releases.book.saving import REVIEW_NAMES, save_review

DAYS = [RELEASED + dt.timedelta(days=k) for k in range(40)]
BOOK = book(
    model("a", "promote"),
    person("a", "hold", note="=no tour", by="Ana"),
    model("b", "hold"),
    person("c", "promote", note="\x1b[31m"),
)


def outcomes(days: int = 40, names: str = "ab", streams: int = 3000) -> pl.DataFrame:
    """Streams of each day; `days` of them."""
    rows = [(name, day, streams) for name in names for day in DAYS[:days]]
    return pl.DataFrame(rows, schema=["release", "date", "streams"], orient="row")


def test_outcomes_count_to_the_horizon_and_not_beyond() -> None:
    found = review(BOOK, outcomes=outcomes())
    row = found.frame.row(by_predicate=pl.col("release") == "a", named=True)
    assert (row["status"], row["streams"], row["release_date"]) == ("judged", 90_000, RELEASED)
    assert row["model_profit"] == pytest.approx(0.01 * 0.5 * 90_000 - 100)
    assert found.as_of == DAYS[-1]
    assert found.record["status"]["unknown-release"] == 1


def test_an_outcome_is_judged_from_the_day_on_which_it_closed() -> None:
    for days, judged in ((29, False), (30, True)):
        if judged:
            assert review(BOOK, outcomes=outcomes(days)).record["status"]["judged"] == 2
        else:
            with pytest.raises(RefusalError, match="2 waiting") as caught:
                review(BOOK, outcomes=outcomes(days))
            assert caught.value.code == "nothing-to-review"


def test_rows_after_the_as_of_day_change_nothing() -> None:
    day = DAYS[32]
    known = review(BOOK, outcomes=outcomes(33), as_of=day)
    later = pl.concat([outcomes(), outcomes(streams=10**9).tail(5)])
    found = review(BOOK, outcomes=later, as_of=day.isoformat())
    assert found.frame.equals(known.frame)
    assert found.summary.equals(known.summary)
    late = outcomes().with_columns(known=pl.lit(DAYS[35]))
    with pytest.raises(RefusalError, match="no decision can be judged"):
        review(BOOK, outcomes=late, as_of=day)


def test_a_table_of_releases_gives_dates_that_the_book_lacks() -> None:
    table = pl.DataFrame({"release": ["a", "b", "c"], "release_date": [RELEASED] * 3})
    found = review(BOOK, outcomes=outcomes(names="abc"), releases=table)
    assert found.record["status"]["judged"] == 3
    settings = {
        "releases": {"source": table},
        "tiers": {"names": ["rest", "top"], "bounds": [80_000]},
        "money": {**PRICES, "cost": 50.0},
        "as_of": DAYS[3],
    }
    found = review(BOOK, outcomes=outcomes(names="abc"), config=load_config(settings))
    assert (found.terms.tier, found.terms.source, found.terms.others) == ("top", "settings", 2)
    rows = {row["release"]: row for row in found.frame.to_dicts()}
    assert (rows["a"]["hit"], rows["c"]["hit"]) == (True, False)
    assert rows["c"]["person_profit"] == pytest.approx(0.01 * 0.5 * 60_000 - 50)


def test_settings_name_columns_also_where_the_dates_are_the_books() -> None:
    table = outcomes().rename({"release": "item", "streams": "n"})
    settings = {
        "releases": {"release": "track", "date": "out"},
        "outcomes": {"release": "item", "streams": "n"},
        "money": PRICES,
    }
    assert review(BOOK, outcomes=table, config=settings).record["status"]["judged"] == 2


def test_the_ledger_speaks_of_the_book_where_that_gave_the_dates() -> None:
    found = review(BOOK, outcomes=outcomes(names="abxy"))
    (line,) = found.ledger
    assert (line.code, line.count) == ("unknown-release", 80)
    assert "decision book" in line.reason


def test_lines_say_who_decided_what_and_what_came_of_it() -> None:
    lines = review(BOOK, outcomes=outcomes()).lines()
    assert lines.columns == ["release", "who", "decision", "note", "outcome", "hit", "profit"]
    assert lines.rows() == [
        ("a", "model", "promote", "", 90_000.0, True, pytest.approx(350)),
        ("a", "Ana", "hold", "=no tour", 90_000.0, True, 0),
        ("b", "model", "hold", "", 90_000.0, True, 0),
    ]


def test_the_files_hold_all_of_it_and_no_formula(tmp_path: Path) -> None:
    found = review(BOOK, outcomes=outcomes())
    record = save_review(found, tmp_path / "out", {"review": 1.23456})
    assert {path.name for path in (tmp_path / "out").iterdir()} == REVIEW_NAMES
    assert record["timings"] == {"review": 1.235}
    text = (tmp_path / "out" / "review.csv").read_text(encoding="utf-8")
    assert ",'=no tour," in text
    assert pl.read_csv(tmp_path / "out" / "review.csv").height == 3
    assert pl.read_csv(tmp_path / "out" / "summary.csv").height == 12
    assert save_review(found, None)["command"] == "releases review"


def test_decisions_are_written_by_hand_and_reviewed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.jsonl"
    add_entries(path, [model("=a"), model("b", "hold")])
    found = decide(path, "'=a", "Hold", note="on tour", by=" Ana ", on=SCORED)
    assert [(e.release, e.decision, e.by) for e in found.added] == [("=a", "hold", "Ana")]
    table = pl.DataFrame({"release": ["b"], "decision": ["promote"], "note": ["tiktok"]})
    assert len(decide(path, table=table, on="2026-01-08").added) == 1
    streams = outcomes().with_columns(pl.col("release").replace({"a": "=a"}))
    frame = review(path, outcomes=streams).frame
    assert frame.select("release", "model", "person", "note").rows() == [
        ("=a", "promote", "hold", "on tour"),
        ("b", "hold", "promote", "tiktok"),
    ]


def test_a_decision_is_of_today_unless_said_otherwise(tmp_path: Path) -> None:
    before = dt.date.today()  # noqa: DTZ011
    found = decide(tmp_path / "book.jsonl", "a", "hold").added[0]
    assert before <= found.on <= dt.date.today()  # noqa: DTZ011


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "a release and its decision are needed"),
        ({"release": "a"}, "a release and its decision are needed"),
        ({"release": "a", "decision": "drop"}, '"drop" is no decision'),
        ({"release": " ", "decision": "hold"}, "the release is empty"),
        ({"release": "a", "decision": "hold", "on": "friday"}, '"friday" is not a date'),
        ({"release": "a", "decision": "hold", "by": ""}, "the name of who decided is empty"),
        ({"release": "a", "decision": "hold", "note": "\udce9"}, "the note holds bytes"),
        ({"release": "a", "decision": "hold", "table": "x.csv"}, "both a table and one release"),
        ({"note": "x", "table": "x.csv"}, "both a table and one release"),
        ({"table": "absent.csv"}, "does not exist"),
    ],
)
def test_what_cannot_be_decided_is_not_written(
    given: dict[str, Any], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "book.jsonl"
    with pytest.raises(InputError, match=said):
        decide(path, **given)
    assert not path.exists()


def test_what_a_review_lacks_is_asked_for() -> None:
    config = {"money": PRICES}
    with pytest.raises(InputError, match="holds no release dates"):
        review(book(person()), outcomes=outcomes(), config=config)
    with pytest.raises(InputError, match="both settings and a bundle"):
        review(BOOK, outcomes=outcomes(), config=config, bundle="b")
    with pytest.raises(InputError, match=r"outcomes\.csv does not exist"):
        review(BOOK, outcomes="outcomes.csv")
    with pytest.raises(InputError, match="cost must be greater than 0"):
        review(BOOK, outcomes=outcomes(), money={**PRICES, "cost": 0.0})
    with pytest.raises(RefusalError, match="1 hindsight"):
        review(book(model("a", on=DAYS[35])), outcomes=outcomes())
    with pytest.raises(RefusalError, match="the book is empty"):
        review(Book("x", ()), outcomes=outcomes(), config=config, releases=outcomes())
