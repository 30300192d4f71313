"""The chart of caution: its points are the figures given, the dial in use stands out."""

from __future__ import annotations

from typing import Any

import pytest

from charts.test_fan import datasets
from upswell.charts import CautionCurve, alternative_text, caution_chart, png_bytes

CURVE = CautionCurve(
    dials=["caution 1", "caution 2", "caution 2.5", "caution 5"],
    avoided=[0, 40, 41, 100],
    lost=[0, 3, 3, 20],
    profit=[900.0, 950.0, 940.0, 600.0],
    chosen=1,
    others={"log-linear line": (30, 18, 500.0)},
    currency="EUR",
    releases=321,
)


def rows_with(key: str, curve: CautionCurve = CURVE) -> list[dict[str, Any]]:
    return next(rows for rows in datasets(caution_chart(curve)) if rows and key in rows[0])


def test_every_setting_and_every_other_rule_is_a_point() -> None:
    chart = caution_chart(CURVE).to_dict()
    (points,) = [p for p in chart["layer"] if p["data"].get("name") == "rules"]
    values = {v["rule"]: v for v in points["data"]["values"]}
    for place, dial in enumerate(CURVE.dials):
        row = values[dial]
        assert (row["avoided"], row["lost"], row["profit"]) == (
            CURVE.avoided[place],
            CURVE.lost[place],
            CURVE.profit[place],
        )
        assert row["kind"] == ("chosen" if place == 1 else "setting")
    assert values["log-linear line"]["lost"] == 18
    assert len(values) == 5


def test_labels_that_would_cover_each_other_are_left_out() -> None:
    assert [row["label"] for row in rows_with("label")] == ["1", "2", "5"]


@pytest.mark.parametrize("chosen", [None, 0])
def test_a_curve_on_which_nothing_happens_can_be_drawn(chosen: int | None) -> None:
    flat = CautionCurve(
        ["no caution", "quantile 0.5"], [0, 0], [0, 0], [0.0, 0.0], chosen, {}, "", 9
    )
    assert rows_with("label", flat)[0]["label"] == "no caution"
    assert png_bytes(caution_chart(flat), scale=0.5)[1:4] == b"PNG"


def test_the_alternative_text_has_all_figures() -> None:
    text = alternative_text(caution_chart(CURVE))
    assert "on 321 past releases" in text
    assert "caution 2 (in use): 3 hits lost, 40 false hits avoided, profit 950 EUR" in text
    assert "log-linear line: 18 hits lost, 30 false hits avoided, profit 500 EUR" in text
