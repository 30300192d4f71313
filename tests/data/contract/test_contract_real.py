"""The contract on real files: facts that were measured on them by other means."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from observing import observe_table
from upswell.data import build_panel, node_values
from upswell.errors import RefusalError


def test_raw_counters_are_refused_and_differenced_without_a_jump(shared_data):
    table = pl.read_parquet(shared_data / "demand" / "vtuber_channels_raw_counters.parquet")
    seen = observe_table(table, item="item_id", day="date", value="views_cumulative", group="group")
    with pytest.raises(RefusalError) as caught:
        build_panel(seen)
    assert caught.value.code == "looks-cumulative"
    panel = build_panel(seen, cumulative=True)
    total = node_values(panel)[0]
    # The busiest honest day of these channels has about 110 million views.
    assert np.nanmax(panel.values) < 50e6
    assert np.nanmax(total) < 150e6
    # From 2023-11-09 on every counter is zero or read once a week.
    dead = np.array(panel.axis.labels()) >= "2023-11-09"
    assert np.nansum(panel.values[:, dead]) < 1e5


def test_differences_with_negatives_lose_exactly_these(shared_data):
    table = pl.read_parquet(shared_data / "demand" / "vtuber_channels.parquet")
    seen = observe_table(table, item="item_id", day="date", value="views", group="group")
    panel = build_panel(seen)
    assert panel.ledger.count("negative") == 11_611
    assert panel.ledger.count("empty-cell") == 4_273
    assert int(np.isfinite(panel.values).sum()) == table.height - 11_611 - 4_273
    assert panel.days == 486


def test_stale_days_of_tracks_are_found(shared_data):
    table = pl.read_parquet(shared_data / "demand" / "swift_tracks.parquet")
    panel = build_panel(
        observe_table(table, item="item_id", day="date", value="streams", group="album_id")
    )
    ordered = table.sort("item_id", "date").with_columns(
        before=pl.col("streams").shift(1).over("item_id"),
        since=pl.col("date").diff().dt.total_days().over("item_id"),
    )
    shares = (
        ordered.filter(pl.col("since") == 1, pl.col("before") > 0)
        .group_by("date")
        .agg(same=(pl.col("before") == pl.col("streams")).sum(), share=pl.len())
        .filter(pl.col("same") >= 0.9 * pl.col("share"))
    )
    assert shares.height == 12
    assert panel.ledger.count("stale-day") == shares["same"].sum()
    assert panel.ledger.count("negative") == 10
    assert panel.ledger.count("empty-cell") == 1_533


def test_the_last_day_of_a_channel_by_country_is_partial(shared_data):
    table = pl.read_csv(shared_data / "demand" / "codingtrain_countries.csv", try_parse_dates=True)
    panel = build_panel(observe_table(table, item="country", day="date", value="views"))
    assert panel.ledger.count("partial-last-day") == 201
    assert panel.axis.labels()[-1] == "2021-12-29"
    assert node_values(panel)[0, -1] == 34_600
