"""One date as text: which format is it in, and which numbers does it hold?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["DateText", "Format", "parse_date"]


class Format(StrEnum):
    """Families of date formats; a column must keep to one."""

    ISO = "year first"
    NUMERIC = "day or month first"
    NAMED = "with the name of the month"


@dataclass(frozen=True, slots=True)
class DateText:
    """A date taken apart.

    Parameters
    ----------
    format
        Its family.
    year
        The year.
    first, second
        Month and day for year-first dates and those with a month's name; for numeric ones the
        two numbers in the order in which they stand.
    """

    format: Format
    year: int
    first: int
    second: int


_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})|(\d{4})(\d{2})(\d{2})")
_KOREAN = re.compile(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일")
_KOREAN_DOTS = re.compile(r"(\d{4})\.\s*(\d{1,2})\.\s*(\d{1,2})\.?")
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4})")
_DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[-/. ,]*([^\W\d_]+)[-/. ,]*(\d{4})(?:\s*г\.?)?")
_NAME_DAY = re.compile(r"([^\W\d_]+)[-/. ]*(\d{1,2})(?:st|nd|rd|th)?[-/. ,]+(\d{4})")
_YEAR_NAME = re.compile(r"(\d{4})[-/. ]*([^\W\d_]+)[-/. ]*(\d{1,2})")
_WEEKDAY = re.compile(r"^[^\W\d_]+\.?,\s*")

_ENGLISH = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_RUSSIAN_STEMS = ["янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"]
_RUSSIAN_NAMES = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
]


def _month(word: str) -> int | None:
    word = word.casefold()
    if len(word) >= 3:
        for number, name in enumerate(_ENGLISH, start=1):
            if name.startswith(word) or (word == "sept" and number == 9):
                return number
        for number, stem in enumerate(_RUSSIAN_STEMS, start=1):
            if word.startswith(stem) and any(name.startswith(word) for name in _RUSSIAN_NAMES):
                return number
    return None


def parse_date(text: str) -> DateText | None:
    """Take the text of a date apart; None when it is no date.

    Known are ``2024-01-03`` (also with ``/``, ``.`` or nothing between), ``03.01.2024`` (also
    with ``/``, ``-`` or a space; the order of day and month is left open), ``3 January 2024``,
    ``Jan 3, 2024``, ``3 января 2024`` and ``2024년 1월 3일``. Whether the day exists is not
    checked.

    Examples
    --------
    >>> parse_date("20240103")
    DateText(format=<Format.ISO: 'year first'>, year=2024, first=1, second=3)
    >>> parse_date("3 января 2024").first, parse_date("views") is None
    (1, True)
    """
    text = text.strip()
    for pattern in (_ISO, _KOREAN, _KOREAN_DOTS):
        if match := pattern.fullmatch(text):
            numbers = [int(part) for part in match.groups() if part is not None and part.isdigit()]
            return DateText(Format.ISO, *numbers)
    if match := _NUMERIC.fullmatch(text):
        return DateText(Format.NUMERIC, int(match[4]), int(match[1]), int(match[3]))
    return _parse_named(text) or _parse_named(_WEEKDAY.sub("", text))


def _parse_named(text: str) -> DateText | None:
    for pattern, (year, name, day) in (
        (_DAY_NAME, (3, 2, 1)),
        (_NAME_DAY, (3, 1, 2)),
        (_YEAR_NAME, (1, 2, 3)),
    ):
        match = pattern.fullmatch(text)
        month = _month(match[name]) if match else None
        if match and month is not None:
            return DateText(Format.NAMED, int(match[year]), month, int(match[day]))
    return None
