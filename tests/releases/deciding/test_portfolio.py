"""The list to fund: held to every list that there is."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from upswell.releases.deciding import portfolio
from upswell.releases.deciding.portfolio import best_list, expected_shortfall

Floats = NDArray[np.float64]
SCENARIOS = 30


class Case(NamedTuple):
    """A list to choose from, and its limits."""

    profit: Floats
    cost: Floats
    outcomes: Floats
    budget: float | None
    shortfall: float | None


@st.composite
def cases(draw: st.DrawFn) -> Case:
    number = draw(st.integers(1, 8))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shared = rng.normal(0.0, draw(st.sampled_from([0.0, 20.0])), SCENARIOS)
    outcomes = np.round(
        rng.normal(8.0, 15.0, (number, 1)) + shared + rng.exponential(30.0, (number, SCENARIOS)), 2
    )
    outcomes -= 30.0
    cost = rng.choice([10.0, 20.0, 33.33, 0.07], number)
    budget = draw(st.none() | st.floats(0.0, 200.0).map(lambda x: round(x, 2)))
    shortfall = draw(st.none() | st.floats(0.0, 80.0))
    return Case(outcomes.mean(axis=1), cost, outcomes, budget, shortfall)


def best_of_all(case: Case) -> float:
    """Return the most profit of any list within the limits."""
    best = 0.0
    for choice in product([False, True], repeat=len(case.profit)):
        mask = np.array(choice)
        if case.budget is not None and case.cost[mask].sum() > case.budget + 1e-9:
            continue
        losses = -np.sort(case.outcomes[mask].sum(axis=0))[: SCENARIOS // 10]
        if case.shortfall is not None and mask.any() and losses.mean() > case.shortfall + 1e-9:
            continue
        best = max(best, float(case.profit[mask].sum()))
    return best


@given(cases())
@settings(max_examples=120, deadline=None)
def test_no_list_within_the_limits_is_better(case: Case) -> None:
    found = best_list(
        case.profit,
        case.cost,
        budget=case.budget,
        shortfall=case.shortfall,
        outcomes=case.outcomes,
    )
    chosen = found.chosen
    assert found.bound == pytest.approx(case.profit[chosen].sum())
    if case.budget is not None:
        assert case.cost[chosen].sum() <= case.budget + 1e-9
    if case.shortfall is not None and chosen.any():
        assert expected_shortfall(case.outcomes[chosen].sum(axis=0)) <= case.shortfall + 1e-6
    assert (case.profit[chosen] >= 0).all()
    assert case.profit[chosen].sum() == pytest.approx(best_of_all(case), rel=1e-9, abs=1e-7)


@given(st.lists(st.floats(-100.0, 100.0), min_size=1, max_size=40), st.floats(0.01, 1.0))
def test_the_shortfall_is_the_mean_of_the_worst(profits: list[float], part: float) -> None:
    number = max(1, int(np.ceil(part * len(profits) - 1e-9)))
    expected = -sum(sorted(profits)[:number]) / number
    assert expected_shortfall(np.array(profits), part) == pytest.approx(expected, abs=1e-9)


def test_at_one_cost_the_most_profitable_are_funded_and_of_equals_the_first() -> None:
    profit = np.array([5.0, 9.0, 5.0, 7.0, 5.0, -1.0])
    chosen = best_list(profit, np.full(6, 10.0), budget=40.0).chosen
    assert chosen.tolist() == [True, True, True, True, False, False]
    assert best_list(profit, np.full(6, 10.0), budget=35.0).chosen.tolist() == [
        *(True, True, False, True, False, False)
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from([3.0, 5.0, 9.0]), st.sampled_from([10.0, 20.0])),
        min_size=3,
        max_size=9,
    ),
    st.integers(0, 12),
)
@settings(max_examples=60, deadline=None)
def test_of_releases_of_equal_profit_and_cost_the_first_are_funded(
    releases: list[tuple[float, float]], tens: int
) -> None:
    profit, cost = np.array(releases).T
    chosen = best_list(profit, cost, budget=10.0 * tens).chosen
    for kind in set(releases):
        own = [bool(each) for each, one in zip(chosen, releases, strict=True) if one == kind]
        assert own == sorted(own, reverse=True)


def test_amounts_of_a_currency_of_small_units_are_solved_too() -> None:
    rng = np.random.default_rng(175)
    profit, cost = rng.uniform(1e8, 6e8, 6), rng.integers(1, 6, 6) * 1e8
    outcomes = profit[:, None] + rng.normal(0.0, 4e8, (6, SCENARIOS - 10))
    budget = float(cost.sum() * 0.6)
    found = best_list(profit, cost, budget=budget, shortfall=0.0, outcomes=outcomes)
    # The same in units of 1e8, where the property above holds it to every list.
    small = best_list(
        profit / 1e8, cost / 1e8, budget=budget / 1e8, shortfall=0.0, outcomes=outcomes / 1e8
    )
    assert found.chosen.tolist() == small.chosen.tolist()
    assert found.bound == pytest.approx(1e8 * small.bound)


def test_a_budget_to_the_cent_is_kept() -> None:
    cost = np.array([0.1, 0.2, 0.3])
    every = np.array([1.0, 1.0, 1.0])
    assert best_list(every, cost, budget=0.6).chosen.all()
    assert best_list(every, cost, budget=0.59).chosen.sum() == 2
    large = np.array([1e6, 1e6 - 0.01, 3.0])
    assert best_list(np.array([5.0, 5.0, 1.0]), large, budget=2e6 - 0.02).chosen.sum() == 2


def test_without_limits_all_that_pay_are_funded_and_none_of_none() -> None:
    assert best_list(np.array([1.0, -1.0, 0.0]), np.ones(3)).chosen.tolist() == [True, False, True]
    assert best_list(np.zeros(0), np.zeros(0), budget=3.0).chosen.tolist() == []
    assert not best_list(np.array([1.0]), np.array([5.0]), budget=0.0).chosen.any()


def risky(count: int) -> tuple[Floats, Floats, Floats]:
    """Return profit, cost and outcomes of releases that share a shock and hardly pay."""
    rng = np.random.default_rng(2)
    shock = rng.normal(0.0, 0.5, 500)
    center = rng.normal(6.0, 0.7, count)
    streams = np.exp(center[:, None] + shock + rng.normal(0.0, 1.0, (count, 500)))
    cost = (np.exp(center + 0.5) * rng.uniform(0.7, 1.2, count)).round(2)
    outcomes = streams - cost[:, None]
    return outcomes.mean(axis=1), cost, outcomes


def test_a_longer_list_with_both_limits_binding_is_solved_and_nothing_is_printed(
    capfd: pytest.CaptureFixture[str],
) -> None:
    profit, cost, outcomes = risky(18)
    loose = best_list(profit, cost, budget=6000.0).chosen
    risk = expected_shortfall(outcomes[loose].sum(axis=0))
    found = best_list(profit, cost, budget=6000.0, shortfall=0.5 * risk, outcomes=outcomes)
    assert 0 < profit[found.chosen].sum() < profit[loose].sum()
    assert expected_shortfall(outcomes[found.chosen].sum(axis=0)) <= 0.5 * risk + 1e-6
    assert found.bound == pytest.approx(profit[found.chosen].sum())
    assert capfd.readouterr() == ("", "")


def test_where_the_proof_takes_too_long_the_best_list_stands_with_a_bound(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    profit, cost, outcomes = risky(18)
    limits = {"budget": 6000.0, "shortfall": 900.0, "outcomes": outcomes}
    best = best_list(profit, cost, **limits)
    monkeypatch.setattr(portfolio, "_MOST_ROUNDS", 1)
    monkeypatch.setattr(portfolio, "_MOST_CUTS", 1)
    found = best_list(profit, cost, **limits)
    assert found.bound > profit[found.chosen].sum() > 0
    assert profit[found.chosen].sum() <= profit[best.chosen].sum() <= found.bound
    assert cost[found.chosen].sum() <= 6000.0
    assert expected_shortfall(outcomes[found.chosen].sum(axis=0)) <= 900.0 + 1e-6
