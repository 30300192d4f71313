"""Many decisions at once: from a table, all or none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.errors import CellError, ColumnError, DuplicateError, InputError
from upswell.releases.book.sheet import as_written, decision_of, read_sheet
from upswell.store import csv_cell

BAD = Path(__file__).parents[2] / "bad_inputs"
DAY = dt.date(2026, 3, 6)


def test_names_and_notes_that_look_like_code_stay_what_they_are() -> None:
    sheet = read_sheet(BAD / "decisions_like_code.csv", on=DAY, by="Ana", known=["=1+1", "c"])
    assert [(e.release, e.decision, e.note, e.by, e.on) for e in sheet.entries] == [
        ("=1+1", "promote", '=HYPERLINK("http://x")', "Ana", DAY),
        ("c", "hold", "two\nlines", "Ana", DAY),
    ]
    assert sheet.left_open == 1


def test_a_table_may_say_who_decided_and_when() -> None:
    table = pl.DataFrame(
        {"track_id": [7, 8], "DECISION": ["hold", "watch "], "By": ["Bo", None],
         "on": ["2026-03-01", None], "other": [1, 2]}
    )  # fmt: skip
    found = read_sheet(table, on=DAY, by="Ana").entries
    assert [(e.release, e.decision, e.by, e.on.day, e.note) for e in found] == [
        ("7", "hold", "Bo", 1, ""),
        ("8", "watch", "Ana", 6, ""),
    ]


def test_rows_that_say_the_same_are_one_decision() -> None:
    table = pl.DataFrame({"release": ["a", "a"], "decision": ["hold", "HOLD"]})
    assert len(read_sheet(table, on=DAY).entries) == 1


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("decisions_no_such_word.csv", CellError, ('"perhaps"', 'row 3, column "decision"')),
        ("decisions_no_release.csv", CellError, ("without a release", "row 3")),
        ("decisions_contradicting.csv", DuplicateError, ('"a" stands there twice', "row 4")),
        (
            "decisions_without_decisions.csv",
            ColumnError,
            ("the decisions", 'the header "decision"'),
        ),
        ("absent.csv", InputError, ("does not exist",)),
    ],
)
def test_the_bad_tables_are_refused(name: str, kind: type[Exception], words: list[str]) -> None:
    with pytest.raises(kind) as caught:
        read_sheet(BAD / name, on=DAY)
    for word in words:
        assert word in str(caught.value)


def test_two_columns_of_notes_are_told_apart_by_their_headers() -> None:
    table = pl.DataFrame({"release": ["a"], "decision": ["hold"], "note": ["x"], "Notes": ["y"]})
    with pytest.raises(ColumnError, match='"note", "Notes" could both be meant') as caught:
        read_sheet(table, on=DAY)
    assert 'the header "note", and the others none' in (caught.value.fix or "")


@given(names=st.lists(st.text(min_size=1), unique=True))
def test_a_release_is_found_by_what_a_csv_of_ours_calls_it(names: list[str]) -> None:
    find = as_written(names)
    for name in names:
        assert find(name) == name
        # Unless another release has just that name.
        assert find(csv_cell(name)) == (csv_cell(name) if csv_cell(name) in names else name)


def test_a_word_that_is_no_decision_says_which_are() -> None:
    assert decision_of(" Promote") == "promote"
    with pytest.raises(InputError, match='"drop" is no decision') as caught:
        decision_of("drop")
    assert "promote, watch, hold" in str(caught.value)
