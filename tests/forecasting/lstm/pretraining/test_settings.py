"""The settings of pretraining: ranges, the size of the file, what a checkpoint depends on."""

from __future__ import annotations

import dataclasses

import pytest

from upswell.errors import SettingError
from upswell.forecasting.lstm.pretraining import PretrainingSettings


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("units", 0, "--units must be between 1 and 2048, got 0"),
        ("layers", 1.5, "--layers must be a whole number, got 1.5"),
        ("steps", 0, "--steps must be between 1"),
        ("minutes", 0, "--minutes and --learning-rate must be above 0"),
        ("minutes", float("nan"), "--minutes must be between"),
        ("seed", 2**63, "--seed must be between"),
        ("learning_rate", "fast", "--learning-rate must be a number, got 'fast'"),
        ("device", "tpu", "--device must be one of auto, cpu, cuda, got 'tpu'"),
        ("threads", True, "--threads must be a whole number, got True"),
        ("workers", -1, "--workers must be between 0"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name, value, words):
    with pytest.raises(SettingError, match=words):
        PretrainingSettings(**{name: value})


def test_a_network_that_is_too_large_for_the_package_is_refused():
    with pytest.raises(SettingError, match="makes a file of more than 8 MB"):
        PretrainingSettings(units=768, layers=2)


def test_weights_are_kept_as_exactly_as_the_file_allows():
    assert PretrainingSettings(units=256).precision == "float32"
    assert PretrainingSettings(units=384).precision == "float16"


def test_how_long_and_by_whom_is_no_part_of_what_is_taught():
    one = PretrainingSettings()
    for change in ({"minutes": 3.0}, {"threads": 2}, {"workers": 4}, {"report_steps": 7}):
        assert dataclasses.replace(one, **change).fingerprint() == one.fingerprint()
    for change in ({"seed": 1}, {"steps": 9}, {"units": 64}, {"decay": 0.2}, {"residual": True}):
        assert dataclasses.replace(one, **change).fingerprint() != one.fingerprint()
