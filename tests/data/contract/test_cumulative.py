from __future__ import annotations

import numpy as np
import pytest

from observing import daily
from upswell.data.contract._cumulative import cumulative_evidence


@pytest.mark.parametrize("series", [1, 6])
@pytest.mark.parametrize("days", [10, 30, 100])
@pytest.mark.parametrize("start", [0.0, 1e7])
def test_running_totals_of_daily_counts_look_cumulative(series, days, start):
    found = cumulative_evidence(start + np.cumsum(daily(series, days, seed=days), axis=1))
    assert found.verdict == "cumulative"


def test_running_totals_with_a_reset_and_corrections_look_cumulative():
    totals = np.cumsum(daily(3, 60), axis=1)
    totals[0, 30:] -= totals[0, 29]
    totals[1, 20:] -= 1500.0
    totals[2, 40] = 0.0
    assert cumulative_evidence(totals).verdict == "cumulative"


@pytest.mark.parametrize("growth", [0.0, 0.01, 0.035])
@pytest.mark.parametrize("noise", [0.05, 0.1, 0.3])
def test_noisy_daily_counts_do_not(growth, noise):
    rng = np.random.default_rng(3)
    for _ in range(20):
        days = np.arange(50)
        values = 1000.0 * np.exp(growth * days + noise * rng.standard_normal((1, 50)))
        assert cumulative_evidence(np.round(values)).verdict == "daily"


@pytest.mark.parametrize("growth", [0.005, 0.035, 0.1])
def test_noiseless_growth_is_too_smooth_to_tell(growth):
    values = np.round(1000.0 * np.exp(growth * np.arange(60)))[None, :]
    assert cumulative_evidence(values).verdict == "smooth"


def test_fast_growth_of_many_noisy_series_is_told_by_its_steps():
    rng = np.random.default_rng(5)
    values = 1000.0 * np.exp(0.06 * np.arange(120) + 0.015 * rng.standard_normal((12, 120)))
    found = cumulative_evidence(values)
    assert found.rising == 12
    assert found.verdict == "daily"


def test_constant_short_and_empty_series_are_not_judged():
    constant = np.full((2, 50), 7.0)
    short = np.cumsum(daily(2, 6), axis=1)
    empty = np.full((1, 50), np.nan)
    for values in (constant, short, empty):
        assert cumulative_evidence(values).judged == 0
        assert cumulative_evidence(values).verdict == "daily"


def test_a_few_counters_among_daily_counts_do_not_make_a_cumulative_panel():
    values = daily(10, 60)
    values[:2] = np.cumsum(values[:2], axis=1) / 60.0
    assert cumulative_evidence(values).verdict == "daily"
