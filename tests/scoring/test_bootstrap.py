"""The paired block bootstrap against a loop in plain Python and against the known spread."""

from __future__ import annotations

import math

import numpy as np
import pytest

from upswell.errors import SettingError
from upswell.scoring import paired_block_bootstrap


def _world(seed: int, weeks: int = 12) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    blocks = np.repeat(np.arange(weeks), generator.integers(1, 9, weeks))
    shared = generator.exponential(size=weeks)[blocks]
    return (
        0.8 * shared + generator.exponential(size=blocks.size),
        shared + generator.exponential(size=blocks.size),
        blocks,
    )


@pytest.mark.parametrize("statistic", ["difference", "ratio", "root-ratio"])
def test_it_equals_a_loop_that_copies_the_items_of_the_drawn_blocks(statistic: str) -> None:
    first, second, blocks = _world(3)
    of = {
        "difference": lambda a, b: np.mean(a) - np.mean(b),
        "ratio": lambda a, b: np.mean(a) / np.mean(b),
        "root-ratio": lambda a, b: math.sqrt(np.mean(a) / np.mean(b)),
    }[statistic]
    times = np.random.default_rng(7).multinomial(12, np.full(12, 1 / 12), size=300)
    drawn, wins = [], []
    for counts in times.tolist():
        rows = [i for i, block in enumerate(blocks) for _ in range(counts[block])]
        drawn.append(of(first[rows], second[rows]))
        wins.append(np.mean(first[rows]) < np.mean(second[rows]))
    found = paired_block_bootstrap(
        first, second, blocks, statistic=statistic, draws=300, seed=7, level=0.8
    )
    assert found.estimate == pytest.approx(of(first, second))
    assert (found.low, found.high) == pytest.approx(tuple(np.quantile(drawn, [0.1, 0.9])))
    assert found.better == pytest.approx(np.mean(wins))
    assert (found.blocks, found.draws) == (12, 300)


def test_the_spread_of_independent_items_is_the_known_one() -> None:
    generator = np.random.default_rng(5)
    gaps = generator.normal(size=400)
    found = paired_block_bootstrap(
        gaps, np.zeros(400), np.arange(400), statistic="difference", draws=4000, seed=1
    )
    half = 1.6449 * gaps.std() / math.sqrt(400)
    assert found.high - found.low == pytest.approx(2 * half, rel=0.06)
    assert (found.low + found.high) / 2 == pytest.approx(gaps.mean(), abs=0.01)


def test_items_that_share_a_week_are_worth_no_more_than_the_week() -> None:
    generator = np.random.default_rng(5)
    weeks = np.repeat(np.arange(30), 10)
    gaps = generator.normal(size=30)[weeks]
    zero = np.zeros(300)
    both = [
        paired_block_bootstrap(gaps, zero, blocks, statistic="difference", seed=1)
        for blocks in (weeks, np.arange(300))
    ]
    widths = [found.high - found.low for found in both]
    assert widths[0] == pytest.approx(math.sqrt(10) * widths[1], rel=0.1)


def test_the_same_seed_gives_the_same_bits_and_names_of_blocks_do_not_matter() -> None:
    first, second, blocks = _world(4)
    days = np.datetime64("2024-01-01") + 7 * blocks
    found = paired_block_bootstrap(first, second, blocks, seed=2)
    assert found == paired_block_bootstrap(first, second, days, seed=2)
    assert found != paired_block_bootstrap(first, second, blocks, seed=3)
    assert 0.0 < found.better < 1.0


def test_equal_losses_are_a_draw() -> None:
    losses, blocks = np.arange(1.0, 7.0), [0, 0, 1, 1, 2, 2]
    found = paired_block_bootstrap(losses, losses, blocks, seed=0)
    assert (found.estimate, found.low, found.high, found.better) == (1.0, 1.0, 1.0, 0.5)


def test_one_block_gives_an_estimate_and_no_interval() -> None:
    found = paired_block_bootstrap([1.0, 3.0], [2.0, 2.0], [5, 5], seed=0)
    assert found.estimate == 1.0
    assert np.isnan([found.low, found.high, found.better]).all()
    none = paired_block_bootstrap([], [], [], seed=0)
    assert math.isnan(none.estimate)
    assert none.blocks == 0


def test_a_ratio_to_no_loss_is_undefined() -> None:
    found = paired_block_bootstrap([1.0, 1.0], [0.0, 0.0], [0, 1], seed=0)
    assert np.isnan([found.estimate, found.low, found.high]).all()
    gap = paired_block_bootstrap([1.0, 1.0], [0.0, 0.0], [0, 1], statistic="difference", seed=0)
    assert (gap.low, gap.high, gap.better) == (1.0, 1.0, 0.0)


def test_a_pair_without_losses_is_left_out_and_a_half_known_one_is_not() -> None:
    with_gap = paired_block_bootstrap([1.0, np.nan, 2.0], [2.0, np.nan, 2.0], [0, 7, 1], seed=0)
    assert with_gap == paired_block_bootstrap([1.0, 2.0], [2.0, 2.0], [0, 1], seed=0)
    half = paired_block_bootstrap([np.nan, 1.0], [1.0, 1.0], [0, 1], seed=0)
    assert np.isnan([half.estimate, half.low, half.better]).all()


@pytest.mark.parametrize(
    "change",
    [
        {"draws": 0},
        {"level": 1.0},
        {"statistic": "median"},
        {"blocks": [0]},
        {"losses_b": [1.0]},
        {"losses_a": [np.inf, 1.0]},
    ],
    ids=str,
)
def test_what_makes_no_sense_is_refused(change: dict) -> None:
    asked = {"losses_a": [1.0, 2.0], "losses_b": [1.0, 2.0], "blocks": [0, 1], "seed": 0} | change
    with pytest.raises(SettingError):
        paired_block_bootstrap(**asked)
