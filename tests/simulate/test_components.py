"""The parts imply what their priors say."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import Generator, default_rng
from scipy import stats

from upswell.simulate import _components as part


def generators(count: int) -> list[Generator]:
    return [default_rng(seed) for seed in range(count)]


def test_levels_are_lognormal_and_the_largest_of_a_dozen_has_two_fifths() -> None:
    logs = np.array([part.log_level(rng) for rng in generators(2400)])
    assert stats.kstest(logs, "norm", args=(np.log(20_000), 1.6)).pvalue > 0.01
    dozens = np.exp(logs).reshape(-1, 12)
    assert 0.35 < np.median(dozens.max(axis=1) / dozens.sum(axis=1)) < 0.5


def test_launches_are_rare_and_early_enough_to_be_seen() -> None:
    days = np.array([part.launch_day(rng, 100) for rng in generators(3000)])
    assert 0.09 < (days > 0).mean() < 0.15
    assert 50 < days.max() < 60
    assert [part.launch_day(rng, 1) for rng in generators(50)] == [0] * 50


def test_young_creators_grow_by_three_and_a_half_percent_a_day_and_others_hardly() -> None:
    young = np.array([part.growth_rate(rng, young=True) for rng in generators(2000)])
    old = np.array([part.growth_rate(rng, young=False) for rng in generators(2000)])
    assert np.median(young[:, 0]) == pytest.approx(0.035, rel=0.03)
    assert (young[:, 0] > 0).all()
    assert np.std(old[:, 0]) == pytest.approx(0.003, rel=0.05)
    final = np.exp(young[:, 0] / (1 - young[:, 1]))
    assert 5 < np.median(final) < 12
    np.testing.assert_allclose(np.quantile(final, [0.05, 0.95]), [2.6, 45], rtol=0.1)


def test_damped_trend_is_the_sum_of_its_daily_growth() -> None:
    trend = part.damped_trend(0.035, 0.98, 50, start=10)
    steps = [0.035 * 0.98**k for k in range(39)]
    np.testing.assert_allclose(trend, np.concatenate([np.zeros(11), np.cumsum(steps)]))


def test_weekly_profile_has_mean_zero_and_its_strength() -> None:
    profiles = np.array(
        [part.weekly_profile(a, 0.15) + part.weekly_profile(a, 0.05) for a in generators(2000)]
    )
    np.testing.assert_allclose(profiles.mean(axis=1), 0.0, atol=1e-12)
    ratio = np.exp(np.median(np.ptp(profiles, axis=1)))
    assert 1.4 < ratio < 1.65


def test_random_walk_wanders_five_percent_in_a_month() -> None:
    walks = np.array([part.random_walk(rng, 366) for rng in generators(1000)])
    assert (walks[:, 0] == 0).all()
    # The median of |normal| is 0.674 of its deviation.
    month, year = (np.median(np.abs(walks[:, day])) / 0.674 for day in (30, 365))
    assert 0.04 < month < 0.07
    assert 0.15 < year < 0.25
    assert part.random_walk(default_rng(0), 1).tolist() == [0.0]


def test_autoregression_is_stationary_with_its_memory() -> None:
    runs = np.array([part.autoregression(rng, 60, 0.7, 0.1) for rng in generators(2000)])
    np.testing.assert_allclose(runs.std(axis=0), 0.1, rtol=0.1)
    lagged = [np.corrcoef(runs[:, 20], runs[:, 20 + lag])[0, 1] for lag in (1, 2, 3)]
    np.testing.assert_allclose(lagged, [0.7, 0.49, 0.343], atol=0.07)


def test_moods_stay_within_their_prior() -> None:
    deviations = np.array([part.moods(rng, 2000).std() for rng in generators(200)])
    assert 0.025 < deviations.min() < deviations.max() < 0.135


def test_shared_shocks_are_moderate() -> None:
    shocks = np.array([part.shared_shocks(rng, 400) for rng in generators(200)])
    assert 0.05 < shocks.std() < 0.12
    assert abs(shocks.mean()) < 0.01


def test_exponential_decay_has_its_half_life_and_power_decay_its_exponent() -> None:
    decay = part.exponential_decay(20, half_life=4.0)
    np.testing.assert_allclose(decay[4:] / decay[:-4], 0.5)
    slope = stats.linregress(np.log1p(np.arange(50)), np.log(part.power_decay(50, 1.2))).slope
    assert slope == pytest.approx(-1.2)
    assert part.power_decay(3, 1.0)[0] == part.exponential_decay(3, 1.0)[0] == 1.0


def test_bursts_come_and_double_views_as_often_as_said() -> None:
    runs = np.array([part.bursts(rng, 500) for rng in generators(300)])
    assert (runs >= 0).all()
    first = np.argmax(runs > 0, axis=1)
    assert 35 < first.mean() < 65
    sizes = runs[np.arange(300), first]
    assert np.median(sizes) == pytest.approx(1.0, rel=0.25)
    assert sizes.max() <= 50


def test_bursts_decay_by_half_in_about_two_days_or_with_a_long_tail() -> None:
    after_a_week, half = [], []
    for rng in generators(800):
        run = part.bursts(rng, 40)
        starts = np.flatnonzero(np.diff(run, prepend=0.0) > 0)
        if len(starts) == 1 and starts[0] < 30:
            decay = run[starts[0] :] / run[starts[0]]
            half.append(decay[2])
            after_a_week.append(decay[7])
    assert len(half) > 100
    assert 0.25 < np.median(half) < 0.55
    assert 0.02 < np.quantile(after_a_week, 0.1) < 0.1 < np.quantile(after_a_week, 0.9) < 0.25


def test_level_shifts_are_rare_and_lasting() -> None:
    runs = np.array([part.level_shifts(rng, 500) for rng in generators(400)])
    steps = np.diff(runs, axis=1)
    moves = steps[np.abs(steps) > 1e-12]
    assert moves.size / steps.size == pytest.approx(1 / 500, rel=0.25)
    assert moves.std() == pytest.approx(0.4, rel=0.15)


@pytest.mark.parametrize("dispersion", [0.0, 0.002, 0.1])
@pytest.mark.parametrize("mean", [3.0, 2000.0])
def test_counts_have_the_variance_of_a_negative_binomial(mean: float, dispersion: float) -> None:
    drawn = part.counts(default_rng(1), np.full(40_000, mean), dispersion)
    assert drawn.mean() == pytest.approx(mean, rel=0.02)
    assert drawn.var() == pytest.approx(mean + dispersion * mean**2, rel=0.05)
    assert (drawn == np.floor(drawn)).all()
    if dispersion:
        shape = 1 / dispersion
        low = stats.nbinom.cdf(mean * 0.8, shape, shape / (shape + mean))
        assert (drawn <= mean * 0.8).mean() == pytest.approx(low, abs=0.01)


def test_dispersion_makes_days_differ_by_some_four_percent() -> None:
    drawn = [part.count_dispersion(rng) for rng in generators(2000)]
    assert np.sqrt(np.median(drawn)) == pytest.approx(0.045, rel=0.1)


def test_missing_days_come_alone_and_in_gaps() -> None:
    runs = np.array([part.missing_days(rng, 1000) for rng in generators(100)])
    assert 0.012 < runs.mean() < 0.024
    both = (runs[:, 1:] & runs[:, :-1]).mean()
    assert both > 10 * runs.mean() ** 2


def test_likes_are_a_small_share_and_never_above_views() -> None:
    views = default_rng(0).poisson(default_rng(1).lognormal(5, 3, size=2000)).astype(float)
    for rng in generators(50):
        likes = part.likes(rng, views)
        assert (likes <= views).all()
        assert (likes >= 0).all()
        assert 0.015 < likes.sum() / views.sum() < 0.14


def test_followers_never_fall() -> None:
    for rng in generators(50):
        followers = part.followers(rng, np.full(60, 10_000.0))
        assert (np.diff(followers) >= 0).all()
        assert 50_000 <= followers[0] <= 510_000
        assert 5 <= np.diff(followers).mean() <= 50
    assert part.followers(default_rng(0), np.zeros(0)).size == 0


@pytest.mark.parametrize(
    "draw", [part.random_walk, part.moods, part.shared_shocks, part.bursts, part.level_shifts]
)
def test_a_longer_draw_starts_with_the_same_days(draw) -> None:
    for seed in range(20):
        short, long = draw(default_rng(seed), 90), draw(default_rng(seed), 400)
        np.testing.assert_allclose(long[:90], short, rtol=1e-12)
