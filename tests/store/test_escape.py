"""Text from data cannot do harm in spreadsheets, terminals and pages."""

from __future__ import annotations

import html
import html.parser
import unicodedata

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from upswell.store import csv_cell, html_text, terminal_text

ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=20)
SPICY = st.text(
    st.sampled_from("=+-@\t\r\n '\"<>&;\x1b\x9b[31m\u202e\u2066\ud800a\x00\x7f\x85é日👍")
)
TEXT = ANY_TEXT | SPICY


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0-1", "＝1"]
)
def test_formulas_get_an_apostrophe(text: str) -> None:
    assert csv_cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "ana", "a=b", "1", "'=1", "日本", " a", "é"])
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_no_cell_starts_like_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert cell.lstrip()[:1] not in set("=+-@")
    assert cell[:1] not in set("\t\r\n")
    assert cell in (text, "'" + text)
    assert csv_cell(cell) == cell


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_terminal_text_is_one_line_that_can_be_encoded_and_steers_nothing(text: str) -> None:
    shown = terminal_text(text)
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in shown)
    assert not any(
        unicodedata.bidirectional(char)
        in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
        for char in shown
    )
    assert terminal_text(shown) == shown


@pytest.mark.parametrize(
    "text", ["ana", "Zoë 日本語", "👩‍👩‍👧 family", "café=1 <b>", "عربي", "हिन्दी"]
)
def test_names_people_have_are_shown_as_they_are(text: str) -> None:
    assert terminal_text(text) == text


def test_terminal_codes_become_visible() -> None:
    assert terminal_text("\x1b]0;owned\x07") == r"\x1b]0;owned\x07"
    assert terminal_text("\U000e0fff") == r"\U000e0fff"


class Reader(html.parser.HTMLParser):
    """Collects the text of a page and the tags in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@settings(max_examples=200, deadline=None)
@given(TEXT)
def test_html_text_opens_no_tag_and_leaves_no_attribute(text: str) -> None:
    safe = html_text(text)
    safe.encode("utf-8")
    reader = Reader()
    reader.feed(f"<p title=\"{safe}\" lang='{safe}'>{safe}</p>")
    reader.close()
    assert reader.tags == ["p"]
    assert [name for name, _ in reader.attributes] == ["title", "lang"]


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cn", "Co"])))
def test_html_text_reads_back_as_the_text(text: str) -> None:
    assert html.unescape(html_text(text)) == text


def test_html_text_replaces_what_html_forbids() -> None:
    assert html_text("a\x00b\x1b\ud800\u202e\uffff") == "a\ufffdb\ufffd\ufffd\ufffd\ufffd"
