"""The ledger: every change that ingestion made to the data, with its place, reason and count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Action", "Ledger", "Repair"]


class Action(StrEnum):
    """What was done about a finding.

    Attributes
    ----------
    CHANGED
        A value was replaced, for instance a difference of a counter.
    DROPPED
        Rows were left out.
    MARKED_MISSING
        A value was set to missing.
    FLAGGED
        Nothing was changed; the reader should know.
    """

    CHANGED = "changed"
    DROPPED = "dropped"
    MARKED_MISSING = "marked missing"
    FLAGGED = "flagged"


@dataclass(frozen=True, slots=True)
class Repair:
    """One line of the ledger.

    Parameters
    ----------
    code
        The kind of finding in a form that a program can read, such as ``exact-duplicate``.
    action
        What was done.
    reason
        One sentence for a person.
    count
        How many cells or rows it concerns, at least 1.
    series
        The series it concerns; None when it concerns several or all.
    day
        The first day it concerns, as the panel labels it; None when no single day is meant.
    place
        File, row and column of an example, as text.

    Examples
    --------
    >>> Repair("exact-duplicate", Action.DROPPED, "rows stand twice", 3).count
    3
    """

    code: str
    action: Action
    reason: str
    count: int
    series: str | None = None
    day: str | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a repair concerns at least one cell or row, got {self.count}")


@dataclass(frozen=True)
class Ledger:
    """All repairs of one panel, in the order in which they were made.

    Examples
    --------
    >>> ledger = Ledger().plus(Repair("negative", Action.MARKED_MISSING, "below zero", 2))
    >>> ledger.count("negative"), len(ledger)
    (2, 1)
    """

    repairs: tuple[Repair, ...] = field(default=())

    def __iter__(self) -> Iterator[Repair]:
        return iter(self.repairs)

    def __len__(self) -> int:
        return len(self.repairs)

    def plus(self, *repairs: Repair) -> Ledger:
        """Return a ledger with more lines at its end."""
        return Ledger(self.repairs + repairs)

    def extended(self, repairs: Iterable[Repair]) -> Ledger:
        """Return a ledger with the lines of an iterable at its end."""
        return self.plus(*repairs)

    def count(self, code: str) -> int:
        """Return how many cells or rows the repairs of one code concern, in all."""
        return sum(repair.count for repair in self.repairs if repair.code == code)

    def to_frame(self) -> pl.DataFrame:
        """Return the ledger as a Polars frame, one row a repair.

        Returns
        -------
        polars.DataFrame
            Columns ``code, action, reason, count, series, day, place``.
        """
        import polars as pl

        names = ("code", "action", "reason", "count", "series", "day", "place")
        rows = [tuple(getattr(repair, name) for name in names) for repair in self.repairs]
        schema = {name: pl.Int64 if name == "count" else pl.String for name in names}
        cleaned = [tuple(str(v) if isinstance(v, Action) else v for v in row) for row in rows]
        return pl.DataFrame(cleaned, schema=schema, orient="row")
