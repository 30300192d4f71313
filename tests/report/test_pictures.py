"""PNG files of all charts, and their names."""

from __future__ import annotations

from pages import PLAN, forecast_of
from upswell.capacity import plan_capacity
from upswell.forecasting.saving import OUTPUT_NAMES
from upswell.report import CHART_NAMES, PICTURE_NAMES, chart_files
from upswell.report._pictures import MOST_MULTIPLES, first_series


def test_every_chart_becomes_a_file_that_an_output_folder_owns() -> None:
    made = forecast_of(["ana", "ben"], horizon=7)
    files = chart_files(made, plan_capacity(made, PLAN))
    assert set(files) == CHART_NAMES
    assert PICTURE_NAMES <= OUTPUT_NAMES
    assert all(data.startswith(b"\x89PNG") for data in files.values())


def test_without_a_plan_there_is_nothing_of_cost() -> None:
    names = set(chart_files(forecast_of(["ana"], horizon=3, calendar=False)))
    assert names == {f"chart-{name}.png" for name in ("total", "sum", "scores", "series")}


def test_small_multiples_show_categories_and_the_largest_creators() -> None:
    names = [f"c{k:02}" for k in range(30)]
    made = forecast_of(names, [f"g{k % 9}" for k in range(30)])
    shown = first_series(made)
    levels = [made.tree.levels[node] for node in shown]
    assert levels == ["category"] * 6 + ["creator"] * 6
    assert len(shown) == MOST_MULTIPLES
    assert [made.tree.names[node] for node in shown[6:8]] == ["c00", "c01"]
