"""Each bad input gets an error that says what, where and what to do; or it works."""

from __future__ import annotations

from pathlib import Path

import pytest

from upswell.data.reading import read_observations
from upswell.errors import CellError, ColumnError, InputError, SettingError, SourceError

FOLDER = Path(__file__).parents[2] / "bad_inputs"
REFUSED: dict[str, tuple[type[InputError], str, int | None]] = {
    "empty.csv": (SourceError, "the file is empty", None),
    "header_only.csv": (SourceError, "a header but no rows", None),
    "wrong_delimiter.csv": (SourceError, "only one column", None),
    "no_header.csv": (ColumnError, "ana, 2024-01-01, 5", 1),
    "binary.csv": (SourceError, "not a table of text", None),
    "picture.csv": (SourceError, "PNG", None),
    "web_page.csv": (SourceError, "web page", None),
    "truncated.csv.gz": (SourceError, "cannot be unpacked", None),
    "truncated.csv.zst": (SourceError, "cannot be unpacked", None),
    "truncated.parquet": (SourceError, "end is missing", None),
    "missing_views.csv": (ColumnError, "no column with counts", None),
    "missing_date.csv": (ColumnError, "no column with days", None),
    "two_values.csv": (ColumnError, '"views" and "plays"', None),
    "text_in_number.csv": (CellError, '"many" is not a number', 3),
    "mixed_decimal_marks.csv": (CellError, '"1.084.565" in row 2 and "2.5" in row 3', 3),
    "mixed_dates.csv": (CellError, '"2024-01-01" in row 2 and "13.01.2024" in row 3', 3),
    "day_or_month_first.csv": (CellError, '"13/01/2024" in row 2 and "01/14/2024" in row 3', 3),
    "ambiguous_dates.csv": (CellError, "cannot be told", 2),
    "no_such_day.csv": (CellError, "no such day", 3),
    "year_0001.csv": (CellError, "1900 to 2200", 3),
    "year_9999.csv": (CellError, "1900 to 2200", 3),
    "duplicate_headers.csv": (ColumnError, '"views" more than once', 1),
    "too_many_fields.csv": (SourceError, "4 fields and the header 3", 3),
    "too_few_fields.csv": (SourceError, "2 fields and the header 3", 3),
    "ragged_quotes.csv": (SourceError, "quotes", 3),
    "quote_within_field.csv": (SourceError, "quotes", 3),
    "broken_utf8.csv": (SourceError, "broken characters", 3),
    "western.csv": (SourceError, "encoding", None),
    "offsets.csv": (SettingError, "time zone", 2),
    "mixed_offsets.csv": (CellError, "two rows disagree", 3),
    "year_month_day.csv": (ColumnError, "year, month and day", None),
    "array.json": (SourceError, "JSON array", None),
    "broken_line.jsonl": (SourceError, "no JSON", 2),
    "archive.xlsx": (SourceError, "no Excel workbook", None),
}
ACCEPTED = {"huge_values.csv", "names_that_look_like_code.csv", "no_item.csv"}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_input_is_refused_with_its_place_and_a_remedy(name: str) -> None:
    kind, message, row = REFUSED[name]
    with pytest.raises(InputError) as caught:
        read_observations(FOLDER / name)
    error = caught.value
    assert type(error) is kind
    assert error.exit_code == 2
    assert message in error.what
    assert error.fix
    assert error.where is not None
    assert str(error.where.file).endswith(name)
    assert error.where.row == row


def test_every_bad_input_has_its_test_and_its_line() -> None:
    files = {path.name for path in FOLDER.iterdir()} - {"README.md"}
    # Those of announced events and of decisions are tested where they are read.
    others = ("events_", "book_", "decisions_")
    ours = {name for name in files if not name.startswith(others)}
    assert ours == REFUSED.keys() | ACCEPTED
    lines = (FOLDER / "README.md").read_text()
    assert all(f"| `{name}` |" in lines for name in files)


def test_huge_values_work() -> None:
    assert read_observations(FOLDER / "huge_values.csv").frame["value"].to_list() == [1e18, 1e18]


def test_names_that_look_like_code_stay_text() -> None:
    found = read_observations(FOLDER / "names_that_look_like_code.csv")
    assert found.frame["item"].to_list() == ['=HYPERLINK("http://x")', "<script>alert(1)</script>"]


def test_rows_without_an_item_are_counted() -> None:
    found = read_observations(FOLDER / "no_item.csv")
    (line,) = found.ledger
    assert (line.code, line.count) == ("no-item", 2)
    assert "row 3" in line.reason


def test_a_zone_is_the_remedy_for_offsets() -> None:
    found = read_observations(FOLDER / "offsets.csv", timezone="Europe/Berlin")
    assert found.frame["day"].to_list() == [19724, 19725]


@pytest.mark.parametrize("option", ["views", "plays"])
def test_an_option_is_the_remedy_for_two_candidates(option: str) -> None:
    found = read_observations(FOLDER / "two_values.csv", value=option)
    assert found.columns.value == option


def test_a_folder_without_files_and_an_absent_path_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no data files"):
        read_observations(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        read_observations(tmp_path / "absent.csv")
