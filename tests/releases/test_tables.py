"""The same rows give the same tables, whatever they come in."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from releases.tables import RELEASES, codes, read, rows, signals
from upswell.errors import CellError, ColumnError, SettingError, SourceError
from upswell.releases.config import ReleasesConfig, load_config
from upswell.releases.tables import read_tables

DAY = dt.date(2024, 1, 5)
ROWS = [
    ("a", "2024-01-05", "ana", "v1", 1_084_565, 12.5),
    ("a", "2024-01-06", "bo", "v2", 990, None),
    ("b", "2024-01-06", "ана", "v3", 0, 1.0),
    ("c", "2024-01-13", None, "v4", 17, 3.0),
]
NAMES = ("creator", "video", "views", "likes")
FRAME = signals(ROWS, *NAMES)
TYPED = FRAME.with_columns(pl.col("date").str.to_date())
EXPECTED = [
    (name, dt.date.fromisoformat(day), dt.date.fromisoformat(day), creator, video, float(v), likes)
    for name, day, creator, video, v, likes in ROWS
]


def as_padded_csv(folder: Path) -> Path:
    lines = [" release , date , creator , video , views , likes "]
    for release, day, creator, video, views, likes in ROWS:
        known = "" if likes is None else likes
        lines.append(f'{release},{day}, {creator or ""} ,{video},"{views:,}",{known}')
    (folder / "s.csv").write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return folder / "s.csv"


def as_packed_csv(folder: Path) -> Path:
    import gzip

    (folder / "s.csv.gz").write_bytes(gzip.compress(FRAME.write_csv().encode()))
    return folder / "s.csv.gz"


def as_korean_windows(folder: Path) -> Path:
    # The Cyrillic name is in this encoding too.
    head = "트랙,날짜,크리에이터,동영상,조회수,likes"
    body = FRAME.write_csv().split("\n", 1)[1]
    (folder / "s.csv").write_bytes(f"{head}\n{body}".encode("cp949"))
    return folder / "s.csv"


def as_excel(folder: Path) -> Path:
    from openpyxl import Workbook

    book = Workbook()
    for row in (FRAME.columns, *FRAME.rows()):
        book.active.append(row)
    book.save(folder / "s.xlsx")
    return folder / "s.xlsx"


def as_json_lines(folder: Path) -> Path:
    FRAME.write_ndjson(folder / "s.jsonl")
    return folder / "s.jsonl"


def as_text_parquet(folder: Path) -> Path:
    FRAME.write_parquet(folder / "s.parquet")
    return folder / "s.parquet"


def as_parquet(folder: Path) -> Path:
    TYPED.write_parquet(folder / "s.parquet")
    return folder / "s.parquet"


def as_times_in_parquet(folder: Path) -> Path:
    times = pl.col("date").cast(pl.Datetime("us")) + pl.duration(hours=23)
    TYPED.with_columns(times).write_parquet(folder / "s.parquet")
    return folder / "s.parquet"


def as_many_parquets(folder: Path) -> Path:
    for index in range(len(ROWS)):
        TYPED[index : index + 1].write_parquet(folder / f"part-{index}.parquet")
    return folder


def as_pattern(folder: Path) -> str:
    as_many_parquets(folder)
    return str(folder / "part-*.parquet")


def as_a_file_a_day(folder: Path) -> Path:
    for (day,), piece in FRAME.partition_by("date", as_dict=True).items():
        piece.drop("date").write_csv(folder / f"signals_{day}.csv")
    return folder


def as_sqlite(folder: Path) -> str:
    with closing(sqlite3.connect(folder / "s.db")) as database, database:
        database.execute(
            "CREATE TABLE daily (release TEXT, date TEXT, creator TEXT, video TEXT, views INT, "
            "likes REAL)"
        )
        database.executemany("INSERT INTO daily VALUES (?, ?, ?, ?, ?, ?)", FRAME.rows())
    return f"sqlite:///{folder}/s.db?table=daily"


def as_pandas(_: Path) -> Any:
    return FRAME.to_pandas()


def as_polars(_: Path) -> pl.DataFrame:
    return TYPED


def as_arrow(_: Path) -> Any:
    return TYPED.with_columns(pl.col("creator").cast(pl.Categorical)).to_arrow()


WAYS: tuple[Callable[[Path], Any], ...] = (
    as_padded_csv, as_packed_csv, as_korean_windows, as_excel, as_json_lines, as_text_parquet,
    as_parquet, as_times_in_parquet, as_many_parquets, as_pattern, as_a_file_a_day, as_sqlite,
    as_pandas, as_polars, as_arrow,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_way_in_gives_the_same_table(tmp_path: Path, way: Callable[[Path], Any]) -> None:
    metrics = {"metrics": ["조회수", "likes"]} if way is as_korean_windows else {}
    with read(way(tmp_path), signals=metrics) as tables:
        assert rows(tables) == EXPECTED
        assert tables.has_creator
        assert tables.has_video
        assert tables.metrics == (("조회수", "likes") if metrics else ("views", "likes"))
        kinds = tables.connection.execute("DESCRIBE signals").fetchall()
        assert [kind[1] for kind in kinds] == ["VARCHAR", "DATE", "DATE"] + ["VARCHAR"] * 2 + [
            "DOUBLE"
        ] * 2
        assert tables.last_day == dt.date(2024, 1, 13)
        assert all(len(source.sha256) == 64 for source in tables.sources)
        assert sum(source.rows for source in tables.sources) == len(ROWS) + 3


def test_the_tables_of_releases_and_outcomes_have_their_columns() -> None:
    outcomes = pl.DataFrame({"release": ["a"], "date": ["2024-01-07"], "streams": ["2,000"]})
    with read(FRAME, outcomes_from=outcomes) as tables:
        assert rows(tables, "releases")[0] == ("a", DAY, "ana", None, "x")
        assert rows(tables, "outcomes") == [("a", dt.date(2024, 1, 7), dt.date(2024, 1, 7), 2000.0)]
        assert tables.attributes == {"label": "category"}
        assert tables.has_artist
        assert tables.has_outcomes


def test_releases_stand_in_the_order_of_their_dates() -> None:
    late_first = RELEASES.reverse()
    with read(FRAME, late_first) as tables:
        names = tables.connection.execute("SELECT release FROM releases").fetchall()
    assert names == [("a",), ("b",), ("c",)]


def test_without_outcomes_their_table_is_empty() -> None:
    with read(FRAME) as tables:
        assert rows(tables, "outcomes") == []
        assert not tables.has_outcomes


@pytest.mark.parametrize("name", ["releases", "signals", "outcomes"])
def test_a_missing_table_is_named(name: str) -> None:
    sources = {
        table: {"source": FRAME} for table in ("releases", "signals", "outcomes") if table != name
    }
    with pytest.raises(SettingError, match=f"the table of {name} is missing") as caught:
        read_tables(load_config(sources))
    assert f"[{name}] source" in str(caught.value.fix)


def test_a_table_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nowhere.csv does not exist"):
        read(tmp_path / "nowhere.csv")


def test_sources_can_be_given_in_place_of_those_of_the_settings() -> None:
    with read_tables(
        ReleasesConfig(), need=("signals",), signals=FRAME, releases=RELEASES
    ) as tables:
        assert rows(tables) == EXPECTED


def test_a_damaged_file_is_refused_by_name(tmp_path: Path) -> None:
    path = as_parquet(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(SourceError, match="end is missing"):
        read(path)


def test_a_metric_that_is_text_is_refused_with_its_place() -> None:
    frame = signals([("a", "2024-01-05", "5"), ("a", "2024-01-06", "many")], "views")
    with pytest.raises(CellError, match='"many" is not a number') as caught:
        read(frame, signals={"metrics": ["views"]})
    assert caught.value.where is not None
    assert (caught.value.where.row, caught.value.where.column) == (2, "views")


def test_a_metric_that_is_text_in_a_typed_file_is_refused_with_its_place(tmp_path: Path) -> None:
    TYPED.with_columns(views=pl.lit("many")).write_parquet(tmp_path / "s.parquet")
    with pytest.raises(CellError, match='"many" is not a number') as caught:
        read(tmp_path / "s.parquet", signals={"metrics": ["views"]})
    assert str(caught.value.where).endswith('s.parquet, row 1, column "views"')


def test_columns_that_are_no_metric_are_said_to_be_left_alone() -> None:
    frame = FRAME.with_columns(
        mood=pl.lit("good"), region_id=7, total_views=3, rank=1, seen=pl.lit("2024-01-01")
    )
    with read(frame) as tables:
        assert tables.metrics == ("views", "likes")
        ignored = [line for line in tables.ledger if line.code == "ignored-column"]
        assert [str(line.place) for line in ignored] == [
            f'<frame>, column "{title}"' for title in frame.columns[6:]
        ]


def test_a_column_that_was_asked_for_and_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(ColumnError, match='no column "plays"; there are "release"'):
        read(FRAME, signals={"metrics": ["plays"]})
    with pytest.raises(ColumnError, match=r"no column for \[signals\] date was found"):
        read(FRAME.drop("date"))
    with pytest.raises(ColumnError, match=r'"user" and "account"|"user", "account"'):
        read(FRAME.drop("creator").with_columns(user=pl.lit("a"), account=pl.lit("b")))


def test_no_metric_at_all_is_refused() -> None:
    with pytest.raises(ColumnError, match="no metric"):
        read(FRAME.drop("views", "likes"))


def test_a_metric_with_a_name_of_ours_or_one_but_for_case_is_not_taken_by_itself() -> None:
    frame = FRAME.with_columns(Views=1, DAY=2)
    with read(frame, signals={"date": "date"}) as tables:
        assert tables.metrics == ("views", "likes")
        assert codes(tables) == {"ignored-column": 2}
    with pytest.raises(ColumnError, match="another meaning"):
        read(frame, signals={"date": "date", "metrics": ["DAY"]})


def test_a_metric_may_have_any_name() -> None:
    name = 'x"; DROP TABLE releases; --'
    with read(FRAME.rename({"views": name})) as tables:
        assert tables.metrics == (name, "likes")
        assert rows(tables) == EXPECTED


def test_names_that_look_like_code_stay_text() -> None:
    odd = RELEASES.with_columns(artist=pl.lit("<script>"), label=pl.lit("=cmd()"))
    with read(FRAME, odd) as tables:
        assert rows(tables, "releases")[0] == ("a", DAY, "<script>", None, "=cmd()")


def test_one_release_is_enough() -> None:
    with read(FRAME[:2], RELEASES[:1]) as tables:
        assert len(rows(tables)) == 2
        assert tables.attributes == {"label": "category"}


def test_moments_need_a_zone_and_are_cut_in_it(tmp_path: Path) -> None:
    moments = TYPED.with_columns(
        pl.col("date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(hours=23)
    )
    moments.write_parquet(tmp_path / "s.parquet")
    for source in (moments, tmp_path / "s.parquet"):
        with pytest.raises(SettingError, match="depends on the time zone") as caught:
            read(source)
        assert "timezone =" in str(caught.value.fix)
        with read(source, timezone="Europe/Berlin") as tables:
            assert [row[1] for row in rows(tables)] == [
                row[1] + dt.timedelta(days=1) for row in EXPECTED
            ]


def test_bare_numbers_are_no_days() -> None:
    with pytest.raises(CellError, match="is no date but a number"):
        read(FRAME.with_columns(date=pl.Series([1, 2, 3, 4])))


def test_days_out_of_range_are_refused_with_their_place(tmp_path: Path) -> None:
    TYPED.with_columns(date=pl.date(9999, 1, 1)).write_parquet(tmp_path / "s.parquet")
    with pytest.raises(CellError, match="1900 to 2200") as caught:
        read(tmp_path / "s.parquet")
    assert caught.value.where is not None
    assert caught.value.where.row == 1


def test_names_in_typed_files_are_trimmed_as_elsewhere(tmp_path: Path) -> None:
    names = [" a\u3000", "a", "\tb", ""]
    odd = TYPED.with_columns(release=pl.Series(names), creator=pl.Series(["e\u0301", "\u00e9"] * 2))
    odd.write_parquet(tmp_path / "s.parquet")
    with read(odd) as one, read(tmp_path / "s.parquet") as other:
        assert rows(one) == rows(other)
        assert {row[3] for row in rows(one)} == {"\u00e9"}
        assert codes(one) == codes(other) == {"no-release": 1}


def test_large_scanned_files_are_never_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.releases.contract._events._MOST_STORED", 2)
    path = as_parquet(tmp_path)
    doubled = pl.concat([TYPED, TYPED[:1]])
    doubled.write_parquet(path)
    with read(path) as tables:
        assert rows(tables) == EXPECTED
        kept = tables.connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert ("signals",) not in kept
        assert codes(tables) == {"exact-duplicate": 1}


def test_a_file_that_changes_while_it_is_scanned_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.releases.contract._events._MOST_STORED", 2)
    path = as_parquet(tmp_path)
    with read(path) as tables:
        tables.check_unchanged()
        TYPED[:2].write_parquet(path)
        with pytest.raises(SourceError, match="changed while it was read"):
            tables.check_unchanged()
        path.unlink()
        with pytest.raises(SourceError, match="changed while it was read"):
            tables.check_unchanged()


def test_the_same_input_gives_the_same_ledger_with_any_number_of_threads(tmp_path: Path) -> None:
    many = pl.concat([TYPED] * 500).with_columns(views=pl.int_range(2000) // 3 - 5)
    many.write_parquet(tmp_path / "s.parquet", row_group_size=100)
    found = []
    for threads in (1, 2, 4):
        config = load_config(
            {"releases": {"source": RELEASES}, "signals": {"source": tmp_path / "s.parquet"}}
        )
        with read_tables(config, need=("releases", "signals"), threads=threads) as tables:
            found.append((tables.ledger, rows(tables)))
    assert found[0] == found[1] == found[2]
    assert found[0][0].count("negative") == 15


def test_the_engine_is_closed_when_reading_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    import upswell.releases.tables as module

    opened = []
    real = module.open_engine

    def watched(**limits: Any) -> Any:
        opened.append(real(**limits))
        return opened[-1]

    monkeypatch.setattr(module, "open_engine", watched)
    with pytest.raises(ColumnError):
        read(FRAME.drop("date"))
    with pytest.raises(Exception, match="closed"):
        opened[0].connection.execute("SELECT 1")
