"""Reasons in words: a short record is told from a long one by the release's own features."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from upswell.releases.frames import FeatureTable
from upswell.releases.reasons.naming import _scenes


@pytest.mark.parametrize(("mature", "few"), [(1, True), (29, True), (31, False), (400, False)])
def test_a_record_of_fewer_than_thirty_releases_is_short(mature: int, few: bool) -> None:
    features = pl.DataFrame(
        {"artist_log_mature_14": [np.log1p(mature)], "artist_no_history": [0.0], "genre": ["pop"]}
    )
    keys = pl.DataFrame({"release": ["a"], "age": [7], "release_date": [dt.date(2025, 3, 7)]})
    table = FeatureTable(keys, features, (), {"views": np.ones((1, 7))})
    (scene,) = _scenes(table, features, window=7)
    assert (scene.few == {"artist"}) is few
    assert scene.fresh == frozenset()
