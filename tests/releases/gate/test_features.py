"""Every feature against plain Python, on small random worlds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from releases.gate.oracle import Oracle
from releases.gate.tables import FrameTables, days_after, small_world, table_bytes
from upswell.releases.frames import KEY_COLUMNS, FeatureTable
from upswell.releases.gate import features_at
from upswell.releases.gate._shape import Missing

HORIZONS = (5, 9)


def check(tables: FrameTables, table: FeatureTable, window: int, age: int, **how: object) -> None:
    for i, key in enumerate(table.keys.to_dicts()):
        oracle = Oracle(tables, key["release"], window=window, age=age, horizons=HORIZONS, **how)
        expected = oracle.features()
        assert set(expected) == {note.name for note in table.catalogue}
        found = table.features.row(i, named=True)
        for name, value in expected.items():
            where = f"{name} of {key['release']}: {found[name]}, expected {value}"
            if isinstance(value, str) or value is None:
                assert found[name] == value, where
            else:
                assert found[name] is not None, where
                assert math.isclose(found[name], value, rel_tol=1e-7, abs_tol=1e-7), where
        for metric, grid in table.daily.items():
            day = oracle.daily(metric)
            want = [day.get(k) for k in range(1, window + 1)]
            np.testing.assert_allclose(grid[i], [np.nan if v is None else v for v in want])


@settings(max_examples=6)
@given(st.integers(0, 10_000), st.sampled_from([(4, 4), (4, 3), (4, 1), (7, 7), (9, 9), (5, 2)]))
@example(1, (10, 9))
@example(3446, (4, 1))  # nothing at all in the 28 days before a gate
def test_features_equal_plain_python(seed: int, shape: tuple[int, int]) -> None:
    window, age = shape
    tables = small_world(seed)
    table = features_at(tables, window=window, age=age, horizons=HORIZONS)
    check(tables, table, window, age)


@pytest.mark.parametrize("seed", [3, 4])
def test_zero_fills_days_without_rows_but_still_counts_them(seed: int) -> None:
    tables = small_world(seed, creators=False)
    table = features_at(tables, window=4, horizons=HORIZONS, missing="zero")
    check(tables, table, 4, 4, zero=True)
    assert table.features["days_missing"].max() > 0
    assert not np.isnan(table.daily["views"]).any()


@pytest.mark.parametrize("seed", [5, 6])
def test_any_metric_can_be_the_base(seed: int) -> None:
    tables = small_world(seed)
    table = features_at(tables, window=4, horizons=HORIZONS, base="likes")
    check(tables, table, 4, 4, base="likes")


def test_the_worlds_show_every_feature() -> None:
    """Each feature has a value somewhere, and differs between releases."""
    found = [
        features_at(small_world(seed), window=8, horizons=(5, 13)).features for seed in range(4)
    ]
    for name in found[0].columns:
        values = {value for frame in found for value in frame[name].to_list()} - {None}
        assert len(values) > 1, name


def test_keys_are_ordered_and_end_at_the_gate() -> None:
    table = features_at(small_world(7), window=4, age=3, horizons=HORIZONS)
    assert tuple(table.keys.columns) == KEY_COLUMNS
    rows = table.keys.to_dicts()
    assert rows == sorted(rows, key=lambda row: (row["release_date"], row["release"]))
    assert all(row["gate"] == days_after(row["release_date"], 2) for row in rows)
    assert {row["age"] for row in rows} == {3}


@pytest.mark.parametrize(("seed", "missing"), [(8, "unknown"), (9, "zero"), (10, "unknown")])
def test_releases_at_ages_of_their_own_are_as_in_a_pass_for_each_age(
    seed: int, missing: Missing
) -> None:
    tables = small_world(seed)
    names = sorted(tables.releases["release"].to_list())
    ages = {name: 1 + place % 9 for place, name in enumerate(names)}
    how = {"window": 9, "horizons": HORIZONS, "missing": missing}
    mixed = features_at(tables, releases=ages, **how)
    assert mixed.keys["age"].n_unique() > 5
    for age in set(ages.values()):
        own = [name for name in names if ages[name] == age]
        alone = features_at(tables, releases=own, age=age, **how)
        assert table_bytes(mixed.take((mixed.keys["age"] == age).to_numpy())) == table_bytes(alone)


def test_no_release_asked_for_gives_none() -> None:
    assert len(features_at(small_world(11), window=4, horizons=HORIZONS, releases={})) == 0
