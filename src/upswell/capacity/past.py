"""The past as a plan sees it: the known days of the total, and what their hours asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.capacity._settings import PlanSettings
from upswell.capacity.commitment import least_cost
from upswell.capacity.load import Load, hourly_load, profile_shares
from upswell.capacity.outlook import Future
from upswell.capacity.terms import Terms
from upswell.data import DayAxis, Panel, node_values

__all__ = ["Past", "past_of"]


@dataclass(frozen=True)
class Past:
    """The known days of the total.

    Parameters
    ----------
    axis
        All days of the history.
    days
        Numbers of the days on which the total is known, ascending, shape ``(D,)``.
    views
        The total on them, shape ``(D,)``.
    shares
        Share of a day's views in each of its hours.
    settings
        Of the plan.
    """

    axis: DayAxis
    days: NDArray[np.int64]
    views: NDArray[np.float64]
    shares: NDArray[np.float64]
    settings: PlanSettings

    @property
    def busiest(self) -> NDArray[np.float64]:
        """Views of the busiest hour of each known day."""
        return np.asarray(self.views * self.shares.max())

    def label(self, position: int) -> str:
        """Return a known day as text."""
        return self.axis.label(int(self.days[position]))

    def load_of(self, future: Future) -> Load:
        """Return the hours of a future."""
        return hourly_load(future.views, self.shares, self.settings.unit, future.throttle)

    def last_month(self, horizon: int) -> float:
        """Return the units that were reserved last month.

        They are ``[commitment] last_month`` where that is given. Else it is taken that last month
        was planned as well as could be: what would have cost least over the last `horizon` known
        days.
        """
        stated = self.settings.commitment.last_month
        if stated is not None:
            return float(stated)
        if not len(self.views):
            return 0.0
        load = hourly_load(self.views[None, -horizon:], self.shares, self.settings.unit)
        return float(least_cost(load, Terms.of(self.settings))[0])


def past_of(panel: Panel, settings: PlanSettings) -> Past:
    """Return the known days of a panel's total."""
    total = node_values(panel)[0]
    known = np.flatnonzero(np.isfinite(total))
    return Past(
        axis=panel.axis,
        days=panel.axis.start + known,
        views=total[known],
        shares=profile_shares(settings.profile),
        settings=settings,
    )
