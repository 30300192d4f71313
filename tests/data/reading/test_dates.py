"""Dates are read however people write them, or two rows that disagree are shown."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from upswell.data.reading._dates import find_zone, looks_like_dates, parse_days
from upswell.errors import CellError, Place, SettingError

EPOCH = dt.date(1970, 1, 1)
MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября",
    "октября", "ноября", "декабря",
)  # fmt: skip
# Naive on purpose: cells without an offset.
NAIVE = dt.datetime(2024, 1, 3, 23)  # noqa: DTZ001
EARLY, LATE = NAIVE.replace(year=1990), NAIVE.replace(year=2100)


def place(index: int) -> Place:
    return Place("views.csv", index + 2, "date")


def read(*cells: object, zone: str | None = None) -> list[dt.date | int | None]:
    days = parse_days(pl.Series("date", cells), place, find_zone(zone))
    if not days.calendar:
        return days.numbers.to_list()
    return [None if n is None else EPOCH + dt.timedelta(days=n) for n in days.numbers]


quick = settings(max_examples=40, deadline=None)
dates = st.lists(st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31)), min_size=1, max_size=8)
FORMATS = {
    "iso": lambda d: d.isoformat(),
    "slashes": lambda d: d.strftime("%Y/%m/%d"),
    "points": lambda d: d.strftime("%Y.%m.%d"),
    "compact": lambda d: d.strftime("%Y%m%d"),
    "time": lambda d: f" {d.isoformat()} 23:59:59.123 ",
    "russian": lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
    "english": lambda d: d.strftime("%B %d, %Y"),
    "short": lambda d: d.strftime("%d-%b-%Y"),
    "korean": lambda d: f"{d.year}년 {d.month}월 {d.day}일",
}


@quick
@given(dates, st.sampled_from(sorted(FORMATS)))
def test_dates_read_back_in_each_format(days: list[dt.date], name: str) -> None:
    assert read(*[FORMATS[name](day) for day in days]) == days


@quick
@given(dates, st.sampled_from(["%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y %H:%M"]))
def test_day_first_reads_back_when_one_row_decides(days: list[dt.date], form: str) -> None:
    days = [*days, dt.date(2024, 5, 31)]
    assert read(*[dt.datetime.combine(d, dt.time()).strftime(form) for d in days]) == days


@quick
@given(dates, st.sampled_from(["%m/%d/%Y", "%m-%d-%Y", "%m/%d/%Y %I:%M %p"]))
def test_month_first_reads_back_when_one_row_decides(days: list[dt.date], form: str) -> None:
    days = [*days, dt.date(2024, 5, 31)]
    assert read(*[dt.datetime.combine(d, dt.time()).strftime(form) for d in days]) == days


@quick
@given(
    st.lists(st.datetimes(EARLY, LATE), min_size=1, max_size=6),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York"]),
    st.integers(-12 * 4, 14 * 4),
)
def test_moments_are_cut_to_days_in_the_zone(
    times: list[dt.datetime], zone: str, quarters: int
) -> None:
    offset = dt.timezone(dt.timedelta(minutes=15 * quarters))
    moments = [time.replace(tzinfo=offset) for time in times]
    expected = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
    assert read(*[moment.isoformat() for moment in moments], zone=zone) == expected


@pytest.mark.parametrize("scale", [1, 10**3, 10**6, 10**9])
def test_epoch_numbers_are_moments(scale: int) -> None:
    moment = int(dt.datetime(2024, 1, 3, 23, 30, tzinfo=dt.UTC).timestamp())
    assert read(moment * scale, zone="Asia/Seoul") == [dt.date(2024, 1, 4)]
    assert read(str(moment * scale), None, zone="UTC") == [dt.date(2024, 1, 3), None]
    with pytest.raises(SettingError, match="time zone"):
        read(moment * scale)


def test_moments_need_a_zone() -> None:
    with pytest.raises(SettingError, match="time zone") as caught:
        read("2024-01-03T23:30:00Z")
    assert "--timezone" in str(caught.value)
    aware = dt.datetime(2024, 1, 3, 23, 30, tzinfo=dt.UTC)
    with pytest.raises(SettingError, match="time zone"):
        read(aware)
    assert read(aware, zone="Asia/Seoul") == [dt.date(2024, 1, 4)]


def test_a_zone_is_harmless_where_days_are_dates() -> None:
    assert read("2024-01-03", zone="Asia/Seoul") == [dt.date(2024, 1, 3)]


def test_an_unknown_zone_is_refused() -> None:
    for name in ("Mars/Olympus", "", "../etc"):
        with pytest.raises(SettingError, match="no time zone"):
            find_zone(name)


def test_integers_are_days_without_a_calendar() -> None:
    assert read(1, 50, None) == [1, 50, None]
    assert read("1", " 50 ", "", "2.0") == [1, 50, None, 2]
    assert read(1.0, None) == [1, None]


def test_eight_digits_are_dates() -> None:
    assert read(20240103, None) == [dt.date(2024, 1, 3), None]


@pytest.mark.parametrize("number", [10**7, 123456789, 10**30, -(10**8)])
def test_a_number_too_large_for_a_day_is_refused(number: int) -> None:
    with pytest.raises(CellError):
        read(str(number), "5")


def test_typed_columns_pass() -> None:
    assert read(dt.date(2024, 1, 3), None) == [dt.date(2024, 1, 3), None]
    assert read(NAIVE) == [dt.date(2024, 1, 3)]


@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31", "01.13.0001", "99991231", "00010203"],
)
def test_other_centuries_are_refused(text: str) -> None:
    with pytest.raises(CellError, match="1900 to 2200") as caught:
        read(text)
    assert caught.value.where == Place("views.csv", 2, "date")


def test_other_centuries_are_refused_in_typed_columns() -> None:
    with pytest.raises(CellError, match="1900 to 2200"):
        read(dt.date(2024, 1, 3), dt.date(9999, 12, 31))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024-01-03", "13.01.2024"),
        ("13/01/2024", "01/14/2024"),
        ("3 Jan 2024", "2024-01-03"),
        ("2024-01-03T10:00:00Z", "2024-01-03T10:00:00"),
    ],
)
def test_rows_that_disagree_are_both_shown(one: str, other: str) -> None:
    with pytest.raises(CellError, match="two rows disagree") as caught:
        read(one, one, other, zone="UTC")
    message = str(caught.value)
    assert one in message
    assert other in message
    assert "row 2" in message
    assert "row 4" in message


def test_an_open_order_of_day_and_month_is_refused() -> None:
    with pytest.raises(CellError, match="cannot be told") as caught:
        read("01.02.2024", "12.02.2024")
    assert "2024-01-03" in str(caught.value.fix)


def test_equal_day_and_month_need_no_order() -> None:
    assert read("05.05.2024") == [dt.date(2024, 5, 5)]


@pytest.mark.parametrize("text", ["someday", "2024-13-01", "2023-02-29", "32.01.2024", "3 Foo 2024",
                                  "2024-01-03 25:00:00+01:00", "03/01/24"])  # fmt: skip
def test_no_date_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(CellError) as caught:
        read("", text, zone="UTC")
    assert caught.value.where == Place("views.csv", 3, "date")


def test_a_column_of_another_type_is_refused() -> None:
    for cell in (True, 1.5, dt.time(3)):
        with pytest.raises(CellError, match="not days"):
            read(cell)


def test_a_column_looks_like_dates_only_when_its_cells_do() -> None:
    assert looks_like_dates(pl.Series(["2024-01-03", None, "NaT"]))
    assert looks_like_dates(pl.Series(["01.02.2024"]))
    assert looks_like_dates(pl.Series([dt.date(2024, 1, 3)]))
    for cells in (["ana"], ["5"], [5], [dt.time(3)], ["", "-"]):
        assert not looks_like_dates(pl.Series(cells))
