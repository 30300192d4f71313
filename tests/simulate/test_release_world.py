"""The parts of the world of releases imply what their priors say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import default_rng
from scipy import stats

from upswell.simulate import SimulatedReleases, simulate_releases
from upswell.simulate import _release_cast as world
from upswell.simulate import _release_days as course
from upswell.simulate._release_truth import live

DAYS = np.arange(world.DAYS + 31)


@pytest.fixture(scope="module")
def large() -> SimulatedReleases:
    return simulate_releases(6000, 360_000, 11)


@pytest.fixture(scope="module")
def calendar() -> world.Calendar:
    return world.draw_calendar(world.stream(11, "calendar"))


def test_fame_has_a_heavy_tail_and_drifts() -> None:
    artists = world.draw_artists(default_rng(1), 20_000)
    fame = artists.fame[:, 0]
    assert fame.mean() == pytest.approx(0.0, abs=0.05)
    assert fame.std() == pytest.approx(np.sqrt(1.35**2 + 0.5**2), rel=0.03)
    largest = np.sort(np.exp(fame))[::-1]
    assert 0.15 < largest[:200].sum() / largest.sum() < 0.5
    drift = artists.fame[:, 8] - fame
    assert drift.std() == pytest.approx(np.sqrt(8 * 0.15**2 + 0.3**2), rel=0.05)


def test_famous_artists_are_with_major_labels() -> None:
    artists = world.draw_artists(default_rng(1), 5000)
    major = artists.label < world.MAJORS
    assert artists.fame[major, 0].mean() > artists.fame[~major, 0].mean() + 0.8
    assert set(artists.label) == set(range(len(world.LABELS)))
    assert set(artists.genre) == set(range(len(world.GENRES)))


def test_most_releases_are_small_and_a_few_percent_are_hits(large: SimulatedReleases) -> None:
    streams = large.days.streams.sum(axis=1)
    logs = np.log1p(streams)
    assert 3000 < np.median(streams) < 6000
    assert logs.std() == pytest.approx(1.9, abs=0.2)
    assert abs(stats.skew(logs)) < 0.6
    assert 0.015 < (streams >= 200_000).mean() < 0.05
    assert 0.12 < ((streams >= 20_000) & (streams < 200_000)).mean() < 0.28
    assert streams[streams >= 200_000].sum() > 0.4 * streams.sum()


def test_two_releases_in_three_and_more_come_on_a_friday(large: SimulatedReleases) -> None:
    dates = large.truth.filter(horizon=30)["release_date"]
    assert (dates.dt.weekday() == 5).mean() == pytest.approx(2 / 3 + 1 / 21, abs=0.03)
    assert (np.diff(large.cast.day) >= 0).all()
    assert 0 <= large.cast.day.min() <= large.cast.day.max() < world.DAYS


def test_artists_release_several_times_and_some_appear_late(large: SimulatedReleases) -> None:
    artist = large.cast.artist
    counts = np.bincount(artist)
    assert 4 < counts[counts > 0].mean() < 8
    assert counts.max() > 25
    half = world.DAYS // 2
    new = ~np.isin(artist[large.cast.day >= half], artist[large.cast.day < half])
    assert 0.05 < new.mean() < 0.35


def test_the_platform_grows_by_half_a_year_and_has_a_weekly_rhythm(
    calendar: world.Calendar,
) -> None:
    assert calendar.platform[365] / calendar.platform[1] == pytest.approx(1.5, rel=0.01)
    profile = np.log(calendar.platform[7:]) - np.log(calendar.platform[:-7])
    assert np.abs(profile).max() < 0.03
    week = np.log(calendar.platform[:7])
    assert np.ptp(week) > 0.15
    assert np.ptp(np.log(calendar.service[:7])) > 0.03


def test_weekdays_show_in_the_views(large: SimulatedReleases, calendar: world.Calendar) -> None:
    # Friday's releases have their second to eighth day on the same weekdays.
    friday = (large.cast.day - world.DAYS) % 7 == 0
    smooth = np.log((large.days.natural + large.days.large)[friday, 1:8])
    shape = smooth.mean(axis=0)
    rhythm = np.log(calendar.platform[1:8])
    rhythm = rhythm - np.polyval(np.polyfit(np.arange(7), rhythm, 1), np.arange(7))
    left = shape - np.polyval(np.polyfit(np.arange(7), shape, 1), np.arange(7))
    assert np.corrcoef(left, rhythm)[0, 1] > 0.8


def test_reproduction_is_below_one_and_grows_with_quality(large: SimulatedReleases) -> None:
    spread, quality = large.cast.reproduction, large.cast.quality
    assert 0 < spread.min() < spread.max() < 0.97
    assert spread.max() > 0.85
    assert np.median(spread) == pytest.approx(0.4, abs=0.02)
    assert stats.spearmanr(spread, quality).statistic > 0.95
    above = quality > 2.0
    assert np.median(spread[above]) == pytest.approx(0.83, abs=0.04)


def quiet_plan(days: int, first: float, reproduction: float) -> course.Plan:
    """A plan with views on the first day only, and a rhythm and a rate of 1."""
    flat, zero = np.ones((1, days)), np.zeros((1, days))
    natural = zero.copy()
    natural[0, 0] = first
    return course.Plan(natural, flat, zero, zero, zero, flat, np.array([[reproduction]]))


@pytest.mark.parametrize("reproduction", [0.0, 0.4, 0.9])
def test_a_view_leads_to_as_many_as_a_branching_process_says(reproduction: float) -> None:
    plan, state = quiet_plan(600, 100.0, reproduction), course.beginning(1)
    one, none = np.ones((1, 1)), np.zeros((1, 1))
    views, streams = 0.0, 0.0
    for day in range(600):
        state, natural, large = course.step(plan, state, day, one, none)
        assert large[0, 0] == 0.0
        views += natural[0, 0]
        streams += course.expected_streams(plan, state, day)[0, 0]
    assert views == pytest.approx(100.0 / (1.0 - reproduction), rel=1e-6)
    # In the end every view has become its share of streams, here 1.
    assert streams == pytest.approx(views, rel=1e-6)


def test_streams_come_with_a_delay_of_a_day_and_a_half() -> None:
    plan, state = quiet_plan(200, 1.0, 0.0), course.beginning(1)
    streams = []
    for day in range(200):
        state, _, _ = course.step(plan, state, day, np.ones((1, 1)), np.zeros((1, 1)))
        streams.append(course.expected_streams(plan, state, day)[0, 0])
    assert np.arange(200) @ np.array(streams) == pytest.approx(1.5)


def test_shocks_have_mean_one_and_large_creators_come_one_day_in_25() -> None:
    calm, pickup = course.draw_shock(default_rng(1), (200_000, 1))
    assert calm.mean() == pytest.approx(1.0, abs=0.005)
    assert np.log(calm).std() == pytest.approx(0.25, rel=0.02)
    assert (pickup > 0).mean() == pytest.approx(0.04, rel=0.05)
    assert np.log(pickup[pickup > 0]).std() == pytest.approx(1.0, rel=0.05)


def test_playlists_are_as_likely_as_the_release_says(large: SimulatedReleases) -> None:
    unseen = course.draw_unseen(default_rng(2), large.cast, 1)
    got = unseen.day[:, 0] < course.LENGTH
    assert got.mean() == pytest.approx(large.cast.playlist.mean(), abs=0.02)
    assert np.log(unseen.factor).std() == pytest.approx(0.36, rel=0.05)
    assert np.median(unseen.lift) == pytest.approx(1.7, abs=0.05)
    day = int(np.median(unseen.day[got]))
    on = unseen.on(day)[:, 0] / unseen.factor[:, 0]
    np.testing.assert_allclose(on, np.where(unseen.day[:, 0] <= day, unseen.lift[:, 0], 1.0))


def test_mirrored_copies_cancel() -> None:
    drawn = course.mirrored(default_rng(3), (5, 8))
    np.testing.assert_allclose(drawn.sum(axis=1), 0.0, atol=1e-12)


def test_bots_and_bought_likes_bring_no_stream_and_paid_creators_do(
    large: SimulatedReleases, calendar: world.Calendar
) -> None:
    nothing = np.zeros(len(large.cast))
    clean = live(replace(large.cast, bots=nothing, bought=nothing), calendar, 11)
    np.testing.assert_array_equal(clean.streams, large.days.streams)
    np.testing.assert_array_equal(clean.expected_log, large.days.expected_log)
    assert large.days.bots.sum() > 0.02 * large.days.natural.sum()
    unpaid = live(replace(large.cast, paid=nothing), calendar, 11)
    seeded = large.cast.paid > 0
    assert 0.15 < seeded.mean() < 0.4
    assert (unpaid.expected_log[seeded] < large.days.expected_log[seeded]).mean() > 0.99
    np.testing.assert_array_equal(unpaid.expected_log[~seeded], large.days.expected_log[~seeded])


def test_twice_the_conversion_is_nearly_twice_the_streams(
    large: SimulatedReleases, calendar: world.Calendar
) -> None:
    cast = large.cast.at(slice(0, 500))
    usual = live(cast, calendar, 11).expected_log[:, 1]
    twice = live(replace(cast, conversion=cast.conversion + np.log(2)), calendar, 11)
    gain = twice.expected_log[:, 1] - usual
    assert (gain > 0).all()
    assert 0.85 * np.log(2) < np.median(gain) < np.log(2)


def test_genres_and_artists_convert_differently(large: SimulatedReleases) -> None:
    views = (large.days.natural + large.days.large)[:, :7].sum(axis=1)
    ratio = np.log1p(large.days.streams.sum(axis=1)) - np.log(views)
    known = np.array([ratio[large.cast.genre == genre].mean() for genre in range(8)])
    assert 0.3 < known.std() < 0.7
    left = ratio - known[large.cast.genre]
    artist = large.cast.artist
    # Half of the releases of an artist tell of the other half.
    order = np.argsort(artist, kind="stable")
    pairs = order[:-1][
        (artist[order][1:] == artist[order][:-1]) & (np.arange(len(order) - 1) % 2 == 0)
    ]
    following = order[1:][
        (artist[order][1:] == artist[order][:-1]) & (np.arange(len(order) - 1) % 2 == 0)
    ]
    assert np.corrcoef(left[pairs], left[following])[0, 1] > 0.05
