"""Columns of names as text: trimmed, in one Unicode form, numbers as they were written."""

from __future__ import annotations

import polars as pl

__all__ = ["parse_names", "to_text"]

# Printable ASCII without spaces around it.
_PLAIN = "^[!-~](?:[ -~]*[!-~])?$"


def to_text(cells: pl.Series) -> pl.Series:
    """Turn a column of any type into text; whole numbers have no decimals.

    Examples
    --------
    >>> import polars as pl
    >>> to_text(pl.Series([7.0, None])).to_list()
    ['7', None]
    """
    if cells.dtype.is_float():
        cells = cells.fill_nan(None)
        if ((cells % 1 == 0) & (cells.abs() < 2**63)).all():
            cells = cells.cast(pl.Int64)
    return cells.cast(pl.String)


def parse_names(cells: pl.Series) -> pl.Series:
    """Read a column of names: trimmed, in Unicode form NFC, null where nothing is left.

    Markers such as ``NA`` stay as they are, since they may be names (``NA`` is Namibia).

    Examples
    --------
    >>> import polars as pl
    >>> parse_names(pl.Series([" ana ", "", "NA", None])).to_list()
    ['ana', None, 'NA', None]
    """
    text = to_text(cells)
    if text.str.contains(_PLAIN).all():
        return text
    # Names repeat in a panel: each is cleaned once, and clean columns are not copied.
    names = text.drop_nulls().unique(maintain_order=True)
    trimmed = names.str.strip_chars().str.normalize("NFC")
    clean = trimmed.set(trimmed.str.len_bytes() == 0, None)
    if bool((clean == names).all()) and clean.null_count() == 0:
        return text
    return text.replace_strict(names, clean, default=None, return_dtype=pl.String)
