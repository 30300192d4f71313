from __future__ import annotations

import math
import sys
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from documents import ROOT

sys.path.append(str(ROOT / "benchmarks"))

from demand_scores import (
    LEVELS,
    Answer,
    Row,
    geometric_mean,
    row_of_all,
    row_of_panel,
    score,
    seasonal_naive,
)
from demand_windows import Window, interpolated

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))

Floats = NDArray[np.float64]
ELEVEN = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def made(seed: int, *, series: int = 3, missing: float = 0.1) -> tuple[Window, Floats]:
    """A window with gaps, and paths for it."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, 50.0, (series, 70))
    values[rng.random(values.shape) < missing] = np.nan
    values[:, 0] = 10.0
    values[:, 39] = 20.0
    window = Window("p", 0, False, values[:, :40], values[:, 40:])
    return window, rng.gamma(2.0, 50.0, (60, series, 30))


def slow_losses(quantiles: Floats, window: Window, node: int) -> tuple[float, float]:
    """Scaled quantile loss and MASE of one series, in plain words."""
    history = interpolated(window.history)[node]
    steps = [abs(history[t] - history[t - 7]) for t in range(7, len(history))]
    scale = math.fsum(steps) / len(steps)
    pinball, absolute = [], []
    for day, truth in enumerate(window.truth[node]):
        if math.isnan(truth):
            continue
        for level in ELEVEN:
            said = quantiles[LEVELS.index(level), node, day]
            over = truth - said
            pinball.append(level * over if over >= 0 else (level - 1) * over)
        absolute.append(abs(truth - quantiles[LEVELS.index(0.5), node, day]))
    loss = 2 * math.fsum(pinball) / len(pinball) / scale
    return loss, math.fsum(absolute) / len(absolute) / scale


def slow_naive(history: Floats, horizon: int) -> Floats:
    """The yardstick, one number at a time."""
    filled = interpolated(history)
    out = np.empty((len(LEVELS), len(filled), horizon))
    for node, row in enumerate(filled):
        squares = [(row[t] - row[t - 7]) ** 2 for t in range(7, len(row))]
        deviation = math.sqrt(math.fsum(squares) / len(squares))
        for day in range(horizon):
            weeks = math.ceil((day + 1) / 7)
            middle = row[len(row) - 7 + day % 7]
            for place, level in enumerate(LEVELS):
                far = NormalDist().inv_cdf(level) * deviation * math.sqrt(weeks)
                out[place, node, day] = max(middle + far, 0.0)
    return out


@given(st.integers(0, 10_000))
def test_losses_are_those_of_a_loop_in_plain_words(seed: int) -> None:
    window, paths = made(seed)
    answer = Answer.of_paths(paths)
    found = score(answer, window)
    naive = slow_naive(window.history, 30)
    np.testing.assert_allclose(seasonal_naive(window.history, 30).quantiles, naive, atol=1e-9)
    for node in range(window.series):
        loss, median = slow_losses(answer.quantiles, window, node)
        naive_loss, naive_median = slow_losses(naive, window, node)
        assert found.sql[node] == pytest.approx(loss / naive_loss)
        assert found.mase[node] == pytest.approx(median / naive_median)


@given(st.integers(0, 10_000))
def test_coverages_count_the_days_and_paths_over_what_is_known(seed: int) -> None:
    window, paths = made(seed)
    found = score(Answer.of_paths(paths), window)
    for node in range(window.series):
        known = np.flatnonzero(np.isfinite(window.truth[node]))
        truth, drawn = window.truth[node, known], paths[:, node, known]
        for tail, name in ((0.1, "80"), (0.025, "95")):
            low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
            share = np.mean([low[k] <= truth[k] <= high[k] for k in range(len(known))])
            assert getattr(found, f"day{name}")[node] == pytest.approx(share)
            for what, of in (("sum", np.sum), ("peak", np.max)):
                low, high = np.quantile([of(path) for path in drawn], [tail, 1 - tail])
                inside = low <= of(truth) <= high
                assert getattr(found, what + name)[node] == inside


def test_quantiles_of_sums_count_only_where_every_day_is_known() -> None:
    window, paths = made(1, missing=0.0)
    window.truth[1, 4] = np.nan
    sums = np.quantile(paths.sum(axis=2), LEVELS, axis=0)
    peaks = np.quantile(paths.max(axis=2), LEVELS, axis=0)
    days = np.quantile(paths, LEVELS, axis=0)
    found = score(Answer(days, sums, peaks), window)
    same = score(Answer.of_paths(paths), window)
    for name in ("sum80", "sum95", "peak80", "peak95"):
        assert np.isnan(getattr(found, name)).tolist() == [False, True, False]
        assert getattr(found, name)[0] == getattr(same, name)[0]
        assert not np.isnan(getattr(same, name)).any()


def test_days_alone_have_no_coverage_of_sums() -> None:
    window, paths = made(2)
    found = score(Answer(np.quantile(paths, LEVELS, axis=0)), window)
    assert np.isnan(found.sum80).all()
    assert np.isnan(found.peak95).all()
    assert np.isfinite(found.day80).all()


def test_the_yardstick_measures_itself_as_one() -> None:
    window, _ = made(3)
    found = score(seasonal_naive(window.history, 30), window)
    np.testing.assert_allclose(found.sql, 1.0)
    np.testing.assert_allclose(found.mase, 1.0)


def test_the_error_of_the_total_is_that_of_the_first_series() -> None:
    window, paths = made(4)
    found = score(Answer.of_paths(paths), window)
    known = np.isfinite(window.truth[0])
    truth = window.truth[0, known].sum()
    median = np.median(paths[:, 0], axis=0)[known].sum()
    assert found.total.tolist() == [pytest.approx(abs(median - truth) / truth)]


def test_silence_is_scored_as_seasonal_naive_and_counted() -> None:
    window, paths = made(5)
    paths[:, 1] = np.nan
    found = score(Answer.of_paths(paths), window)
    assert found.unanswered.tolist() == [0, 1, 0]
    assert found.sql[1] == found.mase[1] == 1.0
    assert np.isnan([found.day80[1], found.sum80[1], found.peak95[1]]).all()


def test_a_series_that_seasonal_naive_cannot_measure_is_left_out() -> None:
    window, paths = made(6, missing=0.0)
    window.history[0] = 5.0  # no change from week to week
    window.truth[1] = np.nan  # nothing to compare with
    found = score(Answer.of_paths(paths), window)
    assert np.isnan(found.sql).tolist() == [True, True, False]
    assert np.isnan(found.mase).tolist() == [True, True, False]
    assert found.unanswered.sum() == 0


def test_a_faultless_answer_has_a_logarithm() -> None:
    window, _ = made(7, missing=0.0)
    found = score(Answer(np.tile(window.truth, (len(LEVELS), 1, 1))), window)
    assert (found.sql == 1e-6).all()


def row(sql: float, coverage: float, windows: int, sums: int) -> Row:
    return Row(sql, sql**2, sql / 10, *[coverage] * 6, windows=windows, sums=sums, unanswered=1)


def test_losses_weigh_panels_alike_and_coverages_windows() -> None:
    both = row_of_all([row(0.5, 0.9, 30, 10), row(2.0, 0.5, 10, 30)])
    assert both.sql == pytest.approx(1.0)
    assert both.mase == pytest.approx(1.0)
    assert both.total == pytest.approx(0.125)
    assert both.day80 == both.day95 == pytest.approx(0.8)
    assert both.sum80 == both.peak95 == pytest.approx(0.6)
    assert (both.windows, both.sums, both.unanswered) == (40, 40, 2)


def test_a_panel_without_sums_has_no_part_in_their_coverage() -> None:
    both = row_of_all([row(1.0, 0.7, 3, 3), row(1.0, math.nan, 9, 0)])
    assert both.sum80 == pytest.approx(0.7)
    assert math.isnan(row_of_all([row(1.0, math.nan, 9, 0)]).sum80)


def test_a_panel_is_the_geometric_mean_over_all_of_its_windows() -> None:
    pairs = [made(seed) for seed in (8, 9)]
    scores = [score(Answer.of_paths(paths), window) for window, paths in pairs]
    found = row_of_panel(scores)
    product = math.prod(float(ratio) for one in scores for ratio in one.sql)
    assert found.sql == pytest.approx(product ** (1 / 6))
    assert found.windows == found.sums == 6
    assert found.total == pytest.approx(np.mean([one.total[0] for one in scores]))


def test_the_geometric_mean_of_nothing_is_unknown() -> None:
    assert math.isnan(geometric_mean(np.array([np.nan])))
    assert geometric_mean(np.array([0.25, 4.0, np.nan])) == pytest.approx(1.0)
