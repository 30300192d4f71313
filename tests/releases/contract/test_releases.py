"""One row for each release, however many the input has."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from releases.tables import RELEASES, codes, read, rows, signals
from upswell.data.ledger import Action
from upswell.errors import ColumnError

SIGNALS = signals([("a", "2024-01-05", 3)], "views")
DAY = dt.date(2024, 1, 5)


def test_a_release_without_a_date_goes_and_so_do_its_rows() -> None:
    releases = RELEASES.with_columns(release_date=pl.Series(["2024-01-05", None, "NA"]))
    frame = signals(
        [("a", "2024-01-05", 3), ("b", "2024-01-06", 3), ("b", "2024-01-07", 3)], "views"
    )
    with read(frame, releases) as tables:
        assert [row[0] for row in rows(tables, "releases")] == ["a"]
        assert [row[0] for row in rows(tables)] == ["a"]
        lines = [(x.action, x.count, x.place) for x in tables.ledger]
    assert lines == [
        (Action.DROPPED, 2, "<frame>, row 2"),
        (Action.DROPPED, 2, "<frame>, row 2"),
    ]
    assert set(codes(tables)) == {"unknown-release-date"}


def test_several_rows_of_a_release_become_one() -> None:
    with read(SIGNALS, pl.concat([RELEASES, RELEASES[1:]])) as tables:
        assert len(rows(tables, "releases")) == 3
        assert codes(tables) == {"repeated-release": 2}


def test_of_several_release_dates_the_earliest_is_taken_and_flagged() -> None:
    other = RELEASES[:1].with_columns(release_date=pl.lit("2024-01-03"), artist=pl.lit("eve"))
    with read(SIGNALS, pl.concat([RELEASES, other])) as tables:
        assert rows(tables, "releases")[0][:3] == ("a", dt.date(2024, 1, 3), "ana")
        assert codes(tables) == {
            "repeated-release": 1,
            "conflicting-release-date": 1,
            "conflicting-artist": 1,
        }


def test_of_several_values_the_one_known_first_is_taken() -> None:
    def release(name: str, known: str, label: str) -> tuple[str, str, str, str]:
        return name, "2024-01-05", known, label

    table = [release("a", "2024-01-02", "new"), release("a", "2024-01-03", "newest")]
    table += [release(f"r{index}", "2024-01-02", "other") for index in range(50)]
    table.append(release("a", "2024-01-01", "old"))
    names = ["release", "release_date", "known", "label"]
    releases = pl.DataFrame(table, schema=names, orient="row")
    with read(SIGNALS, releases, releases={"attributes": ["label"]}) as tables:
        assert rows(tables, "releases")[0] == ("a", DAY, None, dt.date(2024, 1, 1), "old")
        assert codes(tables) == {"repeated-release": 2, "conflicting-attribute": 1}


def test_an_attribute_that_is_not_a_number_is_missing(tmp_path: Path) -> None:
    releases = RELEASES.with_columns(tempo=pl.Series([120.5, float("nan"), None]))
    releases.with_columns(pl.col("release_date").str.to_date()).write_parquet(
        tmp_path / "r.parquet"
    )
    for source in (releases, tmp_path / "r.parquet"):
        with read(SIGNALS, source) as tables:
            assert [row[-1] for row in rows(tables, "releases")] == [120.5, None, None]


def test_a_row_without_a_day_of_knowing_was_known_always() -> None:
    releases = RELEASES[:1].with_columns(known=pl.lit(None, dtype=pl.String))
    dated = RELEASES[:1].with_columns(known=pl.lit("2024-01-01"))
    with read(SIGNALS, pl.concat([releases, dated])) as tables:
        assert rows(tables, "releases")[0][3] is None


def test_releases_that_became_known_after_the_as_of_day_are_dropped() -> None:
    releases = RELEASES.with_columns(known=pl.Series(["2024-01-01", "2024-01-08", None]))
    with read(SIGNALS, releases, as_of="2024-01-07") as tables:
        assert [row[0] for row in rows(tables, "releases")] == ["a"]
        assert codes(tables) == {"after-as-of": 2}


def test_attributes_keep_their_kind() -> None:
    releases = RELEASES.with_columns(tracks=pl.Series([9, 12, None]), upc=pl.Series([7, 8, 9]))
    with read(SIGNALS, releases, releases={"release": "release"}) as tables:
        assert tables.attributes == {"label": "category", "tracks": "number", "upc": "number"}
        kinds = dict(tables.connection.execute("SELECT column_name, column_type FROM (DESCRIBE "
                                               "releases)").fetchall())  # fmt: skip
        assert (kinds["label"], kinds["tracks"]) == ("VARCHAR", "DOUBLE")


def test_yes_and_no_are_categories_and_a_column_without_a_name_is_left_alone(
    tmp_path: Path,
) -> None:
    releases = RELEASES.with_columns(
        explicit=pl.Series([True, False, None]),
        mood=pl.Series([" calm", "wild", None], dtype=pl.Categorical),
    )
    releases.write_parquet(tmp_path / "r.parquet")
    for source in (releases, tmp_path / "r.parquet"):
        with read(SIGNALS, source) as tables:
            assert tables.attributes["explicit"] == "category"
            assert [row[-2:] for row in rows(tables, "releases")] == [
                ("true", "calm"), ("false", "wild"), (None, None),
            ]  # fmt: skip
    with read(SIGNALS, RELEASES.with_columns(pl.lit(3).alias(""))) as tables:
        assert tables.attributes == {"label": "category"}
        assert codes(tables) == {"ignored-attribute": 1}


def test_an_identifier_among_the_attributes_keeps_its_zeros(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("release,release_date,label_id\na,2024-01-05,007\n")
    with read(SIGNALS, tmp_path / "r.csv") as tables:
        assert rows(tables, "releases")[0][-1] == "007"
        assert tables.attributes == {"label_id": "category"}


def test_a_title_is_no_attribute_unless_asked_for() -> None:
    many = pl.DataFrame(
        {
            "release": [f"r{index}" for index in range(30)],
            "release_date": ["2024-01-05"] * 30,
            "title": [f"song {index}" for index in range(30)],
            "label": ["x", "y", "z"] * 10,
        }
    )
    frame = signals([("r1", "2024-01-05", 3)], "views")
    with read(frame, many) as tables:
        assert tables.attributes == {"label": "category"}
        (line,) = tables.ledger
        assert (line.code, line.action) == ("ignored-attribute", Action.FLAGGED)
        assert '"title"' in line.reason
    with read(frame, many, releases={"attributes": ["title"]}) as tables:
        assert tables.attributes == {"title": "category"}
        assert not len(tables.ledger)


def test_no_attribute_is_a_choice() -> None:
    with read(SIGNALS, RELEASES, releases={"attributes": []}) as tables:
        assert tables.attributes == {}


def test_an_attribute_with_a_name_of_ours_is_refused_when_asked_for() -> None:
    releases = RELEASES.rename({"artist": "singer"}).with_columns(artist=pl.lit("x"))
    settings = {"artist": "singer", "attributes": ["artist"]}
    with pytest.raises(ColumnError, match="another meaning"):
        read(SIGNALS, releases, releases=settings)


def test_one_file_may_serve_all_three_tables(tmp_path: Path) -> None:
    films = pl.DataFrame(
        {
            "item_id": ["f", "f", "f", "g", "h"],
            "title": ["Film", "Film", "Film", "Game", "Home"],
            "release_date": ["2024-01-05", "2024-01-05", "2024-01-05", "2024-01-08", None],
            "date": ["2024-01-04", "2024-01-05", "2024-01-06", "2024-01-08", "2024-01-08"],
            "admissions": [3, 100, 90, 7, 1],
            "screens": [1, 10, 9, 2, 1],
        }
    ).with_columns(pl.col("release_date", "date").str.to_date())
    films.write_parquet(tmp_path / "films.parquet")
    films.write_csv(tmp_path / "films.csv")
    found = []
    for name in ("films.parquet", "films.csv"):
        path = tmp_path / name
        with read(path, path, path) as tables:
            assert tables.metrics == ("admissions", "screens")
            assert tables.attributes == {"title": "category"}
            assert len(tables.sources) == 1
            assert codes(tables) == {
                "repeated-release": 2,
                "unknown-release-date": 3,
            }
            found.append([rows(tables, table) for table in ("releases", "signals", "outcomes")])
    assert found[0] == found[1]
    assert [row[:2] for row in found[0][0]] == [("f", DAY), ("g", dt.date(2024, 1, 8))]
    assert found[0][2][1] == ("f", DAY, DAY, 100.0)
