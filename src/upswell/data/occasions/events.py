"""Announced events from a file: their days, their creators, and what they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.data.occasions._occasions import Event
from upswell.data.panel import Panel, Source
from upswell.data.reading import Column, Columns, Holds, event_roles, read_columns
from upswell.errors import CellError, ColumnError, Place

__all__ = ["EventsFile", "read_events"]

_EPOCH = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class EventsFile:
    """Events as they were read.

    Parameters
    ----------
    events
        Those of the panel's creators and of everybody, in the order of the file, each once.
    sources
        The files.
    repairs
        Lines for the ledger.
    """

    events: tuple[Event, ...]
    sources: tuple[Source, ...]
    repairs: tuple[Repair, ...]


def read_events(source: Any, panel: Panel, horizon: int) -> EventsFile:
    """Read announced events, such as launches, of the creators of a panel.

    Parameters
    ----------
    source
        As for `upswell.read_panel`: a file with a column of days, and perhaps one of creators
        (empty: everybody) and one of names. Columns are found by the words of their headers.
    panel
        The panel; days are dates where it has dates, else numbers.
    horizon
        Days ahead. What lies outside of history and horizon is kept and flagged in the ledger.

    Raises
    ------
    InputError
        When the file cannot be read, a day is none, or no creator that it names is known.

    Examples
    --------
    >>> import numpy as np
    >>> panel = Panel.from_arrays(np.ones((1, 30)), items=["ana"])
    >>> frame = pl.DataFrame({"day": [33, 99], "creator": ["ana", "bo"], "event": ["tour", "-"]})
    >>> found = read_events(frame, panel, horizon=7)
    >>> found.events, [repair.code for repair in found.repairs]
    ((Event(day=33, item='ana', name='tour'),), ['event-of-unknown-creator'])
    """
    columns = read_columns(source, _roles(panel))
    repairs = list(columns.repairs)
    frame = _known_creators(_dated(columns, panel, repairs), columns, panel, repairs)
    outside = (frame["day"] < panel.axis.start) | (frame["day"] >= panel.axis.stop + horizon)
    if outside.any():
        reason = "events lie outside of history and horizon; no forecast reads them"
        repairs.append(
            _finding("event-outside", Action.FLAGGED, reason, frame, columns, where=outside)
        )
    rows = zip(frame["day"], frame["item"], frame["name"], strict=True)
    events = dict.fromkeys(Event(int(day), item, name) for day, item, name in rows)
    return EventsFile(tuple(events), columns.sources, tuple(repairs))


def _roles(panel: Panel) -> tuple[Column, ...]:
    kind = Holds.DAY if panel.axis.calendar else Holds.NUMBER
    item = None if panel.columns is None else panel.columns.item
    setting = "the events file"
    return (
        Column(
            "day",
            kind,
            event_roles.event_day_rank,
            setting=f"the days of {setting}",
            usual="date" if panel.axis.calendar else "day",
        ),
        Column(
            "item",
            Holds.TEXT,
            event_roles.event_creator_rank,
            required=False,
            setting=f"the creators of {setting}",
            like=item,
            usual="creator",
        ),
        Column(
            "name",
            Holds.TEXT,
            event_roles.event_name_rank,
            required=False,
            setting=f"the names of {setting}",
            usual="event",
        ),
    )


def _dated(columns: Columns, panel: Panel, repairs: list[Repair]) -> pl.DataFrame:
    """Return ``day, item, name, file, row``; rows without a day are left out."""
    frame = columns.frame
    missing = [name for name in ("item", "name") if name not in frame.columns]
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    without = frame["day"].is_null()
    if without.any():
        reason = "events without a day were left out"
        line = _finding("event-without-day", Action.DROPPED, reason, frame, columns, where=without)
        repairs.append(line)
        frame = frame.filter(~without)
    if panel.axis.calendar:
        return frame.with_columns(pl.col("day").cast(pl.Int32).cast(pl.Int64))
    broken = (frame["day"] % 1 != 0) | (frame["day"].abs() > 1e6)
    if broken.any():
        index = int(broken.arg_true()[0])
        raise CellError(
            f'"{frame["day"][index]}" is not the number of a day',
            where=_place(frame, index, columns, "day"),
            fix="the days of the panel are whole numbers: write the events' days likewise",
        )
    return frame.with_columns(pl.col("day").cast(pl.Int64))


def _known_creators(
    frame: pl.DataFrame, columns: Columns, panel: Panel, repairs: list[Repair]
) -> pl.DataFrame:
    """Leave out events of creators that the panel does not have."""
    unknown = frame["item"].is_not_null() & ~frame["item"].is_in(list(panel.items))
    if not unknown.any():
        return frame
    name = frame["item"].filter(unknown)[0]
    if unknown.sum() == frame["item"].is_not_null().sum():
        raise ColumnError(
            f'no creator of the events is in the panel: the first is "{name}"',
            where=_place(frame, int(unknown.arg_true()[0]), columns, "item"),
            fix=_suggestion(name, panel.items),
        )
    reason = f'events of creators that the panel lacks were left out, such as "{name}"'
    repairs.append(
        _finding("event-of-unknown-creator", Action.DROPPED, reason, frame, columns, where=unknown)
    )
    return frame.filter(~unknown)


def _suggestion(name: str, items: Sequence[str]) -> str:
    near = get_close_matches(name, items, n=3, cutoff=0.6) or items[:3]
    meant = ", ".join(f'"{item}"' for item in near)
    return (
        f"name creators as the panel does, such as {meant}; a cell that is empty means all of them"
    )


def _finding(
    code: str,
    action: Action,
    reason: str,
    frame: pl.DataFrame,
    columns: Columns,
    *,
    where: pl.Series,
) -> Repair:
    place = str(_place(frame, int(where.arg_true()[0]), columns, "day"))
    return Repair(code, action, reason, int(where.sum()), place=place)


def _place(frame: pl.DataFrame, index: int, columns: Columns, role: str) -> Place:
    file = columns.sources[frame["file"][index]].name
    return Place(file, frame["row"][index], columns.selection.titles.get(role))
