"""An older forecast beside what then happened, counted again by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from upswell.data import Panel
from upswell.forecasting.comparing.track_record import actual_values, judge
from upswell.forecasting.making import make_forecast
from upswell.forecasting.result import Forecast
from worlds import plain_panel

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


def naive(panel: Panel, seed: int = 0) -> Forecast:
    return make_forecast(panel, horizon=10, model="seasonal-naive", seed=seed, paths=150)


@pytest.fixture(scope="module")
def whole() -> Panel:
    return plain_panel(4, 90)


def test_figures_are_those_of_the_days_that_have_come_and_no_other(whole: Panel):
    made, beside = naive(whole.until(80)), naive(whole.until(80), seed=1)
    found = judge(made, beside, whole.until(86))
    assert found is not None
    truth = whole.values[:, 80:86].sum(axis=0)
    sums = made.paths[:, 0, :6].sum(axis=1)
    assert (found.days, found.missing, found.first_day, found.last_day) == (6, 0, "81", "86")
    assert found.actual == pytest.approx(truth.sum())
    assert found.median == np.median(sums)
    assert (found.low80, found.high80) == tuple(np.quantile(sums, [0.1, 0.9]))
    assert (found.low95, found.high95) == tuple(np.quantile(sums, [0.025, 0.975]))
    assert found.inside80 == (found.low80 <= truth.sum() <= found.high80)
    assert found.error == pytest.approx(np.median(sums) / truth.sum() - 1)
    inside = [
        np.quantile(made.paths[:, 0, day], 0.1)
        <= truth[day]
        <= np.quantile(made.paths[:, 0, day], 0.9)
        for day in range(6)
    ]
    assert found.coverage80 == pytest.approx(np.mean(inside))
    for forecast, loss in ((made, found.pinball), (beside, found.pinball_naive)):
        losses = []
        for day in range(6):
            for level in LEVELS:
                miss = truth[day] - np.quantile(forecast.paths[:, 0, day], level)
                losses.append(max(level * miss, (level - 1) * miss))
        assert loss == pytest.approx(np.mean(losses))
    leaves = range(made.tree.first_leaf, made.tree.size)
    hits = 0
    for row, node in enumerate(leaves):
        low, high = np.quantile(made.paths[:, node, :6].sum(axis=1), [0.1, 0.9])
        hits += low <= whole.values[row, 80:86].sum() <= high
    assert (found.creators, found.creators_inside) == (4, hits)


def test_a_day_without_a_total_is_left_out_of_both(whole: Panel):
    made = naive(whole.until(80))
    values = whole.values.copy()
    values[:, 82] = np.nan
    found = judge(made, None, replace(whole, values=values))
    assert found is not None
    kept = [0, 1, 3, 4, 5, 6, 7, 8, 9]
    assert (found.days, found.missing) == (9, 1)
    assert found.median == np.median(made.paths[:, 0, kept].sum(axis=1))
    assert found.actual == pytest.approx(whole.values[:, 80:][:, kept].sum())
    assert np.isnan(found.pinball_naive)
    assert found.creators == 4


def test_nothing_is_said_before_a_day_has_come(whole: Panel):
    made = naive(whole.until(80))
    assert judge(made, None, whole.until(80)) is None
    values = whole.values.copy()
    values[:, 80:] = np.nan
    assert judge(made, None, replace(whole, values=values)) is None


def test_creators_who_are_gone_have_no_truth(whole: Panel):
    made = naive(whole.until(80))
    later = Panel.from_arrays(whole.values[:3], items=whole.items[:3], groups=whole.groups[:3])  # type: ignore[index]
    actual = actual_values(made.tree, made.axis, later)
    assert np.isnan(actual[made.tree.names.index("c3")]).all()
    assert np.isfinite(actual[0]).all()
    found = judge(made, None, later)
    assert found is not None
    assert found.creators == 3


def test_a_history_that_begins_in_the_midst_of_the_horizon_is_enough(whole: Panel):
    made = naive(whole.until(80))
    late = Panel.from_arrays(whole.values[:, 84:], items=whole.items, groups=whole.groups, start=85)
    found = judge(made, None, late)
    assert found is not None
    assert (found.first_day, found.days, found.missing) == ("85", 6, 4)
    assert found.median == np.median(made.paths[:, 0, 4:].sum(axis=1))
