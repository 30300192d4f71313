"""Gains with their intervals."""

from __future__ import annotations

from charts.test_fan import datasets
from upswell.charts import Effect, effects_chart

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
