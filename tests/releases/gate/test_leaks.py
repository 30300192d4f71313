"""Nothing from the future: rows after a gate change no bit of what was seen at it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.gate.tables import (
    START,
    FrameTables,
    days_after,
    frame_bytes,
    small_world,
    table_bytes,
)
from upswell.releases.gate import features_at, memory_of, outcomes_at

WINDOW, HORIZONS = 4, (5, 9)
HUGE = 1e9


def signal_rows(tables: FrameTables, rows: list[tuple[str, dt.date, dt.date]]) -> pl.DataFrame:
    """Return rows of release, day and day of knowing, with huge counts by an unheard creator."""
    return pl.DataFrame(
        [
            {
                "release": release,
                "day": day,
                "known": known,
                "creator": f"planted {i} {day}",
                "video": f"planted {i} {day}",
                "views": HUGE + i,
                "likes": HUGE - i,
            }
            for i, (release, day, known) in enumerate(rows)
        ],
        schema=tables.signals.schema,
    )


def outcome_rows(tables: FrameTables, rows: list[tuple[str, dt.date, dt.date]]) -> pl.DataFrame:
    return pl.DataFrame(
        [(release, day, known, HUGE) for release, day, known in rows],
        schema=tables.outcomes.schema,
        orient="row",
    )


def release_rows(
    tables: FrameTables, rows: list[tuple[str, dt.date, dt.date | None]]
) -> pl.DataFrame:
    return pl.DataFrame(
        [(name, date, "Ann", known, "North", 99.0) for name, date, known in rows],
        schema=tables.releases.schema,
        orient="row",
    )


def planted_after(tables: FrameTables, day: dt.date, seed: int) -> FrameTables:
    """Return the tables with rows that happened, or became known, only after a day."""
    rng = np.random.default_rng(seed)
    releases = [
        (f"late {k}", days_after(day, -k), days_after(day, rng.integers(1, 9))) for k in range(8)
    ]
    releases += [(f"next {k}", days_after(day, k), None) for k in (1, 2, 5)]
    names = [*tables.releases["release"], *(name for name, _, _ in releases)]
    rows = []
    for name in names:
        rows += [
            (name, days_after(day, -back), days_after(day, rng.integers(1, 30)))
            for back in (0, 1, 3, 6, 20, 300, 900)
        ]
        for ahead in (1, 2, 12):
            later = days_after(day, ahead)
            rows.append((name, later, later))
            # Known before it happened: a mistake of the source, and no way round the gate.
            rows.append((name, later, days_after(day, -2)))
    rng.shuffle(rows)
    return tables.plus(
        signals=signal_rows(tables, rows),
        outcomes=outcome_rows(tables, rows),
        releases=release_rows(tables, releases),
    )


@settings(max_examples=10)
@given(st.integers(0, 10_000), st.integers(0, 1_000), st.sampled_from([4, 4, 2, 1]))
def test_rows_after_a_gate_change_no_bit_of_its_features(seed: int, pick: int, age: int) -> None:
    tables = small_world(seed)
    dates = tables.releases["release_date"]
    gate = days_after(dates[pick % len(dates)], age - 1)
    chosen = tables.releases.filter(dates <= days_after(gate, 1 - age))["release"].to_list()
    how = {"window": WINDOW, "age": age, "horizons": HORIZONS, "releases": chosen}
    before = features_at(tables, **how)
    after = features_at(planted_after(tables, gate, seed), **how)
    assert len(before) == len(chosen)
    for name in before.features.columns:
        assert before.features[name].to_list() == after.features[name].to_list(), name
    assert table_bytes(before) == table_bytes(after)


@settings(max_examples=5)
@given(st.integers(0, 10_000), st.integers(10, 60))
def test_rows_after_a_day_change_no_bit_of_memory_and_outcomes(seed: int, days: int) -> None:
    tables, day = small_world(seed), days_after(START, days)
    planted = planted_after(tables, day, seed)
    one, other = (memory_of(t, WINDOW, HORIZONS, as_of=day) for t in (tables, planted))
    assert frame_bytes(one.records) == frame_bytes(other.records)
    # A release dated later may be listed already; it is no part of the platform yet.
    assert frame_bytes(one.platform) == frame_bytes(other.platform)
    one, other = (outcomes_at(t, HORIZONS, day) for t in (tables, planted))
    assert one.height > 0
    assert frame_bytes(one) == frame_bytes(other)


@settings(max_examples=3)
@given(st.integers(0, 10_000), st.integers(0, 2), st.sampled_from([1, 3, 4]))
def test_features_equal_those_of_tables_cut_at_each_gate(seed: int, first: int, age: int) -> None:
    tables = small_world(seed)
    how = {"window": WINDOW, "age": age, "horizons": HORIZONS}
    whole = features_at(tables, **how)
    for i, key in list(enumerate(whole.keys.to_dicts()))[first::4]:
        cut = tables.until(key["gate"])
        if key["release"] not in cut.releases["release"]:
            continue  # its own row was not known yet: it is no part of the cut tables
        there = features_at(cut, releases=[key["release"]], **how)
        assert table_bytes(there) == table_bytes(whole.take(np.array([i])))


TARGET = days_after(START, 60)
"""A release date after all others of a small world: outcomes have closed by its gate."""
GATE = days_after(TARGET, WINDOW - 1)


def with_target(seed: int) -> FrameTables:
    tables = small_world(seed)
    return tables.plus(
        releases=release_rows(tables, [("target", TARGET, None), ("mate", START, None)]),
        signals=signal_rows(
            tables,
            [
                ("target", TARGET, TARGET),
                *(("mate", days_after(START, k), days_after(START, k)) for k in range(WINDOW)),
            ],
        ),
    )


def changed_groups(before: FrameTables, after: FrameTables) -> set[str]:
    one, other = (
        features_at(t, window=WINDOW, horizons=HORIZONS, releases=["target"])
        for t in (before, after)
    )
    return {
        note.group
        for note in one.catalogue
        if one.features[note.name][0] != other.features[note.name][0]
    }


@pytest.mark.parametrize("lag", [0, 1])
@pytest.mark.parametrize(
    ("table", "release", "day", "groups"),
    [
        ("signals", "target", GATE, {"views", "likes", "window", "creators", "platform"}),
        ("signals", "target", days_after(TARGET, -5), {"previews", "platform"}),
        ("signals", "mate", GATE, {"platform"}),
        ("outcomes", "mate", days_after(START, 2), {"track record", "platform"}),
        ("releases", "new", days_after(GATE, -1), {"platform"}),
    ],
)
def test_rows_up_to_the_gate_count_and_the_same_rows_a_day_late_do_not(
    table: str, release: str, day: dt.date, groups: set[str], lag: int
) -> None:
    tables = with_target(1)
    known = days_after(GATE, lag) if table != "outcomes" else days_after(GATE, 7 * lag - 6)
    make = {"signals": signal_rows, "outcomes": outcome_rows, "releases": release_rows}[table]
    changed = changed_groups(tables, tables.plus(**{table: make(tables, [(release, day, known)])}))
    if lag:
        assert changed == set()
    else:
        assert groups <= changed
