"""What happens to each row of signals and outcomes, held against a plain account of the rules."""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from releases.tables import RELEASES, codes, read, rows, signals
from upswell.data.ledger import Action
from upswell.errors import ColumnError

OUT = {"a": dt.date(2024, 1, 5), "b": dt.date(2024, 1, 6), "c": dt.date(2024, 1, 12)}
AS_OF = dt.date(2024, 2, 1)


def test_signals_for_unknown_releases_are_dropped_and_counted() -> None:
    frame = signals(
        [("a", "2024-01-05", 3), ("x", "2024-01-05", 4), ("y", "2024-01-06", 5)], "views"
    )
    with read(frame) as tables:
        assert [row[0] for row in rows(tables)] == ["a"]
        (line,) = tables.ledger
    assert (line.code, line.action, line.count) == ("unknown-release", Action.DROPPED, 2)
    assert (line.series, line.day, line.place) == ("x", "2024-01-05", "<frame>, row 2")


def test_signals_that_name_no_release_at_all_are_refused() -> None:
    frame = signals([("A-1", "2024-01-05", 3)], "views")
    with pytest.raises(ColumnError, match='here is "A-1", there is "a"') as caught:
        read(frame)
    assert caught.value.where is not None
    assert caught.value.where.column == "release"


def test_outcomes_for_unknown_releases_are_dropped_and_counted() -> None:
    frame = signals([("a", "2024-01-05", 3)], "views")
    outcomes = signals([("a", "2024-01-05", 3), ("x", "2024-01-05", 4)], "streams")
    with read(frame, outcomes_from=outcomes) as tables:
        assert [row[0] for row in rows(tables, "outcomes")] == ["a"]
        assert codes(tables) == {"unknown-release": 1}


def test_outcomes_without_signals_and_signals_without_outcomes_are_flagged() -> None:
    frame = signals([("a", "2024-01-05", 3), ("b", "2024-01-06", 3)], "views")
    outcomes = signals([("c", "2024-01-15", 3), ("b", "2024-01-15", 4)], "streams")
    with read(frame, outcomes_from=outcomes) as tables:
        assert {(x.code, x.count, x.series) for x in tables.ledger} == {
            ("no-signals", 1, "c"),
            ("no-outcome", 1, "a"),
        }


def test_rows_after_the_as_of_day_are_dropped_whenever_they_happened() -> None:
    frame = signals(
        [
            ("a", "2024-01-31", "2024-02-01", 1),
            ("a", "2024-02-02", "2024-02-02", 2),
            ("a", "2024-01-05", "2024-02-02", 3),
            ("a", "2024-01-05", None, 4),
        ],
        *("known", "views"),
    )
    with read(frame, as_of="2024-02-01") as tables:
        assert [row[-1] for row in rows(tables)] == [4, 1]
        assert codes(tables) == {"after-as-of": 2}
        assert tables.last_day == AS_OF
        assert rows(tables)[0][2] == dt.date(2024, 1, 5)


def test_signals_of_a_release_after_the_as_of_day_go_with_it() -> None:
    frame = signals([("a", "2024-01-05", 1), ("c", "2024-01-07", 2)], "views")
    with read(frame, as_of="2024-01-10") as tables:
        assert [row[0] for row in rows(tables)] == ["a"]
        assert codes(tables) == {"after-as-of": 2}


def test_counts_below_zero_and_without_end_become_missing_and_not_zero() -> None:
    frame = signals(
        [
            ("a", "2024-01-05", -3.0, 1.0),
            ("a", "2024-01-06", math.inf, 2.0),
            ("a", "2024-01-07", math.nan, None),
            ("a", "2024-01-08", -math.inf, -0.0),
        ],
        *("views", "likes"),
    )
    with read(frame) as tables:
        assert [row[3:] for row in rows(tables)] == [
            (None, 1.0), (None, 2.0), (None, None), (None, 0.0),
        ]  # fmt: skip
        assert math.copysign(1.0, rows(tables)[3][4]) == 1.0
        lines = {(x.code, x.count, x.action, x.place) for x in tables.ledger}
    missing = Action.MARKED_MISSING
    assert lines == {
        ("negative", 1, missing, '<frame>, row 1, column "views"'),
        ("infinite", 2, missing, '<frame>, row 2, column "views"'),
    }


def test_rows_equal_in_every_column_are_dropped_and_counted(tmp_path: Path) -> None:
    frame = signals(
        [
            ("a", "2024-01-05", "v1", 3, "x"),
            ("a", "2024-01-05", "v1", 3, "x"),
            ("a", "2024-01-05", "v1", 3, "y"),
            ("a", "2024-01-05", "v1", 4, "x"),
        ],
        *("video", "views", "comment"),
    ).with_columns(pl.col("date").str.to_date())
    path = str(tmp_path / "s.parquet")
    frame.write_parquet(path)
    for source, name in ((frame, "<frame>"), (path, path)):
        with read(source) as tables:
            assert [row[-1] for row in rows(tables)] == [3, 3, 4]
            assert codes(tables) == {"exact-duplicate": 1, "ignored-column": 1}
            (line,) = (x for x in tables.ledger if x.code == "exact-duplicate")
            assert line.place == f"{name}, row 2"


def test_the_place_of_a_row_in_several_files_is_that_in_its_own(tmp_path: Path) -> None:
    frame = signals([("a", "2024-01-05", 3), ("a", "2024-01-06", -3)], "views")
    frame = frame.with_columns(pl.col("date").str.to_date())
    frame[:1].write_parquet(tmp_path / "one.parquet")
    frame.write_parquet(tmp_path / "two.parquet")
    with read(tmp_path) as tables:
        lines = {line.code: str(line.place) for line in tables.ledger}
    assert lines["negative"] == f'{tmp_path}/two.parquet, row 2, column "views"'
    assert lines["exact-duplicate"] == f"{tmp_path}/two.parquet, row 1"


def test_copies_in_two_files_are_copies_too(tmp_path: Path) -> None:
    frame = signals([("a", "2024-01-05", 3), ("a", "2024-01-06", 3)], "views")
    frame.write_csv(tmp_path / "one.csv")
    frame[1:].write_csv(tmp_path / "two.csv")
    with read(tmp_path) as tables:
        assert len(rows(tables)) == 2
        (line,) = tables.ledger
        assert str(line.place).endswith("two.csv, row 2")


def test_rows_before_the_release_stay_and_long_before_are_flagged() -> None:
    frame = signals(
        [("a", "2024-01-04", 1), ("a", "2023-11-06", 2), ("a", "2023-11-05", 3)], "views"
    )
    with read(frame) as tables:
        assert len(rows(tables)) == 3
        assert {(x.code, x.action, x.count, x.day) for x in tables.ledger} == {
            ("re-release", Action.FLAGGED, 1, "2023-11-05")
        }


def test_rows_long_after_the_release_stay_and_are_flagged() -> None:
    frame = signals([("a", "2025-01-04", 1), ("a", "2025-01-05", 2)], "views")
    with read(frame) as tables:
        assert len(rows(tables)) == 2
        assert codes(tables) == {"late-activity": 1}


def test_a_year_of_gap_is_flagged() -> None:
    frame = signals([("a", "2024-01-05", 1), ("a", "2025-01-05", 2)], "views")
    with read(frame) as tables:
        (line,) = (x for x in tables.ledger if x.code == "long-gap")
    assert (line.count, line.day) == (365, "2024-01-05")
    assert "between 2024-01-05 and 2025-01-05" in line.reason


def test_rows_without_a_release_or_a_day_are_dropped_and_counted() -> None:
    frame = signals([(None, "2024-01-05", 1), ("a", None, 2), ("a", "2024-01-05", 3)], "views")
    with read(frame) as tables:
        assert [row[-1] for row in rows(tables)] == [3]
        assert codes(tables) == {"no-release": 1, "no-day": 1}


def test_the_release_column_is_called_as_in_the_table_of_releases() -> None:
    frame = signals([("q", "2024-01-05", 3)], "views").with_columns(song_code=pl.lit("a"))
    with read(frame, RELEASES.rename({"release": "song_code"})) as tables:
        assert [row[0] for row in rows(tables)] == ["a"]


ROW = st.tuples(
    st.sampled_from(["a", "b", "c", "x", None]),
    st.one_of(st.none(), st.dates(dt.date(2024, 1, 1), dt.date(2024, 2, 5))),
    st.one_of(st.none(), st.dates(dt.date(2024, 1, 1), dt.date(2024, 2, 5))),
    st.sampled_from(["u", "v", None]),
    st.sampled_from([None, -1.0, 0.0, 2.0, 3.5, math.inf]),
)


def by_hand(table: list[tuple[Any, ...]]) -> tuple[list[tuple[Any, ...]], Counter[str]]:
    """Say what should become of rows of release, date, known, creator and views."""
    kept: list[tuple[Any, ...]] = []
    count: Counter[str] = Counter()
    seen = set()
    for release, day, known, creator, views in table:
        since = known or day
        if release is None:
            count["no-release"] += 1
        elif day is None:
            count["no-day"] += 1
        elif day > AS_OF or since > AS_OF:
            count["after-as-of"] += 1
        elif release not in OUT:
            count["unknown-release"] += 1
        else:
            if views is not None and math.isinf(views):
                count["infinite"] += 1
            elif views is not None and views < 0:
                count["negative"] += 1
            if (release, day, known, creator, views) in seen:
                count["exact-duplicate"] += 1
                continue
            seen.add((release, day, known, creator, views))
            sound = views is not None and views >= 0 and math.isfinite(views)
            kept.append((release, day, since, creator, views if sound else None))
    return kept, count


@settings(max_examples=30)
@given(st.lists(ROW, max_size=12))
def test_every_row_meets_its_fate_in_frames_and_in_files(table: list[tuple[Any, ...]]) -> None:
    anchor = ("a", OUT["a"], OUT["a"], "w", 1.0)
    table = [anchor, *table]
    kinds = {
        "release": pl.String,
        "date": pl.Date,
        "known": pl.Date,
        "creator": pl.String,
        "views": pl.Float64,
    }
    frame = pl.DataFrame(table, schema=kinds, orient="row")
    expected, count = by_hand(table)
    with TemporaryDirectory() as folder:
        frame.write_parquet(f"{folder}/s.parquet")
        for source in (frame, f"{folder}/s.parquet"):
            with read(source, as_of=AS_OF) as tables:
                assert Counter(rows(tables)) == Counter(expected)
                found = Counter(codes(tables))
                # Empty rows are told apart only where rows are written by people.
                found["no-release"] += found.pop("blank-row", 0)
                assert +found == count
