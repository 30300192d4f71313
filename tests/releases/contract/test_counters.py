"""Running totals become increments, and what becomes known later changes nothing before."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.tables import codes, read, rows, signals
from upswell.data.ledger import Action

START = dt.date(2024, 1, 5)


def day(offset: int) -> dt.date:
    return START + dt.timedelta(days=offset)


def totals(*readings: tuple[int, float | None]) -> pl.DataFrame:
    return signals([("a", day(offset).isoformat(), total) for offset, total in readings], "views")


def increments(frame: pl.DataFrame, **settings_: Any) -> list[tuple[int, float | None]]:
    with read(frame, signals={"cumulative": True}, **settings_) as tables:
        return [((row[1] - START).days, row[-1]) for row in rows(tables)]


def test_readings_become_increments_and_the_first_counts_from_zero() -> None:
    frame = totals((0, 100), (1, 150), (2, 150), (4, 400))
    assert increments(frame) == [(0, 100), (1, 50), (2, 0), (4, 250)]


def test_a_first_reading_within_the_window_counts_from_zero_and_is_flagged() -> None:
    with read(totals((2, 100), (3, 150)), signals={"cumulative": True}) as tables:
        assert [row[-1] for row in rows(tables)] == [100, 50]
        flagged = [(x.code, x.action, x.count) for x in tables.ledger]
    assert ("counter-start", Action.FLAGGED, 1) in flagged


def test_a_first_reading_after_the_window_gives_no_increment() -> None:
    with read(totals((7, 100), (8, 150)), signals={"cumulative": True}) as tables:
        assert [row[-1] for row in rows(tables)] == [None, 50]
        lines = [(x.code, x.action, x.count) for x in tables.ledger]
    assert ("counter-start", Action.MARKED_MISSING, 1) in lines


def test_a_fall_is_missing_and_the_next_counts_from_it() -> None:
    with read(totals((0, 100), (1, 90), (2, 95)), signals={"cumulative": True}) as tables:
        assert [row[-1] for row in rows(tables)] == [100, None, 5]
        assert codes(tables) == {"differenced": 1, "counter-correction": 1}


def test_a_missing_reading_is_bridged() -> None:
    assert increments(totals((0, 100), (1, None), (2, 130))) == [(0, 100), (1, None), (2, 30)]


def test_of_readings_of_one_day_the_last_counts() -> None:
    frame = totals((0, 100), (0, 120), (1, 130))
    with read(frame, signals={"cumulative": True}) as tables:
        assert [row[-1] for row in rows(tables)] == [120, 10]
        (line,) = (x for x in tables.ledger if x.code == "superseded-reading")
        assert (line.count, line.place) == (1, "<frame>, row 1")


def test_each_video_has_a_counter_of_its_own() -> None:
    frame = signals(
        [
            ("a", "2024-01-05", "v", 10),
            ("a", "2024-01-05", "w", 5),
            ("a", "2024-01-06", "v", 13),
            ("b", "2024-01-06", "v", 100),
            ("a", "2024-01-06", "w", 9),
        ],
        *("video", "views"),
    )
    with read(frame, signals={"cumulative": True}) as tables:
        assert [(row[0], row[3], row[4]) for row in rows(tables)] == [
            ("a", "v", 10), ("a", "w", 5), ("a", "v", 3), ("a", "w", 4), ("b", "v", 100),
        ]  # fmt: skip


def test_outcomes_may_be_running_totals_up_to_the_last_horizon() -> None:
    frame = totals((0, 1))
    outcomes = signals(
        [("a", "2024-01-25", 500), ("a", "2024-01-26", 510), ("b", "2024-03-01", 7)], "streams"
    )
    with read(frame, outcomes_from=outcomes, cumulative_outcomes=True) as tables:
        assert [row[-1] for row in rows(tables, "outcomes")] == [500, 10, None]


READING = st.tuples(
    st.integers(-2, 12), st.integers(0, 14), st.one_of(st.none(), st.integers(0, 50))
)


def by_hand(readings: list[tuple[int, int, int | None]]) -> list[tuple[int, int, float | None]]:
    """Return offset, day known and increment by going through the readings one by one."""
    order = sorted(range(len(readings)), key=lambda i: (readings[i][1], readings[i][0], -i))
    kept: list[tuple[int, int, int | None]] = []
    for index in order:
        offset = readings[index][0]
        if all(offset > other for other, _, _ in kept):
            kept.append(readings[index])
    found: list[tuple[int, int, float | None]] = []
    before: int | None = None
    for offset, known, total in kept:
        step: float | None = None
        if total is not None and before is not None:
            step = total - before if total >= before else None
        elif total is not None:
            step = total if offset < 7 else None
        found.append((offset, known, step))
        before = before if total is None else total
    return sorted(found, key=str)


def known_table(readings: list[tuple[int, int, int | None]]) -> pl.DataFrame:
    table = [("a", day(offset), day(known), total) for offset, known, total in readings]
    kinds = {"release": pl.String, "date": pl.Date, "known": pl.Date, "views": pl.Int64}
    return pl.DataFrame(table, schema=kinds, orient="row")


def read_known(readings: list[tuple[int, int, int | None]]) -> list[tuple[int, int, float | None]]:
    with read(known_table(readings), signals={"cumulative": True}) as tables:
        found = [((r[1] - START).days, (r[2] - START).days, r[3]) for r in rows(tables)]
    return sorted(found, key=str)


# A row becomes known no earlier than it happens; equal rows are dropped before.
READINGS = st.lists(READING, min_size=1, max_size=9, unique=True).map(
    lambda table: [(offset, max(offset, known), total) for offset, known, total in table]
)


@settings(max_examples=40)
@given(READINGS)
def test_increments_are_those_counted_by_hand(
    readings: list[tuple[int, int, int | None]],
) -> None:
    unique = list(dict.fromkeys(readings))
    assert read_known(readings) == by_hand(unique)


@settings(max_examples=30)
@given(READINGS, st.integers(0, 12))
def test_what_becomes_known_after_a_day_changes_nothing_known_by_then(
    readings: list[tuple[int, int, int | None]], gate: int
) -> None:
    before = [reading for reading in readings if reading[1] <= gate]
    if before:
        whole = [row for row in read_known(readings) if row[1] <= gate]
        assert whole == read_known(before)
