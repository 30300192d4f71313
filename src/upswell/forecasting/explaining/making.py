"""The making of an explanation: split the history, ask with and without each part."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upswell.data import DayAxis, Panel
from upswell.data.kinds import FrameKind
from upswell.errors import SettingError
from upswell.forecasting.explaining.answering import answering
from upswell.forecasting.explaining.asking import forecast_function
from upswell.forecasting.explaining.explanation import BurstEffect, Explanation, PartEffect
from upswell.forecasting.explaining.occlusion import (
    BurstOcclusion,
    Occlusion,
    occlude,
    occlude_bursts,
)
from upswell.forecasting.explaining.parts import FAMILIES, GROWTH_DAYS, Parts, split_history
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.known_days import flags_of, reads_known_days
from upswell.forecasting.ladder import REASONS, Status
from upswell.forecasting.prospects import Prospects, prospects_of

__all__ = ["MOST_BURSTS", "explain_panel"]

MOST_BURSTS = 12
"""So many of the latest bursts are left out one by one."""

WEEK = 7
SAME = 0.005
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def explain_panel(
    panel: Panel,
    *,
    horizon: int,
    model: str,
    series: str | None,
    seed: int,
    kind: FrameKind = FrameKind.POLARS,
) -> Explanation:
    """Explain the forecast of one series of a panel; see `upswell.api.explain`.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    SettingError
        When no such series has a future, or a setting makes no sense.

    Examples
    --------
    >>> days = np.arange(84.0)
    >>> panel = Panel.from_arrays(1000 + 300 * (days[None] % 7 == 5), items=["ana"])
    >>> found = explain_panel(panel, horizon=7, model="seasonal-naive", series=None, seed=0)
    >>> round(found.total), found.strongest
    (7300, ('the strongest day of the week', 1.246))
    """
    if horizon < 1:
        raise SettingError(f"a horizon of {horizon} days has no days", fix="use 1 or more")
    prospects = prospects_of(panel, horizon)
    node = _node(prospects, series)
    values = prospects.values[node : node + 1]
    # Taught by all series where it is taught at all, as for a forecast.
    flags = flags_of(panel, prospects.tree, prospects.values, horizon)
    history = History(prospects.values, panel.axis.phase(), flags)
    behind = answering(
        model, history, prospects, node, horizon=horizon, seed=seed, start=panel.axis.start
    )
    own = np.array([node])
    ask = forecast_function(behind.forecaster, history, horizon, seed, own)
    parts = split_history(values)
    found = occlude(parts, horizon, ask)
    bursts = occlude_bursts(parts, horizon, ask, MOST_BURSTS)[0]
    shares = found.shares()
    ahead = panel.axis.after(horizon)
    strongest, weakest = _weekdays(found, ahead)
    total = float(found.whole.sums[0])
    members = behind.members
    if members is not None and behind.lead is not None:
        lead = forecast_function(behind.lead, history, horizon, seed, own)
        members = replace(members, lead_alone=float(lead(values, horizon)[1][0]))
    return Explanation(
        series=prospects.tree.names[node],
        level=prospects.tree.levels[node],
        model=model,
        past=panel.axis,
        ahead=ahead,
        values=values[0],
        medians=found.whole.medians[0],
        total=total,
        usual=float(parts.level[0]),
        rest=float(found.remainder[0]),
        parts=tuple(
            PartEffect(name, float(shares[name][0]), float(found.without(name).sums[0]))
            for name in FAMILIES
        ),
        growth=_growth(parts),
        strongest=strongest,
        weakest=weakest,
        bursts=tuple(_burst(burst, panel.axis, total) for burst in bursts),
        members=members,
        notes=_notes(prospects, node) + _unread(panel, behind.forecaster),
        kind=kind,
    )


def _node(prospects: Prospects, series: str | None) -> int:
    """Return the place of a series; the total's is the first."""
    if series is None:
        return 0
    try:
        return prospects.tree.names.index(series)
    except ValueError:
        ended = series in [absent.name for absent in prospects.absent]
        raise SettingError(
            f"the series {series!r} has no future" if ended else f"there is no series {series!r}",
            fix="use total, or the name of a category or a creator that upswell check lists",
        ) from None


def _growth(parts: Parts) -> float:
    """Return by what the level changed over the last four weeks, or as many days as there are."""
    first = max(parts.trend.shape[1] - 1 - GROWTH_DAYS, 0)
    return float(1.0 / parts.trend[0, first] - 1.0)


def _weekdays(
    found: Occlusion, ahead: DayAxis
) -> tuple[tuple[str, float] | None, tuple[str, float] | None]:
    """Return the strongest and the weakest day of the week, as the forecaster uses the profile."""
    weeks = ahead.length // WEEK * WEEK
    flat = found.without("week").medians[0, :weeks]
    if not weeks or (flat <= 0).any():
        return None, None
    lifted = np.log(np.maximum(found.whole.medians[0, :weeks], 1e-9) / flat).reshape(-1, WEEK)
    factors: NDArray[np.float64] = np.exp(lifted.mean(axis=0))
    factors /= factors.mean()
    if np.ptp(factors) < SAME:
        return None, None
    phase = ahead.phase()[:WEEK]

    def named(place: int, otherwise: str) -> tuple[str, float]:
        name = WEEKDAYS[phase[place]] if ahead.calendar else otherwise
        return name, round(float(factors[place]), 3)

    return (
        named(int(np.argmax(factors)), "the strongest day of the week"),
        named(int(np.argmin(factors)), "the weakest"),
    )


def _burst(found: BurstOcclusion, axis: DayAxis, total: float) -> BurstEffect:
    burst = found.burst
    first, last, faded = (
        axis.label(axis.start + day) for day in (burst.first, burst.last, burst.faded)
    )
    return BurstEffect(
        first=first,
        last=last,
        faded=faded,
        views=burst.views,
        times=burst.times,
        adds=total - found.total,
        without=found.total,
        places=(burst.first, burst.last),
        medians=found.medians,
    )


def _notes(prospects: Prospects, node: int) -> tuple[str, ...]:
    standing = prospects.standings[node]
    if standing.status is Status.OK:
        return ()
    why = "; ".join(REASONS[code] for code in standing.codes)
    return (f"upswell forecast answers for this series with seasonal naive, since {why}",)


def _unread(panel: Panel, forecaster: MedianForecaster) -> tuple[str, ...]:
    if panel.occasions is None or reads_known_days(forecaster):
        return ()
    return (f"{forecaster.name} reads neither days off nor announced events",)
