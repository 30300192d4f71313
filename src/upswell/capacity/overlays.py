"""Overlays: what is known beforehand, laid over a forecast that stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import OverlaySettings
from upswell.capacity.outlook import Future
from upswell.data import DayAxis, Tree
from upswell.errors import SettingError
from upswell.forecasting.result import Forecast

__all__ = ["check_overlays", "lay_over", "untouched"]

_EPOCH = dt.date(1970, 1, 1)


def untouched(forecast: Forecast) -> Future:
    """Return the future as it is forecast."""
    views = forecast.paths[:, 0]
    return Future(views, None, np.zeros(len(views)))


def lay_over(forecast: Forecast, overlays: Sequence[OverlaySettings]) -> Future:
    """Return the future with overlays.

    All that multiplies comes first, creator by creator, so that a launch of one category lifts
    the total by what that category adds on each path. Then caps take off what is above them in a
    day. Throttles hold for hours and are left to the hourly load. The order of the file plays no
    part.

    Parameters
    ----------
    forecast
        With joint paths of all series.
    overlays
        As in ``plan.toml``.

    Raises
    ------
    SettingError
        When a day lies outside of the horizon, or there is no such series.
    """
    check_overlays(overlays, forecast.axis, forecast.panel.items, forecast.panel.groups)
    tree, days = forecast.tree, forecast.horizon
    first = tree.first_leaf
    everywhere = np.ones(days)
    factors: dict[int, NDArray[np.float64]] = {}
    cap, throttle = np.full(days, np.inf), np.full(days, np.inf)
    for overlay in overlays:
        held = _days_of(overlay, forecast.axis)
        if overlay.kind == "cap":
            cap[held] = np.minimum(cap[held], overlay.size)
        elif overlay.kind == "throttle":
            throttle[held] = np.minimum(throttle[held], overlay.size)
        elif overlay.series is None:
            everywhere[held] *= overlay.size
        else:
            for leaf in _leaves_of(overlay, tree, first):
                factors.setdefault(leaf, np.ones(days))[held] *= overlay.size
    views = forecast.paths[:, 0]
    for leaf, factor in factors.items():
        views = views + (factor - 1.0) * forecast.paths[:, leaf]
    wanted = np.maximum(views, 0.0) * everywhere
    let_in = np.minimum(wanted, cap)
    capped = (wanted - let_in).sum(axis=1)
    return Future(let_in, throttle if np.isfinite(throttle).any() else None, capped)


def check_overlays(
    overlays: Sequence[OverlaySettings],
    axis: DayAxis,
    items: Sequence[str],
    groups: Sequence[str] | None,
) -> None:
    """Raise when an overlay does not fit a panel: before the long work of a forecast.

    Parameters
    ----------
    overlays
        As in ``plan.toml``.
    axis
        The days ahead.
    items, groups
        Creators and categories of the panel.

    Raises
    ------
    SettingError
        When a day lies outside of the horizon, or there is no such series.
    """
    creators, categories = set(items), set(groups or ())
    for overlay in overlays:
        _days_of(overlay, axis)
        if overlay.series is None:
            continue
        found = [
            level
            for level, names in (("category", categories), ("creator", creators))
            if overlay.series in names and overlay.level in (None, level)
        ]
        if not found:
            kind = overlay.level or "category or creator"
            raise SettingError(
                f'{_name(overlay)}: series "{overlay.series}" is no {kind} of this panel',
                fix="write the name as the data spells it, or leave series out for all views",
            )
        if len(found) > 1:
            raise SettingError(
                f'{_name(overlay)}: series "{overlay.series}" is a category and a creator',
                fix='add level = "category" or level = "creator"',
            )


def _days_of(overlay: OverlaySettings, axis: DayAxis) -> slice:
    """Return the days of an overlay as positions in the horizon."""
    dated = isinstance(overlay.first, dt.date)
    if dated and not axis.calendar:
        raise SettingError(
            f"{_name(overlay)}: from is a date ({overlay.first}), but the panel has numbered days",
            fix=f"write numbers of days, from {axis.start} to {axis.stop - 1}",
        )
    if axis.calendar and not dated:
        raise SettingError(
            f"{_name(overlay)}: from is a number ({overlay.first}), but the panel has dates",
            fix=f"write dates, from {axis.label(axis.start)} to {axis.label(axis.stop - 1)}",
        )
    ends = [_number(overlay.first), _number(overlay.last)]
    for key, number, day in zip(("from", "to"), ends, (overlay.first, overlay.last), strict=True):
        if not axis.start <= number < axis.stop:
            raise SettingError(
                f"{_name(overlay)}: {key} ({day}) lies outside of the forecast, which goes from "
                f"{axis.label(axis.start)} to {axis.label(axis.stop - 1)}",
                fix="give days within, or take the overlay out",
            )
    return slice(ends[0] - axis.start, ends[1] - axis.start + 1)


def _number(day: dt.date | int) -> int:
    return day if isinstance(day, int) else (day - _EPOCH).days


def _leaves_of(overlay: OverlaySettings, tree: Tree, first: int) -> list[int]:
    """Return the creators that an overlay multiplies; those without a future are an error."""
    nodes = [
        node
        for node in range(1, tree.size)
        if tree.names[node] == overlay.series and overlay.level in (None, tree.levels[node])
    ]
    if not nodes:
        raise SettingError(
            f'{_name(overlay)}: series "{overlay.series}" has no forecast that could be multiplied',
            fix="see its status among the series of the forecast, or leave series out",
        )
    (node,) = nodes
    return [node] if node >= first else np.flatnonzero(tree.parents == node).tolist()


def _name(overlay: OverlaySettings) -> str:
    return f'[[overlays]] "{overlay.name}"'
