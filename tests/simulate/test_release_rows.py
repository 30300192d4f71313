"""Rows of signals tell what happened, and are spoilt as exports are."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.random import default_rng

from upswell.simulate import SimulatedReleases, simulate_releases
from upswell.simulate import _release_videos as videos


@pytest.fixture(scope="module")
def world() -> SimulatedReleases:
    return simulate_releases(2500, 300_000, 4)


@pytest.fixture(scope="module")
def signals(world: SimulatedReleases) -> pl.DataFrame:
    """Clean rows of known releases, with the offset from the release date and the truth."""
    truth = world.truth.filter(horizon=30).with_row_index("place")
    rows = world.signals.unique(maintain_order=True).filter(pl.col("views") >= 0)
    joined = rows.join(truth, on="release", maintain_order="left")
    return joined.with_columns(day=(pl.col("date") - pl.col("release_date")).dt.total_days())


def test_rows_add_up_to_what_happened(world: SimulatedReleases, signals: pl.DataFrame) -> None:
    sums = signals.filter(pl.col("day") >= 0).group_by("place", "day").agg(pl.col("views").sum())
    place, day = sums["place"].to_numpy(), sums["day"].to_numpy()
    days = world.days
    wanted = (days.natural + days.large + days.paid + days.bots)[place, day]
    z = (sums["views"].to_numpy() - wanted) / np.sqrt(wanted)
    # Poisson counts around the total, but for rows that a correction took away.
    assert abs(np.median(z)) < 0.05
    within = z[np.abs(z) < 5]
    assert within.size > 0.985 * z.size
    assert within.std() == pytest.approx(1.0, abs=0.06)


def test_rows_stand_in_the_order_of_releases_and_days(world: SimulatedReleases) -> None:
    known = world.signals.filter(~pl.col("release").str.starts_with("lost"))
    keys = known.select("release", "date")
    assert keys.equals(keys.sort("release", "date"))


def test_a_video_has_one_creator_one_release_and_one_row_a_day(signals: pl.DataFrame) -> None:
    each = (
        signals.drop_nulls("place")
        .group_by("video")
        .agg(
            pl.col("creator").n_unique(),
            pl.col("release").n_unique(),
            pl.col("date").is_unique().all(),
        )
    )
    assert (each["creator"] == 1).all()
    assert (each["release"] == 1).all()
    assert each["date"].all()


def test_a_world_that_is_told_in_parts_is_one_world() -> None:
    found = simulate_releases(500, 600_000, 2)
    parts = [part.num_rows for part in found.signal_chunks()]
    assert len(parts) == 2
    assert sum(parts) == found.signals.height
    known = found.signals.filter(~pl.col("release").str.starts_with("lost"))
    assert known["release"].unique(maintain_order=True).equals(found.releases["release"])
    videos_of = known.group_by("video").agg(pl.col("release").n_unique())
    assert (videos_of["release"] == 1).all()
    busy = known.group_by("creator").agg(pl.col("release").n_unique())
    assert busy["release"].median() > 3


def test_signals_last_from_previews_to_the_fourteenth_day(signals: pl.DataFrame) -> None:
    known = signals.drop_nulls("place")
    assert (known["day"].min(), known["day"].max()) == (-3, 13)
    early = known.filter(pl.col("day") < 0)
    assert early["place"].n_unique() / 2500 == pytest.approx(0.15, abs=0.025)
    assert early["creator"].str.starts_with("a").all()


def test_days_are_missing_rows_stand_twice_and_some_are_negative(
    world: SimulatedReleases, signals: pl.DataFrame
) -> None:
    rows = world.signals
    assert 1 - rows.unique().height / rows.height == pytest.approx(0.003, rel=0.25)
    assert (rows["views"] < 0).mean() == pytest.approx(0.0005, rel=0.5)
    lost = rows["release"].str.starts_with("lost")
    assert lost.mean() == pytest.approx(0.002, rel=0.25)
    assert rows.filter(lost)["release"].n_unique() == 7
    known = signals.filter(pl.col("day").is_between(0, 13))
    kept = known.group_by("place").agg(days=pl.col("day").n_unique(), first=pl.col("day").min())
    whole = world.cast.day[kept["place"].to_numpy()] < 714
    assert 1 - kept["days"].to_numpy()[whole].mean() / 14 == pytest.approx(
        0.015 + 0.02 * 2 / 14, abs=0.003
    )
    assert (kept["first"] >= 2).mean() == pytest.approx(0.02, abs=0.008)


def test_creators_have_a_heavy_tail(signals: pl.DataFrame) -> None:
    pool = np.sort(videos.draw_pool(default_rng(1), 100_000))[::-1]
    assert 0.35 < pool[:1000].sum() / pool.sum() < 0.75
    others = signals.filter(pl.col("creator").str.starts_with("c"))
    views = others.group_by("creator").agg(pl.col("views").sum())["views"].sort(descending=True)
    # One creator in a hundred has more than ten times the views of its number.
    assert views.head(len(views) // 100).sum() > 0.1 * views.sum()


def test_bots_and_paid_creators_are_few_and_early(signals: pl.DataFrame) -> None:
    window = signals.filter(pl.col("day").is_between(0, 6))
    total = pl.col("views").sum()
    by_creator = window.group_by("place", "creator").agg(
        total, bots=pl.col("bots").first(), paid=pl.col("paid").first()
    )
    share = pl.col("views") / total
    focus = by_creator.group_by("place").agg(
        concentration=(share**2).sum(), bots=pl.col("bots").first(), paid=pl.col("paid").first()
    )
    early = window.group_by("place").agg(
        early=pl.col("views").filter(pl.col("day") < 2).sum() / total
    )
    found = focus.join(early, on="place")
    clean = found.filter((pl.col("bots") == 0) & (pl.col("paid") == 0))
    for kind in ("bots", "paid"):
        with_it = found.filter(pl.col(kind) > 0)
        assert with_it["early"].mean() > clean["early"].mean() + 0.1
    assert found.filter(pl.col("bots") > 0)["concentration"].mean() > (
        clean["concentration"].mean() + 0.05
    )


def test_bought_likes_show_against_the_views_and_bots_lack_reactions(signals: pl.DataFrame) -> None:
    window = (
        signals.filter(pl.col("day").is_between(0, 3))
        .group_by("place")
        .agg(
            pl.col("views", "likes", "shares").sum(),
            pl.col("bought_likes", "bots", "quality").first(),
        )
    )
    window = window.filter(pl.col("views") > 300).with_columns(
        liked=pl.col("likes") / pl.col("views"), shared=pl.col("shares") / pl.col("views")
    )
    bought, botted = pl.col("bought_likes") > 0, pl.col("bots") > 0
    plain = window.filter(~bought & ~botted)
    assert window.filter(bought & ~botted)["liked"].median() > 2 * plain["liked"].median()
    assert window.filter(bought & ~botted)["shared"].median() == pytest.approx(
        plain["shared"].median(), rel=0.15
    )
    assert window.filter(botted & ~bought)["liked"].median() < 0.7 * plain["liked"].median()
    liked = np.log(plain["liked"].to_numpy() + 1e-4)
    assert np.corrcoef(liked, plain["quality"].to_numpy())[0, 1] > 0.75


def test_expected_rows_of_a_natural_video_are_those_drawn(world: SimulatedReleases) -> None:
    scene = videos.Scene(world.cast, world.days, np.full(2500, 400.0))
    made = videos.draw_videos(default_rng(1), scene, videos.draw_pool(default_rng(2), 1000))
    natural = made.kind == videos.NATURAL
    drawn = np.bincount(made.release[natural], weights=made.life[natural]) / 400
    expected = videos.rows_of_a_natural_video(scene)
    assert drawn.mean() == pytest.approx(expected.mean(), rel=0.003)
    assert np.corrcoef(drawn, expected)[0, 1] > 0.8
    others = np.bincount(made.release[~natural], weights=made.life[~natural])
    np.testing.assert_array_equal(others, videos.rows_of_other_videos(scene))
