"""The forecast: paths with the tables that are read off them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel, Tree
from upswell.data.kinds import FrameKind, as_kind
from upswell.forecasting.ladder import Status
from upswell.forecasting.protocol import FitReport
from upswell.scoring import QUANTILE_LEVELS, quantile_name

if TYPE_CHECKING:
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
        The ``S`` series.
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
        """Return ``sum`` or ``peak`` of each path over the horizon, shape ``(P, S)``."""
        reduced = self.paths.sum(axis=2) if quantity == "sum" else self.paths.max(axis=2)
        return np.asarray(reduced, dtype=np.float64)

    def range_of(
        self, series: int = 0, quantity: str = "sum", level: float = 0.8
    ) -> tuple[float, float, float]:
        """Return lower end, median and upper end of the central range of a series' quantity."""
        tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
        low, middle, high = np.quantile(self.of(quantity)[:, series], tails).tolist()
        return low, middle, high

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

        days = pl.Series("date", self.axis.numbers().astype(np.int32))
        if self.axis.calendar:
            days = days.cast(pl.Date)
        keys = self._keys(self.horizon)
        date = pl.concat([days] * self.tree.size) if self.tree.size > 1 else days
        # Moving days first lets one call treat all series and days alike.
        figures = self._figures(self.paths.reshape(len(self.paths), -1), self.horizon)
        return self._given(pl.DataFrame([*keys, date, *figures]), kind)

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
        quantity = pl.Series("quantity", list(QUANTITIES) * self.tree.size)
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

        count = len(self.paths)
        days = np.tile(self.axis.numbers().astype(np.int32), count * self.tree.size)
        date = pl.Series("date", days)
        path = np.repeat(np.arange(count, dtype=np.int32), self.tree.size * self.horizon)
        keys = [pl.concat([key] * count) if count > 1 else key for key in self._keys(self.horizon)]
        frame = pl.DataFrame(
            [
                pl.Series("path", path),
                *keys,
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

        frame = pl.DataFrame(
            {
                "series": list(self.tree.names),
                "level": list(self.tree.levels),
                "status": [str(s.status) for s in self.report.standings],
                "codes": [" ".join(s.codes) for s in self.report.standings],
                "model": pl.Series(list(self.report.models), dtype=pl.String),
            }
        )
        return self._given(frame, kind)

    def _given(self, frame: pl.DataFrame, kind: FrameKind | str | None) -> Any:
        return as_kind(frame, self.kind if kind is None else kind)

    def _keys(self, repeat: int) -> list[pl.Series]:
        import polars as pl

        names = pl.Series("series", self.tree.names, dtype=pl.String)
        levels = pl.Series("level", self.tree.levels, dtype=pl.String)
        index = np.repeat(np.arange(self.tree.size), repeat)
        return [names.gather(index), levels.gather(index)]

    def _figures(self, samples: NDArray[np.float64], repeat: int) -> list[pl.Series]:
        """Mean and quantiles over paths of samples of shape ``(P, S * repeat)``."""
        import polars as pl

        refused = [s.status is Status.REFUSED for s in self.report.standings]
        blank = np.repeat(np.array(refused), repeat)
        columns = {"mean": samples.mean(axis=0)}
        quantiles = np.quantile(samples, QUANTILE_LEVELS, axis=0)
        columns |= {quantile_name(p): q for p, q in zip(QUANTILE_LEVELS, quantiles, strict=True)}
        return [
            pl.Series(name, np.where(blank, np.nan, figures)).fill_nan(None)
            for name, figures in columns.items()
        ]
