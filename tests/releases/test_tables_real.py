"""Real tables load with a ledger that makes sense."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from releases.tables import codes, read, rows
from upswell.engines import fetch_row


def test_films_load_from_one_typed_file(shared_data: Path) -> None:
    path = shared_data / "releases" / "kofic_films.parquet"
    whole = pl.read_parquet(path)
    dated = whole.filter(pl.col("release_date").is_not_null())
    with read(path, path, path) as tables:
        assert tables.metrics == ("admissions", "sales_krw", "screens", "showings")
        assert tables.attributes == {}
        assert tables.last_day == dt.date(2026, 4, 27)
        assert fetch_row(tables.connection, "SELECT count(*) FROM releases") == (
            dated["item_id"].n_unique(),
        )
        found = codes(tables)
        assert (found["ignored-attribute"], found["ignored-column"]) == (1, 1)
        assert found["unknown-release-date"] == 2 * 88_964 + (
            whole["item_id"].n_unique() - dated["item_id"].n_unique()
        )
        long_before = dated.filter(pl.col("date") < pl.col("release_date") - pl.duration(days=60))
        assert found["re-release"] == long_before.height
        negative = dated.filter(pl.col("admissions") < 0).height
        sales = dated.filter(pl.col("sales_krw") < 0).height
        assert found["negative"] == 2 * negative + sales
        total = fetch_row(
            tables.connection, "SELECT sum(admissions::BIGINT), count(*) FROM signals"
        )
        kept = dated.filter(pl.col("admissions") >= 0)
        assert total == (kept["admissions"].sum(), dated.height)


def test_daily_files_of_films_load_with_korean_headers(shared_data: Path) -> None:
    folder = shared_data / "releases" / "kofic_raw"
    with read(folder, folder, folder) as tables:
        assert tables.metrics == ("매출액", "관객수", "스크린수", "상영횟수")
        assert len(tables.sources) == 5
        best = tables.connection.execute(
            "SELECT release, day, streams FROM outcomes ORDER BY streams DESC LIMIT 1"
        ).fetchall()
        assert best == [("20183782", dt.date(2019, 6, 1), 1_126_677.0)]
        assert {"unknown-release-date", "re-release", "late-activity"} <= set(codes(tables))
        assert len(rows(tables)) == len(rows(tables, "outcomes")) == 412


def test_videos_load_with_running_totals_and_moments(shared_data: Path) -> None:
    path = shared_data / "releases" / "youtube_trending_videos.parquet"
    settings = {"release": "item_id", "date": "published_at", "artist": "channel_id"}
    with read(
        path,
        path,
        timezone="UTC",
        releases={**settings, "attributes": ["category"]},
        signals={"metrics": ["views_cum", "likes_cum"], "cumulative": True},
    ) as tables:
        count = fetch_row(tables.connection, "SELECT count(*), count(known) FROM signals")
        assert count == (684_945, 684_945)
        found = codes(tables)
        assert found["counter-correction"] >= 710
        assert tables.attributes == {"category": "category"}
        assert tables.has_artist
