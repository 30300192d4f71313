"""The SQL that is generated, held word by word, and how it treats names and the connection."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from releases.gate.tables import small_world, table_bytes
from upswell.errors import CellError
from upswell.releases.gate import features_at, memory_of
from upswell.releases.gate._pipeline import (
    feature_steps,
    final_query,
    memory_steps,
    wanted_step,
)
from upswell.releases.gate._shape import Shape

GOLDEN = Path(__file__).with_name("golden") / "features.sql"

SHAPE = Shape(
    metrics=("views", 'likes "n"'),
    attributes={"label": "category", "tempo": "number"},
    has_artist=True,
    has_creator=True,
    has_video=True,
    has_outcomes=True,
    window=3,
    ages=(2,),
    horizons=(14,),
    base="views",
    as_of=739_000,
)


def written(shape: Shape) -> str:
    steps = [*memory_steps(shape), wanted_step(shape, given=True), *feature_steps(shape)]
    parts = [f"-- {step.name}\n{step.sql};" for step in steps]
    return "\n\n".join([*parts, f"-- the features\n{final_query(shape)};"]) + "\n"


def test_the_sql_is_the_golden_one() -> None:
    """To accept a change, delete the file, run this test once and look at the difference."""
    found = written(SHAPE)
    if not GOLDEN.exists():
        GOLDEN.write_text(found, encoding="utf-8")
        pytest.fail(f"{GOLDEN.name} was written anew; look at it and run again")
    assert found == GOLDEN.read_text(encoding="utf-8")


def test_steps_do_not_depend_on_what_lies_in_the_tables() -> None:
    """Whether a feature is there, and its words, depend on the columns only."""
    here = named(SHAPE)
    assert len(here) > 100
    for age in (1, 2, 3):
        assert named(replace(SHAPE, ages=(age,))) == here
    assert named(replace(SHAPE, ages=(1, 2, 3))) == here


def named(shape: Shape) -> list[str]:
    """Return the names of the columns of the last query."""
    columns = final_query(shape).rpartition("SELECT\n  r.rid AS")[2].partition("\nFROM ")[0]
    return [line.rsplit(" AS ", 1)[1] for line in columns.splitlines() if " AS " in line]


ODD = [
    "views (7 d)",
    'likes"; DROP TABLE signals; --',
    "просмотры",
    "a'b",
    "select",
    "rid",
    "n",
    "%s {0} $1 ?",
]


@pytest.mark.parametrize("name", ODD)
def test_any_name_of_a_metric_or_attribute_is_only_a_name(name: str) -> None:
    tables = small_world(21, history=False)
    odd = replace(
        tables,
        signals=tables.signals.rename({"views": name}),
        releases=tables.releases.rename({"label": name + " of label"}),
        metrics=(name, "likes"),
        attributes={name + " of label": "category", "tempo": "number"},
    )
    plain = features_at(tables, window=3, horizons=(5,))
    found = features_at(odd, window=3, horizons=(5,))
    assert found.metrics == (name, "likes")
    assert found.features.rows() == plain.features.rows()
    names = [note.name for note in found.catalogue]
    assert names == found.features.columns
    assert all(name.replace("_", "a").isalnum() for name in names)


def test_names_of_features_stay_apart() -> None:
    """A metric may be named like another one's slug, an attribute like a feature."""
    tables = small_world(22, history=False)
    crowded = replace(
        tables,
        signals=tables.signals.rename({"views": "likes!"}),
        releases=tables.releases.rename({"tempo": "days_observed"}),
        metrics=("likes!", "likes"),
        attributes={"label": "category", "days_observed": "number"},
    )
    found = features_at(crowded, window=3, horizons=(5,))
    assert len(set(found.features.columns)) == found.features.width
    assert "likes_2_log_total" in found.features.columns
    assert found.features["days_observed_2"].to_list() == (
        features_at(tables, window=3, horizons=(5,)).features["tempo"].to_list()
    )


def relations(connection: object) -> set[str]:
    query = "SELECT table_name FROM information_schema.tables"
    return {name for (name,) in connection.execute(query).fetchall()}  # type: ignore[attr-defined]


def test_nothing_is_left_in_the_connection() -> None:
    tables = small_world(23, history=False)
    before = relations(tables.connection)
    memory = memory_of(tables, 3, (5,))
    features_at(tables, window=3, memory=memory, releases=["r01"])
    assert relations(tables.connection) == before == {"releases", "signals", "outcomes"}


def test_a_count_beyond_all_bounds_is_an_error_and_leaves_nothing_behind() -> None:
    tables = small_world(24, history=False)
    huge = tables.signals.with_columns(pl.lit(1e30).alias("views"))
    tables = replace(tables, signals=huge)
    with pytest.raises(CellError, match="too large"):
        features_at(tables, window=3)
    assert relations(tables.connection) == {"releases", "signals", "outcomes"}
    calm = replace(tables, signals=huge.with_columns(pl.lit(1e12).alias("views")))
    assert table_bytes(features_at(calm, window=3)) == table_bytes(features_at(calm, window=3))
