"""Who answers for a panel: the windows of its largest series say, and nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.data import Tree
from upswell.forecasting.blending import Blend
from upswell.forecasting.history import MedianForecaster
from upswell.forecasting.naive import SeasonalNaive
from upswell.forecasting.registry import forecasters
from upswell.forecasting.settling import STUDIED_CATEGORIES, STUDIED_CREATORS, Settled, settle
from worlds import Spy, history_of, walk


def settled(name: str, forecaster: MedianForecaster, values: np.ndarray) -> Settled:
    items = tuple(f"c{k}" for k in range(len(values)))
    tree = Tree.of(items, tuple(f"g{k % 25}" for k in range(len(values))))
    history = history_of(tree.sums(values))
    return settle(name, forecaster, history, tree, horizon=7, seed=0, start=0)


def test_the_total_and_the_largest_series_of_each_level_are_studied() -> None:
    sizes = np.random.default_rng(0).permutation(60) + 1.0
    values = sizes[:, None] * np.exp(0.01 * np.sin(np.arange(50.0)))
    found = settled("seasonal-naive", SeasonalNaive(), values)
    creators = found.studied[found.studied >= 26] - 26
    assert found.studied[0] == 0
    assert len(found.studied) == 1 + STUDIED_CATEGORIES + STUDIED_CREATORS
    assert sorted(sizes[creators]) == list(range(60 - STUDIED_CREATORS + 1, 61))


@pytest.mark.parametrize(
    ("name", "answers"), [("auto", "seasonal-naive"), ("spy", "spy")], ids=["auto", "by name"]
)
def test_only_auto_gives_way_to_seasonal_naive(name: str, answers: str) -> None:
    days = np.arange(70)
    values = 100.0 * (1 + days % 7)[None] + np.random.default_rng(1).standard_normal((2, 70))
    bad = Spy(lambda history, horizon: np.full((history.series, horizon), 1e6))
    found = settled(name, bad, values)
    assert (found.chosen.name, found.selection.chosen) == (answers, answers)


def test_a_blend_takes_the_weights_of_the_windows_and_its_lead_alone_where_they_are_few() -> None:
    blend = forecasters(["blend"])["blend"]
    values = np.stack([walk(140, seed) for seed in range(2)])
    long, short = (settled("blend", blend, part) for part in (values, values[:, :27]))
    assert isinstance(long.chosen, Blend)
    assert long.chosen.described() in long.selection.why
    assert short.chosen.name == "lstm-pretrained"
