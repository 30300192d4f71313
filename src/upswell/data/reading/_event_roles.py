"""Which headers name the parts of an announced event: its day, its creator, and what it is."""

from __future__ import annotations

from upswell.data.reading import _vocabulary as v
from upswell.data.reading._columns import is_other_date, item_candidates, time_rank
from upswell.data.reading._vocabulary import split_words

__all__ = ["event_creator_rank", "event_day_rank", "event_name_rank"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_EVENTS = _words(
    "event events launch launches occasion occasions campaign campaigns announcement premiere "
    "событие события мероприятие запуск 이벤트 행사 출시"
)
_NAMES = _words("name title what note notes comment label description kind type")


def event_day_rank(header: str) -> int | None:
    """Return how well a header names the day of an event: 0 is best, None is not at all.

    Other than in a table of daily counts, the date of a release or launch will do.

    Examples
    --------
    >>> [event_day_rank(h) for h in ("date", "release_date", "creator")]
    [0, 4, None]
    """
    rank = time_rank(header)
    if rank is None and is_other_date(header) and set(split_words(header)) & v.DATE_WORDS:
        return 4
    return rank


def event_creator_rank(header: str) -> int | None:
    """Return 0 for a header that names the creator of an event, else None.

    Examples
    --------
    >>> [event_creator_rank(h) for h in ("Creator", "channel_id", "event", "title")]
    [0, 0, None, None]
    """
    if event_name_rank(header) is not None or not _EVENTS.isdisjoint(split_words(header)):
        return None
    return 0 if item_candidates([header]) else None


def event_name_rank(header: str) -> int | None:
    """Return how well a header names what an event is: 0 is best, None is not at all.

    Examples
    --------
    >>> [event_name_rank(h) for h in ("event", "Event name", "title", "creator name")]
    [0, 0, 1, None]
    """
    words = frozenset(split_words(header))
    if not words or not words <= _EVENTS | _NAMES | v.FILLER_WORDS:
        return None
    if words & _EVENTS:
        return 0
    return 1 if words & _NAMES else None
