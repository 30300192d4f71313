"""Which releases to fund: the list of most expected profit within a budget and a risk.

Chosen is ``x`` in ``{0, 1}`` for each release, to maximise ``sum(profit x)`` such that
``sum(cost x) <= budget`` and the expected shortfall of the list is at most a limit: its mean loss
in the worst tenth of the scenarios. That mean is the largest of the linear functions "mean loss
over this tenth of the scenarios", one for each tenth (Rockafellar, R. T. and Uryasev, S. (2000).
Optimization of conditional value-at-risk. Journal of Risk 2, 21-41; Künzi-Bay, A. and Mayer, J.
(2006). Computational aspects of minimizing conditional value-at-risk. Computational Management
Science 3, 3-27). So the program is solved with those of the functions that were violated so far,
until none is: first as a linear program, which is quick and finds most of them, then in whole
releases by HiGHS without a gap. The answer is the optimum of the whole.

With many releases that hardly pay and a shortfall that binds, the proof can take very long. After
so many steps the best list found stands, with a bound on what any other could bring.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from upswell.releases.deciding._solver import Solved, solve_relaxed, solve_whole

__all__ = ["WORST", "BestList", "best_list", "expected_shortfall"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WORST = 0.1
"""Part of the scenarios whose mean loss is the expected shortfall."""

_MOST_ROUNDS, _MOST_CUTS = 25, 300


def expected_shortfall(profits: Floats, part: float = WORST) -> float:
    """Return the mean loss in the worst part of some scenarios.

    Parameters
    ----------
    profits
        Of a list in each scenario, shape ``(K,)``.
    part
        The part; the number of scenarios is rounded up.

    Returns
    -------
    float
        Below 0 where even the worst part makes a profit on average.

    Examples
    --------
    >>> expected_shortfall(np.array([30.0, -10.0, 20.0, -20.0]), part=0.5)
    15.0
    """
    return float(-profits[_worst(profits, part)].mean())


def _worst(profits: Floats, part: float) -> NDArray[np.int64]:
    """Return the positions of the worst part, of equal ones the first."""
    number = max(1, int(np.ceil(part * len(profits) - 1e-9)))
    return np.argsort(profits, kind="stable")[:number]


@dataclass(frozen=True)
class BestList:
    """A list to fund.

    Parameters
    ----------
    chosen
        Which releases are on it, shape ``(N,)``.
    bound
        Expected profit that no list within the limits exceeds: that of this list, where it is
        proven to be the best.
    """

    chosen: Flags
    bound: float


@dataclass(frozen=True)
class _Limits:
    """What a list has to keep to, and the linear rows ``left @ x <= right`` known of it."""

    cost: Floats
    budget: float | None
    shortfall: float | None
    outcomes: Floats | None
    left: list[Floats] = field(default_factory=list)
    right: list[float] = field(default_factory=list)

    def affordable(self, chosen: Flags) -> bool:
        """Whether a list is within the budget, but for the rounding of sums."""
        spent = float(self.cost[chosen].sum())
        return self.budget is None or spent <= self.budget * (1 + 1e-12)

    def losses(self, share: Floats) -> Floats | None:
        """Return the mean loss of each release where this list does worst; None when allowed."""
        if self.outcomes is None or self.shortfall is None:
            return None
        worst = _worst(share @ self.outcomes, WORST)
        losses = -np.asarray(self.outcomes[:, worst].mean(axis=1))
        allowed = self.shortfall + 1e-9 * max(1.0, self.shortfall)
        return losses if float(losses @ share) > allowed else None

    def add(self, left: Floats, right: float) -> None:
        """Add a row, in a size of its own: the solver's tolerances are absolute."""
        size = float(np.abs(left).max(initial=0.0)) or 1.0
        self.left.append(left / size)
        self.right.append(right / size)

    def allows(self, chosen: Flags) -> bool:
        """Whether a list keeps to all limits."""
        share = chosen.astype(np.float64)
        return not chosen.any() or (self.affordable(chosen) and self.losses(share) is None)


def best_list(
    profit: Floats,
    cost: Floats,
    *,
    budget: float | None = None,
    shortfall: float | None = None,
    outcomes: Floats | None = None,
) -> BestList:
    """Return the releases to fund.

    Parameters
    ----------
    profit
        Expected profit of each, shape ``(N,)``. Those below 0 are not funded.
    cost
        Of each, shape ``(N,)``, from 0.
    budget
        Most that the list may cost; None for no limit.
    shortfall
        Most that the list may lose on average in the worst tenth of the outcomes; None for no
        limit.
    outcomes
        Profit of each release in each scenario, shape ``(N, K)``; needed with `shortfall`.

    Returns
    -------
    BestList
        Of equal releases (same profit and cost) the first are funded, unless risk tells them
        apart. The empty list is always allowed.

    Examples
    --------
    >>> profit, cost = np.array([60.0, 50.0, 50.0]), np.array([30.0, 20.0, 20.0])
    >>> best_list(profit, cost, budget=40.0).chosen.tolist()
    [False, True, True]
    """
    wanted = profit >= 0
    drawn = None if outcomes is None or shortfall is None else outcomes[wanted]
    limits = _Limits(cost[wanted], budget, shortfall, drawn)
    found = _found(profit[wanted], limits)
    chosen = np.zeros(len(profit), dtype=np.bool_)
    chosen[wanted] = found.chosen
    return BestList(chosen, found.bound)


def _found(profit: Floats, limits: _Limits) -> BestList:
    """Return the best list: all if allowed, then by size, then by programs with cuts."""
    every = np.ones(len(profit), dtype=np.bool_)
    if limits.allows(every):
        return BestList(every, float(profit.sum()))
    if limits.outcomes is None and len(set(limits.cost.tolist())) == 1:
        # The budget is not enough for all, so it is not None and the cost is above 0.
        places = int((limits.budget or 0.0) * (1 + 1e-12) // limits.cost[0])
        largest: Flags = np.zeros(len(profit), dtype=np.bool_)
        largest[np.argsort(-profit, kind="stable")[:places]] = True
        return BestList(largest, float(profit[largest].sum()))
    if limits.budget is not None:
        limits.add(limits.cost, limits.budget)
    fallback = _relaxed(profit, limits)
    bound = float(profit.sum())
    for _ in range(_MOST_ROUNDS):
        solved: Solved = solve_whole(profit, limits.left, limits.right)
        bound = min(bound, solved.bound)
        if solved.chosen is None:
            break
        chosen = solved.chosen
        if limits.outcomes is None:
            chosen = _first_of_equals(profit, limits.cost, chosen)
        if limits.allows(chosen):
            own = float(profit[chosen].sum())
            # Else the solver gave up before the proof; the fallback may be better.
            if solved.proven:
                return BestList(chosen, own)
            fallback = chosen if own > profit[fallback].sum() else fallback
            break
        _forbid(limits, chosen)
    return BestList(fallback, max(bound, float(profit[fallback].sum())))


def _forbid(limits: _Limits, chosen: Flags) -> None:
    """Add a row that a list breaks, and no list that is allowed does."""
    share = chosen.astype(np.float64)
    if not limits.affordable(chosen):
        # Within the solver's tolerance, but a cent above the budget: never these together.
        limits.add(share, float(chosen.sum() - 1))
        return
    losses = limits.losses(share)
    if losses is not None and limits.shortfall is not None:
        limits.add(losses, limits.shortfall)


def _relaxed(profit: Floats, limits: _Limits) -> Flags:
    """Add the rows that a list of parts of releases breaks; return a list that is allowed."""
    share = np.zeros(len(profit))
    for _ in range(_MOST_CUTS):
        if limits.left:
            share = solve_relaxed(profit, limits.left, limits.right)
        else:
            share = np.ones(len(profit))
        losses = limits.losses(share)
        if losses is None or limits.shortfall is None:
            break
        limits.add(losses, limits.shortfall)
    chosen = np.zeros(len(profit), dtype=np.bool_)
    for place in np.lexsort((-profit, -share)):
        chosen[place] = True
        chosen[place] = limits.allows(chosen)
    return chosen


def _first_of_equals(profit: Floats, cost: Floats, chosen: Flags) -> Flags:
    """Return a list of the same profit and cost, with the first of equal releases."""
    answer = chosen.copy()
    groups: dict[tuple[float, float], list[int]] = {}
    for place, pair in enumerate(zip(profit.tolist(), cost.tolist(), strict=True)):
        groups.setdefault(pair, []).append(place)
    for places in groups.values():
        number = int(chosen[places].sum())
        answer[places] = np.arange(len(places)) < number
    return answer
