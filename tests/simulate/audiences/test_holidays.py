"""Holidays return each year, are shared by a panel, and touch only the days around them."""

from __future__ import annotations

import numpy as np
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.holidays import HolidayPrior, draw_holidays
from upswell.simulate.audiences.priors import Chance

NEVER = Chance(0.0, means="never", why="a test")


def test_fixed_holidays_return_after_a_year_give_or_take_a_day() -> None:
    block = frame(200, 1095, 0)
    _, days = draw_holidays(default_rng(1), HolidayPrior(movable=NEVER), block)
    for row in days[:50]:
        first = np.flatnonzero(row[:360])
        for day in first:
            assert row[day + 364 : day + 367].any()


def test_a_panel_has_one_calendar_with_five_to_fourteen_holidays_a_year() -> None:
    block = frame(300, 730, 0, members=3)
    _, days = draw_holidays(default_rng(2), HolidayPrior(), block)
    assert (days[::3] == days[1::3]).all()
    assert not (days[0] == days[3]).all()
    numbers = days.sum(axis=1) / 2
    assert numbers.min() >= 4
    assert numbers.max() <= 15


def test_only_holidays_and_their_neighbours_are_touched() -> None:
    effect, days = draw_holidays(default_rng(3), HolidayPrior(), frame(300, 365, 0))
    near = days.copy()
    near[:, 1:] |= days[:, :-1]
    near[:, :-1] |= days[:, 1:]
    inner = effect[:, 1:-1]  # a holiday before the first day spills into it
    assert (inner[~near[:, 1:-1]] == 0).all()
    assert np.abs(effect).max() <= 2
    unmoved = (effect == 0).all(axis=1).mean()
    assert abs(unmoved - 0.2) < 0.07


def test_the_fourth_of_july_is_an_ordinary_holiday() -> None:
    # 5.4% fewer streams (Luminate 2023): within the middle four fifths of the effects.
    effect, days = draw_holidays(default_rng(4), HolidayPrior(ignored=NEVER), frame(500, 365, 0))
    low, high = np.quantile(effect[days], [0.1, 0.9])
    assert low < np.log(1 - 0.054) < high


def test_some_series_live_on_holidays() -> None:
    always = Chance(1.0, means="always", why="a test")
    sizes = []
    for chance in (NEVER, always):
        prior = HolidayPrior(ignored=NEVER, strong=chance)
        effect, days = draw_holidays(default_rng(5), prior, frame(500, 365, 0))
        sizes.append(np.median(np.abs(effect[days])))
    assert sizes[1] > 2 * sizes[0]
