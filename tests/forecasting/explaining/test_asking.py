"""Forecasters as functions: medians and sums are theirs, and a failure is named."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.errors import ForecasterError, SettingError
from upswell.forecasting.explaining.asking import forecast_function
from upswell.forecasting.history import History
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm, forecast_quantiles
from upswell.forecasting.naive import SeasonalNaive

VALUES = 500.0 + 100.0 * (np.arange(84.0)[None] % 7 == 2)
HISTORY = History(VALUES, np.arange(84) % 7)


def test_the_sum_of_a_forecaster_of_quantiles_is_the_one_that_it_says() -> None:
    medians, sums = forecast_function(PretrainedLstm(), HISTORY, 30, 0)(VALUES, 30)
    said = forecast_quantiles(VALUES, 30)
    assert medians.tobytes() == said.median.tobytes()
    assert sums.tolist() == said.sum[6, :, -1].tolist()


def test_the_sum_of_a_forecaster_of_medians_is_that_of_its_medians() -> None:
    medians, sums = forecast_function(SeasonalNaive(), HISTORY, 14, 0)(VALUES, 14)
    assert medians.shape == (1, 14)
    assert sums.tolist() == medians.sum(axis=1).tolist()


def test_auto_is_no_forecaster() -> None:
    with pytest.raises(SettingError, match="auto is a choice"):
        forecast_function("auto", HISTORY, 14, 0)


def test_a_forecaster_that_fails_is_named() -> None:
    ask = forecast_function(PretrainedLstm(), HISTORY, 14, 0)
    with pytest.raises(ForecasterError, match="lstm-pretrained"):
        ask(np.full((1, 84), np.nan), 14)
