"""Small pictures of the parts of a simulated audience."""

from __future__ import annotations

import numpy as np

from charts.test_fan import datasets
from upswell.charts import (
    Implied,
    PartLine,
    alternative_text,
    implied_chart,
    parts_chart,
    png_bytes,
)


def test_a_line_begins_with_day_one_and_a_hole_is_empty() -> None:
    line = PartLine("a", np.array([1.0, np.nan, 3.0]))
    chart = parts_chart([line, PartLine("b", np.ones(3), dots=True)], "Two.", title="x", cutoff=2)
    rows = next(rows for rows in datasets(chart) if rows[0].get("line") == "a")
    assert [row["day"] for row in rows] == [1, 2, 3]
    assert [row["value"] for row in rows] == [1.0, None, 3.0]
    assert [{"day": 2.5}] in datasets(chart)
    assert alternative_text(chart) == "Two."
    assert png_bytes(chart, scale=1.0).startswith(b"\x89PNG")


def test_one_line_needs_no_legend() -> None:
    chart = parts_chart([PartLine("a", np.ones(3))], "One.", title="x").to_dict()
    assert chart["layer"][0]["encoding"]["color"]["legend"] is None


def test_ranges_stand_below_each_other_with_what_was_published() -> None:
    rows = [Implied("one", np.arange(5.0), (2.0, 3.0)), Implied("two", np.arange(5.0))]
    chart = implied_chart(rows)
    assert [part["title"]["text"] for part in chart.to_dict()["vconcat"]] == ["one", "two"]
    assert str(chart.to_dict()).count(str([{"figure": 2.0}, {"figure": 3.0}])) == 1
    assert "2 statistics" in alternative_text(chart)
