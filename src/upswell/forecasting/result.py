"""The forecast: paths with the tables that are read off them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel, Tree
from upswell.data.kinds import FrameKind, as_kind
from upswell.errors import SettingError
from upswell.forecasting.protocol import FitReport
from upswell.scoring import QUANTILE_LEVELS, quantile_name

if TYPE_CHECKING:
    import altair as alt
    import polars as pl

__all__ = ["QUANTITIES", "Forecast"]

QUANTITIES = ("sum", "peak")


@dataclass(frozen=True)
class Forecast:
    """The next days of a panel.

    Every figure is read off the same joint paths: a total is the sum over the days of each path,
    a peak its largest day, never a sum of daily quantiles.

    Parameters
    ----------
    panel
        The history.
    axis
        The ``H`` days ahead.
    tree
        The ``S`` series that have a future; those that have not are in `report.absent`.
    paths
        Shape ``(P, S, H)``.
    report
        What the fit did.
    seed
        Seed of all random choices.
    kind
        Library of the frames that are given out: ``polars``, ``pandas`` or ``arrow``.
    """

    panel: Panel = field(repr=False)
    axis: DayAxis
    tree: Tree = field(repr=False)
    paths: NDArray[np.float64] = field(repr=False)
    report: FitReport = field(repr=False)
    seed: int
    kind: FrameKind = FrameKind.POLARS

    @property
    def horizon(self) -> int:
        """Number of days ahead, ``H``."""
        return self.axis.length

    def of(self, quantity: str) -> NDArray[np.float64]:
        """Return ``sum`` or ``peak`` of each path over the horizon, shape ``(P, S)``.

        Raises
        ------
        SettingError
            When the quantity is another.
        """
        if quantity not in QUANTITIES:
            raise SettingError(f"no quantity {quantity!r}", fix=f"use {' or '.join(QUANTITIES)}")
        reduced = self.paths.sum(axis=2) if quantity == "sum" else self.paths.max(axis=2)
        return np.asarray(reduced, dtype=np.float64)

    def range_of(
        self, series: int | str = 0, quantity: str = "sum", level: float = 0.8
    ) -> tuple[float, float, float]:
        """Return lower end, median and upper end of the central range of a series' quantity.

        Parameters
        ----------
        series
            Name of the series, or its place in the tree; the total by default.
        quantity
            ``sum`` or ``peak`` over the horizon.
        level
            Part of the paths inside the range, above 0 and below 1.

        Raises
        ------
        SettingError
            When no such series has a future, or there is no such quantity or level.
        """
        from upswell.forecasting.picture import node_of

        if isinstance(series, str):
            series = node_of(self, series)
        if not 0 <= series < self.tree.size:
            raise SettingError(
                f"there is no series {series}", fix=f"use a name, or 0 to {self.tree.size - 1}"
            )
        if not 0.0 < level < 1.0:
            raise SettingError(f"a level of {level:g} is no range", fix="use 0.8, or 0.95")
        tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
        low, middle, high = np.quantile(self.of(quantity)[:, series], tails).tolist()
        return low, middle, high

    def plot(self, series: str = "total", *, cumulative: bool = False) -> alt.TopLevelMixin:
        """Draw history and ranges of one series, for notebooks.

        Parameters
        ----------
        series
            Name of the series.
        cumulative
            Draw the running sum over the days ahead instead of the days.

        Returns
        -------
        altair chart
            It shows itself in a notebook; its `save` writes files.

        Raises
        ------
        SettingError
            When no series of that name has a future.
        """
        from upswell.forecasting.picture import draw_fan, draw_sum, node_of

        node = node_of(self, series)
        return draw_sum(self, node) if cumulative else draw_fan(self, node)

    def daily(self, kind: FrameKind | str | None = None) -> Any:
        """Return mean and quantiles of each series and day.

        Returns
        -------
        data frame
            Of the given kind, else of the forecast's own. Columns
            ``series, level, date, mean, q025, q05, ..., q975``; `date` is a date with a
            calendar, else the day's number. The figures of a refused series are null.
        """
        import polars as pl

        numbers = self.axis.numbers().astype(np.int32)
        figures = self._figures(self.paths.reshape(len(self.paths), -1), self.horizon)
        count = self.tree.size + len(self.report.absent)
        date = pl.Series("date", np.tile(numbers, count))
        date = date.cast(pl.Date) if self.axis.calendar else date
        return self._given(pl.DataFrame([*self._keys(self.horizon), date, *figures]), kind)

    def totals(self, kind: FrameKind | str | None = None) -> Any:
        """Return mean and quantiles of the sum and of the largest day of each series.

        Returns
        -------
        data frame
            Of the given kind, else of the forecast's own. Columns
            ``series, level, quantity, mean, q025, ..., q975``.
        """
        import polars as pl

        both = np.stack([self.of(quantity) for quantity in QUANTITIES], axis=2)
        count = self.tree.size + len(self.report.absent)
        quantity = pl.Series("quantity", list(QUANTITIES) * count)
        figures = self._figures(both.reshape(len(both), -1), len(QUANTITIES))
        frame = pl.DataFrame([*self._keys(len(QUANTITIES)), quantity, *figures])
        return self._given(frame, kind)

    def sampled(self, kind: FrameKind | str | None = None) -> Any:
        """Return the paths themselves in long form.

        Returns
        -------
        data frame
            Of the given kind, else of the forecast's own. Columns
            ``path, series, level, date, value``, ordered by path, series and day.
        """
        import polars as pl

        count, cells = len(self.paths), self.tree.size * self.horizon
        days = np.tile(self.axis.numbers().astype(np.int32), count * self.tree.size)
        date = pl.Series("date", days)
        keys = [key.head(cells) for key in self._keys(self.horizon)]
        frame = pl.DataFrame(
            [
                pl.Series("path", np.repeat(np.arange(count, dtype=np.int32), cells)),
                *(pl.concat([key] * count) for key in keys),
                date.cast(pl.Date) if self.axis.calendar else date,
                pl.Series("value", self.paths.ravel()),
            ]
        )
        return self._given(frame, kind)

    def series(self, kind: FrameKind | str | None = None) -> Any:
        """Return how far the evidence carries for each series.

        Returns
        -------
        data frame
            Of the given kind, else of the forecast's own. Columns
            ``series, level, status, codes, model``; `codes` are joined by spaces.
        """
        import polars as pl

        absent = self.report.absent
        standings = [*self.report.standings, *(a.standing for a in absent)]
        models = [*self.report.models, *([None] * len(absent))]
        frame = pl.DataFrame(
            [
                *self._keys(1),
                pl.Series("status", [str(s.status) for s in standings], dtype=pl.String),
                pl.Series("codes", [" ".join(s.codes) for s in standings], dtype=pl.String),
                pl.Series("model", models, dtype=pl.String),
            ]
        )
        return self._given(frame, kind)

    def _given(self, frame: pl.DataFrame, kind: FrameKind | str | None) -> Any:
        return as_kind(frame, self.kind if kind is None else kind)

    def _keys(self, repeat: int) -> list[pl.Series]:
        import polars as pl

        absent = self.report.absent
        names = pl.Series("series", [*self.tree.names, *(a.name for a in absent)], pl.String)
        levels = pl.Series("level", [*self.tree.levels, *(a.level for a in absent)], pl.String)
        index = np.repeat(np.arange(len(names)), repeat)
        return [names.gather(index), levels.gather(index)]

    def _figures(self, samples: NDArray[np.float64], repeat: int) -> list[pl.Series]:
        """Mean and quantiles over paths of samples of shape ``(P, S * repeat)``."""
        import polars as pl

        tail = np.repeat([a.value for a in self.report.absent], repeat)
        columns = {"mean": samples.mean(axis=0)}
        quantiles = np.quantile(samples, QUANTILE_LEVELS, axis=0)
        columns |= {quantile_name(p): q for p, q in zip(QUANTILE_LEVELS, quantiles, strict=True)}
        return [
            pl.Series(name, np.concatenate([figures, tail])).fill_nan(None)
            for name, figures in columns.items()
        ]
