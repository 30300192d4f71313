"""Settings of tuning that make no sense are refused, with their name."""

from __future__ import annotations

from typing import Any

import pytest

from upswell.errors import SettingError
from upswell.forecasting.lstm.adapting.settings import AdaptingSettings


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"steps": ()}, "steps must be ascending"),
        ({"steps": (0, 5)}, "steps must be ascending"),
        ({"steps": (5, 5)}, "steps must be ascending"),
        ({"weights": ()}, "weights must be above 0"),
        ({"weights": (0.5, 1.1)}, "weights must be above 0"),
        ({"learning_rate": 0.0}, "--learning-rate must be above 0 and at most 1, got 0.0"),
        ({"learning_rate": float("nan")}, "--learning-rate must be above 0"),
        ({"batch_size": 0}, "--batch-size must be at least 1, got 0"),
        ({"least_gain": 1.0}, "least_gain must be from 0 to below 1"),
        ({"device": "gpu"}, "--device must be one of auto, cpu, cuda, got 'gpu'"),
    ],
)
def test_what_makes_no_sense_is_refused(setting: dict[str, Any], words: str) -> None:
    with pytest.raises(SettingError) as caught:
        AdaptingSettings(**setting)
    assert words in str(caught.value)


def test_the_ends_of_the_ranges_are_allowed() -> None:
    settings = AdaptingSettings(
        steps=(1,), weights=(1.0,), learning_rate=1.0, batch_size=1, least_gain=0.0
    )
    assert (settings.learning_rate, settings.least_gain) == (1.0, 0.0)
