"""Small pieces of SQL that are used everywhere: sums that are exact, logs, ratios, days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from upswell.releases.frames import FeatureNote

__all__ = [
    "Feature",
    "Step",
    "block_mean",
    "by_age",
    "columns",
    "date_of",
    "exact",
    "exact_log",
    "fine",
    "if_seen",
    "largest",
    "log",
    "log_ratio",
    "number_of",
    "third_of",
    "values",
    "weekend_days_up_to",
]


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of the pipeline: its name, its query, and whether it is kept as a table."""

    name: str
    sql: str
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its line in the catalogue and its SQL, in one place.

    The SQL stands in the last query, where ``r`` is the release, ``w`` its window, and the other
    letters are the relations of the modules that define them.
    """

    name: str
    group: str
    text: str
    sql: str
    category: bool = False

    @property
    def note(self) -> FeatureNote:
        """The line in the catalogue."""
        return FeatureNote(self.name, self.group, self.text, self.category)


def number_of(date: str) -> str:
    """Return SQL for the number of a date, as `day_number` counts it."""
    return f"CAST(date_diff('day', DATE '0001-01-01', {date}) AS INTEGER)"


def date_of(number: str) -> str:
    """Return SQL for the date of a number, the inverse of `number_of`."""
    return f"CAST(DATE '0001-01-01' + CAST({number} AS INTEGER) AS DATE)"


def exact(value: str) -> str:
    """Return SQL for a count that can be summed in any order with the same result.

    Sums of floats depend on the order in which threads deliver them. Nine decimals are kept.
    """
    return f"CAST({value} AS DECIMAL(38, 9))"


def exact_log(value: str) -> str:
    """Return SQL for a logarithm that can be summed in any order with the same result."""
    return f"CAST({value} AS DECIMAL(18, 9))"


def fine(value: str) -> str:
    """Return SQL for a share that can be summed in any order with the same result."""
    return f"CAST({value} AS DECIMAL(38, 18))"


def log(value: str) -> str:
    """Return SQL for the logarithm of one more than a count."""
    return f"ln(1 + {value})"


def log_ratio(above: str, below: str) -> str:
    """Return SQL for the logarithm of a ratio of counts, each raised by one."""
    return f"ln(1 + {above}) - ln(1 + {below})"


def block_mean(names: Sequence[str]) -> str:
    """Return SQL for the mean of those columns that are not null; null when all are."""
    if not names:
        return "CAST(NULL AS DOUBLE)"
    if len(names) == 1:
        return names[0]
    total = " + ".join(f"coalesce({name}, 0)" for name in names)
    known = " + ".join(f"CASE WHEN {name} IS NULL THEN 0 ELSE 1 END" for name in names)
    return f"(({total}) / nullif({known}, 0))"


def by_age(ages: Iterable[int], sql: Callable[[int], str], age: str = "r.age") -> str:
    """Return SQL that differs between ages, as a choice by the age of a row where it must be one.

    Examples
    --------
    >>> by_age([3], lambda age: f"day_{age}")
    'day_3'
    >>> by_age([1, 2], lambda age: f"day_{age}")
    'CASE r.age WHEN 1 THEN day_1 WHEN 2 THEN day_2 END'
    >>> by_age([1, 2], lambda age: "day_1")
    'day_1'
    """
    found = {each: sql(each) for each in ages}
    if len(set(found.values())) == 1:
        return next(iter(found.values()))
    cases = " ".join(f"WHEN {each} THEN {text}" for each, text in found.items())
    return f"CASE {age} {cases} END"


def if_seen(ages: Iterable[int], day: int, sql: str) -> str:
    """Return SQL that is null for releases of whose window that day has not been seen.

    Examples
    --------
    >>> if_seen([1, 2], 2, "m"), if_seen([2, 3], 2, "m"), if_seen([1], 2, "m")
    ('CASE WHEN r.age >= 2 THEN m END', 'm', 'CAST(NULL AS DOUBLE)')
    """
    seen = [day <= age for age in ages]
    if all(seen):
        return sql
    return f"CASE WHEN r.age >= {day} THEN {sql} END" if any(seen) else "CAST(NULL AS DOUBLE)"


def third_of(age: int) -> int:
    """Return the days in a third of the window so far, at least one.

    Examples
    --------
    >>> [third_of(age) for age in (1, 3, 4, 7)]
    [1, 1, 2, 3]
    """
    return -(-age // 3)


def largest(names: Sequence[str]) -> str:
    """Return SQL for the largest of the columns that are not null."""
    return names[0] if len(names) == 1 else f"greatest({', '.join(names)})"


def values(numbers: Iterable[int], column: str) -> str:
    """Return SQL for a small table of integers."""
    rows = ", ".join(f"({number})" for number in numbers)
    return f"(SELECT v.{column} FROM (VALUES {rows}) AS v({column}))"


def columns(expressions: Iterable[str], indent: int = 2) -> str:
    """Return expressions as the lines of a SELECT."""
    return (",\n" + " " * indent).join(expressions)


def weekend_days_up_to(number: str) -> str:
    """Return SQL for how many Saturdays and Sundays there were up to a day, by its number."""
    return f"(2 * CAST(floor(({number} + 1) / 7) AS INTEGER) + greatest(0, ({number} + 1) % 7 - 5))"
