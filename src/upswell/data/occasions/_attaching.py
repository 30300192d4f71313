"""A panel with what was known of its days beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from upswell.data.occasions._occasions import Occasions
from upswell.data.occasions.events import EventsFile, read_events
from upswell.data.occasions.holidays import country_codes, days_off
from upswell.data.panel import Panel

__all__ = ["with_occasions"]


def with_occasions(
    panel: Panel, *, holidays: str | Sequence[str] = (), events: Any = None, horizon: int = 30
) -> Panel:
    """Return a panel that knows days off and announced events; without either, the same one.

    Parameters
    ----------
    panel
        The panel.
    holidays
        Codes of countries; see `country_codes`.
    events
        Anything that `read_events` takes, or None.
    horizon
        Days ahead, only to flag events outside of it.

    Returns
    -------
    Panel
        The same counts; lines about the events are in its ledger.

    Raises
    ------
    InputError
        When a country is unknown, the panel has no dates, or the events cannot be used.

    Examples
    --------
    >>> import numpy as np
    >>> panel = Panel.from_arrays(np.ones((1, 30)), items=["ana"], start=19723, calendar=True)
    >>> known = with_occasions(panel, holidays="US").occasions
    >>> panel.axis.label(known.days_off[1])
    '2024-01-15'
    """
    if not holidays and holidays != "" and events is None:
        return panel
    codes: tuple[str, ...] = ()
    off: tuple[int, ...] = ()
    if holidays or holidays == "":
        codes = country_codes(holidays)
        off = days_off(codes, panel.axis)
    found = EventsFile((), (), ()) if events is None else read_events(events, panel, horizon)
    known = Occasions(codes, off, found.events, found.sources)
    return replace(panel, occasions=known, ledger=panel.ledger.extended(found.repairs))
