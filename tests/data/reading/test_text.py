"""Delimited text is read whatever its delimiter, encoding, line ends and quotes."""

from __future__ import annotations

import codecs
import csv
import io

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.data.reading._encoding import to_utf8
from upswell.data.reading._structure import scan
from upswell.data.reading._text import read_delimited
from upswell.errors import SourceError

cells = st.text(st.sampled_from("ab1,;|\t\" \n'é날"), max_size=6)
quick = settings(max_examples=60, deadline=None)


def rows(data: bytes) -> list[tuple[str | None, ...]]:
    table = read_delimited(data, "t.csv", "")
    return table.load(range(len(table.header))).rows()


@quick
@given(
    st.lists(st.tuples(cells, cells, st.integers(0, 99).map(str)), min_size=1, max_size=8),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_what_the_standard_library_writes_reads_back(
    table: list[tuple[str, str, str]], delimiter: str, end: str
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerows([("day", "who", "views"), *table])
    expected = [tuple(cell or None for cell in row) for row in table]
    data = text.getvalue().encode()
    found = [tuple(cell or None for cell in row) for row in rows(data)]
    # A carriage return inside a quoted field is not among the cells, so all else is exact.
    assert found == expected


@quick
@given(st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8))
def test_row_numbers_count_lines_as_an_editor_does(table: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["a", "b"], *table])
    lines, line = [], 2
    for row in table:
        lines.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    found = read_delimited(text.getvalue().encode(), "t.csv", "")
    assert found.row_numbers().to_list() == lines


@quick
@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=30), st.data())
def test_the_scan_counts_as_the_standard_library_does(
    table: list[list[str]], data: st.DataObject
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(table)
    body = text.getvalue().encode()
    chunk = data.draw(st.integers(1, 40))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("upswell.data.reading._structure._CHUNK", chunk)
        found = scan(body, ",", 3)
    assert found.records == len(table)
    assert found.regular
    assert not scan(body, ",", 4).regular


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_and_line_ends_do_not_shift_rows(end: str) -> None:
    data = end.join(["", "day,views", "1,5", "", "2,6", "", ""]).encode()
    table = read_delimited(data, "t.csv", "")
    frame = table.load([0, 1]).with_columns(table.row_numbers()).drop_nulls()
    assert frame.rows() == [("1", "5", 3), ("2", "6", 5)]


def test_quotes_after_a_space_are_read() -> None:
    assert rows(b'day,views\n1, "2,000"\n2, "3,000"\n') == [("1", "2,000"), ("2", "3,000")]


def test_a_line_that_names_the_delimiter_is_obeyed() -> None:
    table = read_delimited(b"sep=;\r\nday;views\r\n1;2,5\r\n", "t.csv", "")
    assert table.load([0, 1]).with_columns(table.row_numbers()).rows() == [("1", "2,5", 3)]


def test_a_quote_inside_a_name_is_kept() -> None:
    assert rows(b'who,views\n12" mix,5\nb,6\n') == [('12" mix', "5"), ("b", "6")]
    assert rows(b'who,views\na "b" c,5\n') == [('a "b" c', "5")]


def test_only_the_columns_asked_for_come_in_the_order_asked() -> None:
    assert read_delimited(b"a,b,c\n1,2,3\n", "t.csv", "").load([2, 0]).rows() == [("3", "1")]


def test_a_decimal_comma_is_no_delimiter() -> None:
    assert rows("день;просмотры\n1;1 084,5\n2;2,5\n".encode())[0] == ("1", "1 084,5")


TEXT = {
    "utf-8": "дата;날짜;é\n1;2;3\n",
    "utf-8-sig": "дата;날짜;é\n1;2;3\n",
    "utf-16": "дата;날짜;é\n1;2;3\n",
    "utf-16-le": "дата;날짜;é\n1;2;3\n",
    "utf-16-be": "date,views\n1,2\n",
    "utf-32": "дата;날짜\n1;2\n",
    "cp1251": "дата;автор;просмотры\n1;Анна;2\n",
    "cp949": "날짜,영화명,관객수\n1,알라딘,2\n",
}


@pytest.mark.parametrize("encoding", TEXT)
def test_encodings_are_found(encoding: str) -> None:
    text, found = to_utf8(TEXT[encoding].encode(encoding), "t.csv")
    assert text.decode() == TEXT[encoding]
    assert found == encoding.removesuffix("-sig")


def test_utf16_with_the_mark_of_big_endian_is_found() -> None:
    data = codecs.BOM_UTF16_BE + TEXT["utf-16"].encode("utf-16-be")
    assert to_utf8(data, "t.csv")[0].decode() == TEXT["utf-16"]


@quick
@given(st.text(st.sampled_from("абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГД"), min_size=3, max_size=9))
def test_russian_words_in_cp1251_are_not_taken_for_korean(word: str) -> None:
    text = f"дата;автор;просмотры\n2024-01-01;{word};5\n"
    assert to_utf8(text.encode("cp1251"), "t.csv") == (text.encode(), "cp1251")


@quick
@given(
    st.text(st.sampled_from("가나다라마바사아자차카타파하알고질왕김이박최"), min_size=1, max_size=9)
)
def test_korean_words_in_cp949_are_not_taken_for_russian(word: str) -> None:
    text = f"날짜,제목,관객수\n2024-01-01,{word},5\n"
    assert to_utf8(text.encode("cp949"), "t.csv") == (text.encode(), "cp949")


def test_western_accents_are_not_taken_for_russian() -> None:
    with pytest.raises(SourceError, match="encoding"):
        to_utf8("who,views\nBeyoncé,5\nMaría,6\n".encode("latin-1"), "t.csv")


def test_broken_utf16_is_refused() -> None:
    with pytest.raises(SourceError, match="broken"):
        to_utf8(codecs.BOM_UTF16_LE + b"\x00\xd8\x00", "t.csv")


def test_ten_thousand_columns_are_read() -> None:
    header = ",".join(f"c{index}" for index in range(10_000))
    row = ",".join(["1"] * 10_000)
    table = read_delimited(f"{header}\n{row}\n{row}\n".encode(), "t.csv", "")
    assert table.load([9_999]).equals(pl.DataFrame({"9999": ["1", "1"]}))
