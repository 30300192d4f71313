"""One block of series: every family draws from a stream of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.random import SFC64, Generator, SeedSequence
from numpy.typing import NDArray

from upswell.simulate.audiences.autoregression import log_moods
from upswell.simulate.audiences.bursts import draw_bursts
from upswell.simulate.audiences.components import Components
from upswell.simulate.audiences.counts import activity, draw_counts
from upswell.simulate.audiences.events import Events, response
from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.holidays import draw_holidays
from upswell.simulate.audiences.launches import draw_debuts, draw_releases
from upswell.simulate.audiences.level import log_level
from upswell.simulate.audiences.outliers import outlier_factors
from upswell.simulate.audiences.panels import draw_frame, log_shared
from upswell.simulate.audiences.prior import AudiencePrior
from upswell.simulate.audiences.recording import draw_records
from upswell.simulate.audiences.shifts import log_shifts
from upswell.simulate.audiences.trend import log_trend
from upswell.simulate.audiences.walk import log_walk
from upswell.simulate.audiences.week import log_week
from upswell.simulate.audiences.year import log_year

__all__ = ["BLOCK", "LARGEST", "Block", "simulate_block"]

BLOCK = 128
"""Series that are drawn together; a part of what a seed means."""

LARGEST = 1e11
"""Most views a day before bursts, releases and outliers."""

# Each family has a stream of its own, by its place here; new ones go to the end.
STREAMS = (
    *("frame", "level", "trend", "walk", "moods", "week", "year", "holidays", "shifts"),
    *("shared", "debuts", "bursts", "releases", "outliers", "activity", "counts", "records"),
)


@dataclass(frozen=True)
class Block:
    """What is simulated of one block; the words are those of `Audiences`."""

    observed: NDArray[np.float64]
    faults: NDArray[np.int8]
    counts: NDArray[np.float64]
    expected: NDArray[np.float64]
    holidays: NDArray[np.bool_]
    announced: NDArray[np.bool_]
    start: NDArray[np.int64]
    panel: NDArray[np.int64]
    bursts: Events
    releases: Events
    components: Components | None

    ARRAYS: ClassVar = (
        *("observed", "faults", "counts", "expected"),
        *("holidays", "announced", "start", "panel"),
    )


def simulate_block(seed: int, index: int, days: int, horizon: int, prior: AudiencePrior) -> Block:
    """Simulate the series number ``128 * index`` and the 127 that follow."""
    rng = {
        name: Generator(SFC64(SeedSequence(seed, spawn_key=(index, place))))
        for place, name in enumerate(STREAMS)
    }
    frame = draw_frame(rng["frame"], prior.panels, BLOCK, days, horizon)
    holiday, day_off = draw_holidays(rng["holidays"], prior.holidays, frame)
    bursts = draw_bursts(rng["bursts"], prior.bursts, frame)
    releases = draw_releases(rng["releases"], prior.launches, frame)
    debut, there = draw_debuts(rng["debuts"], prior.launches, frame)
    logs = {
        "level": log_level(rng["level"], prior.level, frame),
        "trend": log_trend(rng["trend"], prior.trend, frame),
        "walk": log_walk(rng["walk"], prior.walk, frame),
        "moods": log_moods(rng["moods"], prior.moods, frame),
        "week": log_week(rng["week"], prior.week, frame, day_off),
        "year": log_year(rng["year"], prior.year, frame),
        "holiday": holiday,
        "shift": log_shifts(rng["shifts"], prior.shifts, frame),
        "shared": log_shared(rng["shared"], prior.panels, frame),
        "debut": debut,
    }
    components = Components(
        **logs,
        limit=np.minimum(np.log(LARGEST) - sum(logs.values()), 0.0),
        burst=response(bursts, frame.shape),
        release=response(releases, frame.shape),
        outlier=outlier_factors(rng["outliers"], prior.outliers, frame),
        presence=there * activity(rng["activity"], prior.counts, frame),
    )
    expected = components.expected()
    counts = draw_counts(rng["counts"], prior.counts, frame, expected)
    observed, faults = draw_records(
        rng["records"], prior.recording, frame, counts[:, :days], there[:, :days]
    )
    return Block(
        observed=observed,
        faults=faults,
        counts=counts,
        expected=expected,
        holidays=day_off,
        announced=_announced(releases, frame),
        start=frame.start,
        panel=BLOCK * index + frame.first_of_panel()[frame.panel],
        bursts=bursts,
        releases=releases,
        components=components,
    )


def _announced(releases: Events, frame: Frame) -> NDArray[np.bool_]:
    out = np.zeros(frame.shape, dtype=bool)
    out[releases.series[releases.known], releases.day[releases.known]] = True
    return out
