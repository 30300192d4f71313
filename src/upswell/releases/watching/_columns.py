"""Features of every kind as numbers from 0 to 1, whose means can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import polars as pl

__all__ = ["as_columns"]

Floats = NDArray[np.float64]

MOST_LEVELS = 8
"""Texts of a category that are told apart."""

TAIL = 0.1
"""Part of the past that counts as high, and as low."""


def as_columns(
    past: pl.DataFrame, batch: pl.DataFrame
) -> tuple[Floats, Floats, list[tuple[str, str]]]:
    """Return past and batch as columns, and what each column is.

    A number becomes its rank among the past (ties share one, what is missing stands in the middle),
    whether that lies in the highest or lowest tenth and, where anything is missing, whether it is.
    A text becomes whether it is each of the most
    frequent ones of the past, and whether it is another; a truth value becomes 0 or 1.

    Parameters
    ----------
    past, batch
        The same columns, numbers or texts.

    Returns
    -------
    numpy.ndarray
        The past, shape ``(N, F)``.
    numpy.ndarray
        The batch, shape ``(n, F)``.
    list
        Feature and kind of each column: ``size``, ``high``, ``low``, ``missing``, ``share``, or a
        text.

    Examples
    --------
    >>> import polars as pl
    >>> past = pl.DataFrame({"x": [1.0, 2.0, 3.0, None]})
    >>> own, new, names = as_columns(past, pl.DataFrame({"x": [9.0]}))
    >>> names
    [('x', 'size'), ('x', 'high'), ('x', 'low'), ('x', 'missing')]
    >>> own[:, 0].round(2).tolist(), new.tolist()
    ([0.17, 0.5, 0.83, 0.5], [[1.0, 1.0, 0.0, 0.0]])
    """
    import polars as pl

    left: list[Floats] = []
    right: list[Floats] = []
    names: list[tuple[str, str]] = []

    def put(name: str, kind: str, one: NDArray[Any], other: NDArray[Any]) -> None:
        left.append(one.astype(np.float64))
        right.append(other.astype(np.float64))
        names.append((name, kind))

    for name in past.columns:
        if past[name].dtype == pl.Boolean:
            put(
                name, "share", *(frame[name].cast(pl.Float64).to_numpy() for frame in (past, batch))
            )
        elif past[name].dtype.is_numeric():
            own, new = (_numbers(frame[name]) for frame in (past, batch))
            known = np.sort(own[np.isfinite(own)])
            own_ranks, new_ranks = _ranks(own, known), _ranks(new, known)
            put(name, "size", own_ranks, new_ranks)
            # A change of some releases only shows in the tails before it shows in the mean.
            put(name, "high", own_ranks > 1.0 - TAIL, new_ranks > 1.0 - TAIL)
            put(name, "low", own_ranks < TAIL, new_ranks < TAIL)
            gone, lost = (~np.isfinite(each) for each in (own, new))
            if gone.any() or lost.any():
                put(name, "missing", gone, lost)
        else:
            texts, news = (frame[name].fill_null("").to_list() for frame in (past, batch))
            levels = _frequent(texts)
            for level in levels:
                put(name, level, _is(texts, level), _is(news, level))
            put(name, "another", 1.0 - _among(texts, levels), 1.0 - _among(news, levels))
    if not left:
        return np.zeros((past.height, 0)), np.zeros((batch.height, 0)), []
    return np.column_stack(left), np.column_stack(right), names


def _numbers(column: pl.Series) -> Floats:
    import polars as pl

    # The past is kept in 32 bits; equal values must stay equal.
    plain = column.cast(pl.Float32).cast(pl.Float64).fill_null(np.nan).to_numpy()
    return np.asarray(plain, dtype=np.float64)


def _ranks(values: Floats, known: Floats) -> Floats:
    if not known.size:
        return np.full(values.size, 0.5)
    low, high = (np.searchsorted(known, values, side=side) for side in ("left", "right"))
    ranks = (low + high) / (2.0 * known.size)
    return np.where(np.isfinite(values), ranks, 0.5)


def _frequent(texts: list[str]) -> list[str]:
    found: dict[str, int] = {}
    for text in texts:
        found[text] = found.get(text, 0) + 1
    ordered = sorted(found, key=lambda text: (-found[text], text))
    return ordered[:MOST_LEVELS]


def _is(texts: list[str], level: str) -> Floats:
    return np.array([text == level for text in texts], dtype=np.float64)


def _among(texts: list[str], levels: list[str]) -> Floats:
    return np.array([text in levels for text in texts], dtype=np.float64)
