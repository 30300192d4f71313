"""What changed between two forecasts of one panel, and how good the older one was."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from upswell._version import __version__
from upswell.data.kinds import FrameKind, as_kind
from upswell.forecasting.comparing.bridge import Bridge
from upswell.forecasting.comparing.splicing import Revisions
from upswell.forecasting.comparing.track_record import TrackRecord
from upswell.forecasting.loading import SavedForecast

__all__ = ["Comparison", "HorizonMove", "Mover", "Side"]


@dataclass(frozen=True)
class Side:
    """One of the two forecasts, in short.

    Parameters
    ----------
    place
        Its folder.
    last_day
        Last day of its history.
    first_ahead, last_ahead, horizon
        Its days, and their number.
    model, asked, seed, paths
        Forecaster that answered, the one asked for, seed and number of paths.
    versions
        Of all that its figures may depend on.
    """

    place: str
    last_day: str
    first_ahead: str
    last_ahead: str
    horizon: int
    model: str
    asked: str
    seed: int
    paths: int
    versions: dict[str, str] = field(repr=False)

    @classmethod
    def of(cls, saved: SavedForecast) -> Side:
        """Return what is to be said of a saved forecast."""
        history, ahead = saved.panel.axis, saved.panel.axis.after(saved.horizon)
        return cls(
            place=str(saved.place),
            last_day=history.label(history.stop - 1),
            first_ahead=ahead.label(ahead.start),
            last_ahead=ahead.label(ahead.stop - 1),
            horizon=saved.horizon,
            model=saved.report.model,
            asked=saved.report.asked,
            seed=saved.seed,
            paths=saved.count,
            versions=dict(saved.record.get("versions", {})),
        )


@dataclass(frozen=True)
class HorizonMove:
    """What the moved horizon means for the mean of the total.

    Parameters
    ----------
    days_left, days_came, days_kept
        Days that stand in the old horizon only, in the new one only, and in both.
    left, came, kept
        What the first take away, what the second bring as the old model saw them from its cutoff,
        and what asking for more days at once does to the third. They add up to the step; None
        when that forecast could not be made.
    """

    days_left: int
    days_came: int
    days_kept: int
    left: Decimal | None = None
    came: Decimal | None = None
    kept: Decimal | None = None


@dataclass(frozen=True)
class Mover:
    """What changed in one series: means of sums.

    Parameters
    ----------
    series, level
        Its place in the tree.
    bridge
        From the old mean to the new one; where it has no future, it counts 0.
    note
        ``appeared`` when it had no future then, ``gone`` when it has none now, or empty.
    """

    series: str
    level: str
    bridge: Bridge
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """What changed between two forecasts of one panel.

    Parameters
    ----------
    old, new
        The two forecasts.
    mean, median
        From the old to the new mean, and median, of the total's sum over the horizon.
    horizon
        What the moved horizon means.
    revisions
        How the histories differ.
    movers
        All other series, those that changed most first.
    track_record
        The old forecast beside what then happened; None when none of its days has come.
    overlaid
        The same under the overlays of the old plan; None without any.
    notes
        What could not be told apart, and why.
    hindsight
        What the old plan's commitment cost beside its rivals; None without a plan or such days.
    kind
        Library of the frames that are given out.
    """

    old: Side
    new: Side
    mean: Bridge
    median: Bridge
    horizon: HorizonMove
    revisions: Revisions
    movers: tuple[Mover, ...] = field(repr=False)
    track_record: TrackRecord | None
    overlaid: TrackRecord | None = None
    notes: tuple[str, ...] = ()
    hindsight: Any = None
    kind: FrameKind = FrameKind.POLARS

    def changes(self, kind: FrameKind | str | None = None) -> Any:
        """Return what each cause adds, for the total and every other series.

        Returns
        -------
        data frame
            Columns ``series, level, figure, old``, one for each step (causes that cannot be told
            apart joined by ``+``), ``new, change, note``. `figure` is ``mean`` or ``median`` of
            the sum over the horizon.
        """
        import polars as pl

        total = [("mean", self.mean), ("median", self.median)]
        rows = [
            {"series": "total", "level": "total", "figure": figure, **_cells(bridge), "note": ""}
            for figure, bridge in total
        ]
        rows += [
            {"series": m.series, "level": m.level, "figure": "mean", **_cells(m.bridge)}
            | {"note": m.note}
            for m in self.movers
        ]
        columns = ["series", "level", "figure", "old"]
        columns += ["+".join(step.causes) for step in self.mean.steps] + ["new", "change", "note"]
        frame = pl.DataFrame(rows, infer_schema_length=None).select(columns)
        return as_kind(frame, self.kind if kind is None else kind)

    def record(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        move = self.horizon
        return {
            "upswell": __version__,
            "command": "compare",
            "old": asdict(self.old),
            "new": asdict(self.new),
            "total": {"mean": _bridge_record(self.mean), "median": _bridge_record(self.median)},
            "horizon": {
                **{name: getattr(move, name) for name in ("days_left", "days_came", "days_kept")},
                **{name: _plain(getattr(move, name)) for name in ("left", "came", "kept")},
            },
            "history": asdict(self.revisions),
            "movers": [
                {"series": m.series, "level": m.level, "note": m.note, **_bridge_record(m.bridge)}
                for m in self.movers
            ],
            "track_record": _track(self.track_record),
            "track_record_overlaid": _track(self.overlaid),
            "hindsight": None if self.hindsight is None else self.hindsight.record(),
            "notes": list(self.notes),
        }


def _plain(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _cells(bridge: Bridge) -> dict[str, float]:
    steps = {"+".join(step.causes): float(step.change) for step in bridge.steps}
    return {"old": float(bridge.old), **steps, "new": float(bridge.new)} | {
        "change": float(bridge.change)
    }


def _bridge_record(bridge: Bridge) -> dict[str, Any]:
    return {
        "old": float(bridge.old),
        "new": float(bridge.new),
        "change": float(bridge.change),
        "steps": [
            {"causes": list(step.causes), "change": float(step.change)} for step in bridge.steps
        ],
    }


def _track(found: TrackRecord | None) -> dict[str, Any] | None:
    if found is None:
        return None
    figures = asdict(found) | {
        "inside80": found.inside80,
        "inside95": found.inside95,
        "error": found.error,
    }
    return {
        name: None if isinstance(value, float) and np.isnan(value) else value
        for name, value in figures.items()
    }
