"""Kinds of data frames: what came in as pandas goes out as pandas."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

__all__ = ["FrameKind", "as_kind", "kind_of"]


class FrameKind(StrEnum):
    """The library of a data frame."""

    POLARS = "polars"
    PANDAS = "pandas"
    ARROW = "arrow"


def kind_of(source: object) -> FrameKind:
    """Return the kind of a frame; Polars for anything that is not a frame.

    Only libraries that are loaded already are looked at, so that nothing is imported in vain.

    Examples
    --------
    >>> kind_of("views.csv")
    <FrameKind.POLARS: 'polars'>
    """
    pandas, arrow = sys.modules.get("pandas"), sys.modules.get("pyarrow")
    if pandas is not None and isinstance(source, (pandas.DataFrame, pandas.Series)):
        return FrameKind.PANDAS
    if arrow is not None and isinstance(source, (arrow.Table, arrow.RecordBatch)):
        return FrameKind.ARROW
    return FrameKind.POLARS


def as_kind(frame: pl.DataFrame, kind: FrameKind | str) -> Any:
    """Return a Polars frame as a frame of another kind.

    Parameters
    ----------
    frame
        The frame.
    kind
        ``polars``, ``pandas`` or ``arrow``.

    Examples
    --------
    >>> import polars as pl
    >>> as_kind(pl.DataFrame({"a": [1]}), "arrow").num_rows
    1
    """
    match FrameKind(kind):
        case FrameKind.PANDAS:
            return frame.to_pandas()
        case FrameKind.ARROW:
            return frame.to_arrow()
        case _:
            return frame
