"""Frames as CSV: text made harmless, numbers in plain decimals, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.errors import SettingError
from upswell.store.escape import FORMULA_STARTS, csv_cell

if TYPE_CHECKING:
    import polars as pl

__all__ = ["csv_bytes"]

# The same rule as `csv_cell`, for a whole column at once; a test holds the two together.
_FORMULA = rf"^(?:[\t\r\n]|[\s\x1c-\x1f]*[{FORMULA_STARTS.replace('-', chr(92) + '-')}])"


def csv_bytes(frame: pl.DataFrame, *, neutralise: bool = True) -> bytes:
    r"""Return a frame as CSV in UTF-8.

    Parameters
    ----------
    frame
        Any Polars frame without nested columns.
    neutralise
        Whether text cells and column names go through `csv_cell`; without it they are written as
        they are.

    Returns
    -------
    bytes
        A header and one line a row, separated by commas and ended by line feeds. Floats have as
        many decimals as it takes to read the same number back, none when they are whole, and no
        exponent; what is null or NaN is empty; dates are ISO.

    Raises
    ------
    SettingError
        When a column is nested or binary.

    Examples
    --------
    >>> import polars as pl
    >>> csv_bytes(pl.DataFrame({"name": ["=1+1", "b"], "views": [1e7, None]}))
    b"name,views\n'=1+1,10000000\nb,\n"
    """
    import polars as pl

    for name, kind in frame.schema.items():
        if kind.is_nested() or kind in (pl.Binary, pl.Object):
            raise SettingError(f"column {name!r} of type {kind} has no place in a CSV")
    floats = [pl.col(name).fill_nan(None) for name, kind in frame.schema.items() if kind.is_float()]
    plain = frame.with_columns(
        pl.col(pl.Categorical, pl.Enum).cast(pl.String),
        # The absolute value turns -0.0 into 0.0.
        *(pl.when(number == 0).then(number.abs()).otherwise(number) for number in floats),
    )
    if neutralise:
        texts = [pl.col(name) for name, kind in plain.schema.items() if kind == pl.String]
        plain = plain.with_columns(
            pl.when(text.str.contains(_FORMULA))
            .then(pl.lit("'") + text)
            .otherwise(text)
            .name.keep()
            for text in texts
        ).rename(csv_cell)
    return plain.write_csv(float_scientific=False, line_terminator="\n").encode()
