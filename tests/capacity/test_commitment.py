"""The commitment of least cost against every commitment there is."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from capacity import drawing
from capacity.oracle import cheapest, invoice
from upswell.capacity.commitment import cost_by_path, least_cost
from upswell.capacity.load import Load
from upswell.capacity.terms import Terms

PLAIN = Terms(0, 0.06, (1,), (0.06,), False, 0.10, 0.0, math.inf, math.inf)


def load_of(*rows: list[float], weight: int = 1) -> Load:
    units = np.array(rows, dtype=np.float64)
    return Load(np.sort(units, axis=1), weight, units)


@given(load=drawing.loads(), terms=drawing.terms())
@settings(max_examples=100)
def test_every_bill_is_that_of_the_hours_one_by_one(load: Load, terms: Terms) -> None:
    most = int(min(terms.limit, 45))
    commitments = np.arange(terms.existing, most + 1)
    costs = cost_by_path(load, terms, commitments.astype(np.float64))
    for row, path in zip(costs, load.rows, strict=True):
        hours = [int(units) for units in path]
        expected = [invoice(hours, load.weight, terms, int(c)).total / 100 for c in commitments]
        np.testing.assert_allclose(row, expected, rtol=1e-12)


@given(load=drawing.loads(), terms=drawing.terms())
@settings(max_examples=150)
def test_no_other_commitment_costs_a_path_less(load: Load, terms: Terms) -> None:
    found = least_cost(load, terms)
    for commitment, path in zip(found.tolist(), load.rows, strict=True):
        best, _ = cheapest([int(units) for units in path], load.weight, terms)
        assert commitment == best


@given(load=drawing.loads(), terms=drawing.terms())
@settings(max_examples=150)
def test_no_other_commitment_has_a_lower_expected_cost(load: Load, terms: Terms) -> None:
    (found,) = least_cost(load.pooled, terms).tolist()
    best, _ = cheapest([int(units) for units in load.rows.ravel()], load.weight, terms)
    assert found == best


@given(load=drawing.loads(), terms=drawing.terms())
def test_knowing_each_path_is_never_dearer(load: Load, terms: Terms) -> None:
    own = least_cost(load, terms)[:, None]
    bound = cost_by_path(load, terms, own)
    anything = np.arange(terms.existing, min(terms.limit, 45) + 1, dtype=np.float64)
    assert (bound <= cost_by_path(load, terms, anything) * (1 + 1e-12)).all()


def test_without_tiers_and_limits_it_is_the_quantile_of_the_newsvendor() -> None:
    hours = np.random.default_rng(3).permutation(np.arange(1.0, 1001.0))
    (found,) = least_cost(load_of(hours.tolist()), PLAIN)
    assert found == np.quantile(hours, 1 - 0.06 / 0.10, method="inverted_cdf") == 400


def test_as_dear_as_on_demand_nothing_is_reserved() -> None:
    terms = replace(PLAIN, prices=(0.10,))
    assert least_cost(load_of([5.0, 5.0]), terms).tolist() == [0.0]


def test_a_discount_can_be_worth_units_that_stand_idle() -> None:
    terms = replace(PLAIN, starts=(1, 10), prices=(0.09, 0.01), all_units=True)
    assert least_cost(load_of([8.0]), terms).tolist() == [10.0]


def test_a_shortage_is_dearer_than_idle_units_where_on_demand_is_scarce() -> None:
    load = load_of([1.0] * 9 + [20.0])
    assert least_cost(load, PLAIN).tolist() == [1.0]
    scarce = replace(PLAIN, quota=4.0, shortage=5.0)
    assert least_cost(load, scarce).tolist() == [16.0]


@pytest.mark.parametrize("units", [0.0, 1e12])
def test_no_demand_and_enormous_demand_have_an_answer(units: float) -> None:
    assert least_cost(load_of([units] * 720), PLAIN).tolist() == [units]
