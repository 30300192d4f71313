"""Records: each fault does what its name says, and nothing else changes."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from numpy.random import default_rng

from audience_frames import frame
from upswell.simulate.audiences.priors import Chance, LogUniform
from upswell.simulate.audiences.recording import Fault, RecordingPrior, draw_records

ALWAYS, NEVER = (Chance(share, means="chance", why="a test") for share in (1.0, 0.0))
RARE = LogUniform(1e-12, 1e-12, means="none", why="a test")
OFTEN = LogUniform(0.1, 0.1, means="often", why="a test")
CHANCES = [f.name for f in fields(RecordingPrior) if isinstance(f.default, Chance)]
FAULTLESS = replace(RecordingPrior(), gap_rate=RARE, **dict.fromkeys(CHANCES, NEVER))
BLOCK = frame(60, 100, 10, members=3)
COUNTS = default_rng(0).integers(1, 10**6, (60, 100)).astype(float)
THERE = np.ones((60, 100))


def recorded(**changes):
    prior = replace(FAULTLESS, **changes)
    return draw_records(default_rng(1), prior, BLOCK, COUNTS, THERE)


def test_a_file_without_faults_says_what_happened() -> None:
    records, faults = recorded()
    assert (records == COUNTS).all()
    assert (faults == Fault.NONE).all()


def test_holes_are_missing_or_zero() -> None:
    records, faults = recorded(holes=ALWAYS, hole_rate=OFTEN)
    assert (np.isnan(records) == (faults == Fault.MISSING)).all()
    assert np.isnan(records).mean() == pytest.approx(0.1, abs=0.02)
    records, faults = recorded(holes=ALWAYS, hole_rate=OFTEN, zeros=ALWAYS)
    assert ((records == 0) == (faults == Fault.ZERO_FOR_MISSING)).all()


def test_a_gap_is_shared_by_a_panel() -> None:
    records, _ = recorded(gap_rate=LogUniform(0.01, 0.01, means="rate", why="a test"))
    gone = np.isnan(records)
    assert gone.any()
    assert (gone[::3] == gone[1::3]).all()


def test_a_late_counter_catches_up_and_loses_nothing() -> None:
    records, faults = recorded(late=ALWAYS, late_rate=OFTEN)
    np.testing.assert_allclose(records.sum(axis=1), COUNTS.sum(axis=1))
    assert (records[faults == Fault.LATE] == 0).all()
    assert (records[faults == Fault.CAUGHT_UP] > COUNTS[faults == Fault.CAUGHT_UP]).all()
    assert (records[faults == Fault.NONE] == COUNTS[faults == Fault.NONE]).all()
    assert (faults == Fault.LATE).any()


def test_a_stale_day_repeats_the_day_before() -> None:
    records, faults = recorded(stale=ALWAYS, stale_rate=OFTEN)
    stale = faults == Fault.STALE
    assert stale.any()
    assert not stale[:, 0].any()
    assert (records[:, 1:][stale[:, 1:]] == records[:, :-1][stale[:, 1:]]).all()


def test_a_partial_last_day_is_a_part_of_it_for_the_whole_panel() -> None:
    records, faults = recorded(partial=ALWAYS)
    assert (faults[:, -1] == Fault.PARTIAL).all()
    assert (records[:, :-3] == COUNTS[:, :-3]).all()
    part = records[:, -3:] / COUNTS[:, -3:]
    assert (part[:, -1] < 1).all()
    np.testing.assert_allclose(part[::3], part[1::3], atol=0.05)
    assert (np.diff(part, axis=1) <= 0.05).all()
    numbers = (faults == Fault.PARTIAL).sum(axis=1)
    assert set(numbers.tolist()) == {1, 2, 3}
    assert np.median(numbers) == 1


def test_a_history_of_one_day_can_be_partial() -> None:
    prior = replace(FAULTLESS, partial=ALWAYS)
    records, _ = draw_records(default_rng(1), prior, frame(9, 1, 5), COUNTS[:9, :1], THERE[:9, :1])
    assert (records < COUNTS[:9, :1]).all()


def test_rounded_counts_have_three_digits() -> None:
    records, _ = recorded(rounds=ALWAYS)
    digits = np.floor(np.log10(records)) - 2
    rest = records / 10 ** np.maximum(digits, 0)
    np.testing.assert_allclose(rest, np.round(rest), atol=1e-9)
    np.testing.assert_allclose(records, COUNTS, rtol=0.006)


def test_before_a_debut_there_is_no_record_and_in_a_pause_there_are_zeros() -> None:
    there = THERE.copy()
    there[:, :20] = 0
    there[:, 50:60] = 0
    records, faults = draw_records(default_rng(1), FAULTLESS, BLOCK, COUNTS * there, there)
    assert np.isnan(records[:, :20]).all()
    assert (faults[:, :20] == Fault.ABSENT).all()
    assert (records[:, 50:60] == 0).all()


def test_a_reader_that_is_late_is_late_for_its_whole_panel() -> None:
    _, faults = recorded(late=ALWAYS, late_rate=OFTEN, everybody=ALWAYS)
    late = faults == Fault.LATE
    assert late.any()
    assert (late[::3] == late[1::3]).all()
    _, apart = recorded(late=ALWAYS, late_rate=OFTEN)
    assert (apart[::3] != apart[1::3]).any()
