"""Lessons: a function of seed and number, whose truth is what was simulated."""

from __future__ import annotations

import numpy as np
import pytest

from upswell.forecasting.lstm.pretrained import MEMORY, network_inputs, targets
from upswell.forecasting.lstm.pretraining import lessons
from upswell.forecasting.lstm.pretraining.lessons import chapter_batches, examples, lesson
from upswell.simulate.audiences import BLOCK, simulate_audiences

SEED = 5


def days_of(seed: int, number: int) -> int:
    return int(np.random.default_rng([seed, number]).choice([200, 420, 1155], p=[0.3, 0.4, 0.3]))


@pytest.fixture(scope="module")
def some():
    return examples(SEED, 4)


@pytest.fixture(scope="module")
def audiences():
    return simulate_audiences(
        BLOCK, days=days_of(SEED, 4), horizon=35, seed=SEED, first=4 * BLOCK, components=False
    )


def test_the_same_numbers_give_the_same_lesson(some):
    again = examples(SEED, 4)
    for name in ("histories", "holidays", "announced", "future"):
        assert getattr(some, name).tobytes() == getattr(again, name).tobytes()
    other = examples(SEED + 1, 4)
    assert other.future.shape != some.future.shape or (other.future != some.future).any()


def test_a_history_is_what_was_recorded_and_a_future_what_happened(some, audiences):
    """Each example is found again in the simulation by its future."""
    days = audiences.days
    found = sums = 0
    for history, future in zip(some.histories, some.future, strict=True):
        seen = np.flatnonzero(np.isfinite(history))
        windows = np.lib.stride_tricks.sliding_window_view(audiences.counts, 35, axis=1)
        places = np.argwhere((windows == future).all(axis=2))
        if len(places) == 0:
            sums += 1  # of a panel
            continue
        agrees = False
        for row, cut in places:
            back = seen - MEMORY + cut
            inside = cut <= days and (back >= 0).all()
            agrees |= inside and np.array_equal(audiences.observed[row, back], history[seen])
        assert agrees
        found += 1
    assert found > 300
    assert sums <= 4 * len(np.unique(audiences.panel))


def test_every_series_is_cut_at_its_last_day(some, audiences):
    ends = {future.tobytes() for future in some.future}
    lively = np.isfinite(audiences.observed[:, -14:]).all(axis=1)
    lively &= (audiences.observed[:, -14:] > 0).all(axis=1)
    assert lively.sum() > 50
    assert all(future.tobytes() in ends for future in audiences.future[lively])


def test_all_that_the_network_gets_is_finite(some):
    inputs = some.inputs()
    for part in (inputs.past, inputs.future, targets(inputs, some.future), some.future):
        assert np.isfinite(part).all()
    assert (np.isfinite(some.histories).sum(axis=1) >= 10).all()
    assert (np.nanmax(some.histories, axis=1) > 0).all()


def test_lengths_are_as_different_as_real_ones():
    shown = lessons._visible_days(np.random.default_rng(1), 20_000)
    assert shown.min() == 14
    assert 850 < shown.max() <= MEMORY
    share = [(shown < 50).mean(), ((shown >= 50) & (shown < 128)).mean(), (shown >= 400).mean()]
    assert share == pytest.approx([0.2, 0.4, 0.2], abs=0.01)


def test_one_chapter_in_seven_looks_a_quarter_ahead():
    horizons = np.array([lessons._horizon(3, chapter) for chapter in range(3000)])
    assert set(horizons) == {35, 91}
    assert (horizons == 91).mean() == pytest.approx(0.15, abs=0.02)


def test_flags_are_hidden_from_some_examples_and_are_those_of_the_days(some, audiences):
    shown = some.holidays[:, -100:].any(axis=1)
    assert 0.3 < shown.mean() < 0.95
    first = np.flatnonzero(shown)[0]
    windows = np.lib.stride_tricks.sliding_window_view(audiences.holidays, 100, axis=1)
    assert (windows == some.holidays[first, -100:]).all(axis=2).any()


def test_the_sum_of_a_panel_is_that_of_its_members():
    for first in range(0, 20 * BLOCK, BLOCK):
        audiences = simulate_audiences(
            BLOCK, days=60, horizon=7, seed=1, first=first, components=False
        )
        names, sizes = np.unique(audiences.panel, return_counts=True)
        if (sizes > 1).any():
            break
    made = lessons._with_sums(audiences)
    panels = names[sizes > 1]
    assert len(made.counts) == BLOCK + len(panels)
    for place, panel in enumerate(panels, start=BLOCK):
        mine = audiences.panel == panel
        assert np.array_equal(made.counts[place], audiences.counts[mine].sum(axis=0))
        whole = np.isfinite(audiences.observed[mine]).all(axis=0)
        expected = audiences.observed[mine].sum(axis=0)
        assert np.array_equal(made.observed[place, whole], expected[whole])
        gone = np.isnan(audiences.observed[mine]).all(axis=0)
        assert np.isnan(made.observed[place, gone & (expected != 0)]).all()


def test_an_event_of_most_of_a_panel_is_one_of_its_sum():
    found = 0
    for first in range(0, 12 * BLOCK, BLOCK):
        audiences = simulate_audiences(
            BLOCK, days=60, horizon=7, seed=2, first=first, components=False
        )
        made = lessons._with_sums(audiences)
        names, sizes = np.unique(audiences.panel, return_counts=True)
        usual = audiences.counts[:, :60].mean(axis=1)
        for place, panel in enumerate(names[sizes > 1], start=BLOCK):
            mine = audiences.panel == panel
            part = usual[mine] @ audiences.announced[mine]
            expected = part > 0.5 * usual[mine].sum()
            assert (made.announced[place] == expected).all()
            found += expected.sum()
    assert found > 0


def test_a_chapter_hands_out_each_example_once():
    batches = chapter_batches(SEED, 1, 300)
    sizes = [len(batch) for batch in batches]
    assert max(sizes) - min(sizes) <= 1
    assert abs(np.mean(sizes) - 300) < 40
    parts = [lesson(SEED, 4 + k).batch() for k in range(4)]
    taught = sorted(row.tobytes() for batch in batches for row in batch.targets)
    assert taught == sorted(row.tobytes() for part in parts for row in part.targets)
    assert batches[0].targets[0].tobytes() != parts[0].targets[0].tobytes()


def test_a_lesson_is_read_as_a_file_would_be(some):
    one = lesson(SEED, 4)
    row = 7
    history = some.histories[row]
    first = np.flatnonzero(np.isfinite(history))[0]
    flags = {name: getattr(some, name)[row : row + 1, first:] for name in ("holidays", "announced")}
    read = network_inputs(history[None, first:], 35, **flags)
    assert np.array_equal(read.future[0], one.inputs.future[row])
