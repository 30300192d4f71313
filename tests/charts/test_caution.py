"""The chart of caution: its points are the figures given, the dial in use stands out."""

from __future__ import annotations

from dataclasses import replace
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
    return next(rows for rows in datasets(caution_chart(curve)) if rows and key in rows[-1])


def test_every_setting_and_every_other_rule_is_a_point() -> None:
    chart = caution_chart(CURVE).to_dict()
    (values,) = [
        {v["rule"]: v for v in rows}
        for rows in {str(p["data"]): p["data"]["values"] for p in chart["layer"]}.values()
        if "legend" in rows[-1]
    ]
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
    assert [row["label"] for row in rows_with("label")] == ["2, in use", "1", "5"]


def drawn(curve: CautionCurve) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = caution_chart(curve).to_dict()["layer"]
    return layers


def kind_of(layer: dict[str, Any]) -> str:
    return "".join(step["filter"].split("'")[1] for step in layer.get("transform", ()))


@pytest.mark.parametrize("place", [0, 1, 3])
def test_the_dial_in_use_lies_above_all_points_and_has_a_label(place: int) -> None:
    curve = replace(CURVE, chosen=place, others={"same": (CURVE.avoided[place], 0, 1.0)})
    layers = drawn(curve)
    points = [kind_of(layer) for layer in layers if layer["mark"]["type"] == "point"]
    assert points == ["other", "setting", "chosen"]
    (label,) = [
        layer for layer in layers if layer["mark"]["type"] == "text" and kind_of(layer) == "chosen"
    ]
    shown = [row["label"] for row in label["data"]["values"] if row["kind"] == "chosen"]
    assert shown == [f"{CURVE.dials[place].split()[-1]}, in use"]
    # At the right end there is room on the left only.
    assert label["mark"]["align"] == ("right" if place == 3 else "left")


def test_what_lies_at_an_end_of_the_scale_is_not_cut() -> None:
    scales = [
        layer["encoding"][axis]["scale"]["padding"]
        for layer in drawn(CURVE)
        for axis in ("x", "y")
        if layer["mark"]["type"] == "point"
    ]
    assert min(scales) >= 15


def test_rules_that_come_to_the_same_share_a_mark_and_its_name() -> None:
    curve = replace(
        CURVE, others={"one": (30, 18, 5.0), "two": (30, 18, 6.0), "three": (1, 2, 3.0)}
    )
    found = {row["rule"]: row["legend"] for row in rows_with("legend", curve) if "legend" in row}
    assert found == {"one": "one = two", "two": "one = two", "three": "three"}


@pytest.mark.parametrize("chosen", [None, 0])
def test_a_curve_on_which_nothing_happens_can_be_drawn(chosen: int | None) -> None:
    flat = CautionCurve(
        ["no caution", "quantile 0.5"], [0, 0], [0, 0], [0.0, 0.0], chosen, {}, "", 9
    )
    assert rows_with("label", flat)[0]["label"].startswith("no caution")
    assert png_bytes(caution_chart(flat), scale=0.5)[1:4] == b"PNG"


def test_the_alternative_text_has_all_figures() -> None:
    text = alternative_text(caution_chart(CURVE))
    assert "on 321 past releases" in text
    assert "caution 2 (in use): 3 hits lost, 40 false hits avoided, profit 950 EUR" in text
    assert "log-linear line: 18 hits lost, 30 false hits avoided, profit 500 EUR" in text
