"""Which headers could play which role, by their words alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from upswell.data.reading import _vocabulary as v
from upswell.data.reading._vocabulary import split_words

__all__ = [
    "group_rank",
    "is_likes",
    "is_other_date",
    "is_running",
    "item_candidates",
    "time_rank",
    "value_rank",
]

_CAMEL_ENTITIES = {("tik", "toker"): "creator", ("you", "tuber"): "creator"}


def time_rank(header: str) -> int | None:
    """Return how well a header names the day of a row: 0 is best, None is not at all.

    0 is a single word such as ``date``; 1 adds only words that say nothing; 2 begins or ends
    with one; 3 has a vague word such as ``time``. A header that names another day, such as
    ``release_date``, is none.

    Examples
    --------
    >>> [time_rank(h) for h in ("Date", "report date", "дата продажи", "fetched_at")]
    [0, 1, 2, 3]
    >>> time_rank("release_date"), time_rank("views_per_day")
    (None, None)
    """
    words = split_words(header)
    if not words or _any(words, v.OTHER_DATE_WORDS):
        return None
    ends = {words[0], words[-1]}
    counts = v.AMOUNT_WORDS | v.OTHER_COUNT_WORDS | v.DERIVED_WORDS
    if _any(words, counts) and not ends & (v.DATE_WORDS - v.DAILY_WORDS - {"days"}):
        return None
    if len(words) == 1 and words[0] in v.DATE_WORDS:
        return 0
    if not ends & (v.DATE_WORDS | v.VAGUE_DATE_WORDS):
        return None
    if ends & v.DATE_WORDS:
        return 1 if _all(words, v.DATE_WORDS | v.FILLER_WORDS | v.VAGUE_DATE_WORDS) else 2
    return 3


def is_other_date(header: str) -> bool:
    """Tell whether a header names a day that is not the day of the row."""
    return _any(split_words(header), v.OTHER_DATE_WORDS)


def is_running(header: str) -> bool:
    """Tell whether a header names a running total, as ``TOTAL_STREAM`` does."""
    words = split_words(header)
    return _any(words, v.RUNNING_WORDS) and not _any(words, v.DAILY_WORDS)


def value_rank(header: str) -> int | None:
    """Return how well a header names the counts: 0 is best, None is not at all.

    0 is ``views`` or ``daily_views``; 1 adds words that say nothing (``views_count``); 2 adds
    other words; 3 has only a vague word such as ``value``; 4 is a running total.

    Examples
    --------
    >>> [value_rank(h) for h in ("Views", "DAILY_STREAM", "views_count", "y", "TOTAL_STREAM")]
    [0, 0, 1, 3, 4]
    >>> value_rank("likes"), value_rank("view_date")
    (None, None)
    """
    words = split_words(header)
    if not words or _any(words, v.OTHER_COUNT_WORDS | v.DERIVED_WORDS | v.GROUP_WORDS):
        return None
    if {words[0], words[-1]} & ((v.DATE_WORDS - v.DAILY_WORDS) | v.ATTRIBUTE_WORDS):
        return None
    if not _any(words, v.AMOUNT_WORDS | v.VAGUE_AMOUNT_WORDS):
        return None
    return 4 if is_running(header) else _amount_rank(words)


def _amount_rank(words: tuple[str, ...]) -> int | None:
    plain = v.FILLER_WORDS | v.DAILY_WORDS
    if not _any(words, v.AMOUNT_WORDS):
        return 3 if _all(words, v.VAGUE_AMOUNT_WORDS | plain) else None
    a_day = _any(words, v.DAILY_WORDS) and _all(words, v.AMOUNT_WORDS | plain)
    if len(words) == 1 or a_day:
        return 0
    return 1 if _all(words, v.AMOUNT_WORDS | v.VAGUE_AMOUNT_WORDS | v.FILLER_WORDS) else 2


def group_rank(header: str) -> int | None:
    """Return how well a header names the category: 0 is best, None is not at all.

    Examples
    --------
    >>> [group_rank(h) for h in ("Category", "genre_name", "main category", "category_id", "group")]
    [0, 1, 2, 3, 4]
    """
    words = split_words(header)
    if not words or _any(words, v.AMOUNT_WORDS | v.OTHER_COUNT_WORDS | v.DERIVED_WORDS):
        return None
    if _any(words, v.GROUP_WORDS):
        if len(words) == 1:
            return 0
        if _any(words, v.ID_WORDS):
            return 3
        if _all(words, v.GROUP_WORDS | v.NAME_WORDS | v.FILLER_WORDS):
            return 1
        return 2 if {words[0], words[-1]} & v.GROUP_WORDS else None
    return (
        4
        if _all(words, v.VAGUE_GROUP_WORDS | v.NAME_WORDS) and (_any(words, v.VAGUE_GROUP_WORDS))
        else None
    )


def is_likes(header: str) -> bool:
    """Tell whether a header names likes."""
    words = split_words(header)
    known = v.LIKE_WORDS | v.FILLER_WORDS | v.DAILY_WORDS | v.RUNNING_WORDS
    return _any(words, v.LIKE_WORDS) and _all(words, known)


def item_candidates(headers: Sequence[str]) -> list[str]:
    """Return the headers that equally well name the item of a row: none, one, or several.

    A header such as ``item_id`` wins outright. Else each thing that is named (creator, channel,
    track, ...) offers one header, its identifier before its bare name before its title; with
    two things there are two candidates. Else an identifier of something unknown, a bare ``id``,
    or a title.

    Examples
    --------
    >>> item_candidates(["channel_id", "channel_title", "country"])
    ['channel_id']
    >>> item_candidates(["Creator", "Track"]), item_candidates(["album_id", "item_id"])
    (['Creator', 'Track'], ['item_id'])
    """
    named: dict[str, list[tuple[int, str]]] = {}
    for header in headers:
        found = _item(header)
        if found is not None:
            entity, rank = found
            named.setdefault(entity, []).append((rank, header))
    specific = [entity for entity in named if entity not in ("item", "thing", "bare")]
    for entities in (["item"] if "item" in named else [], specific, ["thing"], ["bare"]):
        candidates = []
        for entity in entities:
            best = min((rank for rank, _ in named.get(entity, [])), default=0)
            candidates += [header for rank, header in named.get(entity, []) if rank == best]
        if candidates:
            return candidates
    return []


def _item(header: str) -> tuple[str, int] | None:
    """Return the thing that a header names and how well: 0 by id, 1 barely, 2 by title."""
    words = split_words(header)
    unfit = v.AMOUNT_WORDS | v.OTHER_COUNT_WORDS | v.DERIVED_WORDS | v.RUNNING_WORDS
    unfit |= v.GROUP_WORDS | v.VAGUE_GROUP_WORDS | v.VAGUE_AMOUNT_WORDS | {"row", "index"}
    streams = {"stream", "view", "play"} if words and words[-1] in v.ID_WORDS else set()
    if (
        not words
        or _any(words, unfit - streams)
        or ({words[0], words[-1]} & (v.DATE_WORDS | {"number", "num"}))
    ):
        return None
    identified, titled = _any(words, v.ID_WORDS), _any(words, v.NAME_WORDS)
    rank = 0 if identified else 2 if titled else 1
    if _any(words, v.ITEM_WORDS) and _all(words, v.ITEM_WORDS | v.ID_WORDS | v.NAME_WORDS):
        return "item", rank
    for pair, entity in _CAMEL_ENTITIES.items():
        if words[:2] == pair:
            return entity, rank
    entities = [v.ENTITY_WORDS[word] for word in words if word in v.ENTITY_WORDS]
    if entities:
        tight = _all(words, v.ENTITY_WORDS.keys() | v.ID_WORDS | v.NAME_WORDS | v.FILLER_WORDS)
        last = words[-1] in v.ENTITY_WORDS or words[-1] in v.ID_WORDS | v.NAME_WORDS
        return (entities[-1], rank if tight else rank + 3) if last or tight else None
    if len(words) == 1 and (identified or titled):
        return "bare", rank
    return ("thing", rank) if identified and words[-1] in v.ID_WORDS else None


def _any(words: Iterable[str], known: Iterable[str]) -> bool:
    return not frozenset(known).isdisjoint(words)


def _all(words: Iterable[str], known: Iterable[str]) -> bool:
    return frozenset(known).issuperset(words)
