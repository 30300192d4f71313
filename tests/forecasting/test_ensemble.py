"""The ensemble: a mean on the log scale of all its members, or a failure."""

from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.forecasting._logscale import offsets
from upswell.forecasting.ensemble import Ensemble, combine
from upswell.forecasting.registry import ENSEMBLE_MEMBERS, forecasters
from worlds import Spy, history_of, silent


def test_medians_are_geometric_means_beside_the_offset():
    medians = np.array([[[10.0, 0.0]], [[1000.0, 7.0]], [[50.0, 2.0]]])
    expected = ((10.0 + 3) * (1000.0 + 3) * (50.0 + 3)) ** (1 / 3) - 3
    found = combine(medians, np.array([3.0]))
    assert found[0, 0] == pytest.approx(expected, rel=1e-12)
    assert found[0, 1] == pytest.approx((3.0 * 10.0 * 5.0) ** (1 / 3) - 3, rel=1e-12)


def test_a_day_on_which_all_say_zero_is_zero():
    assert combine(np.zeros((4, 1, 3)), np.array([0.7])).tolist() == [[0.0, 0.0, 0.0]]


def test_windows_are_combined_as_single_forecasts_are():
    rng = np.random.default_rng(0)
    medians, shifts = rng.uniform(0, 9, (3, 2, 5, 4)), rng.uniform(1, 2, (2, 5))
    found = combine(medians, shifts)
    assert found.shape == (2, 5, 4)
    assert found[:, 3] == pytest.approx(combine(medians[:, :, 3], shifts[:, 3]), rel=1e-12)


def test_one_failed_member_fails_the_ensemble_on_that_series_only():
    def half(history, horizon):
        out = np.full((history.series, horizon), 5.0)
        out[0] = np.nan
        return out

    members = (Spy(lambda h, n: np.full((h.series, n), 9.0), name="a"), Spy(half, name="b"))
    found = (
        Ensemble(members).fit(history_of(daily(2, 30)), 3, 0).predict(history_of(daily(2, 30)), 3)
    )
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()
    gone = Ensemble((*members, Spy(silent))).fit(history_of(daily(2, 30)), 3, 0)
    assert np.isnan(gone.predict(history_of(daily(2, 30)), 3)).all()


def test_the_ensemble_is_the_mean_of_its_named_members():
    history = history_of(daily(2, 80))
    layers = np.stack(
        [f.fit(history, 7, 0).predict(history, 7) for f in forecasters(ENSEMBLE_MEMBERS).values()]
    )
    shift = offsets(history.values)[:, None]
    expected = np.exp(np.log(layers + shift).mean(axis=0)) - shift
    ensemble = forecasters(["ensemble"])["ensemble"]
    found = ensemble.fit(history, 7, 0).predict(history, 7)
    assert found == pytest.approx(expected, rel=1e-12)
