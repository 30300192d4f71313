import pytest

from upswell.errors import SettingError
from upswell.forecasting.lstm import LstmSettings


def test_defaults_are_those_of_the_command():
    settings = LstmSettings()
    assert (settings.layers, settings.units, settings.dropout) == (2, 50, 0.2)
    assert (settings.sequence_length, settings.batch_size) == (10, 4)
    assert (settings.epochs, settings.patience, settings.learning_rate) == (50, 10, 0.001)
    assert (settings.strategy, settings.device) == ("recursive", "auto")


@pytest.mark.parametrize(
    ("setting", "value", "message"),
    [
        ("layers", 0, "--layers must be between 1 and 8, got 0"),
        ("units", 0, "--units must be between 1 and 1024, got 0"),
        ("units", 1025, "--units must be between 1 and 1024, got 1025"),
        ("units", 2.5, "--units must be a whole number, got 2.5"),
        ("units", True, "--units must be a whole number, got True"),
        ("sequence_length", 1, "--sequence-length must be between 2 and 366, got 1"),
        ("batch_size", 0, "--batch-size must be between 1 and 65536, got 0"),
        ("epochs", -1, "--epochs must be between 1 and 10000, got -1"),
        ("patience", 0, "--patience must be between 1 and 10000, got 0"),
        ("dropout", 1.0, "--dropout must be at least 0 and below 1, got 1.0"),
        ("dropout", float("nan"), "--dropout must be at least 0 and below 1, got nan"),
        ("dropout", "much", "--dropout must be a number, got 'much'"),
        ("learning_rate", 0.0, "--learning-rate must be above 0 and at most 1, got 0.0"),
        ("learning_rate", float("nan"), "--learning-rate must be above 0 and at most 1, got nan"),
        ("strategy", "both", "--strategy must be one of recursive, direct, got 'both'"),
        ("device", "tpu", "--device must be one of auto, cpu, cuda, got 'tpu'"),
    ],
)
def test_a_setting_out_of_range_is_named_as_the_option(setting, value, message):
    with pytest.raises(SettingError) as caught:
        LstmSettings(**{setting: value})
    assert caught.value.what == message
