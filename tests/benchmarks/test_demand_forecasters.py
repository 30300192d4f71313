from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

from documents import ROOT

sys.path.append(str(ROOT / "benchmarks"))

import demand_forecasters
from demand_forecasters import OfFunction, OfPaths, asked, everyone
from demand_peers import Statistical
from demand_scores import LEVELS, seasonal_naive
from demand_windows import Window

from upswell.forecasting.registry import names

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))


@pytest.fixture
def window() -> Window:
    rng = np.random.default_rng(0)
    values = 100.0 * np.exp(0.1 * rng.standard_normal((4, 90))) + 10.0 * (np.arange(90) % 7)
    return Window("p", 3, True, values[:, :60], values[:, 60:])


def test_paths_know_nothing_of_the_truth(window: Window) -> None:
    one = OfPaths("seasonal-naive").answer(window)
    other = OfPaths("seasonal-naive").answer(replace(window, truth=window.truth * 100))
    assert one.paths is not None
    assert one.paths.shape == (500, 4, 30)
    np.testing.assert_array_equal(one.quantiles, other.quantiles)


def test_each_series_stands_in_its_own_place(window: Window) -> None:
    window.history[:] *= np.array([[1.0], [1000.0], [10.0], [100.0]])
    middle = OfPaths("seasonal-naive").answer(window).quantiles[LEVELS.index(0.5)]
    assert np.argsort(middle.mean(axis=1)).tolist() == [0, 2, 3, 1]


def test_a_refused_series_has_no_answer_and_one_at_zero_has_zero(window: Window) -> None:
    window.history[1, 20:] = np.nan
    window.history[2] = 0.0
    quantiles = OfPaths("seasonal-naive").answer(window).quantiles
    assert np.isnan(quantiles[:, 1]).all()
    assert (quantiles[:, 2] == 0).all()
    assert np.isfinite(quantiles[:, [0, 3]]).all()


def test_a_refused_total_has_no_answer(window: Window) -> None:
    window.history[0] = np.nan
    quantiles = OfPaths("seasonal-naive").answer(window).quantiles
    assert np.isnan(quantiles[:, 0]).all()
    assert np.isfinite(quantiles[:, 1:]).all()


@pytest.mark.parametrize("log", [False, True])
def test_a_statistical_peer_gives_ordered_quantiles(window: Window, *, log: bool) -> None:
    window.history[1, ::9] = np.nan
    window.history[2, :50] = np.nan  # ten days are too few
    found = Statistical("AutoTheta", log, LEVELS).answer(window).quantiles
    assert np.isnan(found[:, 2]).all()
    rest = found[:, [0, 1, 3]]
    assert (np.diff(rest, axis=0) >= 0).all()
    assert (rest >= 0).all()
    assert 50 < rest[LEVELS.index(0.5)].mean() < 200


def test_a_function_sees_the_history_alone(window: Window) -> None:
    answer = OfFunction(seasonal_naive).answer(window)
    np.testing.assert_array_equal(answer.quantiles, seasonal_naive(window.history, 30).quantiles)


def test_everyone_is_asked_but_those_who_train(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(names()) - set(everyone()) == {"lstm", "lstm-direct"}
    assert len(set(everyone())) == len(everyone())
    monkeypatch.setattr(demand_forecasters, "find_spec", lambda _: None)
    assert asked("AutoGluon-TimeSeries") is None
    assert asked("ets") == OfPaths("ets")
