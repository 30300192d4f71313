"""Past scores read back from their files."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from upswell.errors import InputError, SourceError
from upswell.releases.trained import TrainedReleases
from upswell.releases.watching.said import read_said
from upswell.store import csv_bytes

BUNDLE = cast("TrainedReleases", SimpleNamespace(config=SimpleNamespace(horizons=(14, 30))))


def _scores(**columns: Any) -> pl.DataFrame:
    levels = {name: [1.5, 2.5] for name in ("q05", "q10", "q50", "q90", "q95")}
    rows = {"release": ["a", "b"], "horizon": [30, 30], **levels, "status": ["ok", "ok"]}
    return pl.DataFrame({**rows, **columns})


def test_folders_files_and_frames_are_the_same(tmp_path: Path) -> None:
    frame = _scores(release=["=a", "'b"], mean=[1.0, 2.0])
    (tmp_path / "scores.csv").write_bytes(csv_bytes(frame))
    found = read_said(tmp_path, BUNDLE)
    assert found["release"].to_list() == ["=a", "'b"]
    assert found.equals(read_said(tmp_path / "scores.csv", BUNDLE))
    assert found.equals(read_said([tmp_path], BUNDLE))
    assert found.equals(read_said(frame, BUNDLE))


def test_the_first_complete_score_of_a_release_counts(tmp_path: Path) -> None:
    early, later = tmp_path / "early.csv", tmp_path / "later.csv"
    early.write_bytes(csv_bytes(_scores(status=["short-window", "ok"], q50=[1.0, 2.0])))
    later.write_bytes(csv_bytes(_scores(q50=[10.0, 20.0])))
    found = read_said([early, later], BUNDLE)
    assert dict(zip(found["release"], found["q50"], strict=True)) == {"a": 10.0, "b": 2.0}


def test_other_horizons_do_not_count() -> None:
    assert read_said(_scores(horizon=[14, 30]), BUNDLE)["release"].to_list() == ["b"]
    with pytest.raises(SourceError, match="day 30"):
        read_said(_scores(horizon=[7, 14]), BUNDLE)


def test_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        read_said(tmp_path / "missing.csv", BUNDLE)
    with pytest.raises(SourceError, match="cannot be read"):
        read_said(tmp_path, BUNDLE)
    bad = tmp_path / "bad.csv"
    for content, words in (
        (b"", "cannot be read"),
        (b"release,horizon\na,30\n", "q05"),
        (b"\xff\xfe\x00garbage", "release"),
        (csv_bytes(_scores()).replace(b"1.5", b"lots"), "no number"),
    ):
        bad.write_bytes(content)
        with pytest.raises(InputError) as caught:
            read_said(bad, BUNDLE)
        assert str(bad) in str(caught.value.where)
        assert words in caught.value.what, content
