"""``upswell releases decide`` and ``review``: the book, what is said of it, and bad inputs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cli.releases_world import LEAN, TABLES
from cli.running import Program, contents
from documents import codes, read, rows, section
from releases.decisions import RELEASED, model
from upswell.releases.book import add_entries, read_book
from upswell.releases.book.summary import ANSWERS
from upswell.releases.book.verdict import STATUSES

BAD = Path(__file__).parents[1] / "bad_inputs"
BOOK = "decisions.jsonl"
TEXT = read("docs/reference.md")
STEER = "on tour\x1b[31m\nin May"


@pytest.fixture
def book() -> Path:
    """A book in which the model has decided on two releases, and outcomes of both beside it."""
    add_entries(BOOK, [model("a", "promote", money=_money()), model("=b", "hold")])
    days = pl.date_range(RELEASED, RELEASED.replace(month=2, day=20), eager=True)
    tables = [pl.DataFrame({"date": days}).with_columns(release=pl.lit(r)) for r in ("a", "=b")]
    pl.concat(tables).with_columns(streams=3000).write_csv("outcomes.csv")
    return Path(BOOK)


def _money() -> dict[str, Any]:
    return {"cost": 100.0, "value": 0.01, "uplift": 0.5, "currency": "EUR"}


def _review(program: Program, *words: object) -> Any:
    return program("releases", "review", BOOK, "--outcomes", "outcomes.csv", *words)


def test_a_decision_is_written_beside_the_models(program: Program, book: Path) -> None:
    words = ("--note", STEER, "--by", "Ana", "--on", "2026-01-09")
    found = program("releases", "decide", book, "a", "hold", *words)
    assert (found.code, found.err) == (0, "")
    first, second = found.out.splitlines()
    assert first == (
        "a: hold by Ana on 2026-01-09; the model said promote on 2026-01-08 (expected profit 50 "
        "EUR, chance of hit 25%)."
    )
    assert second == "1 decision written to decisions.jsonl"
    assert read_book(book).people()["a"].note == STEER
    again = program("releases", "decide", book, "a", "hold", *words)
    assert "1 decision stood there already." in again.out
    assert "0 decisions written" in again.out


def test_a_decision_on_what_the_model_never_scored_is_kept_and_said(program: Program) -> None:
    found = program("releases", "decide", "new/book.jsonl", "strange\x1b", "promote")
    assert (found.code, found.err) == (0, "")
    assert "the model has said nothing of it" in found.out
    assert 'such as "strange\\x1b"; what was decided is kept' in found.out
    assert "strange\x1b" in read_book("new/book.jsonl").people()


def test_many_decisions_come_from_a_table(program: Program, book: Path) -> None:
    table = 'release,decision,note\n\'=b,promote,"=1+1"\na,,\nc,hold,\n'
    Path("people.csv").write_text(table, encoding="utf-8")
    found = program("releases", "decide", book, "--from", "people.csv", "--json")
    assert (found.code, found.err) == (0, "")
    record = found.json()
    assert (record["added"], record["left_open"], record["unscored"]) == (2, 1, ["c"])
    assert [one["model"] for one in record["decisions"]] == ["hold", None]
    assert read_book(book).people()["=b"].note == "=1+1"
    assert "1 row without a decision passed over." in (
        program("releases", "decide", book, "--from", "people.csv").out
    )


def test_a_review_says_who_was_right(program: Program, book: Path) -> None:
    program("releases", "decide", book, "a", "hold", "--note", STEER, "--on", "2026-01-09")
    found = _review(program, "--out", "r")
    assert (found.code, found.err) == (0, "")
    assert "\x1b" not in found.out
    for words in (
        "2 releases of the book as of 2026-02-20, by streams to day 30:",
        "people were right on 0, the model on 1. People's decisions brought 350 less than the",
        "not-enough-evidence: too few decisions differ",
        "on tour\\x1b[31m\\x0ain May",
        "which is an assumption, since nobody saw them without it.",
        "Written to r",
    ):
        assert words in found.out
    record = json.loads(Path("r/run.json").read_text(encoding="utf-8"))
    assert record["comparison"]["difference"] == -350
    assert "\n'=b," in Path("r/review.csv").read_text(encoding="utf-8")
    answer = _review(program, "--json").json()
    assert {row["release"]: row["done"] for row in answer["review"]} == {"a": "hold", "=b": "hold"}
    assert {row["decider"]: row["profit"] for row in answer["summary"][:4]} == {
        "model": 350.0,
        "final": 0.0,
        "promote all": 700.0,
        "promote none": 0.0,
    }


def test_what_counts_for_nothing_is_said(program: Program, book: Path) -> None:
    program("releases", "decide", book, "a", "hold", "--on", "2026-02-01")
    other = model("c", money={**_money(), "cost": 7.0})
    add_entries(book, [other.model_copy(update={"on": RELEASED})])
    out = _review(program).out
    assert "1 entry counts for nothing: written when the outcome had closed." in out
    assert "1 entry of the model was made under other money or tiers than these" in out


@pytest.mark.usefixtures("book")
def test_a_review_before_anything_has_closed_is_refused(program: Program) -> None:
    before = contents(Path.cwd())
    found = _review(program, "--as-of", "2026-01-30", "--out", "r")
    assert (found.code, found.out) == (3, "")
    found.says("refused (nothing-to-review)", "2 waiting")
    answer = _review(program, "--as-of", "2026-01-30", "--json")
    assert (answer.code, answer.json()["codes"]) == (3, ["nothing-to-review"])
    assert contents(Path.cwd()) == before
    assert _review(program, "--as-of", "2026-01-31", "--quiet").code == 0


def test_a_decision_after_the_outcome_is_kept_and_said(program: Program, book: Path) -> None:
    for day, late in (("2026-01-30", False), ("2026-01-31", True)):
        found = program("releases", "decide", book, "a", "hold", "--on", day)
        assert found.code == 0
        assert ("a review will not count what was decided after that" in found.out) is late
    record = program("releases", "decide", book, "a", "hold", "--on", day, "--json").json()
    assert (record["too_late"], record["repeated"]) == (["a"], 1)


@pytest.mark.usefixtures("here")
def test_the_whole_way_from_scores_to_a_review(program: Program, trained: Path) -> None:
    Path("money.toml").write_text("[money]\ncost = 20.0\nvalue = 0.01\nuplift = 0.5\n")
    words = (*LEAN, "--money", "money.toml", "--since", "2025-06-20")
    for added in ("decisions", "0 decisions"):
        found = program("releases", "score", trained, *TABLES, *words, "--out", "s", "--book", BOOK)
        assert (found.code, found.err) == (0, "")
        assert f"{added} written to {BOOK}" in found.out
    scores = pl.read_csv("s/scores.csv")
    entries = read_book(BOOK).model()
    assert {name: entry.decision for name, entry in entries.items()} == dict(
        scores.select("release", "decision").iter_rows()
    )
    scores.select("release", decision=pl.lit("promote")).write_csv("people.csv")
    words = ("--from", "people.csv", "--on", "2025-07-04")
    assert program("releases", "decide", BOOK, *words, "--quiet").code == 0
    before = contents(Path.cwd())
    found = program("releases", "review", BOOK, "--outcomes", "outcomes.parquet")
    found.says("refused (nothing-to-review)", "waiting")
    assert contents(Path.cwd()) == before
    # A month goes by, in which each has 1000 streams a day.
    days = pl.date_range(pl.date(2025, 7, 4), pl.date(2025, 8, 3), eager=True)
    later = scores.select("release").unique().join(pl.DataFrame({"date": days}), how="cross")
    later.with_columns(streams=1000).write_csv("later.csv")
    tables = ("--outcomes", "later.csv", "--outcomes", "early.csv")
    early = pl.read_parquet("outcomes.parquet").select("release", "date", "streams")
    early.write_csv("early.csv")
    found = program("releases", "review", BOOK, *tables, "--json")
    assert (found.code, found.err) == (0, "")
    record = found.json()
    assert (record["terms"]["horizon"], record["terms"]["tier_from"]) == (14, 50_000)
    assert record["status"]["judged"] == record["comparison"]["both"] > 2
    everything = pl.concat(
        [early.cast({"streams": pl.Int64}), pl.read_csv("later.csv", try_parse_dates=True)]
    )
    truth = everything.join(pl.read_parquet("releases.parquet"), "release")
    inside = (pl.col("date") - pl.col("release_date")).dt.total_days().is_between(0, 13)
    sums = dict(truth.filter(inside).group_by("release").agg(pl.col("streams").sum()).iter_rows())
    judged = {row["release"]: row["streams"] for row in record["review"] if row["hit"] is not None}
    assert judged == {name: sums[name] for name in judged}


@pytest.mark.usefixtures("here")
def test_a_scoring_with_a_damaged_book_or_without_money_writes_nothing(
    program: Program, trained: Path
) -> None:
    before = contents(Path.cwd())
    for book, said in ((BAD / "book_western.jsonl", "damaged"), (BOOK, "hold no decisions")):
        found = program("releases", "score", trained, *TABLES, *LEAN, "--out", "s", "--book", book)
        assert (found.code, found.out) == (2, "")
        found.says(said)
        assert contents(Path.cwd()) == before


UNUSABLE = {
    "unknown decision": (
        ("decide", BOOK, "a", "drop"),
        ('"drop" is no decision', "promote, watch"),
    ),
    "no decision": (("decide", BOOK, "a"), ("a release and its decision are needed", "--from")),
    "no day": (("decide", BOOK, "a", "hold", "--on", "friday"), ('"friday" is not a date',)),
    "bad table": (
        ("decide", BOOK, "--from", BAD / "decisions_no_such_word.csv"),
        ('"perhaps"', "decisions_no_such_word.csv, row 3"),
    ),
    "damaged book": (
        ("decide", BAD / "book_broken_line.jsonl", "a", "hold"),
        ("a line of the decision book is damaged", "book_broken_line.jsonl, row 2"),
    ),
    "absent book": (
        ("review", "absent.jsonl", "--outcomes", "outcomes.csv"),
        ("the decision book cannot be read", "absent.jsonl"),
    ),
    "absent outcomes": (
        ("review", BOOK, "--outcomes", "absent.csv"),
        ("absent.csv does not exist",),
    ),
    "bad money": (
        ("review", BOOK, "--outcomes", "outcomes.csv", "--money", "money.toml"),
        ("[money] cost must be greater than 0", "money.toml"),
    ),
    "out that is not ours": (
        ("review", BOOK, "--outcomes", "outcomes.csv", "--out", "."),
        ("is not ours to replace",),
    ),
}


@pytest.mark.usefixtures("book")
@pytest.mark.parametrize("kind", UNUSABLE)
def test_what_cannot_be_used_is_named_and_nothing_is_lost(kind: str, program: Program) -> None:
    Path("money.toml").write_text("[money]\ncost = 0.0\nvalue = 1.0\nuplift = 0.5\n")
    before, bad = contents(Path.cwd()), contents(BAD)
    words, said = UNUSABLE[kind]
    found = program("releases", *words)
    assert (found.code, found.out) == (2, "")
    found.says(*said)
    assert contents(Path.cwd()) == before
    assert contents(BAD) == bad


@pytest.mark.usefixtures("book")
def test_the_files_of_a_review_are_documented(program: Program) -> None:
    assert _review(program, "--out", "r", "--quiet").code == 0
    text = section(TEXT, "Files of a review")
    tables = [rows(part) for part in text.split("\n\n") if part.startswith("| ")]
    listed = [[code for row in table for code in codes(row[0])] for table in tables]
    review, _, summary, keys, _ = listed
    assert pl.read_csv("r/review.csv").columns == review
    assert pl.read_csv("r/summary.csv").columns == summary
    assert {codes(row[0])[0]: row[1] for row in tables[1]} == STATUSES
    assert {codes(row[0])[0]: row[1] for row in tables[4]} == ANSWERS
    record = json.loads(Path("r/run.json").read_text(encoding="utf-8"))
    assert _keys(record) == set(keys)
    assert set(STATUSES) == set(record["status"])


def _keys(record: dict[str, Any]) -> set[str]:
    found = set()
    for name, value in record.items():
        inner = value[0] if isinstance(value, list) and value else value
        mark = "[]" if isinstance(value, list) else ""
        if isinstance(inner, dict) and name not in ("versions", "timings", "status", "ledger"):
            found |= {f"{name}{mark}.{key}" for key in inner}
        else:
            found.add(name)
    return found
