"""Small multiples: each series with its own figures and its own scale."""

from __future__ import annotations

import numpy as np

from charts.test_fan import datasets
from upswell.charts import Days, SeriesPicture, multiples_chart, series_chart

PAST, AHEAD = Days((1, 2, 3), calendar=False), Days((4, 5), calendar=False)


def picture(name: str, level: float) -> SeriesPicture:
    flat = np.full(2, level)
    return SeriesPicture(name, np.array([level, np.nan, level]), flat * 0.9, flat, flat * 1.1)


def test_every_series_keeps_its_days_and_gaps() -> None:
    chart = multiples_chart([picture("a", 5.0), picture("b", 5e6)], PAST, AHEAD)
    rows = next(iter(datasets(chart)))
    assert [row["label"] for row in rows[:5]] == [f"day {n}" for n in range(1, 6)]
    assert [row.get("value") for row in rows[5:8]] == [5e6, None, 5e6]
    assert rows[-1]["high"] == 1.1 * 5e6
    assert chart.to_dict()["resolve"]["scale"]["y"] == "independent"


def test_names_stand_in_the_order_given() -> None:
    pictures = [picture(name, 1.0) for name in ("z", "a", "m")]
    facet = multiples_chart(pictures, PAST, AHEAD).to_dict()["facet"]
    assert facet["sort"] == ["z", "a", "m"]


def test_the_text_of_a_small_picture_gives_its_range() -> None:
    one = picture("ana", 1000.0)
    text = series_chart(one, PAST, AHEAD).to_dict()["description"]
    assert (
        text == one.text == "ana: views a day, with an 80% range from 900 to 1,100 on the last day."
    )
