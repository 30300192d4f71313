"""What an explanation gives out: frames, records, the forecast without a burst, a picture."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from upswell.data import DayAxis
from upswell.errors import SettingError
from upswell.forecasting.explaining import BurstEffect, Explanation, PartEffect

PAST = DayAxis(start=20_000, length=100, calendar=True)


def burst(first: int, last: int, adds: float) -> BurstEffect:
    label = [PAST.label(PAST.start + day) for day in (first, last)]
    return BurstEffect(
        first=label[0],
        last=label[1],
        faded=label[1],
        views=500.0,
        times=3.1,
        adds=adds,
        without=1200.0 - adds,
        places=(first, last),
        medians=np.full(7, (1200.0 - adds) / 7),
    )


FOUND = Explanation(
    series="<b>ana</b>\x1b[31m",
    level="creator",
    model="lstm-pretrained",
    past=PAST,
    ahead=PAST.after(7),
    values=np.full(100, 140.0),
    medians=np.full(7, 1200.0 / 7),
    total=1200.0,
    usual=150.0,
    rest=-30.0,
    parts=(
        PartEffect("trend", 96.0, 1100.0),
        PartEffect("week", 24.0, 1180.0),
        PartEffect("bursts", 60.0, 1130.0),
    ),
    growth=0.12,
    strongest=("Saturdays", 1.18),
    weakest=("Tuesdays", 0.91),
    bursts=(burst(90, 93, 48.0), burst(40, 40, 0.0)),
)


def test_the_rows_of_the_frame_add_up_and_bursts_stand_below() -> None:
    frame = FOUND.to_frame()
    assert frame["part"].to_list() == [
        *("level", "trend", "week", "bursts", "rest", "total"),
        *("burst", "burst"),
    ]
    adds = frame["adds"].to_list()
    assert sum(adds[:5]) == adds[5] == 1200.0
    assert frame["share"].to_list()[1] == 0.08
    assert frame["first"].to_list()[6] == FOUND.bursts[0].first
    assert FOUND.to_frame("pandas").shape == frame.shape


def test_the_record_is_plain_data() -> None:
    record = json.loads(json.dumps(FOUND.record(), allow_nan=False))
    assert record["parts"][0] == {"part": "trend", "adds": 96.0, "without": 1100.0}
    assert record["strongest"] == {"day": "Saturdays", "factor": 1.18}
    assert record["bursts"][0]["without"] == 1152.0


def test_a_burst_is_named_by_any_of_its_days_or_as_the_last() -> None:
    latest, oldest = FOUND.bursts
    assert FOUND.without_burst() == latest
    for day in range(90, 94):
        assert FOUND.without_burst(PAST.label(PAST.start + day)) == latest
    assert FOUND.without_burst(PAST.label(PAST.start + 40)) == oldest


def test_a_day_without_a_burst_is_an_error_that_names_the_bursts() -> None:
    with pytest.raises(SettingError, match="no burst of the history holds '2024-01-01'") as error:
        FOUND.without_burst("2024-01-01")
    assert FOUND.bursts[0].first in str(error.value)
    with pytest.raises(SettingError, match="the history has no burst"):
        replace(FOUND, bursts=()).without_burst("last")


def test_a_total_of_nothing_has_no_shares() -> None:
    nothing = replace(FOUND, total=0.0)
    assert nothing.to_frame()["share"].null_count() == len(nothing.to_frame())
    assert nothing.sentences()


def test_the_picture_shows_the_forecast_without_the_burst_that_was_asked_for() -> None:
    text = FOUND.plot().to_dict()["description"]
    assert f"with bursts on {FOUND.bursts[0].first} to " in text
    assert "sums to 1,200. Without the burst of 2-5 January 2025 it sums to 1,152." in text
    older = FOUND.plot(FOUND.bursts[1].first).to_dict()["description"]
    assert "it sums to 1,200." in older
    assert "Without" not in replace(FOUND, bursts=()).plot().to_dict()["description"]
