"""Costs of promotion in the table of releases: found by name, checked, and never an attribute."""

from __future__ import annotations

import polars as pl
import pytest

from releases.tables import RELEASES, read, signals
from upswell.errors import CellError, ColumnError

SIGNALS = signals([("a", "2024-01-05", 3)], "views")


def test_a_column_of_costs_is_found_by_its_name() -> None:
    table = RELEASES.with_columns(pl.Series("Promotion Cost", ["1,200", None, "80.5"]))
    with read(SIGNALS, table) as tables:
        assert tables.costs() == {"a": 1200.0, "c": 80.5}
        assert set(tables.attributes) == {"label"}


def test_another_column_can_be_named() -> None:
    table = RELEASES.with_columns(campaign=pl.Series([1.0, 0.0, float("nan")]))
    with read(SIGNALS, table, releases={"cost": "campaign"}) as tables:
        assert tables.costs() == {"a": 1.0, "b": 0.0}
    with pytest.raises(ColumnError, match='no column "campaign"'):
        read(SIGNALS, RELEASES, releases={"cost": "campaign"})


def test_without_such_a_column_there_are_none() -> None:
    with read(SIGNALS, RELEASES.with_columns(cost=pl.lit(3.0))) as tables:
        assert tables.costs() == {}
        assert "cost" in tables.attributes


def test_of_several_rows_of_a_release_the_first_counts() -> None:
    table = RELEASES.with_columns(promotion_cost=pl.Series([5.0, 6.0, 7.0]))
    again = table[:1].with_columns(promotion_cost=pl.lit(9.0))
    with read(SIGNALS, pl.concat([table, again])) as tables:
        assert tables.costs() == {"a": 5.0, "b": 6.0, "c": 7.0}


@pytest.mark.parametrize("cost", [-1.0, float("inf"), float("-inf")])
def test_an_impossible_cost_is_an_error_with_its_place(cost: float) -> None:
    table = RELEASES.with_columns(promotion_cost=pl.Series([5.0, cost, 7.0]))
    with pytest.raises(CellError, match="promotion cannot cost") as caught:
        read(SIGNALS, table)
    assert str(caught.value.where) == '<frame>, row 2, column "promotion_cost"'


def test_a_cost_that_is_no_number_is_an_error() -> None:
    table = RELEASES.with_columns(promotion_cost=pl.Series(["5", "much", "7"]))
    with pytest.raises(CellError, match="much"):
        read(SIGNALS, table)
