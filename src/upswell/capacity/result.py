"""The plan: its outlooks, what it advises, and the tables that are read off them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.capacity.outlook import UNIT_LEVELS, Amount, Outlook
from upswell.data import DayAxis
from upswell.data.kinds import FrameKind, as_kind

if TYPE_CHECKING:
    import altair as alt

    from upswell.capacity._settings import PlanSettings

__all__ = ["Flag", "Plan"]


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to know about a plan.

    Parameters
    ----------
    code
        For programs, such as ``saturated-history``.
    sentence
        For people, with figures.
    """

    code: str
    sentence: str


@dataclass(frozen=True)
class Plan:
    """A plan: what to commit to for the horizon, what it costs and what may go wrong.

    Every figure is read off the joint paths of the forecast's total.

    Parameters
    ----------
    settings
        Prices, limits and overlays.
    axis
        The ``H`` days ahead.
    paths
        Number of paths that it rests on.
    base
        The untouched forecast's outlook.
    scenario
        The outlook with the overlays; None when the plan has none.
    flags
        What else to know.
    shares
        Share of a day's views in each of its hours, shape ``(24,)``.
    origin
        The forecast that it rests on, as plain data: seed, forecaster, last known day, inputs.
    kind
        Library of the frames that are given out.
    """

    settings: PlanSettings
    axis: DayAxis
    paths: int
    base: Outlook
    scenario: Outlook | None
    flags: tuple[Flag, ...]
    shares: NDArray[np.float64] = field(repr=False)
    origin: Mapping[str, Any] = field(repr=False, default_factory=dict)
    kind: FrameKind = FrameKind.POLARS

    @property
    def outlook(self) -> Outlook:
        """The outlook that the plan advises on: the scenario where there is one."""
        return self.base if self.scenario is None else self.scenario

    @property
    def commitment(self) -> int:
        """Units to have reserved in all, existing ones counted."""
        return self.outlook.best.commitment

    @property
    def to_reserve(self) -> int:
        """Units to reserve now, besides those that exist."""
        return self.commitment - self.settings.commitment.existing

    @property
    def cost(self) -> Amount:
        """What the horizon costs with that commitment."""
        return self.outlook.best.cost

    def rules(self, kind: FrameKind | str | None = None) -> Any:
        """Return the rules beside each other.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, rule, commitment,
            expected, low, high, existing, reserved, on_demand, shortage, regret, shortage_hours,
            shortage_unit_hours, on_demand_hours``; `outlook` is ``base`` or ``scenario``.
        """
        rows = [
            {
                "outlook": name,
                "rule": rule.name,
                "commitment": rule.commitment,
                "expected": rule.cost.expected,
                "low": rule.cost.low,
                "high": rule.cost.high,
                "existing": rule.bill.existing,
                "reserved": rule.bill.reserved,
                "on_demand": rule.bill.on_demand,
                "shortage": rule.bill.shortage,
                "regret": rule.regret,
                "shortage_hours": rule.shortage_hours,
                "shortage_unit_hours": rule.shortage_unit_hours,
                "on_demand_hours": rule.on_demand_hours,
            }
            for name, outlook in self._outlooks()
            for rule in outlook.rules
        ]
        return self._given(rows, kind)

    def daily(self, kind: FrameKind | str | None = None) -> Any:
        """Return units and risk by day.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, date, units50, units90,
            units95, units99, overload``; `date` is a date with a calendar, else the day's number;
            `overload` is the chance to run short on that day, null without a limit.
        """
        import polars as pl

        rows = []
        for name, outlook in self._outlooks():
            risk = outlook.overload
            for day, number in enumerate(self.axis.numbers().tolist()):
                needs = outlook.units[:, day].tolist()
                units = {
                    f"units{level:.0%}"[:-1]: n for level, n in zip(UNIT_LEVELS, needs, strict=True)
                }
                chance = None if risk is None else float(risk.by_day[day])
                rows.append({"outlook": name, "date": number, **units, "overload": chance})
        frame = pl.DataFrame(rows, schema_overrides={"date": pl.Int32, "overload": pl.Float64})
        if self.axis.calendar:
            frame = frame.with_columns(pl.col("date").cast(pl.Date))
        return as_kind(frame, self.kind if kind is None else kind)

    def cost_curve(self, kind: FrameKind | str | None = None) -> Any:
        """Return what each commitment around the best one costs.

        Returns
        -------
        data frame
            Of the given kind, else of the plan's own. Columns ``outlook, commitment, expected,
            low, high``.
        """
        import polars as pl

        frames = [
            pl.DataFrame(
                {
                    "outlook": [name] * len(outlook.curve.commitments),
                    "commitment": outlook.curve.commitments,
                    "expected": outlook.curve.expected,
                    "low": outlook.curve.low,
                    "high": outlook.curve.high,
                }
            )
            for name, outlook in self._outlooks()
        ]
        return as_kind(pl.concat(frames), self.kind if kind is None else kind)

    def plot(self, kind: str = "cost") -> alt.TopLevelMixin:
        """Draw the plan, for notebooks.

        Parameters
        ----------
        kind
            ``cost`` of each commitment with the rules, ``units`` that each day needs, or the
            chance of ``overload`` by day.

        Returns
        -------
        altair chart
            It shows itself in a notebook; its `save` writes files.

        Raises
        ------
        SettingError
            When the kind is another, or nothing limits the capacity so that it cannot be passed.
        """
        from upswell.capacity.picture import draw_plan

        return draw_plan(self, kind)

    def record(self) -> dict[str, Any]:
        """Return the plan as plain data for JSON: the content of ``plan.json``."""
        from upswell.capacity.record import plan_record

        return plan_record(self)

    def save(self, directory: str | Path) -> None:
        """Write ``plan.json``, ``units.csv`` and ``rules.csv`` into a folder, whole or not at all.

        Raises
        ------
        OutputError
            When the folder cannot be written, or holds foreign files.
        """
        from upswell.capacity.record import save_plan

        save_plan(self, directory)

    def slider_data(self) -> dict[str, Any]:
        """Return what a page needs to redraw commitment, cost and risk, as plain data.

        See `upswell.capacity.sliders.slider_data`.
        """
        from upswell.capacity.sliders import slider_data

        return slider_data(self)

    def _outlooks(self) -> list[tuple[str, Outlook]]:
        found = [("base", self.base)]
        return found if self.scenario is None else [*found, ("scenario", self.scenario)]

    def _given(self, rows: list[dict[str, Any]], kind: FrameKind | str | None) -> Any:
        import polars as pl

        return as_kind(pl.DataFrame(rows), self.kind if kind is None else kind)
