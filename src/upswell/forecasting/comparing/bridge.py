"""The bridge from one figure to another: what each cause adds, exactly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from upswell.forecasting.comparing.exact import exact_figures

__all__ = ["CAUSES", "Bridge", "Step", "Stop", "build_bridge"]

CAUSES = {
    "software-old": "the old forecast, made again with the software of today",
    "moved-horizon": "days that left the horizon, and days that came",
    "new-days": "days that were observed since",
    "revised-history": "history that was known before and reads otherwise now",
    "model": "another forecaster, seed or number of paths",
    "software-new": "the new forecast, made again with the software of today",
    "scenario": "overlays of the plans",
}
"""What may move a forecast, in the order in which it is shown."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One forecast on the way from the old to the new one.

    Parameters
    ----------
    cause
        What changed since the stop before; empty for the first.
    figure
        The figure there; None when that forecast could not be made.
    """

    cause: str
    figure: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """What a cause adds; several where they cannot be told apart.

    Parameters
    ----------
    causes
        Keys of `CAUSES`.
    change
        What they add together.
    """

    causes: tuple[str, ...]
    change: Decimal


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the old figure to the new one.

    Parameters
    ----------
    old, new
        The two figures.
    steps
        They add up to the difference, exactly.
    """

    old: Decimal
    new: Decimal
    steps: tuple[Step, ...]

    @property
    def change(self) -> Decimal:
        """New less old."""
        return self.new - self.old


def build_bridge(stops: Sequence[Stop]) -> Bridge:
    """Return the steps between stops; a stop that is not known joins its neighbours' causes.

    Parameters
    ----------
    stops
        The first and the last are known.

    Examples
    --------
    >>> bridge = build_bridge([Stop("", 100.0), Stop("new-days", None), Stop("model", 130.4)])
    >>> [(step.causes, str(step.change)) for step in bridge.steps]
    [(('new-days', 'model'), '30.40')]
    >>> bridge.change == sum(step.change for step in bridge.steps)
    True
    """
    known = [stop.figure for stop in stops if stop.figure is not None]
    figures = iter(exact_figures(known))
    first = last = next(figures)
    steps, causes = [], []
    for stop in stops[1:]:
        causes.append(stop.cause)
        if stop.figure is not None:
            figure = next(figures)
            steps.append(Step(tuple(causes), figure - last))
            last, causes = figure, []
    return Bridge(first, last, _merged(steps))


def _merged(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return steps with those of the same causes added up, each where it comes last."""
    sums: dict[tuple[str, ...], Decimal] = {}
    for step in steps:
        sums[step.causes] = sums.pop(step.causes, Decimal(0)) + step.change
    return tuple(Step(causes, change) for causes, change in sums.items())
