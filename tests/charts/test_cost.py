"""The cost chart: the rules lie where they are said to lie."""

from __future__ import annotations

import numpy as np

from charts.test_fan import datasets
from upswell.charts import CostCurve, cost_chart

UNITS = np.arange(10.0, 30.0)
COST = (UNITS - 18.0) ** 2 + 1000.0
RULES = {"least-cost": (18.0, 1000.0), "mean": (15.0, 1009.0)}
CURVE = CostCurve(UNITS, COST, 0.9 * COST, 1.1 * COST, RULES, "CHF")


def test_curve_and_rules_are_the_figures_given() -> None:
    found = datasets(cost_chart(CURVE))
    curve = next(rows for rows in found if "low" in rows[0])
    assert [row["units"] for row in curve] == UNITS.tolist()
    assert [row["cost"] for row in curve] == COST.tolist()
    rules = next(rows for rows in found if "rule" in rows[0])
    assert {row["rule"]: (row["units"], row["cost"]) for row in rules} == RULES


def test_the_data_have_the_names_by_which_the_page_replaces_them() -> None:
    layers = cost_chart(CURVE).to_dict()["layer"]
    assert {layer["data"]["name"] for layer in layers} == {"curve", "rules"}


def test_every_rule_has_a_colour_and_a_shape_of_its_own() -> None:
    rules = {f"rule {k}": (10.0 + k, 1000.0) for k in range(5)}
    curve = CostCurve(UNITS, COST, COST, COST, rules, "CHF")
    (points,) = [p for p in cost_chart(curve).to_dict()["layer"] if p["data"]["name"] == "rules"]
    for channel in ("color", "shape"):
        assert len(set(points["encoding"][channel]["scale"]["range"])) == len(rules)


def test_the_alternative_text_names_each_rule_and_the_currency() -> None:
    text = cost_chart(CURVE).to_dict()["description"]
    assert "least-cost: 18 units, 1,000 CHF" in text
    assert "mean: 15 units, 1,009 CHF" in text
