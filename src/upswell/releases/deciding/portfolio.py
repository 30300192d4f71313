"""Which releases to fund: the list of most expected profit within a budget and a risk, exactly.

Chosen is ``x`` in ``{0, 1}`` for each release, to maximise ``sum(profit x)`` such that
``sum(cost x) <= budget`` and the expected shortfall of the list is at most a limit: its mean loss
in the worst tenth of the scenarios. That mean is the largest of the linear functions "mean loss
over this tenth of the scenarios", one for each tenth (Rockafellar, R. T. and Uryasev, S. (2000).
Optimization of conditional value-at-risk. Journal of Risk 2, 21-41; Künzi-Bay, A. and Mayer, J.
(2006). Computational aspects of minimizing conditional value-at-risk. Computational Management
Science 3, 3-27). So the program is solved by HiGHS without a gap, with those of the functions that
were violated so far, until none is. Few are ever needed, and the answer is the optimum of the
whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ForecasterError

__all__ = ["WORST", "best_list", "expected_shortfall"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

WORST = 0.1
"""Part of the scenarios whose mean loss is the expected shortfall."""

_MOST_ROUNDS = 1000


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
class _Rows:
    """Linear rows ``left @ x <= right``."""

    left: list[Floats]
    right: list[float]

    def add(self, left: Floats, right: float) -> None:
        # Rows of one size: the solver's tolerances are absolute.
        size = float(np.abs(left).max(initial=0.0)) or 1.0
        self.left.append(left / size)
        self.right.append(right / size)


def best_list(
    profit: Floats,
    cost: Floats,
    *,
    budget: float | None = None,
    shortfall: float | None = None,
    outcomes: Floats | None = None,
) -> Flags:
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
    numpy.ndarray
        Shape ``(N,)``. Of equal releases (same profit and cost) the first are funded; the empty
        list always fits.

    Raises
    ------
    ForecasterError
        When the solver fails.

    Examples
    --------
    >>> best_list(np.array([60.0, 50.0, 50.0]), np.array([30.0, 20.0, 20.0]), budget=40.0).tolist()
    [False, True, True]
    """
    wanted = profit >= 0
    if not wanted.any():
        return wanted
    some, spent = profit[wanted], cost[wanted]
    drawn = None if shortfall is None or outcomes is None else outcomes[wanted]
    chosen = np.zeros(len(profit), dtype=np.bool_)
    chosen[wanted] = _chosen(some, spent, budget, shortfall, drawn)
    return chosen


def _chosen(
    profit: Floats,
    cost: Floats,
    budget: float | None,
    shortfall: float | None,
    outcomes: Floats | None,
) -> Flags:
    """Return the best list by cuts: solve, see what it breaks, forbid that, and solve again."""
    every = np.ones(len(profit), dtype=np.bool_)
    rows = _Rows([], [])
    if budget is not None:
        rows.add(cost, budget)
    chosen = every if _fits(cost, budget, every) else None
    for _ in range(_MOST_ROUNDS):
        if chosen is None:
            chosen = _solved(profit, rows)
            if outcomes is None:
                chosen = _first_of_equals(profit, cost, chosen)
        if not _fits(cost, budget, chosen):
            # Within the solver's tolerance, but a cent above the budget: never these together.
            rows.add(chosen.astype(np.float64), float(chosen.sum() - 1))
        elif outcomes is None or shortfall is None or not chosen.any():
            return chosen
        else:
            worst = _worst(outcomes[chosen].sum(axis=0), WORST)
            losses = -outcomes[:, worst].mean(axis=1)
            if losses[chosen].sum() <= shortfall + 1e-9 * max(1.0, shortfall):
                return chosen
            rows.add(losses, shortfall)
        chosen = None
    raise ForecasterError(f"the list to fund was not found in {_MOST_ROUNDS:,} steps")


def _fits(cost: Floats, budget: float | None, chosen: Flags) -> bool:
    """Whether a list is within the budget, but for the rounding of sums."""
    return budget is None or float(cost[chosen].sum()) <= budget * (1 + 1e-12)


def _solved(profit: Floats, rows: _Rows) -> Flags:
    from scipy.optimize import Bounds, LinearConstraint, milp

    # The solver stops at an absolute gap of 1e-6.
    size = float(profit.max()) / 1e4 or 1.0
    limits: Any = LinearConstraint(np.array(rows.left), ub=np.array(rows.right))
    found = milp(
        -profit / size,
        integrality=np.ones(len(profit)),
        bounds=Bounds(0, 1),
        constraints=limits,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ForecasterError(f"the list to fund was not found: {found.message}")
    return np.asarray(found.x > 0.5)


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
