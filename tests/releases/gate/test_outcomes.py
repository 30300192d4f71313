"""Outcomes as of a day: mature ones only, from the rows known by then."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import polars as pl
import pytest

from releases.gate.oracle import moment
from releases.gate.tables import START, FrameTables, days_after, small_world
from upswell.errors import SettingError
from upswell.releases.frames import OUTCOME_COLUMNS
from upswell.releases.gate import outcomes_at, release_dates

HORIZONS = (3, 9)


def expected(tables: FrameTables, day: dt.date) -> list[tuple[str, int, float, dt.date]]:
    found = []
    for row in sorted(tables.releases.to_dicts(), key=lambda row: row["release"]):
        rows = [
            o
            for o in tables.outcomes.to_dicts()
            if o["release"] == row["release"] and moment(o) <= day
        ]
        if not rows or (row["known"] or dt.date.min) > day:
            continue
        for h in HORIZONS:
            closed = days_after(row["release_date"], h - 1)
            inside = [
                o["streams"] or 0.0 for o in rows if row["release_date"] <= o["day"] <= closed
            ]
            if closed <= day:
                found.append((row["release"], h, math.fsum(inside), closed))
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("days", [-100, 3, 20, 40, 90])
def test_outcomes_equal_plain_python(seed: int, days: int) -> None:
    tables, day = small_world(seed), days_after(START, days)
    found = outcomes_at(tables, HORIZONS, day)
    assert tuple(found.columns) == OUTCOME_COLUMNS
    assert found.rows() == expected(tables, day)


def test_types_are_kept_without_any_outcome() -> None:
    found = outcomes_at(replace(small_world(1), has_outcomes=False), HORIZONS)
    assert found.height == 0
    assert list(found.schema.values()) == [pl.String, pl.Int64, pl.Float64, pl.Date]


@pytest.mark.parametrize("horizons", [(), (0, 5), (9, 3), (3, 3)])
def test_horizons_that_make_no_sense_are_refused(horizons: tuple[int, ...]) -> None:
    with pytest.raises(SettingError, match="horizons"):
        outcomes_at(small_world(1), horizons)


def test_outcomes_are_there_without_any_signal() -> None:
    tables = small_world(3)
    bare = replace(tables, metrics=())
    assert outcomes_at(bare, HORIZONS).equals(outcomes_at(tables, HORIZONS))


def test_every_release_has_its_date() -> None:
    tables = small_world(3)
    wanted = dict(tables.releases.select("release", "release_date").iter_rows())
    assert release_dates(tables) == wanted
