"""One date as text: the format it is in, and the numbers it holds."""

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

_ENGLISH = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
# Stem, then the endings of nominative and genitive.
_RUSSIAN = (
    ("январ", "ья"), ("феврал", "ья"), ("март", "а"), ("апрел", "ья"), ("ма", "йя"), ("июн", "ья"),
    ("июл", "ья"), ("август", "а"), ("сентябр", "ья"), ("октябр", "ья"), ("ноябр", "ья"),
    ("декабр", "ья"),
)  # fmt: skip


def _month(word: str) -> int | None:
    """Return the number of a month by its name or at least its first three letters."""
    word = word.casefold()
    if len(word) < 3:
        return None
    if word == "sept":
        return 9
    for number, (english, (stem, endings)) in enumerate(
        zip(_ENGLISH, _RUSSIAN, strict=True), start=1
    ):
        names = (english, stem, *(stem + ending for ending in endings))
        if any(name.startswith(word) for name in names):
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
