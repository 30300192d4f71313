"""The rules beside each other, and the cost curve."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings

from capacity.drawing import loads, terms
from capacity.oracle import cheapest, invoice
from upswell.capacity.load import Load
from upswell.capacity.outlook import RULES
from upswell.capacity.rules import choices, compare_rules, cost_curve
from upswell.capacity.terms import Terms

PLAIN = Terms(0, 0.06, (1,), (0.06,), False, 0.10, 0.0, math.inf, math.inf)


def load_of(*rows: list[float]) -> Load:
    units = np.array(rows, dtype=np.float64)
    return Load(np.sort(units, axis=1), 1, units)


@given(load=loads(), terms=terms())
@settings(max_examples=80)
def test_each_rule_is_billed_as_by_hand_and_none_beats_foresight(load: Load, terms: Terms) -> None:
    found = compare_rules(load, terms, choices(load, terms, last_month=7.0))
    paths = [[int(units) for units in row] for row in load.rows]
    bound = np.mean([cheapest(hours, load.weight, terms)[1] for hours in paths]) / 100
    assert tuple(rule.name for rule in found) == RULES
    for rule in found[:-1]:
        bills = [invoice(hours, load.weight, terms, rule.commitment) for hours in paths]
        parts = ("existing", "reserved", "on_demand", "shortage")
        for part in parts:
            by_hand = np.mean([getattr(bill, part) for bill in bills]) / 100
            assert getattr(rule.bill, part) == pytest.approx(by_hand, rel=1e-9, abs=1e-9)
        assert rule.cost.expected == pytest.approx(rule.bill.total, rel=1e-9, abs=1e-9)
        assert rule.regret == pytest.approx(rule.bill.total - bound, rel=1e-9, abs=1e-9)
        assert rule.regret >= 0.0
        assert rule.shortage_hours == pytest.approx(np.mean([bill.short_hours for bill in bills]))
        assert terms.existing <= rule.commitment <= terms.limit
        assert found[0].cost.expected <= rule.cost.expected * (1 + 1e-12)
    assert found[-1].cost.expected == pytest.approx(bound, rel=1e-9, abs=1e-9)
    assert found[-1].regret == 0.0


def test_the_rules_choose_what_their_names_say() -> None:
    load = load_of([1.0, 2.0, 9.0], [3.0, 4.0, 10.0], [2.0, 2.0, 12.0])
    chosen = choices(load, PLAIN, last_month=6.0)
    assert chosen["mean"] == 5  # 45 units in 9 hours
    assert chosen["peak"] == 10  # of the peaks 9, 10 and 12
    assert chosen["same-as-last-month"] == 6
    assert chosen["least-cost"] == 2  # the 40% quantile of nine hours


def test_no_rule_undercuts_what_exists_or_passes_the_limit() -> None:
    bounded = Terms(4, 0.06, (1,), (0.06,), False, 0.10, 0.5, 8.0, math.inf)
    chosen = choices(load_of([1.0, 2.0, 30.0]), bounded, last_month=0.0)
    assert chosen == {"least-cost": 4, "same-as-last-month": 4, "mean": 8, "peak": 8}


@given(load=loads(), terms=terms())
@settings(max_examples=50)
def test_the_curve_is_lowest_at_the_least_cost_and_marks_every_rule(
    load: Load, terms: Terms
) -> None:
    rules = compare_rules(load, terms, choices(load, terms, last_month=3.0))
    curve = cost_curve(load, terms, rules)
    assert (np.diff(curve.commitments) > 0).all()
    assert {rule.commitment for rule in rules} <= set(curve.commitments.tolist())
    assert curve.expected.min() == pytest.approx(rules[0].cost.expected, rel=1e-12)
    assert (curve.low <= curve.high).all()
    assert terms.existing <= curve.commitments[0]
    assert curve.commitments[-1] <= terms.limit
