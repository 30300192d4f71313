"""The fan of a release: every range at every horizon, the tiers, and what look-alikes became."""

from __future__ import annotations

import pytest

from charts.test_fan import datasets
from upswell.charts import PAGE, ReleaseFan, png_bytes, release_fan_chart

DAY14 = {5: 0.0, 10: 40.0, 25: 90.0, 50: 200.0, 75: 500.0, 90: 900.0, 95: 2_000.0}
DAY30 = {level: 3 * streams for level, streams in DAY14.items()}
FAN = ReleaseFan("song", {14: DAY14, 30: DAY30}, 5, [700.0, 0.0])


def test_each_horizon_has_its_median_and_nested_ranges() -> None:
    first, second, *_ = FAN.rows()
    assert (first["day"], second["day"]) == (14, 30)
    assert (first["median"], second["median"]) == (200, 600)
    assert (first["low80"], first["high80"], second["high90"]) == (40, 900, 6000)
    for row in (first, second):
        ends = [row[f"{end}{level}"] for end, level in zip(["low"] * 3, (90, 80, 50), strict=True)]
        assert ends == sorted(ends)
        assert row["low50"] < row["median"] < row["high50"] < row["high80"] < row["high90"]


def test_nothing_is_drawn_as_one_since_a_logarithm_has_no_zero() -> None:
    rows = FAN.rows()
    assert rows[0]["low90"] == 1
    assert rows[2:] == [{"seen": 5}, {"other": 30, "became": 700}, {"other": 30, "became": 1}]


def test_tiers_are_named_at_the_bounds_from_which_they_begin() -> None:
    chart = release_fan_chart(FAN, tiers=("low", "middle", "hit"), bounds=(100.0, 1000.0))
    names, *others = (rows for rows in datasets(chart) if "tier" in rows[0])
    assert all(rows == names for rows in others)
    assert [(row["tier"], row["bound"]) for row in names] == [("middle", 100.0), ("hit", 1000.0)]
    assert not any("tier" in rows[0] for rows in datasets(release_fan_chart(FAN)))


def test_a_name_of_a_tier_stands_on_paper_where_the_last_day_seen_goes_through_it() -> None:
    chart = release_fan_chart(FAN, tiers=("low", "hit"), bounds=(100.0,), palette=PAGE).to_dict()
    kinds = [(layer["mark"]["type"], layer["mark"].get("stroke")) for layer in chart["layer"]]
    seen = [
        place
        for place, layer in enumerate(chart["layer"])
        if layer["encoding"].get("x", {}).get("field") == "seen" and layer["mark"]["type"] == "rule"
    ]
    halo = kinds.index(("text", PAGE.paper))
    assert seen[0] < halo < len(kinds) - 1 - kinds[::-1].index(("text", None))


@pytest.mark.parametrize("alike", [(), (5.0,)])
def test_only_where_there_are_look_alikes_is_there_a_layer_for_them(alike: tuple[float]) -> None:
    drawn = release_fan_chart(ReleaseFan("a", {14: DAY14}, 7, alike)).to_dict()
    fields = [layer["encoding"].get("y", {}).get("field") for layer in drawn["layer"]]
    assert ("became" in fields) is bool(alike)


def test_the_text_gives_every_horizon() -> None:
    assert release_fan_chart(FAN).to_dict()["description"] == (
        "song: streams, 200 by day 14 in the middle, 8 times in 10 between 40 and 900; 600 by day "
        "30 in the middle, 8 times in 10 between 120 and 2,700; 2 look-alikes beside it."
    )


def test_one_horizon_can_be_drawn_too() -> None:
    assert png_bytes(release_fan_chart(ReleaseFan("a", {14: DAY14}, 1)))[1:4] == b"PNG"
    assert "var(--" in str(release_fan_chart(FAN, palette=PAGE).to_dict())
