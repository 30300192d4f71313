"""Charts of a study are pictures of it, the same each time, with any number of trials."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from releases.models.bowl import bowl, study
from upswell.releases.models.study_charts import history_chart, importance_chart, study_charts
from upswell.releases.models.tuning import TuningResult


def fragile(params: Mapping[str, Any], seed: int) -> Iterator[float]:
    if params["x"] < -2:
        raise ValueError("x is very negative")
    return bowl(params, seed)


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> TuningResult:
    return study(tmp_path_factory.mktemp("study") / "journal", fragile, name="<b>tiers</b>")


def texts(picture: bytes) -> str:
    root = ET.fromstring(picture)
    assert root.tag.endswith("svg")
    return " ".join(text for text in root.itertext())


def test_pictures_are_svg_and_say_what_they_show(result: TuningResult):
    charts = study_charts(result)
    assert set(charts) == {"history.svg", "importance.svg"}
    history, importance = (texts(charts[name]) for name in sorted(charts))
    assert "Tuning of <b>tiers</b>" in history
    assert f"best {result.best_value:.4g} in trial {result.best.index + 1}" in history
    assert f"defaults {result.default_value:.4g}" in history
    assert "Which settings of <b>tiers</b> mattered" in importance
    for name in ("x", "rate", "depth", "way"):
        assert name in importance.split()
    assert study_charts(result) == charts


def test_the_data_of_the_chart_are_those_of_the_study(result: TuningResult):
    spec = history_chart(result).to_dict()
    points, line = (spec["datasets"][layer["data"]["name"]] for layer in spec["layer"])
    assert [row["trial"] for row in points] == [record.index + 1 for record in result.records]
    assert [row["ended"] for row in points] == [record.state for record in result.records]
    assert [row["best"] for row in line] == [best for best in result.history if best is not None]
    complete = [row["score"] for row in points if row["ended"] == "complete"]
    assert complete == [record.value for record in result.records if record.value is not None]
    # The bowl's folds rise by one each: what was given up after one fold is foreseen one higher.
    for row, record in zip(points, result.records, strict=True):
        if record.state == "pruned" and len(record.scores) == 1:
            assert row["score"] == pytest.approx(record.scores[0] + 1)
    high = spec["layer"][0]["encoding"]["y"]["scale"]["domain"][1]
    failed = [row["score"] for row in points if row["ended"] == "failed"]
    assert failed
    assert set(failed) == {high}
    shares = importance_chart(result).to_dict()
    values = next(iter(shares["datasets"].values()))
    assert [row["share"] for row in values] == list(result.importance().values())


def test_a_study_of_one_trial_has_its_charts(tmp_path: Path):
    charts = study_charts(study(tmp_path / "journal", trials=1))
    assert "too few trials to tell" in texts(charts["importance.svg"])
    assert "best" in texts(charts["history.svg"])
