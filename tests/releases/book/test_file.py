"""The book as a file: nothing is lost, repeated or half-written, and damage is named."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.decisions import SCORED, model, person
from upswell.errors import OutputError, SourceError
from upswell.releases.book import add_entries, read_book
from upswell.releases.book.entries import line_of

BAD = Path(__file__).parents[2] / "bad_inputs"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a book is to be."""
    return tmp_path / "team" / "decisions.jsonl"


def test_entries_stand_in_the_order_in_which_they_came(path: Path) -> None:
    add_entries(path, [model("a"), model("b", "hold")])
    add_entries(path, [person("b", "promote", note="tour in May")])
    found = read_book(path)
    assert [(entry.kind, entry.release) for entry in found.entries] == [
        ("model", "a"),
        ("model", "b"),
        ("person", "b"),
    ]
    assert found.releases() == ("a", "b")
    assert path.read_bytes().count(b"\n") == 3
    assert list(path.parent.iterdir()) == [path]


def test_what_stood_there_stays_byte_for_byte(path: Path) -> None:
    path.parent.mkdir()
    # A mark, ends of lines and spaces of an editor, and no line feed at the end.
    before = b"\xef\xbb\xbf" + line_of(model())[:-1] + b" \r\n\r\n" + line_of(person())[:-1]
    path.write_bytes(before)
    add_entries(path, [person(decision="watch")])
    assert path.read_bytes() == before + b"\n" + line_of(person(decision="watch"))
    assert len(read_book(path).entries) == 3


def test_an_entry_that_would_change_nothing_is_not_written_again(path: Path) -> None:
    entries = [model("a"), person("a"), model("b")]
    assert len(add_entries(path, entries).added) == 3
    before = path.read_bytes()
    again = add_entries(path, entries)
    assert (again.added, again.repeated, len(again.book.entries)) == ((), 3, 3)
    assert path.read_bytes() == before
    assert len(add_entries(path, [person("a", note="why")]).added) == 1


def test_a_mind_that_is_changed_and_changed_back_is_written_each_time(path: Path) -> None:
    for decision in ("promote", "hold", "promote"):
        assert len(add_entries(path, [person("a", decision)]).added) == 1
    assert read_book(path).people()["a"].decision == "promote"


def test_a_score_of_an_earlier_day_is_not_written_again(path: Path) -> None:
    later = model("a", "hold", on=SCORED + dt.timedelta(days=1))
    add_entries(path, [model("a"), later])
    assert add_entries(path, [model("a")]).repeated == 1
    assert read_book(path).model()["a"] == later


def test_writers_at_once_lose_nothing(path: Path) -> None:
    names = [f"r{k}" for k in range(24)]
    with ThreadPoolExecutor(max_workers=6) as pool:
        list(pool.map(lambda name: add_entries(path, [person(name)]), names))
    assert sorted(read_book(path).releases()) == sorted(names)


def test_a_damaged_line_is_named_and_nothing_is_written(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(line_of(model()) + b"\n" + line_of(person())[:-20] + b"\n")
    before = path.read_bytes()
    for work in (read_book, lambda where: add_entries(where, [person()])):
        with pytest.raises(SourceError, match="a line of the decision book is damaged") as caught:
            work(path)
        assert str(caught.value.where) == f"{path}, row 3"
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "row", "said"),
    [
        ("book_broken_line.jsonl", 2, "no JSON"),
        ("book_later_schema.jsonl", 1, '"schema" is 2'),
        ("book_no_such_decision.jsonl", 2, "\"decision\" is 'maybe'"),
        ("book_chance_of_seven.jsonl", 2, '"chance" is 7'),
        ("book_fewer_than_no_streams.jsonl", 2, '"q10" is -3.0'),
        ("book_western.jsonl", 1, "no JSON in UTF-8"),
    ],
)
def test_the_bad_books_are_refused(name: str, row: int, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_book(BAD / name)
    assert caught.value.where is not None
    assert caught.value.where.row == row
    assert said in caught.value.what


def test_a_book_that_is_not_there_or_no_file_is_an_error(tmp_path: Path) -> None:
    for place in (tmp_path / "absent.jsonl", tmp_path, Path("a\0b")):
        with pytest.raises(SourceError, match="the decision book cannot be read"):
            read_book(place)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises((OutputError, SourceError)):
        add_entries(tmp_path / "file" / "book", [person()])


def test_a_write_that_fails_leaves_the_book_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_entries(path, [model()])
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        add_entries(path, [person()])
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


@given(notes=st.lists(st.text(), max_size=5))
def test_notes_come_back_whatever_breaks_of_lines_they_hold(
    notes: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("notes") / "book.jsonl"
    entries = [person(f"r{k}", note=note) for k, note in enumerate(notes)]
    add_entries(path, entries)
    if notes:
        assert [entry.note for entry in read_book(path).people().values()] == notes
    else:
        assert not path.exists()
