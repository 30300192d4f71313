"""Weekly rhythms: seven days long, shared, slowly changing, and short where there is a holiday."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.priors import Chance, LogNormal, Uniform
from upswell.simulate.audiences.week import CLOSED, WeekPrior, log_week

NEVER = Chance(0.0, means="never", why="a test")
ALWAYS = Chance(1.0, means="always", why="a test")
STILL = LogNormal(1e-9, 1.0, 1e-9, 1e-9, means="none", why="a test")
PLAIN = {"absent": NEVER, "changes": NEVER, "closes": NEVER, "breathing": STILL}


def drawn(prior: WeekPrior, block=None, holiday=None):
    block = block or frame(300, 140, 0)
    days = np.zeros(block.shape, dtype=bool) if holiday is None else holiday
    return log_week(default_rng(1), prior, block, days)


def test_it_repeats_every_seven_days_and_has_mean_zero() -> None:
    week = drawn(WeekPrior(**PLAIN))
    np.testing.assert_allclose(week[:, 7:], week[:, :-7], atol=1e-6)
    np.testing.assert_allclose(week[:, :7].mean(axis=1), 0, atol=1e-9)
    assert 0.05 < np.median(week.std(axis=1)) < 0.12


def test_it_breathes_and_sometimes_turns_into_another() -> None:
    steady = WeekPrior(**PLAIN)
    breathing = WeekPrior(**(PLAIN | {"breathing": WeekPrior.breathing}))
    turning = WeekPrior(**(PLAIN | {"changes": ALWAYS}))
    block = frame(300, 360, 0)
    alike = []
    for prior in (steady, breathing, turning):
        week = drawn(prior, block)
        first, last = week[:, :7], week[:, 350:357]
        alike.append(np.median([np.corrcoef(a, b)[0, 1] for a, b in zip(first, last, strict=True)]))
    assert alike[0] > 0.999
    assert alike[1] > 0.999
    assert alike[2] < 0.5


def test_the_series_of_a_panel_share_most_of_it() -> None:
    week = drawn(WeekPrior(**PLAIN), frame(300, 70, 0, members=10))[:, :7]
    inside = np.corrcoef(week)[0, 1:10].mean()
    between = np.abs(np.corrcoef(week)[0, 10:]).mean()
    assert inside > 0.5
    assert between < inside


def test_a_closed_day_has_almost_nothing_and_comes_every_week() -> None:
    week = drawn(WeekPrior(**(PLAIN | {"closes": ALWAYS})))
    closed = np.isclose(week, CLOSED, atol=1e-5)
    assert set(closed[:, :7].sum(axis=1)) == {1, 2}
    assert (closed[:, 7:] == closed[:, :-7]).all()


def test_a_holiday_takes_the_place_of_a_sunday() -> None:
    block = frame(300, 140, 0)
    holiday = np.zeros(block.shape, dtype=bool)
    holiday[:, 16] = True  # a Wednesday; 20 is the Sunday after
    full = Uniform(1.0, 1.0, means="all", why="a test")
    week = drawn(WeekPrior(**PLAIN, short=full), block, holiday)
    np.testing.assert_allclose(week[:, 16], week[:, 20], atol=1e-9)
    assert (np.abs(week[:, 9] - week[:, 20]) > 1e-6).mean() > 0.9
