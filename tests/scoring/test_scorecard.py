"""Scores of windows brought together, beside the baseline's."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from upswell.errors import SettingError
from upswell.scoring import BASELINE, RATIO_METRICS, Metrics, Scorecard, WindowScore, summarise


def window(model: str, cutoff: int, series: str = "total", **metrics: float) -> WindowScore:
    return WindowScore(model, "total", series, cutoff, Metrics(**metrics))


def card_of(own: list[float], base: list[float], metric: str = "mae") -> Scorecard:
    return summarise(
        [window("own", i, **{metric: value}) for i, value in enumerate(own)]
        + [window(BASELINE, i, **{metric: value}) for i, value in enumerate(base)]
    )


def test_ratio_is_the_geometric_mean_over_windows() -> None:
    own, base = np.random.default_rng(11).gamma(3.0, size=(2, 6))
    card = card_of(own.tolist(), base.tolist())
    assert card.get("own", "total").ratio("mae") == pytest.approx(stats.gmean(own / base))
    assert card.get(BASELINE, "total").ratio("mae") == 1.0
    assert card.get(BASELINE, "total").worse_than_trivial == ()


def test_worse_than_trivial_names_the_metrics_that_lose() -> None:
    card = summarise([window("own", 1, mae=2.0, crps=1.0), window(BASELINE, 1, mae=1.0, crps=2.0)])
    assert card.get("own", "total").worse_than_trivial == ("mae",)


def test_one_perfect_window_does_not_decide_the_card() -> None:
    assert card_of([0.0, 2.0], [1.0, 1.0]).get("own", "total").ratio("mae") == pytest.approx(
        math.sqrt(1e-3 * 2.0)
    )
    assert card_of([1.0], [0.0]).get("own", "total").ratio("mae") == pytest.approx(1e3)
    assert card_of([0.0], [0.0]).get("own", "total").ratio("mae") == 1.0


def test_rmse_is_the_root_of_the_mean_square() -> None:
    card = summarise([window("own", 1, mse=9.0, rmse=3.0), window("own", 2, mse=25.0, rmse=5.0)])
    score = card.get("own", "total")
    assert (score.metrics.mse, score.metrics.rmse) == (17.0, math.sqrt(17.0))


def test_failed_windows_are_counted_and_not_averaged() -> None:
    card = summarise(
        [window("own", 1, mae=2.0), window("own", 2)]
        + [window(BASELINE, cutoff, mae=1.0) for cutoff in (1, 2, 3)]
    )
    score = card.get("own", "total")
    assert (score.failed, score.metrics.mae) == (2, 2.0)
    assert card.get(BASELINE, "total").failed == 0


def test_windows_and_series_are_counted_apart() -> None:
    card = summarise(
        [window("own", cutoff, series, mae=1.0) for cutoff in (1, 2, 3) for series in ("a", "b")]
    )
    score = card.get("own", "total")
    assert (score.windows, score.series) == (3, 2)
    assert all(math.isnan(score.ratio(name)) for name in RATIO_METRICS), "there is no baseline"
    assert score.worse_than_trivial == ()


def test_levels_are_kept_apart() -> None:
    scores = [
        WindowScore(BASELINE, level, "x", 1, Metrics(mae=value))
        for level, value in (("total", 1.0), ("creator", 5.0))
    ]
    card = summarise(scores)
    assert [card.get(BASELINE, level).metrics.mae for level in ("total", "creator")] == [1.0, 5.0]


def test_frame_has_a_column_for_everything_and_nulls_for_what_is_not_defined() -> None:
    frame = card_of([2.0], [1.0]).to_frame()
    assert frame.columns == [
        *("model", "level", "windows", "series", "failed"),
        *Metrics.names(),
        *(f"ratio_{name}" for name in RATIO_METRICS),
        "worse_than_trivial",
    ]
    row = frame.row(0, named=True)
    assert (row["model"], row["mae"], row["ratio_mae"], row["crps"]) == ("own", 2.0, 2.0, None)
    assert row["worse_than_trivial"] == "mae"
    assert summarise([]).to_frame().columns == frame.columns


def test_a_window_scored_twice_is_refused() -> None:
    with pytest.raises(SettingError, match="two scores"):
        summarise([window("own", 1), window("own", 1)])


def test_unknown_names_are_refused() -> None:
    card = card_of([1.0], [1.0])
    with pytest.raises(SettingError, match="holds no"):
        card.get("other", "total")
    with pytest.raises(SettingError, match="no metric"):
        Metrics().get("mea")
    with pytest.raises(SettingError, match="no ratio"):
        card.get("own", "total").ratio("coverage80")
