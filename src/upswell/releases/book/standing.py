"""Which entries of a decision book count: the latest of the model, and the latest of people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from upswell.releases.book.entries import Entry, ModelEntry, PersonEntry, line_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Book", "Standing"]

Kind = TypeVar("Kind", ModelEntry, PersonEntry)
_ALWAYS: Mapping[str, dt.date] = {}


@dataclass(frozen=True)
class Book:
    """A decision book as it was read.

    Parameters
    ----------
    path
        Where it lies.
    entries
        In the order of the file.
    """

    path: str
    entries: tuple[Entry, ...]

    def model(self, before: Mapping[str, dt.date] = _ALWAYS) -> dict[str, ModelEntry]:
        """Return the entry of the model that counts, by release.

        Parameters
        ----------
        before
            Day by release: entries of that day or later are passed over.
        """
        own = (entry for entry in self.entries if isinstance(entry, ModelEntry))
        return _latest(own, before)

    def people(self, before: Mapping[str, dt.date] = _ALWAYS) -> dict[str, PersonEntry]:
        """Return the entry of people that counts, by release; `before` as of `model`."""
        own = (entry for entry in self.entries if isinstance(entry, PersonEntry))
        return _latest(own, before)

    def releases(self) -> tuple[str, ...]:
        """Return every release of the book, in the order in which they came."""
        return tuple(dict.fromkeys(entry.release for entry in self.entries))

    def to_frame(self) -> pl.DataFrame:
        """Return the entries as a table.

        Returns
        -------
        polars.DataFrame
            A row an entry: ``release``, ``who`` (``model`` or ``person``), ``by``, ``on``,
            ``decision``, ``note``, ``expected_profit``, ``chance``, and ``counts``: whether no
            later entry of the same kind took its place.
        """
        import polars as pl

        counting = {id(entry) for own in (self.model(), self.people()) for entry in own.values()}
        schema = {
            "release": pl.String, "who": pl.String, "by": pl.String, "on": pl.Date,
            "decision": pl.String, "note": pl.String, "expected_profit": pl.Float64,
            "chance": pl.Float64, "counts": pl.Boolean,
        }  # fmt: skip
        rows = [{**_row(entry), "counts": id(entry) in counting} for entry in self.entries]
        return pl.DataFrame(rows, schema=schema)


@dataclass
class Standing:
    """The entries that count, while more are added.

    Parameters
    ----------
    entries
        Those that are there.
    """

    entries: Iterable[Entry]
    _counting: dict[tuple[str, str], Entry] = field(default_factory=dict)
    _lines: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        for entry in self.entries:
            self.take(entry)

    def take(self, entry: Entry) -> None:
        """Add an entry."""
        self._lines.add(line_of(entry))
        key = (entry.kind, entry.release)
        found = self._counting.get(key)
        if found is None or entry.on >= found.on:
            self._counting[key] = entry

    def holds(self, entry: Entry) -> bool:
        """Tell whether an entry is there and to write it again would change nothing."""
        if line_of(entry) not in self._lines:
            return False
        found = self._counting[entry.kind, entry.release]
        return entry == found or entry.on < found.on


def _latest(entries: Iterable[Kind], before: Mapping[str, dt.date]) -> dict[str, Kind]:
    """Return the entry of the latest day by release; of one day, the one that stands last."""
    found: dict[str, Kind] = {}
    for entry in entries:
        if entry.release in before and entry.on >= before[entry.release]:
            continue
        if entry.release not in found or entry.on >= found[entry.release].on:
            found[entry.release] = entry
    return found


def _row(entry: Entry) -> dict[str, object]:
    shared = {"release": entry.release, "who": entry.kind, "on": entry.on}
    if isinstance(entry, PersonEntry):
        return {**shared, "decision": entry.decision, "by": entry.by, "note": entry.note}
    return {
        **shared,
        "decision": entry.decision,
        "expected_profit": entry.expected_profit,
        "chance": entry.chance,
    }
