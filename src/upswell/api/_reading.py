"""Reading: from any source to a checked panel, with what is known of its days beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from upswell.data import Panel
from upswell.errors import SettingError

__all__ = ["panel_of", "panel_with", "read_panel"]


def read_panel(
    source: Any,
    *,
    time: str | None = None,
    item: str | None = None,
    value: str | None = None,
    group: str | None = None,
    start_date: str | None = None,
    cumulative: bool | None = None,
    on_duplicate: str = "error",
    missing: str = "gap",
    timezone: str | None = None,
) -> Panel:
    """Read daily counts from anything into a checked panel.

    Parameters
    ----------
    source
        A path, glob, folder or database URI, a list of them, or a pandas, Polars or Arrow frame.
    time, item, value, group
        Names of the columns; found by their header words where not given.
    start_date
        Date of the first day when days are integers.
    cumulative
        True when the values are running totals, False when they surely are not; None lets a
        panel that looks cumulative be refused.
    on_duplicate
        What to do with rows that contradict each other: ``error``, ``sum``, ``mean``, ``max`` or
        ``last``.
    missing
        ``gap`` when an absent day is unknown, ``zero`` when it means zero.
    timezone
        IANA name; needed when times carry a zone.

    Returns
    -------
    Panel
        With every repair in its ledger.

    Raises
    ------
    InputError
        When the input cannot be used; the message says where and what to do.
    RefusalError
        When the panel looks cumulative and that was not declared.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"day": [1, 2, 1, 2], "creator": list("aabb"), "views": [5, 6, 7, 8]})
    >>> read_panel(frame).values.tolist()
    [[5.0, 6.0], [7.0, 8.0]]
    """
    from upswell.data import build_panel, read_observations

    observations = read_observations(
        source,
        time=time,
        item=item,
        value=value,
        group=group,
        start_date=start_date,
        timezone=timezone,
    )
    return build_panel(
        observations, cumulative=cumulative, on_duplicate=on_duplicate, missing=missing
    )


def panel_of(source: Any, reading: dict[str, Any]) -> Panel:
    """Read a source unless it has been read; options of reading then come too late."""
    if not isinstance(source, Panel):
        return read_panel(source, **reading)
    if reading:
        raise SettingError(
            f"a panel has been read already: {', '.join(sorted(reading))} would change nothing",
            fix="give the options to read_panel",
        )
    return source


def panel_with(
    source: Any,
    reading: dict[str, Any],
    *,
    holidays: str | Sequence[str],
    events: Any,
    horizon: int,
) -> Panel:
    """Return the panel of a source, with days off and announced events if any."""
    from upswell.data.occasions import with_occasions

    panel = panel_of(source, reading)
    return with_occasions(panel, holidays=holidays, events=events, horizon=horizon)
