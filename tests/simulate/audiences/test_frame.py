"""Days and calendar of a block."""

from __future__ import annotations

import datetime as dt

import numpy as np

from audience_frames import frame


def test_weekdays_are_those_of_the_calendar() -> None:
    first = dt.date(2024, 1, 1)
    wanted = [(first + dt.timedelta(days=day)).weekday() for day in range(230)]
    assert frame(3).weekday()[1].tolist() == wanted


def test_panels_are_counted_and_begin_where_they_begin() -> None:
    block = frame(9, members=4)
    assert block.panels == 3
    assert block.first_of_panel().tolist() == [0, 4, 8]
    assert block.shape == (9, 230)
    assert np.array_equal(block.time(), np.arange(230))
