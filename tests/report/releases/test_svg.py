"""Tiny pictures: first days and ranges as SVG, with gaps, ends and words."""

from __future__ import annotations

import math
import operator
import re
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.report.releases._svg import LETTER, StreamScale, bars, brief, sparkline

NAN = math.nan
counts = st.lists(st.one_of(st.floats(0, 1e12), st.just(NAN)), min_size=1, max_size=60)


def numbers(path: str) -> list[float]:
    return [float(found) for found in re.findall(r"[\d.]+(?:e[-+]\d+)?", path)]


@given(counts)
def test_a_sparkline_stays_inside_its_box(values: list[float]) -> None:
    drawn = str(sparkline(values, "views a day"))
    for path in re.findall(r'd="([^"]*)"', drawn):
        found = numbers(path)
        assert all(0 <= x <= 72 for x in found[::2])
        assert all(0 <= y <= 22 for y in found[1::2])
    assert drawn.count("<circle") == min(1, sum(math.isfinite(v) for v in values))


def test_a_day_without_a_count_is_a_gap() -> None:
    drawn = str(sparkline([1.0, 2.0, NAN, 4.0, 5.0], "views a day"))
    assert re.findall(r"[ML]", drawn.split('d="')[1].split('"', maxsplit=1)[0]) == [
        "M",
        "L",
        "M",
        "L",
    ]
    assert 'aria-label="views a day: 1, 2, none, 4, 5"' in drawn


def test_a_day_between_two_gaps_is_a_dot() -> None:
    drawn = str(sparkline([1.0, NAN, 4.0, NAN, 5.0, 5.0], "views a day"))
    path = drawn.split('d="')[1].split('"', maxsplit=1)[0]
    (lone,) = [part for part in path.split("M") if part.startswith("29.2")]
    assert lone.split("L")[0] == lone.split("L")[1]


def test_a_window_that_is_not_over_leaves_room_for_its_days_to_come() -> None:
    whole, part = (str(sparkline([1.0, 2.0, 3.0], "views", days=days)) for days in (3, 7))
    ends = [float(drawn.split('cx="')[1].split('"')[0]) for drawn in (whole, part)]
    assert ends[0] == 70.0
    assert ends[1] == pytest.approx(2 + 68 / 3, abs=0.05)


def test_what_is_counted_cannot_leave_its_attribute() -> None:
    assert '"><script>' not in str(sparkline([1.0], '"><script>'))


def test_bars_mark_days_that_are_missing_and_leave_those_to_come_empty() -> None:
    drawn = str(bars([5.0, NAN, 10.0, NAN, NAN], "views a day", 3))
    assert drawn.count("<rect") == 2
    assert drawn.count('class="gap"') == 1
    heights = [float(h) for h in re.findall(r'<rect[^>]*height="([\d.]+)"', drawn)]
    assert heights[1] == pytest.approx(2 * heights[0], rel=1e-3)


@given(counts)
def test_bars_stay_inside_their_box(values: list[float]) -> None:
    drawn = str(bars(values, "views a day", len(values)))
    assert all(16 <= float(y) <= 78 for y in re.findall(r'<rect[^>]* y="([\d.]+)"', drawn))


def test_a_scale_places_streams_by_their_logarithm() -> None:
    scale = StreamScale(10.0, 100_000.0, (1_000.0,))
    assert [scale.place(s) for s in (10, 100, 1_000, 100_000)] == [0.0, 25.0, 50.0, 100.0]
    assert [scale.place(s) for s in (0, 1e9)] == [0.0, 100.0]


@given(
    st.lists(st.floats(0, 1e12), min_size=1, max_size=20),
    st.floats(1e-3, 1e9),
    st.floats(1.001, 1e3),
)
def test_a_scale_holds_its_bounds_whatever_the_ranges(
    lows: list[float], bound: float, more: float
) -> None:
    scale = StreamScale.over(lows, [low * 2 for low in lows], (bound, bound * more))
    places = [scale.place(each) for each in scale.bounds]
    assert 0 < places[0] <= places[1] < 100


@given(
    st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=6),
    st.lists(st.floats(1.001, 50.0), min_size=5, max_size=5),
)
def test_names_of_tiers_never_lie_over_each_other(names: list[str], steps: list[float]) -> None:
    bounds = tuple(accumulate([1_000.0, *steps[: len(names) - 2]], operator.mul))
    labels = StreamScale(10.0, 1e9, bounds).labels(names)
    assert [label["name"] for label in labels] == names
    spans = []
    for label in labels:
        wide = LETTER * len(label["short"])
        start = 100 - wide if label["right"] else label["start"]
        assert start + wide <= 100.01
        spans.append((label["line"], start, start + wide))
    for place, (line, start, end) in enumerate(spans):
        for other, begin, stop in spans[place + 1 :]:
            assert line != other or end <= begin or stop <= start


def test_a_name_keeps_to_the_first_line_where_it_has_room() -> None:
    lines = [x["line"] for x in StreamScale(1.0, 1e4, (10.0, 1e3)).labels(["a", "b", "c"])]
    assert lines == [0, 0, 0]


def test_a_range_is_drawn_from_its_quantiles() -> None:
    scale = StreamScale(1.0, 10_000.0, (100.0,))
    drawn = str(scale.bar([1.0, 10.0, 100.0, 1_000.0, 10_000.0], "1 < 2"))
    assert 'class="r80" x="0.0%" y="5" width="100%"' in drawn
    assert 'class="r50" x="25.0%" y="5" width="50%"' in drawn
    assert '<circle cx="50.0%"' in drawn
    assert 'aria-label="1 &lt; 2"' in drawn


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0"), (0.4, "0.4"), (999.4, "999"), (1_000, "1k"), (12_345, "12k"), (994_999, "990k"),
     (995_000, "1M"), (3.21e9, "3.2B")],
)  # fmt: skip
def test_counts_are_short(value: float, text: str) -> None:
    assert brief(value) == text
