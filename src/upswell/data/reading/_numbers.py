"""Columns of numbers, however people write them, as Float64."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from upswell.data.ledger import Action, Repair
from upswell.errors import CellError, Place

__all__ = ["MISSING_MARKERS", "looks_like_numbers", "parse_numbers"]

MISSING_MARKERS = (
    "", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "\\n", "-", "–", "—", "−", ".",
)  # fmt: skip
_SPACES = r"[\s\u{00a0}\u{2007}\u{2009}\u{202f}]"
_SIGN = r"[+-]?"
_EXPONENT = r"(?:[eE][+-]?\d+)?"
_SPACED = r"[1-9]\d{0,2}(?: \d{3})+|[1-9]\d{0,2}(?:'\d{3})+"
_COMMAS = r"[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d?(?:,\d{2})+,\d{3}"
_DOTS = r"[1-9]\d{0,2}(?:\.\d{3})+"
_INFINITE = r"(?i:inf|infinity|∞)"
_DECIMAL_POINT = (
    rf"^{_SIGN}(?:(?:\d+|{_SPACED}|{_COMMAS})(?:\.\d*)?{_EXPONENT}|\.\d+{_EXPONENT}|{_INFINITE})$"
)
_DECIMAL_COMMA = (
    rf"^{_SIGN}(?:(?:\d+|{_SPACED}|{_DOTS})(?:,\d*)?{_EXPONENT}|,\d+{_EXPONENT}|{_INFINITE})$"
)
_THREE_DECIMALS = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"
_SAMPLE = 1000


def parse_numbers(
    cells: pl.Series, place: Callable[[int], Place]
) -> tuple[pl.Series, tuple[Repair, ...]]:
    """Read a column as numbers.

    A column has one decimal mark. It is the point when every cell can be read so, with commas,
    spaces or apostrophes between thousands: ``1,084,565``, ``1 084 565.5``, ``1'084``. Else it
    is the comma, when every cell can be read so, with points, spaces or apostrophes between
    thousands: ``1.084.565,5``. Hence in a column that leaves it open, one comma before exactly
    three digits is a thousands separator (``1,084`` is 1084) and one point is a decimal point
    (``1.084`` is a little more than 1); the latter is flagged when it holds for a whole column,
    since counts are rarely fractions of that kind.

    Parameters
    ----------
    cells
        The column: text, or any numeric type.
    place
        Gives the place of a row of the column.

    Returns
    -------
    tuple
        Float64 of the same length, null where the cell was empty or held a marker such as
        ``NA`` or ``-``, with ``inf`` kept as infinite; and lines for the ledger.

    Raises
    ------
    CellError
        When a cell is not a number, or two cells disagree about the decimal mark.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.errors import Place
    >>> def numbers(*cells):
    ...     return parse_numbers(pl.Series(cells), lambda index: Place(row=index))[0].to_list()
    >>> numbers("1,084,565", " (5) ", "NA", "1e3")
    [1084565.0, -5.0, None, 1000.0]
    >>> numbers("1 084,5", "2.000.000")
    [1084.5, 2000000.0]
    """
    if cells.dtype.is_numeric() or cells.dtype == pl.Null:
        return cells.cast(pl.Float64).fill_nan(None), ()
    if cells.dtype != pl.String:
        if cells.dtype.is_temporal() or cells.dtype.is_nested():
            raise CellError(
                f"the column holds values of the type {cells.dtype}, not numbers",
                where=place(0),
                fix="choose another column with --value",
            )
        cells = cells.cast(pl.String)
    numbers = cells.cast(pl.Float64, strict=False)
    if numbers.null_count() > cells.null_count():
        clean = _cleaned(cells)
        numbers = _convert(clean, cells, place)
    return numbers.fill_nan(None), _flag_three_decimals(numbers, cells, place)


def looks_like_numbers(cells: pl.Series) -> bool:
    """Tell whether a column holds numbers, by its first thousand cells."""
    if cells.dtype.is_numeric():
        return True
    sample = cells.drop_nulls().head(_SAMPLE)
    if cells.dtype != pl.String or sample.is_empty():
        return False
    try:
        numbers, _ = parse_numbers(sample, lambda _: Place())
    except CellError:
        return False
    return numbers.null_count() < len(numbers)


def _cleaned(cells: pl.Series) -> pl.Series:
    """Bring spaces, apostrophes, minus signs and accounting brackets to one form each."""
    text = pl.col(cells.name)
    text = text.str.replace_all(_SPACES, " ").str.replace_all("[’ʼ`]", "'")
    text = text.str.replace("^ *\u2212", "-").str.strip_chars()
    text = text.str.replace(r"^\(\s*([^()+-]+?)\s*\)$", "-$1").str.replace("^([+-]) +", "$1")
    return cells.to_frame().select(text).to_series()


def _convert(clean: pl.Series, cells: pl.Series, place: Callable[[int], Place]) -> pl.Series:
    missing = clean.is_null() | clean.str.to_lowercase().is_in(MISSING_MARKERS)
    known = clean.set(missing, None)
    point = known.str.contains(_DECIMAL_POINT).fill_null(value=True)
    if point.all():
        plain = known.str.replace_all("[ ,']", "").str.replace("∞", "inf")
        return plain.cast(pl.Float64)
    comma = known.str.contains(_DECIMAL_COMMA).fill_null(value=True)
    if comma.all():
        plain = known.str.replace_all("[ .']", "").str.replace("∞", "inf")
        return plain.str.replace(",", ".", literal=True).cast(pl.Float64)
    neither = (~(point | comma)).arg_true()
    if len(neither):
        index = int(neither[0])
        raise CellError(
            f'"{_shown(cells[index])}" is not a number',
            where=place(index),
            fix="correct the cell, or leave it empty when the number is not known",
        )
    one, other = sorted(int((~style).arg_true()[0]) for style in (comma, point))
    raise CellError(
        f'two rows disagree about the decimal mark: "{cells[one]}" in row {place(one).row} and '
        f'"{cells[other]}" in row {place(other).row}',
        where=place(other),
        fix="write all numbers of the column in one way",
    )


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def _flag_three_decimals(
    numbers: pl.Series, cells: pl.Series, place: Callable[[int], Place]
) -> tuple[Repair, ...]:
    """Flag a column such as 1.084, 23.768: perhaps thousands, but read as decimals."""
    broken = (numbers % 1 != 0) & numbers.is_finite()
    if not broken.any() or bool((numbers.abs() >= 1000).any()):
        return ()
    if not cells.filter(broken).str.strip_chars().str.contains(_THREE_DECIMALS).all():
        return ()
    index = int(broken.arg_true()[0])
    reason = f'a point before three digits was read as a decimal point: "{cells[index]}"'
    count = int(broken.sum())
    line = Repair("ambiguous-number", Action.FLAGGED, reason, count, place=str(place(index)))
    return (line,)
