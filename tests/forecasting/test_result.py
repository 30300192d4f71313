"""The forecast's tables: every figure read off the same paths."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

import upswell
from observing import daily
from upswell.errors import SettingError
from upswell.forecasting.result import Forecast
from upswell.scoring import QUANTILE_LEVELS, quantile_name
from worlds import panel_of

FIGURES = ["mean", *(quantile_name(level) for level in QUANTILE_LEVELS)]
HORIZON = 10


def forecast_of(values: np.ndarray, groups: list[str] | None = None, **more: bool) -> Forecast:
    panel = panel_of(values, groups, **more)
    return upswell.forecast(panel, horizon=HORIZON, model="theta-log", paths=200)


@pytest.fixture(scope="module")
def plain() -> Forecast:
    return forecast_of(daily(3, 80), ["a", "b", "a"], calendar=True)


@pytest.fixture(scope="module")
def ended() -> Forecast:
    values = daily(4, 80)
    values[1, 40:] = np.nan
    values[2] = 0.0
    return forecast_of(values, ["a", "b", "a", "a"])


def test_quantiles_of_totals_are_those_of_sums_and_peaks_of_paths(plain: Forecast):
    table = plain.totals()
    for node in range(plain.tree.size):
        for offset, reduce in enumerate((np.sum, np.max)):
            row = table.row(2 * node + offset, named=True)
            samples = reduce(plain.paths[:, node], axis=1)
            assert (row["series"], row["level"]) == (
                plain.tree.names[node],
                plain.tree.levels[node],
            )
            assert row["quantity"] == ("sum", "peak")[offset]
            assert row["mean"] == pytest.approx(samples.mean(), rel=1e-12)
            for level in QUANTILE_LEVELS:
                assert row[quantile_name(level)] == np.quantile(samples, level)


def test_daily_quantiles_are_those_of_each_day(plain: Forecast):
    table = plain.daily()
    assert table.columns == ["series", "level", "date", *FIGURES]
    assert table.height == plain.tree.size * HORIZON
    for level in QUANTILE_LEVELS:
        expected = np.quantile(plain.paths, level, axis=0).ravel()
        assert (table[quantile_name(level)].to_numpy() == expected).all()
    assert table["mean"].to_numpy() == pytest.approx(plain.paths.mean(axis=0).ravel(), rel=1e-12)
    first = dt.date(2024, 1, 1) + dt.timedelta(days=80)
    assert table["date"].head(HORIZON).to_list() == [
        first + dt.timedelta(days=i) for i in range(HORIZON)
    ]


def test_the_range_of_a_sum_is_narrower_than_the_sum_of_daily_ranges(plain: Forecast):
    low, middle, high = plain.range_of()
    daily_table = plain.daily().filter(pl.col("level") == "total")
    assert low < middle < high
    assert high - low < (daily_table["q90"] - daily_table["q10"]).sum()
    assert (low, middle, high) == tuple(np.quantile(plain.of("sum")[:, 0], [0.1, 0.5, 0.9]))


def test_a_peak_lies_between_any_day_and_the_sum(plain: Forecast):
    peak, total = plain.of("peak"), plain.of("sum")
    assert (peak[:, :, None] >= plain.paths).all()
    assert (peak < total).all()
    assert plain.range_of(1, "peak", 0.5)[1] == np.median(peak[:, 1])


def test_an_unknown_quantity_is_an_error_and_not_the_peak(plain: Forecast):
    with pytest.raises(SettingError, match="mean"):
        plain.of("mean")
    with pytest.raises(SettingError, match="total"):
        plain.range_of(quantity="total")


def test_sampled_paths_in_long_form_are_the_paths(plain: Forecast):
    table = plain.sampled()
    assert table.columns == ["path", "series", "level", "date", "value"]
    assert (table["value"].to_numpy().reshape(plain.paths.shape) == plain.paths).all()
    one = table.filter(path=7, series="c1")
    assert one["value"].to_list() == plain.paths[7, plain.tree.names.index("c1")].tolist()
    assert one["date"].to_list() == plain.daily().filter(series="c1")["date"].to_list()


def test_refused_series_are_blank_and_ended_zero_series_are_zero(ended: Forecast):
    for table in (ended.daily(), ended.totals()):
        assert set(table["series"]) == {"total", "a", "b", "c0", "c1", "c2", "c3"}
        gone = table.filter(pl.col("series").is_in(["c1", "b"])).select(FIGURES)
        assert gone.null_count().row(0) == (gone.height,) * len(FIGURES)
        zero = table.filter(series="c2").select(FIGURES)
        assert set(zero.to_numpy().ravel().tolist()) == {0.0}
        rest = table.filter(~pl.col("series").is_in(["c1", "b"])).select(FIGURES)
        assert np.isfinite(rest.to_numpy()).all()
    assert set(ended.sampled()["series"]) == {"total", "a", "c0", "c3"}


def test_standings_say_of_each_series_how_far_the_evidence_carries(ended: Forecast):
    rows = {row["series"]: row for row in ended.series().iter_rows(named=True)}
    assert rows["c0"]["status"] == "ok"
    assert rows["c0"]["model"] == "theta-log"
    assert (rows["c1"]["status"], rows["c1"]["codes"], rows["c1"]["model"]) == (
        "refused",
        "vanished",
        None,
    )
    assert (rows["c2"]["status"], rows["c2"]["codes"]) == ("baseline-only", "zero")
    assert rows["b"]["level"] == "category"


def test_integer_days_go_on_as_integers(ended: Forecast):
    assert ended.daily()["date"].to_list()[:HORIZON] == list(range(81, 91))
    assert ended.daily().schema["date"] == pl.Int32


def test_tables_come_in_the_kind_asked_for(plain: Forecast):
    import pandas as pd
    import pyarrow as pa

    for table in (plain.daily, plain.totals, plain.series, plain.sampled):
        assert isinstance(table(), pl.DataFrame)
        assert isinstance(table("pandas"), pd.DataFrame)
        assert isinstance(table("arrow"), pa.Table)
        assert table("arrow").num_rows == len(table("pandas")) == table().height


def test_the_repr_is_short(plain: Forecast):
    assert len(repr(plain)) < 4000
    assert "array" not in repr(plain)


def test_a_range_is_asked_for_by_name_or_place(plain: Forecast):
    place = plain.tree.names.index("b")
    assert plain.range_of("b") == plain.range_of(place) != plain.range_of("total")
    for series in ("nobody", plain.tree.size, -1):
        with pytest.raises(SettingError, match=r"nobody|there is no series"):
            plain.range_of(series)
    for level in (0.0, 1.0, 80):
        with pytest.raises(SettingError, match="is no range"):
            plain.range_of(level=level)
