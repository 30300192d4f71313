"""Occlusion: what is asked, and attributions that add up, against forecasters that are known."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from upswell.forecasting.explaining.occlusion import occlude, occlude_bursts, shapley_values
from upswell.forecasting.explaining.parts import FAMILIES, split_history

RNG = np.random.default_rng(6)
DAYS = np.arange(140)


def history() -> np.ndarray:
    views = 1000.0 * np.exp(0.01 * (DAYS - 139)) * (1.0 + 0.4 * (DAYS % 7 == 3))
    views = np.stack([views, np.full(140, 50.0)]) * np.exp(0.05 * RNG.standard_normal((2, 140)))
    views[0, 40:43] *= 5.0
    views[0, 132:135] *= 4.0
    return views


def last_week(values: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    medians = np.tile(values[:, -7:], horizon // 7 + 1)[:, :horizon]
    return medians, medians.sum(axis=1)


def growth(values: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
    """Let the last level grow as over the last two months."""
    recent, before = np.median(values[:, -7:], axis=1), np.median(values[:, -63:-56], axis=1)
    rate = np.log(recent / before) / 56
    medians = recent[:, None] * np.exp(rate[:, None] * np.arange(4, horizon + 4))
    return medians, medians.sum(axis=1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=8, max_size=8))
def test_shapley_values_are_means_over_all_orders(figures: list[float]) -> None:
    left = [frozenset(n for n, bit in zip("abc", f"{k:03b}", strict=True) if bit == "1")
            for k in range(8)]  # fmt: skip
    answers = dict(zip(left, map(np.array, figures), strict=True))
    found = shapley_values(answers)
    for name in "abc":
        gains = []
        for order in permutations("abc"):
            gone = frozenset(order[order.index(name) + 1 :])
            gains.append(answers[gone] - answers[gone | {name}])
        assert np.isclose(found[name], np.mean(gains), atol=1e-6)
    total = answers[frozenset()] - answers[frozenset("abc")]
    assert np.isclose(sum(found.values()), total, atol=1e-6)


def test_everything_adds_up_to_the_forecast() -> None:
    found = occlude(split_history(history()), 30, last_week)
    whole = found.flat + found.remainder + sum(found.shares().values())
    assert np.allclose(whole, found.whole.sums)


def test_the_forecaster_is_asked_once_for_each_choice_of_parts() -> None:
    asked = []

    def ask(values: np.ndarray, horizon: int) -> tuple[np.ndarray, np.ndarray]:
        asked.append(values.copy())
        return last_week(values, horizon)

    views = history()
    found = occlude(split_history(views), 14, ask)
    assert len(asked) == 2 ** len(FAMILIES) == len(found.answers)
    assert asked[0].tobytes() == views.tobytes()


def test_a_forecaster_that_uses_the_week_alone_owes_its_shape_to_the_week() -> None:
    found = occlude(split_history(history()), 28, last_week)
    flat = found.answers[frozenset({"week", "bursts"})].medians[0]
    shaped = found.without("bursts").medians[0]
    assert np.ptp(np.log(flat)) < 0.25 < np.ptp(np.log(shaped))


def test_a_forecaster_that_lets_growth_go_on_owes_it_to_the_trend() -> None:
    found = occlude(split_history(history()), 30, growth)
    share = found.shares()["trend"][0] / found.whole.sums[0]
    assert share == pytest.approx(1 - 1 / np.exp(0.01 * 18.5), abs=0.05)
    assert abs(found.shares()["trend"][1] / found.whole.sums[1]) < 0.05


def test_bursts_are_left_out_one_by_one_the_last_one_first() -> None:
    parts = split_history(history())
    found = occlude_bursts(parts, 14, last_week, latest=5)
    assert [one.burst.first for one in found[0]] == [132, 40]
    assert found[1] == []
    whole = last_week(parts.values, 14)[1][0]
    latest, oldest = found[0]
    assert latest.total < 0.8 * whole
    assert oldest.total == whole
    assert len(occlude_bursts(parts, 14, last_week, latest=1)[0]) == 1
