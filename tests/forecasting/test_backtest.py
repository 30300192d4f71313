"""The backtest: scores against direct computation, and nothing seen beyond the cutoff."""

from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.data import Panel
from upswell.errors import RefusalError, SettingError
from upswell.forecasting import backtest as module
from upswell.forecasting.backtest import backtest_panel, score_series
from upswell.forecasting.paths import PathForecaster, path_forecasters
from upswell.scoring import Metrics, supported_level
from worlds import panel_of, plain_panel

RNG = np.random.default_rng(5)
TRUTH = RNG.uniform(50, 150, 12)
PATHS = RNG.uniform(40, 170, (400, 12))
HISTORY = daily(1, 60)[0]


def test_scores_agree_with_direct_computation():
    found = score_series(TRUTH, PATHS, HISTORY)
    median = np.median(PATHS, axis=0)
    low, high = np.quantile(PATHS, [0.1, 0.9], axis=0)
    wide = np.quantile(PATHS, [0.025, 0.975], axis=0)
    scale = np.abs(HISTORY[7:] - HISTORY[:-7]).mean()
    error = np.abs(TRUTH - median)
    pairs = np.abs(PATHS[:, None] - PATHS[None]).mean(axis=(0, 1))
    crps = np.abs(PATHS - TRUTH).mean(axis=0) - pairs / 2
    outside = np.maximum(low - TRUTH, 0) + np.maximum(TRUTH - high, 0)
    losses = []
    for level in (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95):
        miss = TRUTH - np.quantile(PATHS, level, axis=0)
        losses.append(np.where(miss > 0, level * miss, (level - 1) * miss).mean())
    sums, peaks = PATHS.sum(axis=1), PATHS.max(axis=1)

    def covered(value: float, samples: np.ndarray, tail: float) -> float:
        return float(np.quantile(samples, tail) <= value <= np.quantile(samples, 1 - tail))

    expected = {
        "mae": error.mean(),
        "mse": (error**2).mean(),
        "rmse": np.sqrt((error**2).mean()),
        "mase": error.mean() / scale,
        "wmape": error.sum() / TRUTH.sum(),
        "bias": (median - TRUTH).sum() / TRUTH.sum(),
        "scaled_quantile_loss": 2 * np.mean(losses) / scale,
        "crps": crps.mean(),
        "coverage80": np.mean((low <= TRUTH) & (high >= TRUTH)),
        "coverage95": np.mean((wide[0] <= TRUTH) & (wide[1] >= TRUTH)),
        "interval_score80": (high - low + 10 * outside).mean(),
        "error_of_total": abs(median.sum() - TRUTH.sum()) / TRUTH.sum(),
        "coverage80_total": covered(TRUTH.sum(), sums, 0.1),
        "coverage95_total": covered(TRUTH.sum(), sums, 0.025),
        "coverage80_peak": covered(TRUTH.max(), peaks, 0.1),
        "coverage95_peak": covered(TRUTH.max(), peaks, 0.025),
    }
    assert set(expected) == set(Metrics.names())
    for name, value in expected.items():
        assert found.get(name) == pytest.approx(value, rel=1e-9), name


def test_missing_days_are_left_out_of_every_score():
    holes = TRUTH.copy()
    holes[[2, 7]] = np.nan
    kept = np.isfinite(holes)
    assert score_series(holes, PATHS, HISTORY) == score_series(TRUTH[kept], PATHS[:, kept], HISTORY)


def test_totals_that_lie_outside_are_not_covered():
    found = score_series(TRUTH * 10, PATHS, HISTORY)
    assert found.coverage80_total == found.coverage95_total == found.coverage95_peak == 0.0
    assert found.error_of_total > 0.8


def test_a_constant_history_and_a_zero_truth_leave_ratios_undefined():
    found = score_series(np.zeros(12), PATHS, np.full(60, 3.0))
    assert np.isnan(found.mase)
    assert np.isnan(found.scaled_quantile_loss)
    assert np.isnan(found.error_of_total)
    assert np.isfinite(found.mae)


def watch(monkeypatch: pytest.MonkeyPatch) -> list[Panel]:
    """Let the forecasters of a backtest note the panels that they are given."""
    shown: list[Panel] = []
    fit = PathForecaster.fit

    def noted(self, panel, horizon, seed, progress=None):
        shown.append(panel)
        return fit(self, panel, horizon, seed, progress)

    monkeypatch.setattr(PathForecaster, "fit", noted)
    return shown


def test_each_forecaster_sees_the_panel_cut_at_its_cutoff(monkeypatch: pytest.MonkeyPatch):
    shown = watch(monkeypatch)
    values = daily(4, 90)
    values[3, :70] = np.nan
    panel = panel_of(values)
    found = backtest_panel(panel, 14, 3, ["theta-log"], seed=0)
    assert found.cutoffs == (48, 62, 76)
    assert [p.days for p in shown] == [48, 48, 62, 62, 76, 76]
    for part in shown:
        count = 4 if part.days > 70 else 3
        assert part.items == panel.items[:count]
        assert part.values.tobytes() == panel.values[:count, : part.days].tobytes()


def test_scores_of_early_windows_do_not_change_when_later_days_do():
    panel = plain_panel(3, 90)
    before = backtest_panel(panel, 14, 2, ["auto"], seed=0)
    planted = panel.values.copy()
    planted[:, before.cutoffs[0] + 14 :] = 1e9
    after = backtest_panel(panel_of(planted, panel.groups), 14, 2, ["auto"], seed=0)
    first = [s for s in before.scores if s.cutoff == before.cutoffs[0]]
    assert first
    assert repr(first) == repr([s for s in after.scores if s.cutoff == before.cutoffs[0]])


def test_a_window_is_scored_as_its_forecast_would_be():
    panel = plain_panel(2, 80)
    found = backtest_panel(panel, 10, 1, ["theta-log"], seed=3)
    fitted = path_forecasters(["theta-log"])[0].fit(panel.until(70), 10, 3)
    paths = fitted.sample(module.BACKTEST_PATHS)
    node = fitted.tree.names.index("c1")
    direct = score_series(panel.values[1, 70:], paths[:, node], panel.values[1, :70])
    (score,) = [s for s in found.scores if (s.model, s.series) == ("theta-log", "c1")]
    assert score.metrics == direct
    assert (score.cutoff, score.level) == (70, "creator")


def test_seasonal_naive_is_always_beside_and_its_ratio_is_one():
    found = backtest_panel(plain_panel(2, 80), 10, 2, ["theta-log"], seed=0)
    naive = found.card.get("seasonal-naive", "total")
    assert naive.ratio("mae") == pytest.approx(1.0)
    own = [s for s in found.scores if s.level == "total"]
    by = {(s.model, s.cutoff): s.metrics.mae for s in own}
    ratios = [by["theta-log", c] / by["seasonal-naive", c] for c in found.cutoffs]
    expected = np.exp(np.mean(np.log(ratios)))
    assert found.card.get("theta-log", "total").ratio("mae") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("days", "horizon", "windows", "cutoffs", "effective"),
    [(80, 10, 3, (50, 60, 70), 3.0), (40, 10, 3, (14, 22, 30), 2.6), (30, 10, 1, (20,), 1.0)],
)
def test_windows_are_counted_by_the_days_that_they_cover(
    days: int, horizon: int, windows: int, cutoffs: tuple[int, ...], effective: float
):
    found = backtest_panel(plain_panel(1, days), horizon, windows, [], seed=0)
    assert found.cutoffs == cutoffs
    assert found.effective_windows == pytest.approx(effective)
    assert found.supported_level == supported_level(found.effective_windows) < 1.0


@pytest.mark.parametrize(("days", "horizon"), [(20, 10), (43, 30), (14, 1), (3, 30)])
def test_panels_without_a_window_are_refused(days: int, horizon: int):
    with pytest.raises(RefusalError, match=f"{days} days") as caught:
        backtest_panel(plain_panel(1, days), horizon, 3, [], seed=0)
    assert caught.value.code == "too-short"
    assert caught.value.fix


def test_refused_windows_are_named_and_the_others_scored():
    values = daily(2, 80)
    values[:, :40] = 0.0
    found = backtest_panel(panel_of(values), 10, 4, [], seed=0)
    assert found.cutoffs == (40, 50, 60, 70)
    assert found.refused == {40: "zero"}
    assert {s.cutoff for s in found.scores} == {50, 60, 70}


def test_a_backtest_of_refused_windows_only_is_refused():
    values = daily(2, 80)
    values[:, :70] = 0.0
    with pytest.raises(RefusalError) as caught:
        backtest_panel(panel_of(values), 10, 2, [], seed=0)
    assert caught.value.code == "zero"


def test_creators_that_appear_or_vanish_between_are_no_obstacle():
    values = daily(4, 90)
    values[2, :60] = np.nan
    values[3, 55:] = np.nan
    found = backtest_panel(panel_of(values, ["a", "a", "b", "b"]), 14, 3, ["theta-log"], seed=0)
    scored = {(s.series, s.cutoff) for s in found.scores if s.model == "theta-log"}
    assert ("c2", 48) not in scored
    assert ("c2", 76) in scored
    assert all(np.isfinite(s.metrics.mae) for s in found.scores)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(SettingError):
        backtest_panel(plain_panel(), 10, 0, [], seed=0)
    with pytest.raises(SettingError, match="nobody"):
        backtest_panel(plain_panel(), 10, 2, ["nobody"], seed=0)


def test_the_same_seed_gives_the_same_scores():
    first, again = (backtest_panel(plain_panel(), 10, 2, ["auto"], seed=4) for _ in "ab")
    assert repr(first.scores) == repr(again.scores)
    told: list[str] = []
    backtest_panel(plain_panel(), 10, 2, ["theta-log"], seed=4, progress=told.append)
    assert told == ["seasonal-naive", "theta-log"] * 2
