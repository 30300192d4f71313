"""Which headers name the parts of a release: itself, its day, its artist, and who made a video."""

from __future__ import annotations

from collections.abc import Iterable

from upswell.data.reading import _vocabulary as v
from upswell.data.reading._columns import time_rank as day_rank
from upswell.data.reading._columns import value_rank
from upswell.data.reading._vocabulary import split_words

__all__ = [
    "artist_rank",
    "creator_rank",
    "day_rank",
    "is_identifier",
    "is_place",
    "known_rank",
    "promotion_cost_rank",
    "release_day_rank",
    "release_rank",
    "streams_rank",
    "video_rank",
]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# In the order of preference. Singular only: a plural such as "videos" is a count.
_RELEASES = (
    _words("release releases релиз релиза"),
    _words("isrc upc ean grid"),
    _words("track song recording трек трека песня песни 곡 트랙 노래"),
    v.ITEM_WORDS,
    _words("film movie фильм фильма 영화"),
    _words("album single альбом сингл 앨범 음반"),
    _words("show podcast episode шоу 방송 프로그램"),
    _words("video clip видео ролик 동영상 영상"),
)
_CREATORS = (
    _words("creator tiktoker youtuber influencer blogger streamer креатор блогер 크리에이터"),
    _words("author автор 작성자 저자"),
    _words("user username account пользователь аккаунт 사용자 계정"),
    _words("channel канал 채널"),
)
_VIDEOS = (
    _words("video clip видео ролик 동영상 영상"),
    _words("post reel short пост 게시물"),
)
_ARTISTS = (_words("artist performer исполнитель исполнителя артист 아티스트 가수"),)
_STREAMS = _words("stream streams прослушивания прослушиваний стримы стримов 스트리밍수 스트리밍")
_OUT = _words("release released релиза выхода premiere premiered debut премьеры 개봉 출시 발매")
_SHOWN = _words(
    "publish published publication launch launched upload uploaded posted публикации загрузки "
    "업로드 등록"
)
_KNOWN = _words(
    "known fetched ingested crawled scraped retrieved collected received loaded 수집 получено"
)
_PLACES = _words("rank ranking position index place ранг место позиция 순위")
_UNFIT = (
    v.AMOUNT_WORDS | v.OTHER_COUNT_WORDS | v.DERIVED_WORDS | v.RUNNING_WORDS
) - {"stream", "view", "play"}  # fmt: skip
_PLAIN = v.ID_WORDS | v.NAME_WORDS | (v.FILLER_WORDS - {"count", "counts", "number", "num"})


def _entity_rank(header: str, entities: tuple[frozenset[str], ...]) -> int | None:
    """Return three times the place of the entity, plus 0 by id, 1 barely, 2 by title."""
    words = split_words(header)
    if not words or _any(words, _UNFIT):
        return None
    if words[:2] in (("tik", "toker"), ("you", "tuber")):
        words = ("creator", *words[2:])
    sub = 0 if _any(words, v.ID_WORDS) else 2 if _any(words, v.NAME_WORDS) else 1
    for place, known in enumerate(entities):
        if _any(words, known) and _all(words, known | _PLAIN):
            return 3 * place + sub
    return None


def release_rank(header: str) -> int | None:
    """Return how well a header names the release of a row: 0 is best, None is not at all.

    Examples
    --------
    >>> [release_rank(h) for h in ("release_id", "release", "ISRC", "track_id", "영화코드", "id")]
    [0, 1, 4, 6, 12, 24]
    >>> release_rank("release_date"), release_rank("videos"), release_rank("track_count")
    (None, None, None)
    """
    rank = _entity_rank(header, _RELEASES)
    words = split_words(header)
    if rank is None and len(words) == 1 and _any(words, v.ID_WORDS | v.NAME_WORDS):
        return 3 * len(_RELEASES) + (0 if _any(words, v.ID_WORDS) else 2)
    return rank


def release_day_rank(header: str) -> int | None:
    """Return how well a header names the day of a release, in a table of releases.

    Examples
    --------
    >>> [release_day_rank(h) for h in ("release_date", "개봉일", "published_at", "date", "label")]
    [0, 0, 1, 10, None]
    """
    words = split_words(header)
    when = v.DATE_WORDS | v.VAGUE_DATE_WORDS | v.FILLER_WORDS
    for place, known in enumerate((_OUT, _SHOWN)):
        if _any(words, known) and _all(words, known | when | {"first"}):
            dated = _any(words, v.DATE_WORDS | v.VAGUE_DATE_WORDS)
            return place if dated else None if words[0] == "release" else place + 2
    rank = day_rank(header)
    return None if rank is None else rank + 10


def known_rank(header: str) -> int | None:
    """Return how well a header names the day on which a row became known.

    Examples
    --------
    >>> [known_rank(h) for h in ("known", "known_on", "fetched_at", "date")]
    [0, 0, 1, None]
    """
    words = split_words(header)
    when = v.DATE_WORDS | v.VAGUE_DATE_WORDS | v.FILLER_WORDS | {"since"}
    if not _any(words, _KNOWN) or not _all(words, _KNOWN | when):
        return None
    return 0 if "known" in words else 1


def artist_rank(header: str) -> int | None:
    """Return how well a header names the artist of a release.

    Examples
    --------
    >>> [artist_rank(h) for h in ("artist_id", "Artist", "artist name", "artists", "label")]
    [0, 1, 2, None, None]
    """
    return _entity_rank(header, _ARTISTS)


def creator_rank(header: str) -> int | None:
    """Return how well a header names who made a video.

    Examples
    --------
    >>> [creator_rank(h) for h in ("creator_id", "creator", "author", "creators", "new_creators")]
    [0, 1, 4, None, None]
    """
    return _entity_rank(header, _CREATORS)


def video_rank(header: str) -> int | None:
    """Return how well a header names the video of a row; a count of videos does not.

    Examples
    --------
    >>> [video_rank(h) for h in ("video_id", "video", "post_id", "videos", "video_count")]
    [0, 1, 3, None, None]
    """
    return _entity_rank(header, _VIDEOS)


def streams_rank(header: str) -> int | None:
    """Return how well a header names the outcome: streams before other counts.

    Examples
    --------
    >>> [streams_rank(h) for h in ("streams", "plays", "TOTAL_STREAM", "likes")]
    [0, 10, 14, None]
    """
    rank = value_rank(header)
    if rank is None:
        return None
    return rank if _any(split_words(header), _STREAMS) and rank < 4 else rank + 10


def promotion_cost_rank(header: str) -> int | None:
    """Return how well a header names what promotion of a release costs.

    Examples
    --------
    >>> [promotion_cost_rank(h) for h in ("promotion_cost", "Promotion Cost", "cost")]
    [0, 0, None]
    """
    return 0 if split_words(header) == ("promotion", "cost") else None


def is_identifier(header: str) -> bool:
    """Tell whether a header names an identifier, whose number is no amount.

    Examples
    --------
    >>> is_identifier("region_code"), is_identifier("views")
    (True, False)
    """
    words = split_words(header)
    return bool(words) and (words[-1] in v.ID_WORDS or words[0] == "id")


def is_place(header: str) -> bool:
    """Tell whether a header names a place in a list, which is no amount.

    Examples
    --------
    >>> is_place("chart_position"), is_place("순위"), is_place("plays")
    (True, True, False)
    """
    return _any(split_words(header), _PLACES)


def _any(words: Iterable[str], known: Iterable[str]) -> bool:
    return not frozenset(known).isdisjoint(words)


def _all(words: Iterable[str], known: Iterable[str]) -> bool:
    return frozenset(known).issuperset(words)
