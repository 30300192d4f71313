"""Debuts leave enough to see, releases keep their rhythm, some are announced."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.launches import SEEN, LaunchPrior, draw_debuts, draw_releases
from upswell.simulate.audiences.priors import Chance, Kinds

ALWAYS = Chance(1.0, means="always", why="a test")


def test_a_debut_leaves_two_weeks_of_history() -> None:
    logs, there = draw_debuts(default_rng(1), LaunchPrior(debuts=ALWAYS), frame(1000, 100, 30))
    debut = there.argmax(axis=1)
    assert (there.sum(axis=1) > 0).all()
    assert debut.max() <= 100 - SEEN
    assert (np.diff(there, axis=1) == 1).sum(axis=1).max() == 1
    assert 0.3 < (logs.max(axis=1) > 0.1).mean() < 0.5
    assert 0.3 < (logs.min(axis=1) < -0.1).mean() < 0.5


def test_a_history_shorter_than_that_has_no_debut() -> None:
    logs, there = draw_debuts(default_rng(2), LaunchPrior(debuts=ALWAYS), frame(300, 10, 5))
    assert (there[:, 0] == 1).all()
    assert (logs == 0).all()


def test_an_entrance_fades() -> None:
    logs, there = draw_debuts(default_rng(3), LaunchPrior(debuts=ALWAYS), frame(500, 300, 0))
    for row, here in zip(logs, there, strict=True):
        ages = np.abs(row[here > 0])
        assert (np.diff(ages) <= 1e-12).all()


def test_about_one_in_seven_begins_within_the_history_and_few_end() -> None:
    _, there = draw_debuts(default_rng(4), LaunchPrior(), frame(4000, 300, 30))
    assert (there[:, 0] == 0).mean() == pytest.approx(0.15, abs=0.02)
    assert (there[:, -1] == 0).mean() == pytest.approx(0.02, abs=0.01)


def test_weekly_releases_come_on_one_weekday() -> None:
    prior = LaunchPrior(releases=ALWAYS, weekly=ALWAYS)
    table = draw_releases(default_rng(5), prior, frame(200, 300, 30))
    for series in range(200):
        days = table.day[table.series == series]
        assert np.unique(days % 7).size <= 1
        assert (np.diff(days) >= 7).all()


def test_who_announces_all_announces_all() -> None:
    kinds = Kinds({"all": 1, "some": 0, "none": 0}, means="kind", why="a test")
    prior = LaunchPrior(releases=ALWAYS, announced=kinds)
    assert draw_releases(default_rng(6), prior, frame(100)).known.all()
    table = draw_releases(default_rng(7), LaunchPrior(), frame(3000))
    assert np.unique(table.series).size == pytest.approx(0.35 * 3000, rel=0.15)
    assert (table.size > 0).all()
    assert (table.half_life >= 0.5).all()


def test_a_panel_that_releases_together_has_one_calendar() -> None:
    prior = LaunchPrior(releases=ALWAYS, together=ALWAYS)
    table = draw_releases(default_rng(8), prior, frame(200, 300, 30, members=4))
    days = [table.day[table.series == series].tolist() for series in range(200)]
    known = [table.known[table.series == series].tolist() for series in range(200)]
    for first in range(0, 200, 4):
        assert days[first] == days[first + 1] == days[first + 3]
        assert known[first] == known[first + 3]
    assert days[0] != days[4]
    apart = draw_releases(default_rng(8), LaunchPrior(releases=ALWAYS), frame(200, 300, 30))
    assert len({tuple(apart.day[apart.series == s].tolist()) for s in range(200)} - {()}) > 100
