"""The picture of a what-if: its lines, its bands, its sentence."""

from __future__ import annotations

import numpy as np

from upswell.charts import Days, png_bytes, what_if_chart

PAST = Days(tuple(range(19_000, 19_040)), calendar=True)
AHEAD = Days(tuple(range(19_040, 19_050)), calendar=True)
SEEN = np.where(np.arange(40) == 7, np.nan, 100.0 + np.arange(40))


def chart(**options: object):
    chosen = {"other": np.full(10, 90.0), "without": "without <b>x</b>", "name": "ana"} | options
    return what_if_chart(PAST, SEEN, [(20, 22), (30, 30)], AHEAD, np.full(10, 120.0), **chosen)


def datasets(drawn: object) -> dict[str, list[dict[str, object]]]:
    """The rows of each data set of a chart by its name."""
    layers = drawn.to_dict()["layer"]  # type: ignore[attr-defined]
    return {layer["data"]["name"]: layer["data"]["values"] for layer in layers}


def test_the_lines_are_history_forecast_and_the_other_forecast() -> None:
    found = datasets(chart())
    assert [row["value"] for row in found["line0"]][6:9] == [106, None, 108]
    assert {row["value"] for row in found["line1"]} == {120}
    assert {row["value"] for row in found["line2"]} == {90}
    assert "line2" not in datasets(chart(other=None))


def test_each_run_of_days_has_a_band_over_all_of_it() -> None:
    bands = datasets(chart())["marked"]
    day = 86_400_000
    widths = [(band["end"] - band["day"]) / day for band in bands]
    assert widths == [3.0, 1.0]
    assert bands[0]["day"] == 19_020 * day - day / 2


def test_the_sentence_says_days_and_sums() -> None:
    text = chart().to_dict()["description"]
    assert text.startswith("ana: 40 days of history up to ")
    assert "with bursts on 2022-01-28 to 2022-01-30, 2022-02-07." in text
    assert text.endswith("sums to 1,200. Without <b>x</b> it sums to 900.")


def test_it_can_be_drawn() -> None:
    assert png_bytes(chart())[1:4] == b"PNG"
