"""The panel: daily series on one axis of days, with what was missing marked and a ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from upswell.data.axis import DayAxis
from upswell.data.ledger import Ledger
from upswell.errors import SettingError

if TYPE_CHECKING:
    import polars as pl

    from upswell.data.occasions import Occasions

__all__ = ["ColumnChoice", "Panel", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """One input as it was read.

    Parameters
    ----------
    name
        The path as given, ``<frame>`` for a data frame, or a database table without its password.
    sha256
        Hexadecimal SHA-256 of the bytes read; for frames and tables, of their Arrow content.
    rows
        Number of data rows.
    """

    name: str
    sha256: str
    rows: int


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column plays which role, and why.

    Parameters
    ----------
    time, item, value, group
        Column names as they stand in the input; None where there is no such column.
    why
        One sentence for each role.
    """

    time: str
    value: str
    item: str | None = None
    group: str | None = None
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Panel:
    """Daily series by item, evenly spaced.

    Parameters
    ----------
    axis
        The days, ``T`` of them.
    items
        Names of the ``N`` series (creators), unique.
    values
        Counts a day, shape ``(N, T)``, not negative; NaN marks a missing day.
    groups
        The category of each item, or None when the input has none.
    outliers
        Days that stick out and were kept, shape ``(N, T)``; None when nobody looked.
    ledger
        All repairs.
    columns, sources
        Where the data came from.
    occasions
        Days off and announced events; None when nobody named any.

    Raises
    ------
    SettingError
        When the shapes do not agree or a value is negative or infinite.

    Examples
    --------
    >>> import numpy as np
    >>> panel = Panel.from_arrays(np.array([[3.0, 4.0, np.nan]]), items=["ana"])
    >>> panel.until(2).values.tolist()
    [[3.0, 4.0]]
    """

    axis: DayAxis
    items: tuple[str, ...]
    values: NDArray[np.float64]
    groups: tuple[str, ...] | None = None
    outliers: NDArray[np.bool_] | None = None
    ledger: Ledger = field(default_factory=Ledger)
    columns: ColumnChoice | None = None
    sources: tuple[Source, ...] = ()
    occasions: Occasions | None = None

    def __post_init__(self) -> None:
        shape = (len(self.items), self.axis.length)
        if self.values.shape != shape:
            raise SettingError(f"panel values have shape {self.values.shape}, not {shape}")
        if len(set(self.items)) != len(self.items):
            raise SettingError("panel items are not unique")
        if self.groups is not None and len(self.groups) != len(self.items):
            raise SettingError(f"{len(self.groups)} groups given for {len(self.items)} items")
        if self.outliers is not None and self.outliers.shape != shape:
            raise SettingError(f"panel outliers have shape {self.outliers.shape}, not {shape}")
        if np.isinf(self.values).any() or (self.values < 0).any():
            raise SettingError("panel values must be finite or NaN, and not negative")

    @classmethod
    def from_arrays(
        cls,
        values: NDArray[np.float64],
        *,
        items: Sequence[str],
        groups: Sequence[str] | None = None,
        start: int = 1,
        calendar: bool = False,
    ) -> Panel:
        """Build a panel from an array of shape ``(N, T)``; see the class for the parameters."""
        matrix = np.asarray(values, dtype=np.float64)
        return cls(
            axis=DayAxis(start, matrix.shape[1], calendar),
            items=tuple(items),
            values=matrix,
            groups=None if groups is None else tuple(groups),
        )

    @property
    def days(self) -> int:
        """Number of days, ``T``."""
        return self.axis.length

    def until(self, days: int) -> Panel:
        """Return what was known after the first `days` days: the gate of every backtest.

        Parameters
        ----------
        days
            Number of days kept, from the start.

        Returns
        -------
        Panel
            The panel cut at that day. Items without any value by then are left out, since
            nobody knew of them.
        """
        values = self.values[:, :days]
        known = np.isfinite(values).any(axis=1)
        index = np.flatnonzero(known)
        return replace(
            self,
            axis=self.axis.first(days),
            items=tuple(self.items[i] for i in index),
            values=values[index],
            groups=None if self.groups is None else tuple(self.groups[i] for i in index),
            outliers=None if self.outliers is None else self.outliers[index, :days],
        )

    def to_frame(self) -> pl.DataFrame:
        """Return the panel in long form.

        Returns
        -------
        polars.DataFrame
            Columns ``item, group, date, value``; `date` is a date with a calendar, else an
            integer; missing days have a null value.
        """
        import polars as pl

        count, length = self.values.shape
        numbers = np.tile(self.axis.numbers(), count).astype(np.int32)
        groups = self.groups if self.groups is not None else (None,) * count
        dates = pl.Series("date", numbers)
        return pl.DataFrame(
            {
                "item": np.repeat(np.array(self.items, dtype=object), length).tolist(),
                "group": [group for group in groups for _ in range(length)],
                "date": dates.cast(pl.Date) if self.axis.calendar else dates,
                "value": self.values.ravel(),
            },
            schema_overrides={"item": pl.String, "group": pl.String},
        ).with_columns(pl.col("value").fill_nan(None))
