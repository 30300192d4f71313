"""The fan: its figures are quantiles of paths, its sums run along paths."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.charts import FAN_LEVELS, PAGE, Days, cumulative_chart, fan_chart
from upswell.charts.fan import fan_rows

RNG = np.random.default_rng(3)
SAMPLES = RNG.lognormal(10.0, 0.3, (400, 5))
AHEAD = Days.of(range(20_000, 20_005), calendar=True)
PAST = Days.of(range(19_990, 20_000), calendar=True)


def datasets(chart: object) -> list[list[dict[str, object]]]:
    """The rows of each data set of a chart."""
    whole = chart.to_dict()  # type: ignore[attr-defined]
    parts = [whole, *whole.get("layer", [])]
    own = [part["data"]["values"] for part in parts if "values" in part.get("data", {})]
    return [*own, *whole.get("datasets", {}).values()]


def test_ranges_are_central_quantiles_of_the_paths() -> None:
    rows = fan_rows(AHEAD, SAMPLES)
    for day, row in enumerate(rows):
        ordered = np.sort(SAMPLES[:, day])
        assert row["median"] == pytest.approx(np.median(ordered), rel=1e-5)
        for level in FAN_LEVELS:
            low, high = row[f"low{level * 100:.0f}"], row[f"high{level * 100:.0f}"]
            inside = ((ordered >= low) & (ordered <= high)).mean()
            assert inside == pytest.approx(level, abs=0.01)


def test_the_running_sum_is_that_of_paths_and_no_sum_of_quantiles() -> None:
    (rows,) = [r for r in datasets(cumulative_chart(AHEAD, SAMPLES)) if "low80" in r[0]][:1]
    total = SAMPLES.sum(axis=1)
    assert rows[-1]["low80"] == pytest.approx(np.quantile(total, 0.1), rel=1e-5)
    daily = sum(row["low80"] for row in fan_rows(AHEAD, SAMPLES))
    assert rows[-1]["low80"] > daily


def test_a_missing_day_is_a_gap_in_the_line() -> None:
    past = np.arange(10.0)
    past[4] = np.nan
    (rows,) = [r for r in datasets(fan_chart(PAST, past, AHEAD, SAMPLES)) if "value" in r[0]][:1]
    assert [row["value"] for row in rows][3:6] == [3.0, None, 5.0]


def test_a_date_is_midnight_in_utc_wherever_the_reader_is() -> None:
    rows = AHEAD.rows()
    assert rows[0] == {"day": 20_000 * 86_400_000, "label": "2024-10-04"}
    x = AHEAD.axis(5).to_dict()
    assert x["scale"]["type"] == "utc"


def test_the_alternative_text_gives_the_figures() -> None:
    text = fan_chart(PAST, np.arange(10.0), AHEAD, SAMPLES, name="ana").to_dict()["description"]
    assert text.startswith("ana: 10 days of history up to 2024-10-03")
    low, high = np.quantile(SAMPLES[:, -1], [0.1, 0.9])
    assert f"between {low:,.0f} and {high:,.0f}" in text


def test_the_page_s_chart_has_no_colour_of_its_own() -> None:
    chart = fan_chart(PAST, np.arange(10.0), AHEAD, SAMPLES, palette=PAGE).to_dict()
    config = str(chart["config"]) + str(
        [layer["encoding"].get("color") for layer in chart["layer"]]
    )
    assert "#" not in config
    assert "var(--median)" in config
