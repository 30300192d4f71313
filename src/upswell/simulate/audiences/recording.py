"""Recording: what real files make of counts: holes, stale days, late readings, half last days."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import Chance, Kinds, LogUniform, Uniform

__all__ = ["Fault", "RecordingPrior", "draw_records"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Fault(IntEnum):
    """What happened to the record of a day; the later ones hide the earlier."""

    NONE = 0
    ROUNDED = 1
    LATE = 2
    CAUGHT_UP = 3
    STALE = 4
    PARTIAL = 5
    ZERO_FOR_MISSING = 6
    MISSING = 7
    ABSENT = 8


@dataclass(frozen=True)
class RecordingPrior:
    """Priors of what files do to counts."""

    holes: Chance = Chance(
        0.35, means="a series misses single days", why="a judgement: exports fail now and then"
    )
    hole_rate: LogUniform = LogUniform(
        0.002, 0.15, means="part of its days that it misses", why="a judgement"
    )
    gap_rate: LogUniform = LogUniform(
        1 / 20_000,
        1 / 300,
        means="gaps a day that a whole panel shares",
        why="a judgement: a reader that was down misses everybody",
    )
    gap: LogUniform = LogUniform(1.0, 30.0, means="days of a gap", why="a judgement")
    late: Chance = Chance(
        0.06,
        means="a counter is not read on some days: 0, and the sum on the next",
        why="a judgement: counters of platforms stand still and catch up",
    )
    late_rate: LogUniform = LogUniform(0.003, 0.1, means="part of such days", why="a judgement")
    stale: Chance = Chance(
        0.05, means="a series repeats the day before on some days", why="a judgement"
    )
    stale_rate: LogUniform = LogUniform(0.002, 0.05, means="part of such days", why="a judgement")
    everybody: Chance = Chance(
        0.4,
        means="days that are late or stale are so for a whole panel",
        why="a judgement: one reader reads all counters",
    )
    partial: Chance = Chance(
        0.12, means="a panel's last day was read before it was over", why="a judgement"
    )
    part: Uniform = Uniform(0.05, 0.95, means="part of it that was read", why="any time of day")
    settling: Kinds = Kinds(
        {"1": 0.7, "2": 0.2, "3": 0.1},
        means="last days that are not complete yet",
        why="a judgement: counts of the days before may still be arriving; of each day before "
        "the last one third as much is missing, on the log scale",
    )
    zeros: Chance = Chance(
        0.08, means="a series has 0 where nothing was recorded", why="a judgement: filled exports"
    )
    rounds: Chance = Chance(
        0.05,
        means="counts are rounded to three digits",
        why="a judgement: platforms show 12.3K",
    )


def draw_records(
    rng: Generator, prior: RecordingPrior, frame: Frame, counts: Floats, presence: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    """Draw what a file says of the history.

    Parameters
    ----------
    rng, prior, frame
        As in all families.
    counts, presence
        What happened, and whether the series was there, shape ``(S, T)``.

    Returns
    -------
    tuple
        Records, NaN where there is none, and the `Fault` of each day, both of shape ``(S, T)``.
    """
    size, shape = (frame.size, 1), counts.shape
    faults = np.zeros(shape, dtype=np.int8)
    records = counts.copy()
    _round(records, faults, prior.rounds.draw(rng, frame.size))
    whole = frame.first_of_panel()[frame.panel]
    for chance, rate, spoil in (
        (prior.late, prior.late_rate, _delay),
        (prior.stale, prior.stale_rate, _repeat),
    ):
        days = _some(rng, chance, rate, shape)
        everybody = prior.everybody.draw(rng, frame.panels)[frame.panel]
        spoil(records, faults, np.where(everybody[:, None], days[whole], days))
    cut = prior.partial.draw(rng, frame.panels)[frame.panel]
    part = prior.part.draw(rng, frame.panels)[frame.panel]
    settling = 1 + prior.settling.draw(rng, frame.panels)[frame.panel]
    for back in range(min(3, frame.days)):
        rows = np.flatnonzero(cut & (settling > back))
        records[rows, -1 - back] = np.floor(records[rows, -1 - back] * part[rows] ** 3.0**-back)
        faults[rows, -1 - back] = Fault.PARTIAL
    missing = _some(rng, prior.holes, prior.hole_rate, shape) | _gaps(rng, prior, frame)
    filled = prior.zeros.draw(rng, size)
    absent = presence == 0
    absent &= np.logical_and.accumulate(absent, axis=1)  # after an end there are zeros
    for where, zero, gone in (
        (missing, Fault.ZERO_FOR_MISSING, Fault.MISSING),
        (absent, Fault.ABSENT, Fault.ABSENT),
    ):
        records[where] = np.where(np.broadcast_to(filled, shape)[where], 0.0, np.nan)
        faults[where] = np.where(np.broadcast_to(filled, shape)[where], zero, gone)
    return records, faults


def _some(rng: Generator, happens: Chance, rate: LogUniform, shape: tuple[int, ...]) -> Bools:
    """Draw days of the series that have them at all."""
    rows = np.flatnonzero(happens.draw(rng, shape[0]))
    out = np.zeros(shape, dtype=bool)
    out[rows] = rng.random((rows.size, shape[1])) < rate.draw(rng, (rows.size, 1))
    return out


def _gaps(rng: Generator, prior: RecordingPrior, frame: Frame) -> Bools:
    out = np.zeros((frame.panels, frame.days), dtype=bool)
    numbers = rng.poisson(prior.gap_rate.draw(rng, frame.panels) * frame.days)
    panels = np.repeat(np.arange(frame.panels), numbers)
    begin = rng.integers(0, frame.days, panels.size)
    lasts = prior.gap.draw(rng, panels.size).astype(np.int64)
    for panel, first, length in zip(panels, begin, lasts, strict=True):
        out[panel, first : first + length] = True
    return out[frame.panel]


def _round(records: Floats, faults: NDArray[np.int8], rounds: Bools) -> None:
    rows = np.flatnonzero(rounds)
    if rows.size:
        power = 10.0 ** np.maximum(np.floor(np.log10(np.maximum(records[rows], 1.0))) - 2, 0)
        faults[rows] = np.where(power > 1, Fault.ROUNDED, Fault.NONE)
        records[rows] = np.round(records[rows] / power) * power


def _delay(records: Floats, faults: NDArray[np.int8], late: Bools) -> None:
    """Move the counts of late days to the next day, day by day, so that runs add up."""
    late[:, -1:] = False
    rows, days = np.nonzero(late)
    order = np.argsort(days, kind="stable")
    for row, day in zip(rows[order], days[order], strict=True):
        records[row, day + 1] += records[row, day]
        records[row, day] = 0.0
        faults[row, day + 1] = Fault.CAUGHT_UP
        faults[row, day] = Fault.LATE


def _repeat(records: Floats, faults: NDArray[np.int8], stale: Bools) -> None:
    stale[:, :1] = False
    rows, days = np.nonzero(stale)
    order = np.argsort(days, kind="stable")
    for row, day in zip(rows[order], days[order], strict=True):
        records[row, day] = records[row, day - 1]
        faults[row, day] = Fault.STALE
