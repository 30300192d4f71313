"""The Python API: frames of three libraries in and out, and the whole path in one call."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import upswell
from observing import daily
from upswell.errors import ColumnError, InputError, RefusalError, SettingError
from upswell.forecasting.lstm import LstmSettings
from worlds import plain_panel

DAYS = 60


def table() -> pl.DataFrame:
    """Return a long frame of three creators in two categories."""
    return pl.DataFrame(
        {
            "date": np.tile(np.arange(19723, 19723 + DAYS, dtype=np.int32), 3),
            "creator": np.repeat(["ana", "bo", "cy"], DAYS).tolist(),
            "category": np.repeat(["x", "y", "x"], DAYS).tolist(),
            "views": daily(3, DAYS).ravel(),
        }
    ).with_columns(pl.col("date").cast(pl.Date))


KINDS: dict[str, tuple[Any, type]] = {
    "polars": (table, pl.DataFrame),
    "pandas": (lambda: table().to_pandas(), pd.DataFrame),
    "arrow": (lambda: table().to_arrow(), pa.Table),
}


def as_polars(frame: Any) -> pl.DataFrame:
    return frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)


@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_of_any_library_gives_the_same_panel(kind: str):
    panel = upswell.read_panel(KINDS[kind][0]())
    assert isinstance(panel, upswell.Panel)
    assert panel.items == ("ana", "bo", "cy")
    assert panel.groups == ("x", "y", "x")
    assert panel.values.tolist() == daily(3, DAYS).tolist()
    assert panel.axis.labels()[0] == "2024-01-01"


@pytest.mark.parametrize("kind", KINDS)
def test_a_forecast_gives_frames_of_the_library_that_came_in(kind: str):
    source, expected = KINDS[kind]
    result = upswell.forecast(source(), horizon=7, model="seasonal-naive", paths=100)
    for frame in (result.daily(), result.totals(), result.series(), result.sampled()):
        assert isinstance(frame, expected)
    assert isinstance(result.daily("polars"), pl.DataFrame)
    same = upswell.forecast(table(), horizon=7, model="seasonal-naive", paths=100)
    assert as_polars(result.totals("polars")).equals(same.totals())


@pytest.mark.parametrize("kind", KINDS)
def test_a_backtest_gives_frames_of_the_library_that_came_in(kind: str):
    source, expected = KINDS[kind]
    found = upswell.backtest(source(), horizon=7, windows=2, models=["seasonal-naive"])
    assert isinstance(found.to_frame(), expected)
    assert isinstance(found.to_frame("arrow"), pa.Table)


def test_a_path_gives_polars_frames_and_a_panel_too(tmp_path):
    file = tmp_path / "views.csv"
    table().write_csv(file)
    by_file = upswell.forecast(str(file), horizon=7, model="seasonal-naive", paths=100)
    by_panel = upswell.forecast(
        upswell.read_panel(file), horizon=7, model="seasonal-naive", paths=100
    )
    by_frame = upswell.forecast(table(), horizon=7, model="seasonal-naive", paths=100)
    assert isinstance(by_file.daily(), pl.DataFrame)
    assert by_file.daily().equals(by_panel.daily())
    assert by_file.daily().equals(by_frame.daily())


def test_options_of_reading_reach_the_reader():
    frame = table().rename({"views": "n", "creator": "who"})
    result = upswell.forecast(
        frame, horizon=7, model="seasonal-naive", paths=100, value="n", item="who", group="category"
    )
    assert result.tree.names == ("total", "x", "y", "ana", "bo", "cy")
    zeros = upswell.read_panel(table().filter(pl.col("views") > 900), missing="zero")
    assert np.isfinite(zeros.values).all()


def test_a_table_without_the_columns_is_an_error():
    with pytest.raises(ColumnError):
        upswell.read_panel(pl.DataFrame({"a": [1], "b": ["x"]}))
    with pytest.raises(InputError):
        upswell.forecast("no/such/file.csv")


def test_paths_have_the_shape_that_was_asked_for_and_hang_together():
    result = upswell.forecast(plain_panel(3, 70), horizon=12, model="theta-log", paths=250)
    assert result.paths.shape == (250, result.tree.size, 12)
    leaves = result.paths[:, result.tree.first_leaf :]
    np.testing.assert_allclose(result.tree.sums(leaves), result.paths, rtol=1e-9)
    assert result.horizon == 12
    assert result.axis.start == result.panel.axis.stop


def test_wide_panels_get_fewer_paths_and_say_so(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("upswell.forecasting.making.MOST_CELLS", 6 * 10 * 130)
    result = upswell.forecast(plain_panel(3, 60), horizon=10, model="seasonal-naive")
    assert len(result.paths) == 130
    monkeypatch.setattr("upswell.forecasting.making.MOST_CELLS", 6 * 10 * 50)
    least = upswell.forecast(plain_panel(3, 60), horizon=10, model="seasonal-naive")
    assert len(least.paths) == 100


def test_a_panel_too_wide_for_the_memory_is_an_error_that_names_a_horizon(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr("upswell.forecasting.making.MOST_CELLS", 6 * 4 * 10)
    with pytest.raises(upswell.InputError, match="use a horizon of 4 or less"):
        upswell.forecast(plain_panel(3, 60), horizon=10, model="seasonal-naive")


def test_options_of_reading_come_too_late_for_a_panel():
    with pytest.raises(upswell.InputError, match="time would change nothing"):
        upswell.forecast(plain_panel(3, 60), time="Day")


def test_losses_have_a_row_for_the_network_before_training():
    settings = LstmSettings(units=4, epochs=2, patience=5)
    losses = upswell.train(plain_panel(2, 60), horizon=7, settings=settings).losses()
    assert losses["epoch"].to_list() == [0, 1, 2]
    assert losses["train"][0] is None
    assert losses["validation"].null_count() == 0


def test_a_seed_is_kept_and_decides_the_paths():
    first, again, other = (
        upswell.forecast(plain_panel(2, 60), horizon=5, model="ets", paths=100, seed=seed)
        for seed in (3, 3, 4)
    )
    assert first.seed == 3
    assert first.paths.tobytes() == again.paths.tobytes() != other.paths.tobytes()


def test_the_forecast_of_a_cut_panel_does_not_know_what_followed():
    panel = plain_panel(3, 100)
    planted = panel.values.copy()
    planted[:, 70:] = 1e12
    other = upswell.Panel.from_arrays(planted, items=panel.items, groups=panel.groups)
    first = upswell.forecast(panel.until(70), horizon=10, paths=100)
    again = upswell.forecast(other.until(70), horizon=10, paths=100)
    assert first.paths.tobytes() == again.paths.tobytes()
    assert first.report == again.report


@pytest.mark.parametrize(
    "wrong", [{"paths": 99}, {"horizon": 0}, {"seed": -1}, {"model": "prophet"}]
)
def test_settings_that_make_no_sense_are_named(wrong: dict[str, Any]):
    with pytest.raises(SettingError) as caught:
        upswell.forecast(plain_panel(2, 60), **wrong)
    assert str(next(iter(wrong.values()))) in str(caught.value)


def test_too_short_a_history_is_refused():
    for call in (upswell.forecast, upswell.backtest):
        with pytest.raises(RefusalError) as caught:
            call(plain_panel(2, 10))
        assert caught.value.code == "too-short"


def test_auto_says_what_it_chose_and_why():
    result = upswell.forecast(plain_panel(3, 100), horizon=14, paths=100)
    report = result.report
    assert report.asked == "auto"
    assert report.model in report.scores
    assert report.scores["seasonal-naive"] == pytest.approx(1.0)
    assert "backtest windows" in report.why


def test_a_backtest_tries_the_default_forecasters_beside_seasonal_naive():
    told: list[str] = []
    found = upswell.backtest(plain_panel(1, 60), horizon=7, windows=1, progress=told.append)
    models = found.to_frame()["model"].unique(maintain_order=True).to_list()
    assert models == [
        *("seasonal-naive", "ets-log", "theta-log", "ces-log"),
        *("ensemble", "lstm-pretrained", "auto"),
    ]
    assert told == models
