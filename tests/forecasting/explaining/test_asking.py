"""Forecasters as functions: medians and sums are theirs, and a failure is named."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.errors import ForecasterError
from upswell.forecasting.explaining.asking import forecast_function
from upswell.forecasting.history import History, KnownDays
from upswell.forecasting.known_days import reads_known_days
from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm, forecast_quantiles
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.smoothing import AveragedSmoothing
from upswell.forecasting.usual_week import UsualWeek

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


@pytest.mark.parametrize("forecaster", [AveragedSmoothing(), UsualWeek()], ids=lambda f: f.name)
def test_a_forecaster_of_medians_that_reads_known_days_is_told_of_them(
    forecaster: AveragedSmoothing | UsualWeek,
) -> None:
    assert reads_known_days(forecaster)
    days = np.arange(126)
    values = 1000.0 + np.arange(126.0)[None] % 7
    flags = np.zeros((1, 140), dtype=bool)
    flags[0, [30, 51, 72, 93, 130]] = True
    values[flags[:, :126]] *= 4.0
    known = KnownDays(np.zeros(140, dtype=bool), flags)
    history = History(values, days % 7, known)
    ask = forecast_function(forecaster, history, 14, 0, np.array([0]))
    medians = ask(values, 14)[0][0]
    assert medians[4] > 2.5 * np.median(medians)
    assert medians.tobytes() == forecaster.predict(history, 14).tobytes()


def test_a_forecaster_that_fails_is_named() -> None:
    ask = forecast_function(PretrainedLstm(), HISTORY, 14, 0)
    with pytest.raises(ForecasterError, match="lstm-pretrained"):
        ask(np.full((1, 84), np.nan), 14)
