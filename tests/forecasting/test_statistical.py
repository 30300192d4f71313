"""ETS, Theta and CES against the library's public classes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from observing import daily
from upswell.forecasting import statistical
from upswell.forecasting._logscale import fill_gaps, offsets
from upswell.forecasting.statistical import FAMILIES, MEMORY_DAYS, StatisticalForecaster
from worlds import history_of, walk

SERIES = {
    "plain": daily(1, 100)[0],
    "walk with gaps": np.where(np.arange(90) % 11 == 3, np.nan, walk(90, seed=4)),
    "longer than the memory": walk(MEMORY_DAYS + 60, seed=5),
}


def public(family: str, values: np.ndarray, horizon: int) -> np.ndarray:
    """Ask the public class of the library."""
    from statsforecast.models import AutoCES, AutoETS, AutoTheta

    models: dict[str, Any] = {
        "ets": AutoETS(season_length=7, model="AZA", damped=True),
        "theta": AutoTheta(season_length=7),
        "ces": AutoCES(season_length=7),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return np.asarray(models[family].forecast(y=values, h=horizon)["mean"])


@pytest.mark.parametrize("name", SERIES)
@pytest.mark.parametrize("family", FAMILIES)
def test_log_medians_are_those_of_the_public_class_on_the_same_log_series(family: Any, name: str):
    values = SERIES[name]
    shift = float(offsets(values[None])[0])
    log = np.log1p(fill_gaps(values[-MEMORY_DAYS:]) / shift)
    expected = np.maximum(np.expm1(public(family, log, 21)) * shift, 0.0)
    found = StatisticalForecaster(family, log=True).predict(history_of(values), 21)
    assert found[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
def test_raw_medians_are_those_of_the_public_class_on_the_series_in_its_own_unit(family: Any):
    values = SERIES["plain"]
    unit = values.mean()
    expected = np.maximum(public(family, values / unit, 14) * unit, 0.0)
    found = StatisticalForecaster(family).predict(history_of(values), 14)
    assert found[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("factor", [1000.0, 1e-6, 1e12])
def test_medians_scale_with_the_series(family: Any, log: bool, factor: float):
    values = np.stack([SERIES["plain"], walk(100, seed=8)])
    forecaster = StatisticalForecaster(family, log=log)
    own = forecaster.predict(history_of(values), 10)
    scaled = forecaster.predict(history_of(values * factor), 10)
    assert np.isfinite(own).all()
    assert scaled == pytest.approx(own * factor, rel=1e-6)


def test_what_was_asked_before_does_not_change_the_answer():
    forecaster = StatisticalForecaster("theta", log=True)
    first = forecaster.predict(history_of(SERIES["plain"]), 10)
    forecaster.predict(history_of(SERIES["plain"][:60]), 10)
    forecaster.predict(history_of(SERIES["plain"]), 20)
    again = forecaster.predict(history_of(SERIES["plain"]), 10)
    fresh = StatisticalForecaster("theta", log=True).predict(history_of(SERIES["plain"]), 10)
    assert first.tobytes() == again.tobytes() == fresh.tobytes()


def test_a_caller_that_changes_its_answer_does_not_change_the_next():
    forecaster = StatisticalForecaster("theta")
    first = forecaster.predict(history_of(SERIES["plain"]), 5)
    kept = first.copy()
    first[:] = -1.0
    assert forecaster.predict(history_of(SERIES["plain"]), 5).tobytes() == kept.tobytes()


def test_a_series_with_too_few_days_fails_and_its_neighbour_does_not():
    short = np.full(60, np.nan)
    short[-13:] = 5.0 + np.arange(13)
    found = StatisticalForecaster("theta").predict(
        history_of(np.stack([short, daily(1, 60)[0]])), 7
    )
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


@pytest.mark.parametrize("answer", ["raises", "nan", "infinite", "explodes", "one day nan"])
def test_a_failed_fit_is_nan_throughout(monkeypatch: pytest.MonkeyPatch, answer: str):
    def run(values: np.ndarray, horizon: int) -> np.ndarray:
        if answer == "raises":
            raise ValueError("no solution")
        out = np.full(horizon, values[-1])
        worst = {"nan": np.nan, "infinite": np.inf, "explodes": 1e6, "one day nan": np.nan}[answer]
        out[-1 if answer == "one day nan" else slice(None)] = worst
        return out

    monkeypatch.setattr(statistical, "_runner", lambda family: run)  # noqa: ARG005
    for log in (False, True):
        found = StatisticalForecaster("ets", log=log).predict(history_of(daily(1, 60)), 7)
        assert np.isnan(found).all()


@pytest.mark.parametrize("values", [np.full(30, 7.0), np.zeros(30), np.arange(30) % 2.0])
@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_degenerate_series_give_finite_counts_or_a_named_failure(
    family: Any, log: bool, values: np.ndarray
):
    found = StatisticalForecaster(family, log=log).predict(history_of(values), 9)
    assert np.isnan(found).all() or (np.isfinite(found).all() and (found >= 0).all())


def test_the_name_says_family_and_scale():
    made = [StatisticalForecaster(family, log=log).name for family in FAMILIES for log in (0, 1)]
    assert made == ["ets", "ets-log", "theta", "theta-log", "ces", "ces-log"]
