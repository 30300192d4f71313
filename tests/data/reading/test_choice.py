"""Columns are chosen by option, by header, by what is left over; or the reader is asked."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from upswell.data.panel import ColumnChoice
from upswell.data.reading._choice import FILE_NAME, Choice, Wanted, choose_columns
from upswell.data.reading._frames import read_frame
from upswell.errors import ColumnError, SettingError


def choose(columns: dict[str, list[object]], *, dated: bool = False, **wanted: str) -> Choice:
    return choose_columns(read_frame(pl.DataFrame(columns)), Wanted(**wanted), dated_name=dated)


def roles(columns: ColumnChoice) -> tuple[str | None, ...]:
    return columns.time, columns.item, columns.value, columns.group


DAYS = {"date": ["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02"]}
WHO = {"creator": ["ana", "bo", "ana", "bo"]}
VIEWS = {"views": [5, 6, 7, 8]}


def test_headers_decide_and_the_reasons_are_kept() -> None:
    found = choose({**DAYS, **WHO, **VIEWS, "genre": ["x"] * 4, "Likes": [1] * 4})
    assert roles(found.columns) == ("date", "creator", "views", "genre")
    assert found.likes == "Likes"
    assert found.columns.why == (
        'time: "date", by its header',
        'item: "creator", by its header',
        'value: "views", by its header',
        'group: "genre", by its header',
    )


def test_two_counts_are_asked_about() -> None:
    with pytest.raises(ColumnError, match='"views" and "plays" could both be') as caught:
        choose({**DAYS, **WHO, **VIEWS, "plays": [1] * 4})
    assert "use --value COLUMN" in str(caught.value)
    assert 'value="COLUMN"' in str(caught.value)


@pytest.mark.parametrize(
    ("role", "more"),
    [("time", {"timestamp": ["2024-01-01"] * 4}), ("item", {"track": ["x"] * 4}),
     ("group", {"category": ["x"] * 4, "genre": ["y"] * 4})],
)  # fmt: skip
def test_two_of_any_role_are_asked_about(role: str, more: dict[str, list[object]]) -> None:
    with pytest.raises(ColumnError, match=f"be the {role} column") as caught:
        choose({**DAYS, **WHO, **VIEWS, **more})
    assert f"--{role}" in str(caught.value)
    name = next(iter(more))
    assert roles(choose({**DAYS, **WHO, **VIEWS, **more}, **{role: name}).columns).count(name) == 1


def test_options_match_but_for_spaces_and_case() -> None:
    found = choose({**DAYS, **WHO, "  Plays ": [1] * 4, "views": [2] * 4}, value="plays")
    assert found.columns.value == "  Plays "


def test_an_option_that_matches_exactly_wins() -> None:
    assert choose({**DAYS, **WHO, "X": [1] * 4, "x": [2] * 4}, value="x").columns.value == "x"
    with pytest.raises(ColumnError, match="could both be"):
        choose({**DAYS, **WHO, "X": [1] * 4, "x": [2] * 4}, value=" x ")


def test_an_option_without_its_column_lists_at_most_twenty() -> None:
    many = {f"c{index}": [1] * 4 for index in range(40)}
    with pytest.raises(ColumnError, match='no column "plays"') as caught:
        choose({**DAYS, **WHO, **many}, value="plays")
    assert '"c17"' in caught.value.what
    assert '"c18"' not in caught.value.what
    assert "22 more" in caught.value.what


def test_one_column_cannot_play_two_roles() -> None:
    with pytest.raises(SettingError, match="both time and value"):
        choose({**DAYS, **WHO, **VIEWS}, time="views", value="views")


def test_the_only_numbers_left_over_are_the_value() -> None:
    found = choose({**DAYS, **WHO, "admitted": ["1,000", "2", "3", "4"], "likes": [1] * 4})
    assert found.columns.value == "admitted"
    assert "only column with numbers" in found.columns.why[2]


def test_two_columns_of_numbers_left_over_are_asked_about() -> None:
    with pytest.raises(ColumnError, match='"here" and "there" could both be the value'):
        choose({**DAYS, **WHO, "here": [1] * 4, "there": [2] * 4})


def test_likes_followers_and_subscribers_are_never_the_value() -> None:
    with pytest.raises(ColumnError, match="no column with counts"):
        choose({**DAYS, **WHO, "likes": [1] * 4, "followers": [1] * 4, "subscribers": [1] * 4})


def test_the_only_dates_left_over_are_the_time() -> None:
    found = choose({"seen": DAYS["date"], **WHO, **VIEWS})
    assert found.columns.time == "seen"
    assert "only column with dates" in found.columns.why[0]


def test_a_release_date_is_not_the_time() -> None:
    with pytest.raises(ColumnError, match="no column with days"):
        choose({"release_date": DAYS["date"], **WHO, **VIEWS})


def test_the_name_of_the_file_gives_the_date_when_no_column_does() -> None:
    found = choose({**WHO, **VIEWS, "release_date": DAYS["date"]}, dated=True)
    assert found.columns.time == FILE_NAME
    assert "each name holds a date" in found.columns.why[0]


def test_a_date_column_comes_before_the_name_of_the_file() -> None:
    assert choose({**DAYS, **WHO, **VIEWS}, dated=True).columns.time == "date"
    assert choose({**DAYS, **WHO, **VIEWS}, dated=True, time=FILE_NAME).columns.time == FILE_NAME


def test_a_vague_date_column_beside_dated_names_is_asked_about() -> None:
    with pytest.raises(ColumnError, match='"seen" and "<file name>"'):
        choose({"seen": DAYS["date"], **WHO, **VIEWS}, dated=True)


def test_a_date_in_three_columns_is_refused() -> None:
    parts = {"year": [2024] * 4, "month": [1] * 4, "day": [1, 1, 2, 2]}
    with pytest.raises(ColumnError, match="year, month and day"):
        choose({**parts, **WHO, **VIEWS})


def test_the_only_text_left_over_is_the_item_when_it_tells_rows_apart() -> None:
    found = choose({**DAYS, "country": ["AD", "NA", "AD", "NA"], **VIEWS})
    assert found.columns.item == "country"
    assert "only column of text" in found.columns.why[1]


def test_text_that_does_not_tell_rows_apart_is_asked_about() -> None:
    with pytest.raises(ColumnError, match='"country" does not tell') as caught:
        choose({**DAYS, "country": ["AD", "AD", "AD", "NA"], **VIEWS})
    assert "--item" in str(caught.value)


def test_two_columns_of_text_are_asked_about() -> None:
    with pytest.raises(ColumnError, match='"country" and "town" could both be the item'):
        choose({**DAYS, "country": list("abab"), "town": list("xyzw"), **VIEWS})


def test_rows_without_any_item_are_one_series() -> None:
    days = {"date": [dt.date(2024, 1, day) for day in (1, 2, 3)], "views": [1, 2, 3]}
    assert choose({**days, "note": ["a", "b", "c"]}).columns.item is None
    found = choose(days)
    assert found.columns.item is None
    assert "all" in found.columns.why[1]


def test_notes_on_a_day_that_repeats_are_no_names() -> None:
    days = [dt.date(2024, 1, day) for day in (1, 2, 3, 4, 4)]
    found = choose({"date": days, "views": [1] * 5, "note": list("abcde")})
    assert found.columns.item is None


def test_days_that_repeat_without_a_name_are_asked_about() -> None:
    with pytest.raises(ColumnError, match='no header says whose rows they are; "who"') as caught:
        choose({**DAYS, "who": [1, 2, 1, 2], **VIEWS})
    assert "--item" in str(caught.value)
    assert choose({**DAYS, "who": [1, 2, 1, 2], **VIEWS}, item="who").columns.item == "who"
    assert choose({**DAYS, **VIEWS}).columns.item is None


def test_times_of_one_day_are_one_day_when_items_are_sought() -> None:
    times = ["2024-01-01T05:00:00", "2024-01-01 06:00", "2024-01-02T05:00:00", "2024-01-02 06:00"]
    for cells in (times, [dt.datetime.fromisoformat(time) for time in times]):
        found = choose({"timestamp": cells, "country": ["AD", "NA", "AD", "NA"], **VIEWS})
        assert found.columns.item == "country"


def test_ten_thousand_columns_are_no_trouble() -> None:
    many = {f"c{index}": [1] * 4 for index in range(10_000)}
    assert choose({**many, **DAYS, **WHO, **VIEWS}).columns.value == "views"
    with pytest.raises(ColumnError, match="9982 more"):
        choose({**many, **DAYS, **WHO})
