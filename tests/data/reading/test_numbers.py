"""Numbers are read however people write them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.data.reading._numbers import looks_like_numbers, parse_numbers
from upswell.errors import CellError, Place


def place(index: int) -> Place:
    return Place("views.csv", index + 2, "views")


def read(*cells: object) -> list[float | None]:
    return parse_numbers(pl.Series("views", cells, strict=False), place)[0].to_list()


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


quick = settings(max_examples=40, deadline=None)
counts = st.lists(st.integers(0, 10**15), min_size=1, max_size=6)


@quick
@given(counts, st.sampled_from([",", " ", "\u00a0", "\u202f", "\u2009", "'", "’", ""]))
def test_any_mark_between_thousands_reads_back(numbers: list[int], mark: str) -> None:
    assert read(*[f" {grouped(n, mark)} " for n in numbers]) == [float(n) for n in numbers]


@quick
@given(st.lists(st.integers(10**6, 10**15), min_size=1, max_size=6))
def test_points_between_thousands_read_back_when_one_number_has_two(numbers: list[int]) -> None:
    cells = [grouped(n, ".") for n in numbers]
    assert read(*cells, "1.084", "7") == [*map(float, numbers), 1084.0, 7.0]


@quick
@given(
    st.lists(st.decimals(0, 10**9, places=2), min_size=1, max_size=6),
    st.sampled_from([("", "."), (",", "."), (" ", "."), ("'", "."), ("", ","), (".", ","),
                     (" ", ","), ("\u00a0", ",")]),
)  # fmt: skip
def test_decimals_read_back_in_each_style(numbers: list[object], style: tuple[str, str]) -> None:
    thousands, decimal = style
    swap = str.maketrans({",": thousands, ".": decimal})
    assert read(*[f"{n:,.2f}".translate(swap) for n in numbers]) == [float(str(n)) for n in numbers]


@quick
@given(st.lists(st.floats(allow_nan=False), min_size=1, max_size=6))
def test_any_float_reads_back(numbers: list[float]) -> None:
    assert read(*map(repr, numbers)) == numbers


@quick
@given(st.integers(1, 10**12), st.sampled_from(["-{}", "\u2212{}", "({})", "( {} )", " - {}"]))
def test_negatives_read_back(number: int, form: str) -> None:
    assert read(form.format(grouped(number, ","))) == [-float(number)]


@pytest.mark.parametrize(
    "marker", ["", " ", "NA", "n/a", "N/A", "NaN", "null", "None", "-", "–", "—", ".", None]
)
def test_markers_are_missing(marker: str | None) -> None:
    assert read(marker, "1,084") == [None, 1084.0]
    assert read(marker, "5") == [None, 5.0]


def test_one_comma_before_three_digits_parts_thousands() -> None:
    assert read("1,084", "2") == [1084.0, 2.0]


def test_a_leading_zero_before_the_comma_makes_it_a_decimal_comma() -> None:
    assert read("0,500", "1,084") == [0.5, 1.084]


def test_indian_grouping_is_read() -> None:
    assert read("10,84,565") == [1084565.0]


def test_a_column_of_lone_points_is_read_as_decimals_and_flagged() -> None:
    values, (line,) = parse_numbers(pl.Series(["1.084", "23.768", "995"]), place)
    assert values.to_list() == [1.084, 23.768, 995.0]
    assert (line.code, line.count, line.place) == (
        "ambiguous-number", 2, 'views.csv, row 2, column "views"',
    )  # fmt: skip


def test_plain_decimals_are_not_flagged() -> None:
    assert parse_numbers(pl.Series(["1.084", "1084.25"]), place)[1] == ()


def test_infinite_values_are_kept_for_the_contract() -> None:
    assert read("inf", "-inf", "∞", "1,000") == [float("inf"), -float("inf"), float("inf"), 1000.0]


@pytest.mark.parametrize("text", ["many", "1,08,4", "--5", "1.2.3", "5 views", "12%", "1e", "0x10"])
def test_text_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(CellError, match="is not a number") as caught:
        read("5", text)
    assert str(caught.value.where) == 'views.csv, row 3, column "views"'
    assert text in caught.value.what


def test_two_decimal_marks_are_refused_with_both_rows() -> None:
    with pytest.raises(CellError, match=r'"2.5" in row 2 and "1.084.565" in row 3'):
        read("2.5", "1.084.565")


def test_typed_columns_pass() -> None:
    assert read(1, 2, None) == [1.0, 2.0, None]
    assert read(1.5, float("nan")) == [1.5, None]


def test_a_column_of_dates_is_no_column_of_numbers() -> None:
    with pytest.raises(CellError, match="not numbers"):
        parse_numbers(pl.Series([None], dtype=pl.Date), place)


def test_a_column_looks_like_numbers_only_when_its_cells_are() -> None:
    assert looks_like_numbers(pl.Series(["1,084", "NA"]))
    assert not looks_like_numbers(pl.Series(["ana", "1"]))
    assert not looks_like_numbers(pl.Series(["NA", "-"]))
    assert not looks_like_numbers(pl.Series([True]))
