"""Reasons of scored releases: the start first, then what moves the answer most, in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from releases.teaching import World
from upswell.releases import score
from upswell.releases.reasons import REASON_COLUMNS, Reasons, reasons_of
from upswell.releases.reasons.themes import START
from upswell.releases.scoring import ScoredReleases
from upswell.releases.trained import TrainedReleases


@pytest.fixture(scope="module")
def scored(world: World, trained: TrainedReleases) -> ScoredReleases:
    return score(trained, signals=world.signals, releases=world.releases, reasons=True)


@pytest.fixture(scope="module")
def found(scored: ScoredReleases) -> Reasons:
    assert scored.reasons is not None
    return scored.reasons


def test_the_start_comes_first_and_the_rest_by_what_it_moves(
    scored: ScoredReleases, found: Reasons
) -> None:
    assert tuple(found.frame.columns) == REASON_COLUMNS
    order = scored.frame["release"].unique(maintain_order=True).to_list()
    assert found.frame["release"].unique(maintain_order=True).to_list() == order
    assert set(found.frame.filter(pl.col("rank") > 0)["group"]).isdisjoint(START)
    for (release,), own in found.frame.group_by("release", maintain_order=True):
        effects = dict(found.groups.filter(release=release).select("group", "effect").iter_rows())
        shared = [name for name in ("platform",) if abs(effects[name]) >= np.log(1.02)]
        starts, rest = own.filter(rank=0), own.filter(pl.col("rank") > 0)
        assert starts["group"].to_list() == ["size", *shared]
        assert own.head(starts.height).equals(starts)
        assert rest["rank"].to_list() == list(range(1, rest.height + 1))
        moves = rest["factor"].log().abs().to_list()
        assert moves == sorted(moves, reverse=True)
        largest = max(abs(effect) for name, effect in effects.items() if name not in START)
        if moves:
            assert moves[0] == pytest.approx(largest)
        else:
            assert largest < np.log(1.02)


def test_what_is_said_to_move_an_answer_is_its_part_of_the_sum(found: Reasons) -> None:
    effects = found.groups.group_by("release").agg(pl.col("effect").sum())
    both = found.starts.join(effects, on="release")
    assert (both["baseline"] + both["effect"] - both["expected"]).abs().max() < 1e-9
    said = found.frame.join(found.groups, on=["release", "group"])
    assert said.height == found.frame.height
    assert (said["factor"].log() - said["effect"]).abs().max() < 1e-9


def test_a_direction_is_that_of_the_factor(found: Reasons) -> None:
    raises = found.frame["direction"] == "raises"
    assert (raises == (found.frame["factor"] >= 1)).all()


def test_figures_are_those_of_the_release(scored: ScoredReleases, found: Reasons) -> None:
    views = scored.table.window_total("views")
    said = dict(found.frame.filter(group="size").select("release", "value").iter_rows())
    own = [said[name] for name in scored.table.keys["release"].to_list()]
    np.testing.assert_allclose(own, views, rtol=1e-9, atol=1e-6)
    usual = found.frame.filter(pl.col("usual").is_not_null())
    assert usual.height > 0.3 * found.frame.height
    ages = dict(scored.table.keys.select("release", "age").iter_rows())
    for row in found.frame.filter(group="size").to_dicts():
        days = ages[row["release"]]
        assert f"views in the first {days} day" in row["sentence"]


def test_the_record_counts_them(scored: ScoredReleases, found: Reasons) -> None:
    assert scored.record["reasons"] == {
        "rows": found.frame.height,
        "alike": found.alike.height,
        "codes": [],
    }


def test_a_bundle_without_the_past_still_gives_reasons(
    trained: TrainedReleases, scored: ScoredReleases, found: Reasons
) -> None:
    bare = reasons_of(replace(trained, kept={}), scored)
    assert bare.codes == ("no-usual", "no-alike")
    assert bare.alike.height == 0
    assert bare.alike.columns == found.alike.columns
    assert bare.frame["usual"].null_count() == bare.frame.height
    both = bare.starts.join(found.starts, on="release", suffix="_kept")
    assert (both["expected"] - both["expected_kept"]).abs().max() < 1e-9


def test_scoring_without_reasons_has_none(world: World, trained: TrainedReleases) -> None:
    plain = score(trained, signals=world.signals, releases=world.releases, since="2025-06-01")
    assert plain.reasons is None
    assert "reasons" not in plain.record
