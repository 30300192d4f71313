"""Roles are told by the words of headers."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.data.reading._columns import (
    group_rank,
    is_likes,
    is_running,
    item_candidates,
    time_rank,
    value_rank,
)
from upswell.data.reading._vocabulary import split_words

TIME = ["day", "date", "ds", "timestamp", "дата", "день", "날짜", "조회일자"]
VALUE = ["views", "plays", "streams", "views_count", "просмотры", "прослушивания",
         "прослушиваний", "daily_stream", "관객수", "조회수"]  # fmt: skip
ITEM = ["creator", "channel", "id", "author", "user", "track", "автор", "канал", "блогер",
        "TikTokerID", "영화코드", "제목", "unique_id"]  # fmt: skip
GROUP = ["category", "genre", "категория", "жанр", "장르"]
OTHER = ["likes", "followers", "subscribers", "release_date", "rank", "comments", "점유율",
         "birthday", "revenue", "published_at"]  # fmt: skip


def pad(text: str, form: int) -> str:
    return [text, text.upper(), f"  {text} ", text.capitalize(), f" {text}\u00a0"][form]


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*map(st.sampled_from, (TIME, VALUE, ITEM, GROUP, OTHER))),
    st.permutations(range(5)),
    st.integers(0, 4),
)
def test_any_mixture_of_headers_gives_each_role_its_own(
    names: tuple[str, ...], order: list[int], form: int
) -> None:
    time, value, item, group, _ = names
    header = [pad(names[index], form if names[index] != "TikTokerID" else 2) for index in order]

    def best(rank: object) -> list[str]:
        known = [title for title in header if rank(title) is not None]  # type: ignore[operator]
        return [title.strip().casefold() for title in known]

    assert best(time_rank) == [time]
    assert best(value_rank) == [value]
    assert best(group_rank) == [group]
    assert [title.strip().casefold() for title in item_candidates(header)] == [item.casefold()]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("views", "views_total"),
        ("DAILY_STREAM", "TOTAL_STREAM"),
        ("views", "cumulative views"),
        ("views", "youtube views"),
        ("관객수", "누적관객수"),
        ("views", "value"),
        ("просмотры", "всего просмотров"),
    ],
)
def test_specific_counts_come_before_vague_and_running_ones(better: str, worse: str) -> None:
    first, second = value_rank(better), value_rank(worse)
    assert first is not None
    assert second is not None
    assert first < second


@pytest.mark.parametrize(
    "header",
    ["likes", "followers", "Subscribers", "views_change", "view_id", "view_rank", "stream_name",
     "avg_views", "лайки", ""],
)  # fmt: skip
def test_other_columns_are_never_counts(header: str) -> None:
    assert value_rank(header) is None


@pytest.mark.parametrize("header", ["release_date", "개봉일", "дата выхода", "views_per_day",
                                    "day_of_week", "published_at", "daily_views"])  # fmt: skip
def test_other_days_are_never_the_day_of_a_row(header: str) -> None:
    assert time_rank(header) is None


@pytest.mark.parametrize(
    ("header", "item"),
    [
        (["id", "creator"], ["creator"]),
        (["channel_id", "channel_title"], ["channel_id"]),
        (["item_id", "track", "album_id"], ["item_id"]),
        (["Creator", "Track"], ["Creator", "Track"]),
        (["creator_count", "views"], []),
        (["channel_url", "channel_language"], []),
        (["id", "title"], ["id"]),
        (["album_id"], ["album_id"]),
    ],
)
def test_the_item_is_what_the_headers_name(header: list[str], item: list[str]) -> None:
    assert item_candidates(header) == item


def test_likes_and_running_totals_are_told() -> None:
    assert [is_likes(h) for h in ("Likes", "лайки", "like_count", "liked videos")] == [
        True, True, True, False,
    ]  # fmt: skip
    assert [is_running(h) for h in ("views_total", "daily_total_views", "누적관객수")] == [
        True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("viewsCount", ("views", "count")),
        ("HTTPDate", ("http", "date")),
        (" Дата-просмотра ", ("дата", "просмотра")),
        ("views (per day)", ("views", "per", "day")),
        ("지역코드", ("지역", "코드")),
        ("", ()),
    ],
)
def test_headers_split_in_words(header: str, words: tuple[str, ...]) -> None:
    assert split_words(header) == words
