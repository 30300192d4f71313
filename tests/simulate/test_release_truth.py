"""The floor is the error of the best possible predictor: nothing that is known beats it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.random import Generator, default_rng
from scipy import stats

from upswell.simulate import SimulatedReleases, simulate_releases
from upswell.simulate import _release_cast as world
from upswell.simulate import _release_days as course
from upswell.simulate._release_truth import CHUNK, futures, live, mean_log_count


@pytest.fixture(scope="module")
def large() -> SimulatedReleases:
    return simulate_releases(4000, 240_000, 5)


@pytest.mark.parametrize("mean", [0.0, 0.004, 0.3, 1.0, 7.7, 60.0, 299.0, 301.0, 5e3])
def test_the_mean_log_of_a_count_is_the_sum_over_its_chances(mean: float) -> None:
    counts = np.arange(int(mean + 12 * math.sqrt(mean) + 60))
    exact = float(stats.poisson.pmf(counts, mean) @ np.log1p(counts))
    assert mean_log_count(np.array(mean)) == pytest.approx(exact, abs=5e-5)


def one_future(
    rng: Generator, cast: world.Cast, calendar: world.Calendar, views: list[float]
) -> list[float]:
    """Draw the expected streams of 30 days once more, in plain Python, from what was documented.

    `views` are the natural views of the first days and those of large creators together.
    """
    date, quality = int(cast.day[0]), float(cast.quality[0])
    platform = [float(x) for x in calendar.platform[date : date + 30]]
    service = [float(x) for x in calendar.service[date : date + 30]]
    usual = sum(platform[:7]) / 7
    natural = 1500.0 * math.exp(float(cast.fame[0]) + 0.2 * quality)
    worth: list[float] = []
    base = []
    for day in range(30):
        burst = 0.35**day * platform[day] / platform[0] if day < 7 else 0.0
        if day < len(views):
            now = views[day]
        else:
            excited = sum(0.5 ** (day - k) * worth[k] for k in range(day))
            now = natural * platform[day] / (1 + day) ** 0.9
            now += float(cast.reproduction[0]) * excited * platform[day] / usual
            now *= math.exp(rng.normal(-(0.25**2) / 2, 0.25))
            if rng.random() < 0.04:
                now *= 1 + math.exp(rng.normal(0.3, 1.0))
        worth.append(now + 0.3 * float(cast.paid[0]) * burst)
        delayed = sum(0.4 * 0.6 ** (day - k) * worth[k] for k in range(day + 1))
        fans = math.exp(float(cast.fans[0])) / math.sqrt(1 + day)
        base.append((math.exp(float(cast.conversion[0])) * delayed + fans) * service[day])
    factor = math.exp(rng.normal(0.0, 0.36))
    begins = 99
    if rng.random() < float(cast.playlist[0]):
        begins = 1 + int(rng.integers(25))
    lift = 1 + 0.7 * math.exp(rng.normal(0.0, 0.7))
    return [x * factor * (lift if day >= begins else 1.0) for day, x in enumerate(base)]


@pytest.fixture(scope="module")
def many(large: SimulatedReleases) -> np.ndarray:
    """Expect again with ten times the futures, from what the world remembers of the windows."""
    calendar = world.draw_calendar(world.stream(large.seed, "calendar"))
    plan = course.make_plan(large.cast, calendar)
    state, base = course.beginning(len(large.cast)), []
    for day in range(7):
        worth = large.days.natural[:, day] + large.days.large[:, day]
        worth = (worth + 0.3 * large.days.paid[:, day])[:, None]
        state = course.State(
            0.5 * state.excitement + 0.5 * worth, 0.6 * state.delayed + 0.4 * worth
        )
        base.append(course.expected_streams(plan, state, day)[:, 0])
    found = futures(plan, large.cast, state, np.stack(base, axis=1), rng=default_rng(1), copies=640)
    return np.stack([mean for mean, _ in found], axis=1)


@pytest.mark.parametrize("place", [3, 1500, 3900])
def test_the_expectation_is_that_of_futures_drawn_in_plain_python(
    large: SimulatedReleases, many: np.ndarray, place: int
) -> None:
    one = slice(place, place + 1)
    cast, days = large.cast.at(one), large.days.at(one)
    calendar = world.draw_calendar(world.stream(5, "calendar"))
    views = (days.natural + days.large)[0, :7].tolist()
    rng = default_rng(place)
    drawn = np.array([one_future(rng, cast, calendar, views) for _ in range(2500)])
    for column, horizon in enumerate((14, 30)):
        logs = np.log1p(rng.poisson(drawn[:, :horizon].sum(axis=1)))
        error = logs.std() / math.sqrt(2500)
        assert abs(many[place, column] - logs.mean()) < 3.5 * error + 0.01
        assert days.deviation[0, column] == pytest.approx(logs.std(), rel=0.4)


def test_64_mirrored_futures_leave_little_error_in_the_expectation(
    large: SimulatedReleases, many: np.ndarray
) -> None:
    error = large.days.expected_log - many
    floor = (np.log1p(large.days.streams.sum(axis=1)) - large.days.expected_log[:, 1]).std()
    # Squares add up: this inflates the floor by less than half a percent.
    assert error[:, 1].std() < 0.1 * floor
    assert abs(error.mean()) < 0.003


def test_releases_that_are_drawn_together_do_not_feel_those_after(
    large: SimulatedReleases,
) -> None:
    calendar = world.draw_calendar(world.stream(large.seed, "calendar"))
    some = live(large.cast.at(slice(0, CHUNK + 100)), calendar, large.seed)
    for name in ("streams", "natural", "expected_log"):
        found, whole = getattr(some, name), getattr(large.days, name)
        np.testing.assert_array_equal(found[:CHUNK], whole[:CHUNK])
        assert (found[CHUNK:] != found[:100]).any()


def test_errors_of_the_best_predictor_are_as_large_as_it_says_and_have_no_bias(
    large: SimulatedReleases,
) -> None:
    for column, horizon in enumerate((14, 30)):
        actual = np.log1p(large.days.streams[:, :horizon].sum(axis=1))
        z = (actual - large.days.expected_log[:, column]) / large.days.deviation[:, column]
        assert abs(z.mean()) < 4 / math.sqrt(z.size)
        assert z.std() == pytest.approx(1.0, abs=0.05)


def test_nothing_latent_tells_more_than_the_expectation(large: SimulatedReleases) -> None:
    from sklearn.ensemble import HistGradientBoostingRegressor
    from sklearn.linear_model import LinearRegression
    from sklearn.model_selection import cross_val_predict

    truth = large.truth.filter(horizon=30)
    latent = truth.select(
        *("fame", "quality", "conversion", "virality", "natural", "paid", "bots", "bought_likes"),
        "expected_log",
    ).to_numpy()
    latent[:, 4:7] = np.log1p(latent[:, 4:7])
    latent = np.column_stack([latent, large.cast.genre, large.cast.label, large.cast.day])
    error = np.log1p(truth["streams"].to_numpy()) - truth["expected_log"].to_numpy()
    floor = np.sqrt(np.mean(error**2))
    boosted = HistGradientBoostingRegressor(max_iter=40, learning_rate=0.05, random_state=1)
    for model in (LinearRegression(), boosted):
        left = error - cross_val_predict(model, latent, error, cv=5)
        assert np.sqrt(np.mean(left**2)) > 0.995 * floor
