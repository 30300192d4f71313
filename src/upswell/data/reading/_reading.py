"""From any source to typed observations, step by step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl

from upswell.data._observations import Observations
from upswell.data.ledger import Ledger
from upswell.data.reading._choice import Wanted
from upswell.data.reading._dates import find_zone
from upswell.data.reading._entries import list_inputs
from upswell.data.reading._gathering import gather
from upswell.data.reading._parsing import parse_rows
from upswell.errors import SettingError

__all__ = ["read_observations"]

_EPOCH = dt.date(1970, 1, 1)
_LAST_DAY = (dt.date(2200, 12, 31) - _EPOCH).days


def read_observations(
    source: Any,
    *,
    time: str | None = None,
    item: str | None = None,
    value: str | None = None,
    group: str | None = None,
    start_date: str | dt.date | None = None,
    timezone: str | None = None,
) -> Observations:
    """Read one or several inputs into one typed frame, without repairing what they say.

    Parameters
    ----------
    source
        A path, a glob pattern, a folder, a database URI (``sqlite:///views.db?table=daily``,
        ``postgresql://user@host/db?query=SELECT ...``), a list of these, or a data frame
        (pandas, Polars, or anything with the Arrow C stream interface).
    time, item, value, group
        Names of the columns; what is not named is found by the words of the header.
        ``time="<file name>"`` takes the date from the name of each file.
    start_date
        The date of the smallest day where days are bare integers, as ISO text or a date.
    timezone
        IANA name of the zone in which days begin; needed where times have an offset.

    Returns
    -------
    Observations
        All rows, in the order read.

    Raises
    ------
    SourceError
        When an input cannot be read, or holds no rows.
    ColumnError
        When a column is missing, or two could be meant.
    CellError
        When a cell is no number or no day.
    SettingError
        When an option makes no sense for this input.

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"Day": [1, 2], "Creator": ["ana", "ana"], "Views": ["1,084", "990"]})
    >>> read_observations(frame).frame["value"].to_list()
    [1084.0, 990.0]
    """
    zone = find_zone(timezone)
    start = _start(start_date)
    inputs, repairs = list_inputs(source)
    gathered = gather(inputs, Wanted(time, item, value, group))
    rows = parse_rows(gathered, zone)
    frame, calendar = rows.frame, rows.calendar
    if start is not None:
        frame = _dated(frame, start, calendar=calendar)
        calendar = True
    ledger = Ledger((*repairs, *gathered.repairs, *rows.repairs))
    return Observations(frame, calendar, gathered.choice.columns, gathered.sources, ledger)


def _start(start_date: str | dt.date | None) -> dt.date | None:
    if isinstance(start_date, dt.datetime):
        return start_date.date()
    if start_date is None or isinstance(start_date, dt.date):
        return start_date
    try:
        return dt.date.fromisoformat(str(start_date).strip())
    except ValueError as error:
        raise SettingError(
            f'the start date "{start_date}" is not a date',
            fix="give --start-date as 2024-01-03",
        ) from error


def _dated(frame: pl.DataFrame, start: dt.date, *, calendar: bool) -> pl.DataFrame:
    """Give integer days dates: the smallest becomes the start date."""
    if calendar:
        raise SettingError(
            "a start date was given, but the days have dates already",
            fix="leave --start-date out",
        )
    numbers = frame["day"].cast(pl.Int64)
    first = numbers.min()
    shifted = numbers - (first if isinstance(first, int) else 0) + (start - _EPOCH).days
    if start.year < 1900 or bool((shifted > _LAST_DAY).any()):
        raise SettingError(
            "with this start date, days lie outside the years 1900 to 2200",
            fix="check --start-date and the numbers of the days",
        )
    return frame.with_columns(shifted.cast(pl.Int32).alias("day"))
