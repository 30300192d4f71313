"""The price of caution: what each setting of the dial would have promoted, and what that brought.

All of it is counted on evidence: releases of the past, by models that had not seen them. Nothing is
said of a budget. A *hit* is a release that came to the top tier, a *false hit* one that would have
been promoted and did not.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases._settings import MoneySettings
from upswell.releases.deciding.money import break_even, profit
from upswell.releases.deciding.prospects import prospects_of, worth_it

if TYPE_CHECKING:
    import polars as pl

__all__ = ["CAUTIONS", "FEWEST_RELEASES", "QUANTILES", "lacks_evidence", "price_of_caution"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CAUTIONS = (1.0, 1.25, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0)
"""Settings of the dial as a cost ratio."""

QUANTILES = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
"""Settings of the dial as a quantile."""

FEWEST_RELEASES = 30


def lacks_evidence(evidence: pl.DataFrame | None, top: float) -> str | None:
    """Return why there is too little evidence to count on; None when there is enough.

    Parameters
    ----------
    evidence
        See `upswell.releases.deciding.evidence`; None without.
    top
        Streams from which a release is a hit.
    """
    if evidence is None:
        return "the bundle was trained without [money], and keeps no evidence"
    if evidence.height < FEWEST_RELEASES:
        return f"there are {evidence.height} past releases, and {FEWEST_RELEASES} are needed"
    if not (evidence["actual"] >= top).any():
        return f"none of {evidence.height} past releases came to the top tier"
    return None


def price_of_caution(
    evidence: pl.DataFrame,
    money: MoneySettings,
    top: float,
    *,
    cautions: Sequence[float] = CAUTIONS,
    quantiles: Sequence[float] = QUANTILES,
) -> pl.DataFrame:
    """Return what each setting of the dial, and each trivial rule, would have come to.

    Parameters
    ----------
    evidence
        Past releases with ``mean``, ``q05`` to ``q95``, ``actual``, ``window_total`` and
        ``log_linear``.
    money
        The settings; the dial in them is marked as chosen, and added where the grid lacks it.
    top
        Streams from which a release is a hit.
    cautions, quantiles
        The grids.

    Returns
    -------
    polars.DataFrame
        ``rule`` (``caution``, ``quantile``, and the trivial ones ``all``, ``none``, ``log-linear``:
        whose streams by that neighbour reach the break-even, and ``window-total``: as many as the
        chosen dial, those of the largest window total), ``dial``, ``chosen``, ``promoted``,
        ``hits`` caught, ``hits_missed``, ``false_hits``, ``hits_lost`` and ``false_hits_avoided``
        (both against a caution of 1), ``losing`` (promoted that lost money), ``profit`` and
        ``profit_per_release`` (of the promoted, on what they came to).
    """
    import polars as pl

    actual = evidence["actual"].to_numpy()
    earned, hit = profit(actual, money), actual >= top
    dials = [("caution", value) for value in _with(cautions, _caution(money))]
    dials += [("quantile", value) for value in _with(quantiles, money.quantile)]
    masks: list[tuple[str, float | None, bool, Flags]] = []
    number = 0
    for rule, value in dials:
        mask = _promoted(evidence, _at(money, rule, value))
        chosen = value == (money.quantile if rule == "quantile" else _caution(money))
        number = int(mask.sum()) if chosen else number
        masks.append((rule, value, chosen, mask))
    masks += [(rule, None, False, mask) for rule, mask in _trivial(evidence, money, number).items()]
    neutral = _promoted(evidence, _at(money, "caution", 1.0))
    rows = [
        {"rule": rule, "dial": value, "chosen": chosen, **_counts(mask, hit, earned, neutral)}
        for rule, value, chosen, mask in masks
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def _caution(money: MoneySettings) -> float | None:
    return money.caution if money.quantile is None else None


def _with(grid: Sequence[float], own: float | None) -> list[float]:
    """Return a grid with one more value in its place."""
    values = {*grid, *(() if own is None else (own,))}
    # From the least caution on, whether that is a small number or a large one.
    return sorted(values, reverse=bool(grid) and grid[0] > grid[-1])


def _at(money: MoneySettings, rule: str, value: float) -> MoneySettings:
    """Return the settings with another dial."""
    quantile = value if rule == "quantile" else None
    return money.model_copy(
        update={"quantile": quantile, "caution": 1.0 if rule == "quantile" else value}
    )


def _promoted(evidence: pl.DataFrame, money: MoneySettings) -> Flags:
    return worth_it(prospects_of(evidence, money), money)


def _trivial(evidence: pl.DataFrame, money: MoneySettings, number: int) -> dict[str, Flags]:
    """Return what trivial rules would have promoted."""
    count = evidence.height
    total = evidence["window_total"].to_numpy()
    largest = np.zeros(count, dtype=np.bool_)
    largest[np.argsort(-total, kind="stable")[:number]] = True
    return {
        "all": np.ones(count, dtype=np.bool_),
        "none": np.zeros(count, dtype=np.bool_),
        "window-total": largest,
        "log-linear": evidence["log_linear"].to_numpy() >= break_even(money),
    }


def _counts(mask: Flags, hit: Flags, earned: Floats, neutral: Flags) -> dict[str, Any]:
    promoted = int(mask.sum())
    brought = float(earned[mask].sum())
    return {
        "promoted": promoted,
        "hits": int((mask & hit).sum()),
        "hits_missed": int((~mask & hit).sum()),
        "false_hits": int((mask & ~hit).sum()),
        "hits_lost": int((neutral & hit).sum()) - int((mask & hit).sum()),
        "false_hits_avoided": int((neutral & ~hit).sum()) - int((mask & ~hit).sum()),
        "losing": int((mask & (earned < 0)).sum()),
        "profit": brought,
        "profit_per_release": brought / promoted if promoted else None,
    }
