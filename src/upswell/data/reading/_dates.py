"""Columns of days, however people write them, as day numbers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from upswell.data.reading._calendar import parse_date
from upswell.data.reading._days import resolve_days
from upswell.data.reading._numbers import MISSING_MARKERS
from upswell.errors import CellError, Place, SettingError

__all__ = ["Days", "find_zone", "looks_like_dates", "parse_days"]

_EPOCH = dt.date(1970, 1, 1)
_FIRST = (dt.date(1900, 1, 1) - _EPOCH).days
_LAST = (dt.date(2200, 12, 31) - _EPOCH).days
_LARGEST_DAY_NUMBER = 1_000_000
_SAMPLE = 1000
_TIMESTAMP = (
    r"^(?<date>.+?)(?:(?:[Tt]|,? +)(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})"
    r"(?:[.,]\d+)?)? *(?<half>[AaPp]\.?[Mm]\.?)?"
    r" *(?<zone>[Zz]|UTC|GMT|[+\u2212-]\d{2}(?::?\d{2})?)?)?$"
)
Where = Callable[[int], Place]


@dataclass(frozen=True)
class Days:
    """A column of days.

    Parameters
    ----------
    numbers
        Int32, null where the cell was empty: days since 1970-01-01 with a calendar, else the
        integers themselves.
    calendar
        Whether the days are dates.
    """

    numbers: pl.Series
    calendar: bool


def find_zone(name: str | None) -> ZoneInfo | None:
    """Return a time zone by its IANA name.

    Raises
    ------
    SettingError
        When there is no such zone.
    """
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise SettingError(
            f'there is no time zone "{name}"',
            fix='give --timezone a name such as "Europe/Berlin" or "UTC"',
        ) from error


def parse_days(cells: pl.Series, place: Where, zone: ZoneInfo | None = None) -> Days:
    """Read a column as days.

    Parameters
    ----------
    cells
        The column: text, dates, timestamps or integers.
    place
        Gives the place of a row of the column.
    zone
        The time zone in which days begin; needed only where the cells are moments in time.

    Returns
    -------
    Days
        The day of each cell.

    Raises
    ------
    CellError
        When a cell is no day, lies outside 1900 to 2200, or two cells are in different formats,
        or no cell tells whether the day or the month comes first.
    SettingError
        When the cells are moments in time and no zone is given.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.errors import Place
    >>> days = parse_days(pl.Series(["03.01.1970", "13.01.1970"]), lambda i: Place())
    >>> days.numbers.to_list(), days.calendar
    ([2, 12], True)
    """
    kind = cells.dtype
    if kind == pl.String:
        return _from_text(cells, place, zone)
    if kind == pl.Date:
        return _dated(cells, cells, place)
    if isinstance(kind, pl.Datetime):
        if kind.time_zone is not None:
            cells = cells.dt.convert_time_zone(_needed(zone, place).key)
        return _dated(cells.dt.date(), cells, place)
    if kind.is_integer():
        return _from_integers(cells.cast(pl.Int64), place, zone)
    if kind.is_numeric() and not cells.is_null().all():
        whole = cells.cast(pl.Float64).fill_nan(None)
        if ((whole % 1 == 0) & whole.is_finite()).all():
            return _from_integers(whole.cast(pl.Int64), place, zone)
    raise CellError(
        f"the column holds values of the type {kind}, not days",
        where=Place(place(0).file, column=place(0).column),
        fix="choose another column with --time",
    )


def looks_like_dates(cells: pl.Series) -> bool:
    """Tell whether a column holds dates, by its first thousand cells; integers are none."""
    if cells.dtype.is_temporal():
        return cells.dtype == pl.Date or isinstance(cells.dtype, pl.Datetime)
    if cells.dtype != pl.String:
        return False
    sample = cells.drop_nulls().head(_SAMPLE).str.strip_chars().unique(maintain_order=True)
    sample = sample.filter(~sample.str.to_lowercase().is_in(MISSING_MARKERS))
    parts = sample.str.extract_groups(_TIMESTAMP).struct.field("date")
    return len(sample) > 0 and all(
        part is not None and parse_date(part) is not None for part in parts.unique()
    )


def _needed(zone: ZoneInfo | None, place: Where) -> ZoneInfo:
    if zone is None:
        raise SettingError(
            "the times are moments with an offset, and the day depends on the time zone",
            where=place(0),
            fix='name the zone in which your days begin, for instance --timezone "Europe/Berlin"',
        )
    return zone


def _dated(dates: pl.Series, cells: pl.Series, place: Where) -> Days:
    """Check the range of dates; `cells` are what the reader wrote."""
    numbers = dates.cast(pl.Int32)
    outside = ((numbers < _FIRST) | (numbers > _LAST)).fill_null(value=False)
    if outside.any():
        index = int(outside.arg_true()[0])
        raise CellError(
            f'"{cells[index]}" lies outside the years 1900 to 2200',
            where=place(index),
            fix="correct the cell, or leave the row out",
        )
    return Days(numbers, calendar=True)


def _from_text(cells: pl.Series, place: Where, zone: ZoneInfo | None) -> Days:
    dates = cells.str.to_date("%Y-%m-%d", strict=False)
    if dates.null_count() == cells.null_count():
        return _dated(dates, cells, place)
    fast = _from_iso_timestamps(cells, place, zone)
    if fast is not None:
        return fast
    # Days repeat in a panel: what follows is done once for each different text.
    texts = cells.drop_nulls().unique(maintain_order=True)
    clean = texts.str.strip_chars()
    known = ~clean.str.to_lowercase().is_in(MISSING_MARKERS)
    texts, clean = texts.filter(known), clean.filter(known)

    def origin(index: int) -> Place:
        row = cells.index_of(texts[index])
        return place(0 if row is None else row)

    if len(clean) == 0:
        return Days(pl.Series(cells.name, [None] * len(cells), dtype=pl.Int32), calendar=True)
    if clean.str.contains(r"^[+-]?\d+(?:\.0+)?$").all() and not (
        clean.str.contains(r"^\d{8}$").all()
    ):
        # Through Int128, so that a number beyond Int64 is told apart from no number at all.
        integers = clean.str.replace(r"\.0+$", "").cast(pl.Int128).clip(-(2**63), 2**63 - 1)
        days = _from_integers(integers.cast(pl.Int64), origin, zone)
    else:
        days = _from_timestamps(clean, origin, zone)
    numbers = cells.replace_strict(texts, days.numbers, default=None, return_dtype=pl.Int32)
    return Days(numbers, days.calendar)


def _from_iso_timestamps(cells: pl.Series, place: Where, zone: ZoneInfo | None) -> Days | None:
    """Read timestamps as computers write them, in one pass; None when some cell is not so."""
    index = cells.is_not_null().arg_max()
    first = None if index is None else cells[index]
    if first is None or not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}", first):
        return None
    aware = re.search(r"(?:Z|[+-]\d{2}(?::?\d{2})?)$", first[19:]) is not None
    times = cells.str.to_datetime(
        f"%Y-%m-%d{first[10]}%H:%M:%S%.f" + ("%#z" if aware else ""),
        time_unit="ms",
        time_zone="UTC" if aware else None,
        strict=False,
    )
    if times.null_count() > cells.null_count():
        return None
    if aware:
        times = times.dt.convert_time_zone(_needed(zone, place).key)
    return _dated(times.dt.date(), cells, place)


def _from_timestamps(texts: pl.Series, place: Where, zone: ZoneInfo | None) -> Days:
    """Read different texts of dates, perhaps with a time of day and an offset."""
    parts = texts.str.extract_groups(_TIMESTAMP).struct.unnest()
    dates = parts["date"].fill_null("")
    unique = dates.unique(maintain_order=True)

    def origin(index: int) -> Place:
        return place(dates.index_of(unique[index]) or 0)

    resolved = resolve_days(unique.to_list(), origin)
    numbers = dates.replace_strict(unique, pl.Series(resolved, dtype=pl.Int32))
    offset = parts["zone"].is_not_null()
    if not offset.any():
        return _dated(numbers.cast(pl.Date), texts, place)
    if not offset.all():
        one, other = int(offset.arg_true()[0]), int((~offset).arg_true()[0])
        raise CellError(
            f'two rows disagree: "{texts[one]}" (row {place(one).row}) has an offset and '
            f'"{texts[other]}" (row {place(other).row}) has none',
            where=place(max(one, other)),
            fix="write all times of the column in one way",
        )
    seconds = _seconds_of_day(parts, texts, place) - _offset_seconds(parts["zone"])
    moments = (numbers.cast(pl.Int64) * 86_400 + seconds) * 1000
    return _from_moments(moments, texts, place, zone)


def _seconds_of_day(parts: pl.DataFrame, texts: pl.Series, place: Where) -> pl.Series:
    columns = ("hour", "minute", "second")
    hour, minute, second = (parts[name].cast(pl.Int64).fill_null(0) for name in columns)
    wrong = (hour > 24) | (minute > 59) | (second > 60)
    if wrong.any():
        index = int(wrong.arg_true()[0])
        raise CellError(
            f'"{texts[index]}" has no valid time of day', where=place(index), fix="correct the cell"
        )
    half = parts["half"].str.to_lowercase().str.slice(0, 1)
    shift = 12 * half.eq_missing("p").cast(pl.Int64)
    hour = hour.zip_with(half.is_null(), hour % 12) + shift
    return hour * 3600 + minute * 60 + second


def _offset_seconds(zone: pl.Series) -> pl.Series:
    text = zone.str.replace("^\u2212", "-").str.replace(":", "", literal=True)
    sign = 1 - 2 * text.str.starts_with("-").cast(pl.Int64)
    hours = text.str.slice(1, 2).cast(pl.Int64, strict=False).fill_null(0)
    minutes = text.str.slice(3, 2).cast(pl.Int64, strict=False).fill_null(0)
    return sign * (hours * 3600 + minutes * 60)


def _from_moments(
    milliseconds: pl.Series, cells: pl.Series, place: Where, zone: ZoneInfo | None
) -> Days:
    """Cut moments, as milliseconds since 1970 in UTC, to days in a zone."""
    needed = _needed(zone, place)
    moments = milliseconds.cast(pl.Datetime("ms", "UTC"))
    return _dated(moments.dt.convert_time_zone(needed.key).dt.date(), cells, place)


def _from_integers(numbers: pl.Series, place: Where, zone: ZoneInfo | None) -> Days:
    known = numbers.drop_nulls()
    if known.is_empty():
        return Days(numbers.cast(pl.Int32), calendar=False)
    low, high = int(known.min()), int(known.max())  # type: ignore[arg-type]
    if low >= 10_000_000 and high < 100_000_000:
        texts = numbers.cast(pl.String)
        known = texts.drop_nulls().unique(maintain_order=True)
        resolved = resolve_days(known.to_list(), lambda i: place(texts.index_of(known[i]) or 0))
        days = texts.replace_strict(
            known, pl.Series(resolved, dtype=pl.Int32), default=None, return_dtype=pl.Int32
        )
        return _dated(days.cast(pl.Date), numbers, place)
    # Eight billion seconds after 1970 is the year 2223: beyond that it is no time.
    for least, scale in ((10**9, 1000), (10**12, 1), (10**15, -1000), (10**18, -1_000_000)):
        if low >= least and high < least * 8:
            scaled = numbers * scale if scale > 0 else numbers // -scale
            return _from_moments(scaled, numbers, place, zone)
    beyond = (numbers.abs() > _LARGEST_DAY_NUMBER).fill_null(value=False)
    if beyond.any():
        index = int(beyond.arg_true()[0])
        raise CellError(
            f'"{numbers[index]}" is too large for the number of a day',
            where=place(index),
            fix="write days as 1, 2, 3, ... or as dates such as 2024-01-03",
        )
    return Days(numbers.cast(pl.Int32), calendar=False)
