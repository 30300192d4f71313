"""The rules by which a commitment can be chosen, and what comes of each."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from upswell.capacity.commitment import cost_by_path, least_cost
from upswell.capacity.load import Load
from upswell.capacity.outlook import RULES, Amount, Bill, CostCurve, Rule
from upswell.capacity.terms import Terms

__all__ = ["amount", "choices", "compare_rules", "cost_curve"]

RANGE = (0.1, 0.9)
_CURVE_POINTS = 81
_CURVE_LOW, _CURVE_HIGH = 0.6, 1.2


def amount(samples: NDArray[np.float64]) -> Amount:
    """Return mean and 80% range of a figure over the paths, shape ``(P,)``.

    Examples
    --------
    >>> amount(np.arange(11.0))
    Amount(expected=5.0, low=1.0, high=9.0)
    """
    low, high = np.quantile(samples, RANGE).tolist()
    return Amount(float(samples.mean()), low, high)


def choices(load: Load, terms: Terms, last_month: float) -> dict[str, int]:
    """Return the commitment of each rule that can be followed.

    - ``least-cost``: least expected cost.
    - ``same-as-last-month``: what was reserved then.
    - ``mean``: the units of the mean hour, rounded up.
    - ``peak``: the busiest hour of the horizon, as it is on the middle path.

    Each is brought between the existing units and the limit.

    Parameters
    ----------
    load
        Hours of all paths.
    terms
        Prices and bounds.
    last_month
        Units reserved last month.
    """
    peaks = load.rows[:, -1]
    wanted = {
        "least-cost": float(least_cost(load.pooled, terms)[0]),
        "same-as-last-month": last_month,
        "mean": math.ceil(float(load.rows.mean()) * (1.0 - 1e-12)),
        "peak": float(np.quantile(peaks, 0.5, method="inverted_cdf")),
    }
    return {
        name: int(min(max(units, terms.existing), terms.limit)) for name, units in wanted.items()
    }


def compare_rules(load: Load, terms: Terms, chosen: dict[str, int]) -> tuple[Rule, ...]:
    """Return what comes of each rule, perfect foresight last.

    Perfect foresight knows each path beforehand and gives it the commitment that costs it least,
    so that no rule costs less on any path.

    Parameters
    ----------
    load
        Hours of all paths.
    terms
        Prices and bounds.
    chosen
        Commitments by rule, see `choices`.
    """
    paths = len(load.rows)
    own = least_cost(load, terms)
    fixed = np.array([chosen[name] for name in RULES[:-1]], dtype=np.float64)
    levels = np.column_stack([np.broadcast_to(fixed, (paths, len(fixed))), own])
    costs = cost_by_path(load, terms, levels)
    bound = float(costs[:, -1].mean())
    hours, excess = load.above(levels)
    short_hours, short = load.above(terms.capacity(levels))
    middle = int(np.quantile(own, 0.5, method="inverted_cdf"))
    new = terms.reserved(levels).mean(axis=0) * load.hours
    return tuple(
        Rule(
            name=name,
            commitment=chosen.get(name, middle),
            cost=amount(costs[:, i]),
            bill=Bill(
                existing=load.hours * terms.existing * terms.existing_price,
                reserved=float(new[i]),
                on_demand=terms.on_demand * float((excess - short)[:, i].mean()),
                shortage=terms.shortage * float(short[:, i].mean()),
            ),
            regret=max(float(costs[:, i].mean()) - bound, 0.0),
            shortage_hours=float(short_hours[:, i].mean()),
            shortage_unit_hours=float(short[:, i].mean()),
            on_demand_hours=float(hours[:, i].mean()),
        )
        for i, name in enumerate(RULES)
    )


def cost_curve(load: Load, terms: Terms, rules: tuple[Rule, ...]) -> CostCurve:
    """Return what commitments cost, from below the smallest rule to above the largest.

    Parameters
    ----------
    load
        Hours of all paths.
    terms
        Prices and bounds.
    rules
        Their commitments are points of the curve.
    """
    marked = np.array([rule.commitment for rule in rules], dtype=np.float64)
    low = max(math.floor(_CURVE_LOW * marked.min()), terms.existing)
    high = min(math.ceil(_CURVE_HIGH * marked.max()) + 1, terms.limit)
    even = np.round(np.linspace(low, max(low, high), _CURVE_POINTS))
    points = np.unique(np.concatenate([even, marked]))
    costs = cost_by_path(load, terms, points)
    ends = np.quantile(costs, RANGE, axis=0)
    return CostCurve(points.astype(np.int64), costs.mean(axis=0), ends[0], ends[1])
