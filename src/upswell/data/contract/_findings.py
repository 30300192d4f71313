"""Findings: what a repair met, as positions, and the ledger lines made of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.data._observations import Observations
from upswell.data.axis import DayAxis
from upswell.data.ledger import Action, Repair
from upswell.errors import Place

__all__ = ["CellFinding", "Cells", "RowFinding", "Rows"]

# Above this many series of one kind, the ledger sums the rest up in one line to stay readable.
_OWN_LINES = 20


@dataclass(frozen=True)
class RowFinding:
    """A finding on rows of the input: their positions in the frame of observations."""

    code: str
    action: Action
    reason: str
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class CellFinding:
    """A finding on cells of the panel: series and day positions, both of the same length.

    `own_lines` asks for a ledger line for each series.
    """

    code: str
    action: Action
    reason: str
    items: NDArray[np.int64]
    days: NDArray[np.int64]
    own_lines: bool = False

    @classmethod
    def of_mask(
        cls, code: str, action: Action, reason: str, mask: NDArray[np.bool_], *, own: bool = False
    ) -> CellFinding:
        """Make a finding of a mask of shape ``(N, T)``."""
        items, days = np.nonzero(mask)
        return cls(code, action, reason, items, days, own)


class Rows:
    """Where each row of the observations came from, to name it in errors and in the ledger."""

    def __init__(self, observations: Observations) -> None:
        frame = observations.frame
        self._sources = tuple(source.name for source in observations.sources)
        self._calendar = observations.calendar
        self.item = frame["item"]
        self.day = frame["day"].to_numpy().astype(np.int64)
        self.file = frame["file"].to_numpy()
        self.row = frame["row"].to_numpy()

    def place(self, position: int) -> Place:
        """Return file and row of a row of the frame."""
        file = int(self.file[position])
        name = self._sources[file] if file < len(self._sources) else None
        return Place(file=name, row=int(self.row[position]))

    def label(self, position: int) -> str:
        """Return the day of a row of the frame as text."""
        return DayAxis(0, 1, self._calendar).label(int(self.day[position]))

    def first(self, positions: NDArray[np.int64]) -> int:
        """Return the position of the row that stands first in the inputs."""
        order = np.lexsort((self.row[positions], self.file[positions]))
        return int(positions[order[0]])

    def repairs(self, finding: RowFinding) -> list[Repair]:
        """Return the ledger line of a finding on rows; none when there are no rows."""
        if finding.rows.size == 0:
            return []
        example = self.first(finding.rows)
        return [
            Repair(
                code=finding.code,
                action=finding.action,
                reason=finding.reason,
                count=int(finding.rows.size),
                series=str(self.item[example]),
                day=self.label(example),
                place=str(self.place(example)),
            )
        ]


@dataclass(frozen=True)
class Cells:
    """Names of the cells of a panel and the rows of the input that they came from.

    Parameters
    ----------
    items
        Names of the series.
    axis
        The days.
    keys
        Ascending ``item * days + day`` of the cells that a row of the input stands for.
    positions
        Position of that row in the frame, for each key.
    rows
        Names the rows.
    """

    items: tuple[str, ...]
    axis: DayAxis
    keys: NDArray[np.int64]
    positions: NDArray[np.int64]
    rows: Rows

    def place(self, item: int, day: int) -> str | None:
        """Return file and row of a cell as text; None for a cell that no row stands for."""
        key = item * self.axis.length + day
        at = int(np.searchsorted(self.keys, key))
        if at >= self.keys.size or self.keys[at] != key:
            return None
        return str(self.rows.place(int(self.positions[at])))

    def repairs(self, finding: CellFinding) -> list[Repair]:
        """Return the ledger lines of a finding on cells; none when there are no cells."""
        if finding.items.size == 0:
            return []
        if not finding.own_lines:
            return [self._line(finding, finding.items, finding.days, finding.reason)]
        series, counts = np.unique(finding.items, return_counts=True)
        named = np.sort(series[np.argsort(-counts, kind="stable")[:_OWN_LINES]])
        lines = []
        for item in named:
            here = finding.items == item
            lines.append(self._line(finding, finding.items[here], finding.days[here], ""))
        rest = ~np.isin(finding.items, named)
        if rest.any():
            more = f"{finding.reason} (and {series.size - named.size:,} more series)"
            lines.append(self._line(finding, finding.items[rest], finding.days[rest], more))
        return lines

    def _line(
        self,
        finding: CellFinding,
        items: NDArray[np.int64],
        days: NDArray[np.int64],
        reason: str,
    ) -> Repair:
        first = int(np.lexsort((items, days))[0])
        item, day = int(items[first]), int(days[first])
        return Repair(
            code=finding.code,
            action=finding.action,
            reason=reason or finding.reason,
            count=int(items.size),
            series=self.items[item],
            day=self.axis.label(self.axis.start + day),
            place=self.place(item, day),
        )
