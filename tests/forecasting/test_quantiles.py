"""Quantiles hold together: shapes, places and choices of series."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.errors import SettingError
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.quantiles import QuantileForecaster, Quantiles
from upswell.forecasting.registry import forecasters

LEVELS = np.array([0.1, 0.5, 0.9])


def test_shapes_that_do_not_agree_are_an_error():
    one = np.ones((3, 2, 4))
    for wrong in (np.ones((3, 2, 5)), np.ones((3, 2)), np.ones((2, 2, 4))):
        with pytest.raises(SettingError, match="levels"):
            Quantiles(LEVELS, one, wrong, one)


def test_the_median_the_places_and_a_choice_of_series():
    one = np.arange(24.0).reshape(3, 2, 4)
    said = Quantiles(LEVELS, one, one + 1, one + 2)
    assert said.horizon == 4
    assert [said.place(level) for level in (0.1, 0.5, 0.9)] == [0, 1, 2]
    np.testing.assert_array_equal(said.median, one[1])
    np.testing.assert_array_equal(said.select(np.array([1])).peak, one[:, 1:] + 2)


def test_only_a_forecaster_of_quantiles_is_one():
    assert isinstance(forecasters(["lstm-pretrained"])["lstm-pretrained"], QuantileForecaster)
    assert not isinstance(SeasonalNaive(), QuantileForecaster)
