"""Level and weekly profile: found in what was made of them."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.explaining._shape import by_days, by_weeks, levels, profiles

DAYS = np.arange(140)


def test_weeks_end_on_the_last_day_and_can_be_undone() -> None:
    values = np.arange(16.0)[None]
    weeks = by_weeks(values)
    assert weeks.shape == (1, 3, 7)
    assert weeks[0, -1].tolist() == values[0, -7:].tolist()
    assert by_days(weeks, 16).tolist() == values.tolist()


@pytest.mark.parametrize("rate", [-0.02, 0.0, 0.01, 0.035])
def test_steady_growth_is_followed_to_the_last_day(rate: float) -> None:
    truth = 1e5 * np.exp(rate * (DAYS - 139))
    found = levels(np.log1p(truth)[None])[0]
    assert np.abs(np.log(found / truth)).max() < 0.01


def test_a_gap_of_two_weeks_is_bridged() -> None:
    logs = np.log1p(np.full((1, 140), 500.0))
    logs[0, 60:74] = np.nan
    assert np.allclose(levels(logs), 500.0)


def test_the_level_before_a_gap_can_be_held() -> None:
    views = np.where(DAYS < 63, 500.0, 1000.0)
    logs = np.log1p(views)[None]
    logs[0, 63:84] = np.nan
    held, line = levels(logs, hold=True)[0], levels(logs)[0]
    assert np.allclose(held[:77], 500.0)
    assert line[72] > 600.0
    assert held[100] == line[100]


def test_a_weekly_profile_is_found_and_has_mean_one() -> None:
    rng = np.random.default_rng(4)
    truth = np.array([1.4, 1.2, 0.9, 0.8, 0.7, 0.9, 1.1])
    truth /= truth.mean()
    logs = np.log(1000.0 * truth[DAYS % 7]) + 0.1 * rng.standard_normal((1, 140))
    found = profiles(logs, np.full((1, 140), 999.0))
    assert np.allclose(by_weeks(found).mean(axis=2), 1.0)
    assert np.abs(found[0] / truth[DAYS % 7] - 1).max() < 0.1


def test_noise_has_next_to_no_profile() -> None:
    rng = np.random.default_rng(4)
    logs = np.log(1000.0) + 0.3 * rng.standard_normal((40, 140))
    found = profiles(logs, np.full((40, 140), 999.0))
    assert np.abs(np.log(found)).mean() < 0.04
