"""Who answers for one series, so that what is explained is what is forecast."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from upswell.forecasting.blending import Blend
from upswell.forecasting.history import History, MedianForecaster
from upswell.forecasting.ladder import Status
from upswell.forecasting.prospects import Prospects
from upswell.forecasting.registry import AUTO, AUTO_NAME, forecasters
from upswell.forecasting.settling import settle

__all__ = ["Answering", "Members", "answering"]


@dataclass(frozen=True)
class Members:
    """Who stands behind a name that leaves the choice to the panel.

    Parameters
    ----------
    chosen
        The forecaster that the panel's windows support.
    why
        What they say, in words.
    lead
        Who says the quantiles.
    share
        Weight of the lead, from 0 to 1; the partners share the rest.
    partners
        Whose medians are averaged with the lead's, on the log scale.
    lead_alone
        Median of the sum that the lead alone expects.
    """

    chosen: str
    why: str
    lead: str
    share: float
    partners: tuple[str, ...]
    lead_alone: float | None = None

    def record(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return asdict(self) | {"partners": list(self.partners)}


@dataclass(frozen=True)
class Answering:
    """The forecaster behind a name, for one series.

    Parameters
    ----------
    forecaster
        Who is to be explained.
    members, lead
        Where the panel chose: who was chosen, and the lead, where it is not alone.
    """

    forecaster: MedianForecaster
    members: Members | None = None
    lead: MedianForecaster | None = None


def answering(
    model: str,
    history: History,
    prospects: Prospects,
    node: int,
    *,
    horizon: int,
    seed: int,
    start: int,
) -> Answering:
    """Return who answers when a series is forecast by a name.

    A blend has the weights that the panel's windows support, and ``auto`` may be seasonal naive, as
    `upswell.forecast` has it.

    Parameters
    ----------
    model
        Name of a forecaster, ``auto``, or the path of a bundle.
    history, prospects
        All series of the tree.
    node
        Place of the series that is asked about.
    horizon, seed
        Of the forecast.
    start
        Number of the first day.

    Raises
    ------
    SettingError
        When there is no such forecaster.

    Examples
    --------
    >>> from upswell.data import Panel
    >>> from upswell.forecasting.prospects import prospects_of
    >>> panel = Panel.from_arrays(100.0 + np.arange(60.0)[None] % 7, items=["ana"])
    >>> prospects = prospects_of(panel, 7)
    >>> history = History(prospects.values, panel.axis.phase())
    >>> answering("auto", history, prospects, 0, horizon=7, seed=0, start=0).members.chosen
    'seasonal-naive'
    """
    own = AUTO if model == AUTO_NAME else model
    (forecaster,) = forecasters([own]).values()
    if not isinstance(forecaster, Blend):
        return Answering(forecaster)
    tree = prospects.tree
    found = settle(model, forecaster, history, tree, horizon=horizon, seed=seed, start=start)
    chosen, why = found.chosen, found.selection.why
    if not isinstance(chosen, Blend):
        return _alone(chosen, chosen, why)
    members = Members(
        chosen=chosen.name,
        why=why,
        lead=chosen.lead.name,
        share=chosen.share,
        partners=tuple(partner.name for partner in chosen.partners),
    )
    # Small series of a large panel are the lead's alone.
    able = np.flatnonzero([standing.status is Status.OK for standing in prospects.standings])
    small = node in able and node not in able[chosen.blended(history.select(able))]
    if small or chosen.share == 1.0:
        return _alone(chosen.lead, chosen, why)
    return Answering(chosen, members, chosen.lead)


def _alone(forecaster: MedianForecaster, chosen: MedianForecaster, why: str) -> Answering:
    """Return a forecaster that answers without partners, and who was chosen."""
    return Answering(forecaster, Members(chosen.name, why, forecaster.name, 1.0, ()))
