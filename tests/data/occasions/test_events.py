"""Announced events from a file: what is found, what is left out, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from upswell.data import Panel
from upswell.data.occasions import Event
from upswell.data.occasions.events import read_events
from upswell.errors import CellError, ColumnError, InputError
from worlds import panel_of

FOLDER = Path(__file__).parents[2] / "bad_inputs"
START = 19723  # 2024-01-01


def _panel(*, calendar: bool = True) -> Panel:
    return panel_of(np.ones((2, 30)), calendar=calendar)


@pytest.mark.parametrize(
    "header",
    [
        ("date", "creator", "event"),
        ("Launch date", "channel_id", "title"),
        ("release_date", "Автор", "event name"),
        ("дата", "artist", "note"),
    ],
)
def test_columns_are_found_by_the_words_of_their_headers(header: tuple[str, str, str]) -> None:
    day, creator, name = header
    frame = pl.DataFrame({name: ["tour", None], creator: ["c1", None], day: ["2024-01-03"] * 2})
    found = read_events(frame, _panel(), 7)
    assert found.events == (Event(START + 2, "c1", "tour"), Event(START + 2))
    assert found.repairs == ()


def test_days_alone_are_events_of_everybody_and_are_kept_once() -> None:
    frame = pl.DataFrame({"date": ["2024-01-03", "2024-01-03", "2024-01-09"]})
    assert read_events(frame, _panel(), 7).events == (Event(START + 2), Event(START + 8))


def test_a_panel_of_numbered_days_takes_numbers() -> None:
    frame = pl.DataFrame({"day": [3, 33], "creator": ["c0", "c1"]})
    found = read_events(frame, _panel(calendar=False), 7)
    assert found.events == (Event(3, "c0"), Event(33, "c1"))


def test_what_cannot_be_used_is_counted_and_placed(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("date,creator\n2024-01-03,c0\n2024-01-04,bo\n,c1\n2031-01-01,c1\n")
    found = read_events(path, _panel(), 7)
    assert [
        (line.code, line.count, (line.place or "").split(", ")[1]) for line in found.repairs
    ] == [
        ("event-without-day", 1, "row 4"),
        ("event-of-unknown-creator", 1, "row 3"),
        ("event-outside", 1, "row 5"),
    ]
    assert [event.item for event in found.events] == ["c0", "c1"]


@pytest.mark.parametrize(("day", "outside"), [(30, False), (36, False), (37, True), (-1, True)])
def test_the_window_ends_with_the_horizon(day: int, *, outside: bool) -> None:
    frame = pl.DataFrame({"date": [START + day]}).cast(pl.Int32).cast(pl.Date)
    found = read_events(frame, _panel(), 7)
    assert [line.code for line in found.repairs] == ["event-outside"] * outside


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("events_no_such_day.csv", CellError, ("2024-02-30", "row 3")),
        (
            "events_without_days.csv",
            ColumnError,
            ("the days of the events file", "creator", 'the header "date"'),
        ),
        (
            "events_with_two_creators.csv",
            ColumnError,
            ('"creator", "channel" could both be meant', "hold", 'the header "creator", and the'),
        ),
        ("events_of_strangers.csv", ColumnError, ("C-0", '"c0"', "row 2")),
        ("events_numbered.csv", CellError, ("no date but a number", "row 2", "day")),
        ("empty.csv", InputError, ("the file is empty",)),
        ("header_only.csv", InputError, ("no rows",)),
        ("absent.csv", InputError, ("does not exist",)),
    ],
)
def test_bad_files_are_refused_with_their_place(
    name: str, kind: type[InputError], words: tuple[str, ...]
) -> None:
    with pytest.raises(kind) as caught:
        read_events(str(FOLDER / name), _panel(), 7)
    for word in words:
        assert word in str(caught.value)


def test_dates_do_not_fit_a_panel_of_numbered_days() -> None:
    frame = pl.DataFrame({"date": ["2024-01-03"], "creator": ["c0"]})
    with pytest.raises(CellError, match="2024-01-03"):
        read_events(frame, _panel(calendar=False), 7)
    with pytest.raises(CellError, match="is not the number of a day"):
        read_events(pl.DataFrame({"day": [2.5]}), _panel(calendar=False), 7)
