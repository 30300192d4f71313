"""Trivial neighbours against scikit-learn, closed forms and plain Python."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import minimize
from sklearn.linear_model import LinearRegression

from releases.judging.making import table_of
from upswell.errors import SettingError
from upswell.releases.judging import (
    NEIGHBOURS,
    ArtistMean,
    Constant,
    LogLinear,
    MedianRatio,
    MultivariateLinear,
    base_metric,
    fit_neighbours,
)


@pytest.fixture
def world():
    generator = np.random.default_rng(11)
    views = np.floor(generator.lognormal(6, 1.5, (40, 1)) * generator.random((40, 7)))
    views[3, 2:5] = np.nan
    views[7] = 0.0
    streams = np.floor(
        (np.nansum(views, axis=1)[:, None] + 1)
        * np.array([1.5, 2.0])
        * generator.lognormal(0, 0.4, (40, 2))
    )
    streams[5] = np.nan
    streams[9, 1] = np.nan
    streams[8] = 0.0
    artists = [f"a{number % 9}" if number % 4 else None for number in range(40)]
    table = table_of({"noise": generator.random((40, 7)), "views": views}, artists)
    return table, np.log1p(streams)


def _known(world, horizon: int):
    table, logs = world
    rows = np.flatnonzero(np.isfinite(logs[:, horizon]))
    return table.take(rows), logs[rows, horizon]


def test_the_base_is_the_metric_that_goes_with_the_outcome(world) -> None:
    table, logs = world
    assert base_metric(table, logs) == "views"
    rows = np.isfinite(logs[:, -1])
    expected = {
        name: np.corrcoef(np.log1p(table.window_total(name))[rows], logs[rows, -1])[0, 1]
        for name in table.metrics
    }
    assert max(expected, key=expected.get) == "views"


def test_the_base_of_one_release_or_of_equal_ones_is_the_first_metric() -> None:
    grid = {"b": np.ones((2, 7)), "a": np.ones((2, 7))}
    assert base_metric(table_of(grid), np.array([[1.0], [2.0]])) == "b"
    one = {"b": np.ones((1, 7)), "a": np.ones((1, 7))}
    assert base_metric(table_of(one), np.array([[1.0]])) == "b"


def test_the_constant_is_the_median_outcome(world) -> None:
    table, logs = world
    found = Constant.fit(table, logs).predict(table)
    for horizon in (0, 1):
        _, known = _known(world, horizon)
        np.testing.assert_allclose(found[:, horizon], np.median(np.expm1(known)))


def test_the_median_ratio_is_the_median_of_ratios(world) -> None:
    table, logs = world
    found = MedianRatio.fit(table, logs, "views").predict(table)
    for horizon in (0, 1):
        own, known = _known(world, horizon)
        # By hand, on counts plus one; the logarithm of a median of an even number is not the
        # median of logarithms, so both middle ratios are taken apart.
        ratios = np.sort(np.exp(known) / (1 + own.window_total("views")))
        middle = np.sqrt(ratios[(len(ratios) - 1) // 2] * ratios[len(ratios) // 2])
        expected = np.maximum(middle * (1 + table.window_total("views")) - 1, 0.0)
        np.testing.assert_allclose(found[:, horizon], expected, atol=1e-9)


def test_the_line_is_that_of_scikit_learn(world) -> None:
    table, logs = world
    found = LogLinear.fit(table, logs, "views").predict(table)
    everything = np.log1p(table.window_total("views"))[:, None]
    for horizon in (0, 1):
        own, known = _known(world, horizon)
        line = LinearRegression().fit(np.log1p(own.window_total("views"))[:, None], known)
        expected = np.expm1(np.maximum(line.predict(everything), 0.0))
        np.testing.assert_allclose(found[:, horizon], expected, rtol=1e-9)


def test_the_weighted_days_have_the_least_relative_error(world) -> None:
    table, logs = world
    fitted = MultivariateLinear.fit(table, logs, "views")
    for horizon in (0, 1):
        own, known = _known(world, horizon)
        streams, days = np.expm1(known), np.nan_to_num(own.daily["views"])
        days, streams = days[streams > 0], streams[streams > 0]
        weighted = LinearRegression(fit_intercept=False).fit(
            days, streams, sample_weight=1 / streams**2
        )
        np.testing.assert_allclose(fitted.weights[horizon], weighted.coef_, rtol=1e-4, atol=1e-4)

        def loss(weights, days=days, streams=streams):
            return float(np.square(days @ weights / streams - 1.0).sum())

        lowest = minimize(loss, weighted.coef_, method="BFGS").fun
        assert loss(fitted.weights[horizon]) <= lowest * (1 + 1e-6)


def test_the_weighted_days_never_fall_below_the_window_when_no_outcome_did() -> None:
    days = np.array([[1.0, 9.0], [9.0, 1.0], [5.0, 5.0]])
    table = table_of({"m": days})
    including = MultivariateLinear.fit(table, np.log1p([[90.0], [10.0], [30.0]]), "m")
    assert including.at_least_base
    strange = table_of({"m": np.array([[1000.0, 0.0], [np.nan, np.nan]])})
    assert including.predict(strange).tolist() == [[1000.0], [0.0]]
    elsewhere = MultivariateLinear.fit(table, np.log1p([[90.0], [1.0], [30.0]]), "m")
    assert not elsewhere.at_least_base
    assert elsewhere.weights[0, 0] < 0
    assert elsewhere.predict(strange)[0, 0] == 0.0


def test_copies_of_a_day_and_days_without_records_do_no_harm() -> None:
    days = np.array([[5.0, 5.0, np.nan], [7.0, 7.0, np.nan], [11.0, 11.0, np.nan]])
    fitted = MultivariateLinear.fit(table_of({"m": days}), np.log1p(3 * days[:, :1]), "m")
    np.testing.assert_allclose(fitted.predict(table_of({"m": days}))[:, 0], [15, 21, 33], rtol=1e-6)
    nothing = table_of({"m": np.full((2, 3), np.nan)})
    silent = MultivariateLinear.fit(nothing, np.log1p([[5.0], [6.0]]), "m")
    assert silent.predict(nothing).tolist() == [[0.0], [0.0]]
    zeros = MultivariateLinear.fit(nothing, np.zeros((2, 1)), "m")
    assert zeros.predict(nothing).tolist() == [[0.0], [0.0]]


def test_the_artist_mean_is_the_mean_log_of_those_that_teach(world) -> None:
    table, logs = world
    found = ArtistMean.fit(table, logs).predict(table)
    artists = table.keys["artist"].to_list()
    for horizon in (0, 1):
        known = logs[:, horizon]
        for row, artist in enumerate(artists):
            own = [
                float(value)
                for value, other in zip(known, artists, strict=True)
                if artist is not None and other == artist and np.isfinite(value)
            ]
            expected = np.median(np.expm1(known[np.isfinite(known)]))
            if own:
                expected = np.expm1(sum(own) / len(own))
            assert found[row, horizon] == pytest.approx(expected)


def test_an_artist_of_whom_nothing_is_known_at_a_horizon_gets_the_constant() -> None:
    logs = np.log1p(np.array([[5.0, np.nan], [7.0, 9.0]]))
    table = table_of({"m": np.ones((2, 7))}, ["x", "y"])
    found = ArtistMean.fit(table, logs).predict(table_of({"m": np.ones((3, 7))}, ["x", "y", "new"]))
    np.testing.assert_allclose(found, [[5.0, 9.0], [7.0, 9.0], [6.0, 9.0]])


def test_every_neighbour_gives_finite_streams_from_zero_anywhere(world) -> None:
    table, logs = world
    generator = np.random.default_rng(0)
    wild = np.array([[0.0] * 7, [np.nan] * 7, [1e15] * 7, generator.random(7)])
    other = table_of({"views": wild, "noise": wild}, [None, "a1", "new", "<script>"])
    fitted = fit_neighbours(table, logs)
    assert list(fitted) == list(NEIGHBOURS)
    for rule in fitted.values():
        found = rule.predict(other)
        assert found.shape == (4, 2)
        assert np.isfinite(found).all()
        assert (found >= 0).all()
        assert rule.predict(other.take(np.zeros(4, dtype=bool))).shape == (0, 2)


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_one_release_or_equal_ones_teach_what_they_can(name: str) -> None:
    for days, streams in (
        (np.full((1, 7), 2.0), [[28.0]]),
        (np.full((3, 7), 2.0), [[28.0]] * 3),
        (np.full((3, 7), 2.0), [[28.0], [np.nan], [28.0]]),
    ):
        table = table_of({"m": days}, ["x"] * len(days))
        found = NEIGHBOURS[name](table, np.log1p(streams), "m").predict(table)
        np.testing.assert_allclose(found, 28.0, rtol=1e-6)


@pytest.mark.parametrize(
    "logs", [np.full((2, 1), np.nan), np.zeros((3, 1)), np.zeros(2), np.zeros((2, 0))], ids=str
)
def test_outcomes_that_teach_nothing_are_refused(logs: np.ndarray) -> None:
    with pytest.raises(SettingError):
        fit_neighbours(table_of({"m": np.ones((2, 7))}), logs)


def test_a_table_without_metrics_is_refused() -> None:
    table = table_of({"m": np.ones((2, 7))})
    bare = type(table)(table.keys, table.features, (), {})
    with pytest.raises(SettingError, match="no metric"):
        base_metric(bare, np.zeros((2, 1)))
