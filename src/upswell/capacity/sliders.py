"""What the sliders of a page need: quantiles of views, before headroom and prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.capacity.load import views_by_hour
from upswell.capacity.settings import settings_record

if TYPE_CHECKING:
    from upswell.capacity.result import Plan

__all__ = ["slider_data"]

_HOURLY, _DAILY = 400, 100
_DIGITS = 5


def slider_data(plan: Plan) -> dict[str, Any]:
    """Return what a page needs to redraw commitment, cost and risk, as plain data.

    Quantiles stand at the middles of equal steps of probability, so that each of ``Q`` stands for
    a share ``1 / Q`` of the hours or paths, and a mean over them is close to the mean over the
    paths. They are of the advised outlook, with its overlays, and rounded to five digits.

    Returns
    -------
    dict
        ``hourly_views``: of the views of all hours of all paths. ``busiest_views``: a list for
        each day, of the views of its busiest hour. ``peak_views``: of the views of the busiest
        hour of the horizon. ``hours``: hours of the horizon. ``settings``: as in ``plan.json``.

    Examples
    --------
    The units of quantile ``q`` are ``ceil(hourly_views[q] * (1 + headroom) / views_per_hour)``,
    and a commitment ``c`` costs about ``hours * (reserved * c + on_demand * mean(units - c, where
    positive))``.
    """
    future = plan.outlook.future
    by_hour = views_by_hour(future.views, plan.shares, future.throttle)
    busiest = by_hour.max(axis=2)
    return {
        "hourly_views": _rounded(_quantiles(by_hour.reshape(-1), _HOURLY)),
        "busiest_views": [_rounded(day) for day in _quantiles(busiest, _DAILY).T],
        "peak_views": _rounded(_quantiles(busiest.max(axis=1), _HOURLY)),
        "hours": 24 * plan.axis.length,
        "settings": settings_record(plan.settings),
    }


def _quantiles(samples: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    probabilities = (np.arange(count) + 0.5) / count
    return np.asarray(np.quantile(samples, probabilities, axis=0))


def _rounded(values: NDArray[np.float64]) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values.tolist()]
