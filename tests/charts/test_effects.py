"""Gains with their intervals."""

from __future__ import annotations

import pytest

from charts.test_fan import datasets
from upswell.charts import Effect, effects_chart, png_bytes

EFFECTS = [
    Effect("likes", -0.02, -0.03, -0.01, "hurts"),
    Effect("creators", 0.05, 0.02, 0.08, "helps"),
    Effect("few", 0.01, float("nan"), float("nan"), "unclear"),
    Effect("none", float("nan"), float("nan"), float("nan"), "unclear"),
]


def test_gains_keep_their_order_and_what_is_not_known_is_left_out() -> None:
    (rows,) = [own for own in datasets(effects_chart(EFFECTS, "less error")) if "gain" in own[0]]
    assert [row["name"] for row in rows] == ["likes", "creators", "few"]
    assert [(row["low"], row["high"]) for row in rows] == [
        (-0.03, -0.01),
        (0.02, 0.08),
        (0.01,) * 2,
    ]


def test_it_says_in_words_what_it_shows() -> None:
    text = effects_chart(EFFECTS, "less error").to_dict()["description"]
    assert "likes -0.02 (hurts), creators 0.05 (helps)" in text


def test_verdicts_differ_by_more_than_colour() -> None:
    points = effects_chart(EFFECTS, "x").to_dict()["layer"][-1]
    shapes = points["encoding"]["shape"]["scale"]["range"]
    assert len(set(shapes)) == 3


@pytest.mark.parametrize("share", [False, True])
def test_ticks_have_a_sign_and_no_power_of_ten(share: bool) -> None:
    large = [Effect("likes", -130.0, -1500.0, 17.0, "unclear")]
    layers = effects_chart(large, "saved", share=share).to_dict()["layer"]
    (axis,) = [
        own["encoding"]["x"]["axis"] for own in layers if "axis" in own["encoding"].get("x", {})
    ]
    assert "datum.value == 0 ? '0'" in axis["labelExpr"]
    assert ("%" in axis["labelExpr"]) is share
    assert "e" not in axis["labelExpr"].split("format(datum.value,")[1]
    assert axis["title"] == ["← hurts · helps →", "saved"]


def test_each_line_says_its_verdict_in_words_beside_the_frame() -> None:
    layers = effects_chart(EFFECTS, "x").to_dict()["layer"]
    (words,) = [own for own in layers if own["mark"]["type"] == "text"]
    assert words["encoding"]["text"]["field"] == "verdict"
    assert words["encoding"]["x"] == {"value": "width"}
    assert png_bytes(effects_chart(EFFECTS, "x"), scale=0.5)[1:4] == b"PNG"


def test_gains_of_nothing_at_all_can_be_drawn() -> None:
    nothing = [Effect("likes", 0.0, 0.0, 0.0, "unclear")]
    assert png_bytes(effects_chart(nothing, "x"), scale=0.5)[1:4] == b"PNG"
