"""What changed between two forecasts of one panel, and how good the older one was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell._version import __version__
from upswell.data.kinds import FrameKind, as_kind
from upswell.forecasting.comparing.bridge import Bridge, Step, Stop, build_bridge
from upswell.forecasting.comparing.chain import Link, build_chain, stops_of, sums_over
from upswell.forecasting.comparing.remaking import Remaker, settings_of, with_paths
from upswell.forecasting.comparing.splicing import Revisions, check_same_panel, find_revisions
from upswell.forecasting.comparing.track_record import TrackRecord, judge
from upswell.forecasting.loading import SavedForecast
from upswell.forecasting.protocol import Progress
from upswell.forecasting.result import Forecast

__all__ = ["Comparison", "HorizonMove", "Mover", "Side", "compare_saved"]


Scenario = Callable[[Forecast], NDArray[np.float64] | None]


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


def compare_saved(
    old: SavedForecast,
    new: SavedForecast,
    *,
    scenarios: tuple[Scenario | None, Scenario | None] = (None, None),
    progress: Progress | None = None,
) -> Comparison:
    """Say what changed between two forecasts of one panel.

    Each step is a forecast made again with one thing changed, so that steps add up to the whole
    change, exactly. See `build_chain` for the steps.

    Parameters
    ----------
    old, new
        The two forecasts.
    scenarios
        Functions from each forecast to the paths of its total under the overlays of its plan,
        shape ``(P, H)``, or to None without any.
    progress
        Called with the name of a forecaster after each window.

    Raises
    ------
    InputError
        When they are of different panels or in the wrong order, or when the paths of one are
        neither saved nor can be made again.
    """
    check_same_panel(old.panel, new.panel)
    remaker = Remaker(progress)
    before, after = with_paths(old, remaker), with_paths(new, remaker)
    (old_settings, old_why), (new_settings, new_why) = settings_of(old), settings_of(new)
    chain = build_chain(before, after, (old_settings, new_settings), remaker)
    naive_settings = None if old_settings is None else old_settings.naive()
    naive = remaker.forecast(before.panel, naive_settings, before.horizon)
    overlaid = (
        None if scenarios[0] is None else scenarios[0](before),
        None if scenarios[1] is None else scenarios[1](after),
    )
    mean = build_bridge(_with_scenario(stops_of(chain), overlaid, np.mean))
    notes = [why for why in (old_why, new_why) if why]
    return Comparison(
        old=Side.of(old),
        new=Side.of(new),
        mean=mean,
        median=build_bridge(_with_scenario(stops_of(chain, median=True), overlaid, np.median)),
        horizon=_horizon_move(chain, before, after, mean.steps),
        revisions=find_revisions(old.panel, new.panel),
        movers=_movers(chain, before, after),
        track_record=judge(before, naive, after.panel),
        overlaid=None
        if overlaid[0] is None
        else judge(_with_total(before, overlaid[0]), naive, after.panel),
        notes=tuple(dict.fromkeys([*notes, *remaker.problems])),
    )


def _with_scenario(
    stops: list[Stop],
    overlaid: tuple[NDArray[np.float64] | None, NDArray[np.float64] | None],
    summary: Any,
) -> list[Stop]:
    """Begin and end with the figures under the overlays of the plans, where there are any."""
    if all(paths is None for paths in overlaid):
        return stops
    ends = [
        stop.figure if paths is None else float(summary(paths.sum(axis=1)))
        for paths, stop in zip(overlaid, (stops[0], stops[-1]), strict=True)
    ]
    return [
        Stop("", ends[0]),
        Stop("scenario", stops[0].figure),
        *stops[1:],
        Stop("scenario", ends[1]),
    ]


def _with_total(forecast: Forecast, total: NDArray[np.float64]) -> Forecast:
    """Return a forecast with other paths of the total."""
    paths = forecast.paths.copy()
    paths[:, 0] = total
    return replace(forecast, paths=paths)


def _horizon_move(
    chain: list[Link], old: Forecast, new: Forecast, steps: Sequence[Step]
) -> HorizonMove:
    """Split the step of the moved horizon into days that left, came and stayed."""
    ahead, behind = new.axis, old.axis
    stay = max(min(ahead.stop, behind.stop) - max(ahead.start, behind.start), 0)
    counts = (behind.length - stay, ahead.length - stay, stay)
    place = [link.cause for link in chain].index("moved-horizon")
    moved = chain[place].forecast
    step = next((s for s in steps if s.causes == ("moved-horizon",)), None)
    start = chain[place - 1].forecast
    if step is None or moved is None or start is None:
        return HorizonMove(*counts)
    numbers = ahead.numbers()
    means = moved.paths[:, 0].mean(axis=0)[ahead.start - moved.axis.start :]
    came = float(means[(numbers < behind.start) | (numbers >= behind.stop)].sum())
    own = behind.numbers()
    gone = (own < ahead.start) | (own >= ahead.stop)
    left = -float(start.paths[:, 0].mean(axis=0)[gone].sum())
    unit = Decimal(1).scaleb(int(step.change.as_tuple().exponent))
    exact_left, exact_came = (Decimal(repr(value)).quantize(unit) for value in (left, came))
    return HorizonMove(
        *counts, left=exact_left, came=exact_came, kept=step.change - exact_left - exact_came
    )


def _movers(chain: list[Link], old: Forecast, new: Forecast) -> tuple[Mover, ...]:
    """Return what changed in every series but the total, the largest change first."""
    keys_of = [
        dict.fromkeys(zip(made.tree.levels[1:], made.tree.names[1:], strict=True))
        for made in (old, new)
    ]
    means = [
        None
        if link.forecast is None
        else dict(
            zip(
                zip(link.forecast.tree.levels, link.forecast.tree.names, strict=True),
                sums_over(link.forecast, link.days).mean(axis=0).tolist(),
                strict=True,
            )
        )
        for link in chain
    ]
    movers = []
    for key in {**keys_of[1], **keys_of[0]}:
        stops = [
            Stop(link.cause, None if found is None else found.get(key, 0.0))
            for link, found in zip(chain, means, strict=True)
        ]
        note = "" if key in keys_of[0] and key in keys_of[1] else "appeared"
        note = "gone" if key not in keys_of[1] else note
        movers.append(Mover(key[1], key[0], build_bridge(stops), note))
    return tuple(sorted(movers, key=lambda mover: -abs(mover.bridge.change)))
