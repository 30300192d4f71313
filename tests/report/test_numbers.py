"""Figures of the page."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.report._numbers import chance, filters, fixed, percent, ratio, spoken, whole


@given(st.floats(min_value=-1e15, max_value=1e15))
def test_a_figure_keeps_its_value_to_the_last_bit(value: float) -> None:
    for style in (spoken, whole, ratio, percent):
        found = re.search(r'value="([^"]+)"', str(style(value)))
        assert found is not None
        assert float(found[1]) == value


@pytest.mark.parametrize("style", [spoken, whole, ratio, percent, fixed])
def test_what_is_not_known_is_a_dash(style) -> None:
    assert [style(value) for value in (None, float("nan"), float("inf"))] == ["–"] * 3


def test_seldom_is_never_shown_as_never() -> None:
    assert "less than 0.1%" in percent(0.0004)
    assert "more than 99.9%" in percent(0.9996)
    assert "less than 0.2%" in chance(0.0, 500)
    assert "more than 99.8%" in chance(1.0, 500)
    assert ">12%<" in chance(0.12, 500)


def test_words_for_large_figures() -> None:
    assert ">1.234 billion<" in spoken(1_234_000_000.0)
    assert ">999,999<" in spoken(999_999.0)


def test_every_style_of_the_templates_is_known_to_the_page() -> None:
    from upswell.report._scripts import own_script

    (styles,) = re.findall(r"const STYLES = \{([^}]*)\}", own_script("numbers.js"))
    known = {name.strip() for name in styles.split(",")}
    values = {
        str(f(0.5))
        for name, f in filters().items()
        if name not in ("safetext", "tojson_text", "chance")
    }
    used = {re.search(r'data-style="(\w+)"', value)[1] for value in values}  # type: ignore[index]
    assert used <= known
