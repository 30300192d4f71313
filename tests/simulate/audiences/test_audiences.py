"""Batches: bits by seed, whatever the batch; shapes, masks, and truth that fits together."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tracemalloc
from dataclasses import fields, replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

import upswell
from upswell.errors import SettingError
from upswell.simulate.audiences import (
    BLOCK,
    AudiencePrior,
    Audiences,
    Events,
    Fault,
    simulate_audiences,
)
from upswell.simulate.audiences.bursts import BurstPrior
from upswell.simulate.audiences.priors import Chance

ARRAYS = (
    *("observed", "faults", "future", "counts", "expected", "holidays", "announced"),
    *("start", "panel"),
)


def same(one: Audiences, other: Audiences) -> bool:
    """Whether two batches are equal to the last bit, components and events included."""
    assert one.components is not None
    assert other.components is not None
    pairs = [(getattr(one, name), getattr(other, name)) for name in ARRAYS]
    for part, names in (
        ("components", fields(one.components)),
        ("bursts", fields(Events)),
        ("releases", fields(Events)),
    ):
        a, b = getattr(one, part), getattr(other, part)
        pairs += [(getattr(a, name.name), getattr(b, name.name)) for name in names]
    return all(a.shape == b.shape and a.tobytes() == b.tobytes() for a, b in pairs)


def cut(whole: Audiences, begin: int, count: int) -> Audiences:
    return simulate_audiences(count, whole.days, whole.horizon, 3, first=begin)


WHOLE = simulate_audiences(2 * BLOCK + 44, 90, 20, 3)


def test_a_seed_gives_the_same_bits_and_another_does_not() -> None:
    one, again, other = (simulate_audiences(9, 60, 10, seed) for seed in (7, 7, 8))
    assert same(one, again)
    assert not same(one, other)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, WHOLE.counts.shape[0] - 1), st.integers(1, 200))
def test_a_series_has_the_same_bits_whatever_batch_it_comes_in(begin: int, count: int) -> None:
    count = min(count, WHOLE.counts.shape[0] - begin)
    part = cut(WHOLE, begin, count)
    for name in ARRAYS:
        expected = getattr(WHOLE, name)[begin : begin + count]
        assert getattr(part, name).tobytes() == expected.tobytes(), name
    assert part.components is not None
    assert WHOLE.components is not None
    for field in fields(part.components):
        expected = getattr(WHOLE.components, field.name)[begin : begin + count]
        assert getattr(part.components, field.name).tobytes() == expected.tobytes()
    mine = (WHOLE.bursts.series >= begin) & (WHOLE.bursts.series < begin + count)
    np.testing.assert_array_equal(part.bursts.series, WHOLE.bursts.series[mine] - begin)
    np.testing.assert_array_equal(part.bursts.size, WHOLE.bursts.size[mine])


def test_another_process_gives_the_same_bits() -> None:
    code = (
        "import hashlib; from upswell.simulate.audiences import simulate_audiences as s;"
        "b = s(5, 40, 5, 9, first=130); print(hashlib.sha256(b.observed.tobytes()).hexdigest())"
    )
    source = str(Path(upswell.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": source, "PYTHONHASHSEED": "5"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = simulate_audiences(5, 40, 5, 9, first=130).observed.tobytes()
    assert done.stdout.strip() == hashlib.sha256(here).hexdigest()


def test_a_batch_takes_little_more_than_its_result() -> None:
    tracemalloc.start()
    batch = simulate_audiences(10 * BLOCK, 200, 30, 1, components=False)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    result = sum(getattr(batch, name).nbytes for name in ARRAYS)
    assert peak < 2.5 * result + 15e6


def test_leaving_the_components_out_changes_nothing_else() -> None:
    one, other = (simulate_audiences(5, 40, 5, 1, components=kept) for kept in (True, False))
    assert other.components is None
    for name in ARRAYS:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes()
    with pytest.raises(SettingError, match="without their components"):
        other.expected_without_bursts(0, 10)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 80), st.integers(0, 40), st.integers(0, 2**64))
def test_any_size_gives_counts_that_fit_together(days: int, horizon: int, seed: int) -> None:
    batch = simulate_audiences(4, days, horizon, seed)
    assert batch.observed.shape == batch.faults.shape == batch.mask.shape == (4, days)
    assert batch.future.shape == (4, horizon)
    assert batch.expected.shape == batch.counts.shape == (4, days + horizon)
    assert np.isfinite(batch.expected).all()
    assert (batch.expected >= 0).all()
    assert (batch.counts >= 0).all()
    assert (batch.counts == np.floor(batch.counts)).all()
    assert (batch.counts[batch.expected == 0] == 0).all()
    assert (batch.future == batch.counts[:, days:]).all()
    seen = batch.observed[batch.mask]
    assert np.isfinite(seen).all()
    assert (seen >= 0).all()
    assert (batch.total == batch.future.sum(axis=1)).all()
    assert (batch.peak <= batch.total).all()
    assert batch.components is not None
    assert (batch.components.expected() == batch.expected).all()


def test_three_years_of_history_stay_within_bounds() -> None:
    batch = simulate_audiences(2 * BLOCK, 1095, 60, 5, components=False)
    assert np.isfinite(batch.counts).all()
    assert batch.expected.max() < 1e15
    assert (np.median(batch.counts, axis=1) > 0).mean() > 0.8


def test_the_record_is_what_happened_where_no_fault_says_otherwise() -> None:
    fine = WHOLE.faults == Fault.NONE
    assert fine.mean() > 0.8
    assert (WHOLE.observed[fine] == WHOLE.counts[:, : WHOLE.days][fine]).all()
    gone = np.isnan(WHOLE.observed)
    assert (gone <= np.isin(WHOLE.faults, (Fault.MISSING, Fault.ABSENT))).all()
    assert gone[WHOLE.faults == Fault.MISSING].all()


def test_the_future_of_a_panel_is_the_sum_of_its_series() -> None:
    names, sums = WHOLE.panel_sums(WHOLE.future)
    assert sums.sum() == WHOLE.future.sum()
    assert np.isnan(WHOLE.panel_sums(WHOLE.observed)[1]).any()
    sizes = {int(name): int((WHOLE.panel == name).sum()) for name in names}
    largest = max(sizes, key=lambda name: sizes[name])
    assert sizes[largest] > 2
    members = slice(largest, largest + sizes[largest])
    np.testing.assert_array_equal(sums[names == largest][0], WHOLE.future[members].sum(axis=0))
    assert (WHOLE.panel // BLOCK == np.arange(WHOLE.panel.size) // BLOCK).all()


def test_without_no_burst_is_what_was_expected_and_without_all_has_none() -> None:
    assert WHOLE.components is not None
    length = WHOLE.days + WHOLE.horizon
    assert (WHOLE.expected_without_bursts(0, 0) == WHOLE.expected).all()
    none = WHOLE.expected_without_bursts(0, length)
    np.testing.assert_array_equal(none, WHOLE.components.expected(without=["burst"]))


def test_without_last_weeks_bursts_only_what_followed_them_changes() -> None:
    since = WHOLE.days - 7
    calm = WHOLE.expected_without_bursts(since, WHOLE.days)
    began = (WHOLE.bursts.cause >= since) & (WHOLE.bursts.cause < WHOLE.days)
    hit = np.unique(WHOLE.bursts.series[began])
    assert hit.size > 5
    assert (calm <= WHOLE.expected).all()
    there = WHOLE.expected[hit, since:].sum(axis=1) > 0
    assert (calm[hit, since:].sum(axis=1) < WHOLE.expected[hit, since:].sum(axis=1))[there].all()
    spared = np.setdiff1d(np.arange(len(calm)), hit)
    assert (calm[spared] == WHOLE.expected[spared]).all()


def test_what_is_announced_is_a_release_and_not_every_release_is_announced() -> None:
    table = WHOLE.releases
    assert WHOLE.announced[table.series[table.known], table.day[table.known]].all()
    places = table.series[table.known] * WHOLE.announced.shape[1] + table.day[table.known]
    assert WHOLE.announced.sum() == np.unique(places).size
    assert 0.2 < table.known.mean() < 0.8


def test_another_prior_of_one_family_leaves_the_draws_of_the_others_as_they_are() -> None:
    usual = simulate_audiences(50, 60, 10, 4)
    never = Chance(1.0, means="a series has no bursts", why="a test")
    prior = replace(AudiencePrior(), bursts=replace(BurstPrior(), absent=never))
    calm = simulate_audiences(50, 60, 10, 4, prior=prior)
    assert usual.components is not None
    assert calm.components is not None
    assert len(usual.bursts) > 0
    assert len(calm.bursts) == 0
    assert (calm.components.burst == 0).all()
    for field in fields(usual.components):
        if field.name != "burst":
            one, other = (getattr(b.components, field.name) for b in (usual, calm))
            assert one.tobytes() == other.tobytes(), field.name


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ({"count": 0}, "count"),
        ({"days": 0}, "days"),
        ({"horizon": -1}, "horizon"),
        ({"seed": -1}, "seed"),
        ({"first": -1}, "first"),
        ({"days": 2.0}, "days"),
        ({"count": True}, "count"),
    ],
)
def test_numbers_out_of_range_are_refused(numbers: dict[str, int], name: str) -> None:
    fine = {"count": 1, "days": 10, "horizon": 2, "seed": 0, "first": 0}
    with pytest.raises(SettingError, match=name):
        simulate_audiences(**(fine | numbers))
