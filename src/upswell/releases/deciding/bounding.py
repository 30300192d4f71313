"""The bound at work: what it says of a list, and which releases of the list it stands against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from upswell.releases.deciding.bound import FalseHitBound, false_hit_bound

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.config import ReleasesConfig

__all__ = ["DriftVerdict", "bound_codes", "bound_for", "suspended"]


class DriftVerdict(Protocol):
    """What the bound has to know of drift."""

    @property
    def drifted(self) -> bool:
        """Whether this week's signals differ from those of the calibration."""

    @property
    def sentence(self) -> str:
        """The reason, in words."""


def bound_for(
    evidence: pl.DataFrame | None,
    config: ReleasesConfig,
    *,
    as_of: dt.date,
    drift: DriftVerdict | None = None,
    passes: Callable[[pl.DataFrame], pl.Series] | None = None,
) -> FalseHitBound | None:
    """Return what the evidence of a bundle says of false hits on a day.

    Parameters
    ----------
    evidence
        What models said of releases that they had not seen, and what came of them: at least
        ``probability_<top tier>``, ``actual`` and ``release_date``. None where a bundle has none.
    config
        With ``[money]`` and its bound; tiers say what a hit is.
    as_of
        The day of the list.
    drift
        What was found on this week's signals; None when nothing was looked at.
    passes
        Whether each row of the evidence would be promoted but for the bound. The bound is then on
        those that pass both; without it, on all from the threshold on.

    Returns
    -------
    FalseHitBound or None
        None when the settings ask for no bound; without evidence one that lets nothing pass.
    """
    if config.money is None or config.money.bound is None:
        return None
    asked = config.money.bound
    if evidence is None:
        return _without_evidence(asked.false_hits, asked.confidence)
    rows = evidence.drop_nulls(["actual", "release_date"])
    if passes is not None:
        rows = rows.filter(passes(rows))
    age = as_of.toordinal() - np.array([day.toordinal() for day in rows["release_date"]], float)
    found = false_hit_bound(
        rows[f"probability_{config.tiers.names[-1]}"].to_numpy(),
        rows["actual"].to_numpy() >= config.tiers.bounds[-1],
        np.maximum(age, 0.0),
        false_hits=asked.false_hits,
        confidence=asked.confidence,
    )
    return suspended(found, drift) if drift is not None and drift.drifted else found


def _without_evidence(false_hits: float, confidence: float) -> FalseHitBound:
    """Return a bound that lets nothing pass, since nothing is known of the past."""
    bound = false_hit_bound((), (), (), false_hits=false_hits, confidence=confidence)
    sentence = (
        f"at most {false_hits:.0%} false hits at {confidence:.0%} confidence cannot be held: the "
        "bundle keeps no evidence of past releases; train it with [money]"
    )
    return replace(bound, sentence=sentence)


def suspended(bound: FalseHitBound, drift: DriftVerdict) -> FalseHitBound:
    """Return a bound that lets nothing pass, with the reason."""
    sentence = (
        f"the bound of {bound.false_hits:.0%} false hits is suspended: this week's signals differ "
        f"from those that it was calibrated on: {drift.sentence}"
    )
    return replace(bound, code="bound-suspended", sentence=sentence, threshold=None)


def bound_codes(scores: pl.DataFrame, bound: FalseHitBound | None, top: str) -> list[str | None]:
    """Return for each row why the bound stands against promoting it; None where it does not.

    Parameters
    ----------
    scores
        Rows with ``probability_<top>`` and ``status``.
    bound
        As `bound_for` gave it.
    top
        Name of the top tier.

    Notes
    -----
    The calibration holds complete windows only, so nothing is known of a release whose window is
    not: its code is ``bound-not-enough-evidence``.

    Examples
    --------
    >>> import polars as pl
    >>> bound = false_hit_bound([0.95] * 11, [True] * 11, [0] * 11, false_hits=0.2)
    >>> status = ["ok", "ok", "short-window"]
    >>> scores = pl.DataFrame({"probability_hit": [0.96, 0.5, 0.99], "status": status})
    >>> bound_codes(scores, bound, "hit")
    [None, 'bound-not-met', 'bound-not-enough-evidence']
    """
    if bound is None:
        return [None] * scores.height
    chances, standings = scores[f"probability_{top}"].to_list(), scores["status"].to_list()
    if bound.threshold is None:
        return [bound.code] * scores.height
    return [
        "bound-not-enough-evidence"
        if status != "ok"
        else None
        if chance is not None and chance >= bound.threshold
        else "bound-not-met"
        for chance, status in zip(chances, standings, strict=True)
    ]
