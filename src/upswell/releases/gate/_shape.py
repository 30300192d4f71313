"""What the gate's SQL depends on: the columns that are there, the window, and the last day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol

from upswell.errors import SettingError

if TYPE_CHECKING:
    import duckdb

    from upswell.data.ledger import Ledger

__all__ = [
    "DEFAULT_HORIZONS",
    "Missing",
    "Shape",
    "Tables",
    "day_number",
    "quoted",
    "shape_of",
    "slugs",
]

DEFAULT_HORIZONS = (14, 30)

Missing = Literal["unknown", "zero"]
"""What a day without a row means."""

_FIRST_MONDAY = dt.date(1, 1, 1)


class Tables(Protocol):
    """What the gate reads: typed tables in a connection, and which of their columns are there."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Where the tables ``releases``, ``signals`` and ``outcomes`` lie."""

    @property
    def metrics(self) -> tuple[str, ...]:
        """Numeric columns of the signals."""

    @property
    def attributes(self) -> Mapping[str, str]:
        """Columns that describe a release: ``category`` or ``number`` by name."""

    @property
    def has_artist(self) -> bool:
        """Whether releases name their artist."""

    @property
    def has_creator(self) -> bool:
        """Whether signals name their creator."""

    @property
    def has_video(self) -> bool:
        """Whether signals name their video."""

    @property
    def has_outcomes(self) -> bool:
        """Whether the table of outcomes is there."""

    @property
    def last_day(self) -> dt.date:
        """The last day of which anything is known."""

    @property
    def ledger(self) -> Ledger:
        """What was repaired on the way in."""


def day_number(day: dt.date) -> int:
    """Return the number of a day, counted from a Monday long ago, as the SQL counts it.

    Examples
    --------
    >>> import datetime as dt
    >>> day_number(dt.date(1, 1, 2)), day_number(dt.date(2026, 11, 21)) % 7  # a Saturday
    (1, 5)
    """
    return (day - _FIRST_MONDAY).days


def quoted(name: str) -> str:
    """Return a name as an SQL identifier, whatever stands in it.

    Examples
    --------
    >>> print(quoted('likes "n"; drop table'))
    "likes ""n""; drop table"
    """
    return '"' + name.replace('"', '""') + '"'


def slugs(names: Iterable[str]) -> tuple[str, ...]:
    """Return names made of letters, digits and underscores, all different in lower case too.

    Examples
    --------
    >>> slugs(["views", "likes (n)", "likes: n", "просмотры"])
    ('views', 'likes_n', 'likes_n_2', 'просмотры')
    """
    taken: set[str] = set()
    found = []
    for name in names:
        plain = re.sub(r"\W+", "_", name).strip("_") or "unnamed"
        slug, number = plain, 1
        while slug.casefold() in taken:
            number += 1
            slug = f"{plain}_{number}"
        taken.add(slug.casefold())
        found.append(slug)
    return tuple(found)


@dataclass(frozen=True)
class Shape:
    """All that the SQL depends on, apart from the rows.

    Parameters
    ----------
    metrics, attributes, has_artist, has_creator, has_video, has_outcomes
        As in `Tables`.
    window
        Days of a complete window.
    ages
        Days of the window that are seen, each 1 to `window`, ascending: of some releases more, of
        others fewer.
    horizons
        Days to which outcomes are counted, ascending.
    base
        The metric that outcomes are divided by, and by which releases are compared.
    as_of
        The last day of which anything is known, as `day_number` counts it.
    missing
        What a day without a row means: ``unknown``, or ``zero``.
    earliest
        Releases dated before this day are not looked at, as `day_number` counts it; None for all.
    told_until
        The last day up to which outcomes are known at all, as `day_number` counts it: that of a
        memory; None where they are known up to each gate.
    """

    metrics: tuple[str, ...]
    attributes: Mapping[str, str]
    has_artist: bool
    has_creator: bool
    has_video: bool
    has_outcomes: bool
    window: int
    ages: tuple[int, ...]
    horizons: tuple[int, ...]
    base: str
    as_of: int
    missing: Missing = "unknown"
    earliest: int | None = None
    told_until: int | None = None

    def __post_init__(self) -> None:
        if not self.metrics:
            raise SettingError("the signals have no metric", fix="name a numeric column")
        unfit = [age for age in self.ages if not 1 <= age <= self.window]
        if self.window < 1 or unfit:
            raise SettingError(
                f"an age of {(*unfit, 0)[0]} days does not fit a window of {self.window}",
                fix="the age lies between 1 and the window",
            )
        if (
            not self.horizons
            or min(self.horizons) < 1
            or list(self.horizons) != sorted(set(self.horizons))
        ):
            raise SettingError(
                f"horizons {self.horizons} are not ascending days", fix="for instance (14, 30)"
            )
        if self.base not in self.metrics:
            raise SettingError(
                f'the base metric "{self.base}" is not among the metrics of the signals',
                fix="use one of " + ", ".join(self.metrics),
            )

    @cached_property
    def metric_slugs(self) -> tuple[str, ...]:
        """The metrics' names as they stand in features."""
        return slugs(self.metrics)

    @cached_property
    def attribute_slugs(self) -> tuple[str, ...]:
        """The attributes' names as they stand in features."""
        return slugs(self.attributes)

    def looking_back(self, gate: str) -> str:
        """Return the day as of which outcomes are looked at from a gate, as SQL.

        A memory grows old. Looked at from later gates, the last release of an artist would be ever
        longer ago and the recent ones ever fewer, as they never were when models were taught; so
        the past is looked at as of the last day that the memory knows.
        """
        return gate if self.told_until is None else f"least({gate}, {self.told_until})"

    @property
    def base_index(self) -> int:
        """The position of the base metric."""
        return self.metrics.index(self.base)

    @property
    def days(self) -> range:
        """The days of the window that are seen of the oldest."""
        return range(1, self.ages[-1] + 1)

    @property
    def categories(self) -> tuple[int, ...]:
        """Positions of the attributes that are categories."""
        return tuple(i for i, kind in enumerate(self.attributes.values()) if kind == "category")


def shape_of(
    tables: Tables,
    *,
    window: int,
    horizons: Sequence[int] = DEFAULT_HORIZONS,
    ages: Iterable[int] | None = None,
    base: str | None = None,
    metrics: Sequence[str] | None = None,
    as_of: dt.date | None = None,
    missing: Missing = "unknown",
) -> Shape:
    """Return the shape of tables under given settings; by default whole windows are seen.

    `metrics` stands in for those of the tables.

    Raises
    ------
    SettingError
        When the settings make no sense.
    """
    own = tuple(tables.metrics if metrics is None else metrics)
    return Shape(
        metrics=own,
        attributes=dict(tables.attributes),
        has_artist=tables.has_artist,
        has_creator=tables.has_creator,
        has_video=tables.has_video,
        has_outcomes=tables.has_outcomes,
        window=window,
        ages=(window,) if ages is None else tuple(sorted(set(ages))),
        horizons=tuple(horizons),
        base=base if base is not None else next(iter(own), ""),
        as_of=day_number(as_of or tables.last_day),
        missing=missing,
    )
