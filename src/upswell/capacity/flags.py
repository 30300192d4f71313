"""What a reader of a plan should know besides: each with a code and a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import PlanSettings
from upswell.capacity.commitment import least_cost
from upswell.capacity.load import whole_units
from upswell.capacity.outlook import UNIT_LEVELS, Outlook
from upswell.capacity.past import Past
from upswell.capacity.result import Flag
from upswell.capacity.terms import Terms
from upswell.data import DayAxis
from upswell.errors import SettingError
from upswell.forecasting.ladder import Status
from upswell.forecasting.result import Forecast
from upswell.scoring import supported_level

__all__ = ["FLAGS", "check_limit", "find_flags"]

FLAGS = {
    "weak-evidence": "the forecast of the total is not `ok`",
    "unsupported-level": "figures beyond what the backtest windows can support",
    "saturated-history": "days on which the busiest hour took all units of the limit",
    "order-too-late": "more capacity cannot be there on the first day at risk",
    "at-limit": "the commitment is the limit itself",
    "over-committed": "fewer units than exist would cost least",
    "fewer-paths": "the horizon is too long for all paths",
}
"""Codes of flags, and what each means."""


def check_limit(past: Past, settings: PlanSettings) -> None:
    """Raise when the limit is below what runs today: then it is no limit.

    Parameters
    ----------
    past
        The total up to today, its last day.
    settings
        Of the plan.

    Raises
    ------
    SettingError
        When the busiest hour of the last day took more units than the limit has.
    """
    limit = None if settings.limit is None else settings.limit.units
    if limit is None or not len(past.views):
        return
    today = int(_served(past.busiest[-1:], settings)[0])
    if today > limit:
        raise SettingError(
            f"[limit] units ({limit:,}) is below today's use: on {past.label(-1)} the busiest hour "
            f"ran {today:,} units",
            fix="correct [limit] units, [unit] views_per_hour or [profile]",
        )


def _served(busiest: NDArray[np.float64], settings: PlanSettings) -> NDArray[np.float64]:
    """Return the units that ran in hours of the past: headroom is for the future only."""
    return whole_units(busiest, settings.unit.model_copy(update={"headroom": 0.0}))


def find_flags(
    forecast: Forecast, past: Past, settings: PlanSettings, outlook: Outlook, paths: int
) -> tuple[Flag, ...]:
    """Return the flags of a plan.

    Parameters
    ----------
    forecast
        What the plan rests on.
    past
        The total up to today.
    settings
        Of the plan.
    outlook
        The advised one.
    paths
        Number of paths that were used.
    """
    found = [
        _weak(forecast),
        _unsupported(forecast, outlook),
        _saturated(past, settings),
        _too_late(forecast.axis, outlook),
        _at_limit(settings, outlook),
        _over_committed(settings, outlook, past),
        _fewer(len(forecast.paths), paths),
    ]
    return tuple(flag for flag in found if flag is not None)


def _weak(forecast: Forecast) -> Flag | None:
    standing = forecast.report.standings[0]
    if standing.status is Status.OK and not standing.codes:
        return None
    codes = f" ({', '.join(standing.codes)})" if standing.codes else ""
    return Flag("weak-evidence", f"The forecast of the total stands at {standing.status}{codes}.")


def _unsupported(forecast: Forecast, outlook: Outlook) -> Flag | None:
    """Quantiles beyond what independent windows hold are read off an assumed shape of errors."""
    calibration = forecast.report.calibrations.get(0)
    windows = 0.0 if calibration is None else calibration.effective_windows
    highest = (1.0 + supported_level(windows)) / 2.0
    beyond = [f"{level:.0%}" for level in UNIT_LEVELS if level > highest]
    parts = [f"units at {_listed(beyond)}"] if beyond else []
    if not 1.0 - highest <= outlook.critical_level <= highest:
        parts.append("the commitment")
    if outlook.overload is not None and 0 < outlook.overload.chance < 1.0 - highest:
        parts.append("the chance to run short")
    if not parts:
        return None
    held = (
        f"support levels up to {highest:.0%}"
        if windows >= 2
        else "are too few to support any level"
    )
    who = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])}, and {parts[-1]}"
    return Flag(
        "unsupported-level",
        f"What is said of {who} rests on an assumed shape of errors: the backtest windows, worth "
        f"{windows:.1f} independent ones, {held}.",
    )


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _saturated(past: Past, settings: PlanSettings) -> Flag | None:
    limit = None if settings.limit is None else settings.limit.units
    if limit is None:
        return None
    touched = np.flatnonzero(_served(past.busiest, settings) >= limit)
    if not len(touched):
        return None
    days = "1 day" if len(touched) == 1 else f"{len(touched):,} days"
    return Flag(
        "saturated-history",
        f"On {days} of the history, the last of them {past.label(int(touched[-1]))}, the busiest "
        f"hour took all {limit:,} units of the limit: demand beyond it was not seen, and the "
        "forecast may be too low.",
    )


def _too_late(axis: DayAxis, outlook: Outlook) -> Flag | None:
    risk = outlook.overload
    if risk is None or not risk.too_late or risk.first_day is None or risk.order_by is None:
        return None
    return Flag(
        "order-too-late",
        f"More capacity for {axis.label(risk.first_day)}, the first day at risk, had to be ordered "
        f"by {axis.label(risk.order_by)}: that day has passed.",
    )


def _at_limit(settings: PlanSettings, outlook: Outlook) -> Flag | None:
    limit = None if settings.limit is None else settings.limit.units
    if limit is None or outlook.best.commitment < limit:
        return None
    return Flag(
        "at-limit",
        f"The commitment is the limit of {limit:,} units itself: without the limit it would pay to "
        "reserve as many or more.",
    )


def _over_committed(settings: PlanSettings, outlook: Outlook, past: Past) -> Flag | None:
    existing = settings.commitment.existing
    if not existing or outlook.best.commitment > existing:
        return None
    free = replace(Terms.of(settings), existing=0)
    best = int(least_cost(past.load_of(outlook.future).pooled, free)[0])
    if best >= existing:
        return None
    return Flag(
        "over-committed",
        f"There are {existing:,} units already; {best:,} would cost least if all could be chosen "
        "anew.",
    )


def _fewer(all_paths: int, used: int) -> Flag | None:
    if used == all_paths:
        return None
    return Flag(
        "fewer-paths",
        f"The plan rests on {used:,} of the {all_paths:,} paths: the horizon is long.",
    )
