"""The release job as files: scores, an evaluation, a study, and how each was made."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell import store
from upswell.releases.judging import FINAL
from upswell.releases.judging._tables import COLUMNS
from upswell.store import csv_bytes, json_bytes, rounded_timings, write_bytes, write_folder

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.evaluation import EvaluatedReleases
    from upswell.releases.judging import ReleaseScorecard
    from upswell.releases.judging.folds import Fold
    from upswell.releases.models.tuning import TuningResult
    from upswell.releases.scoring import ScoredReleases

__all__ = [
    "EVALUATION_NAMES",
    "SCORE_NAMES",
    "openings_before",
    "save_evaluation",
    "save_scores",
    "save_study",
    "versions",
]

SCORE_NAMES = frozenset(
    {"scores.csv", "caution.csv", "reasons.csv", "alike.csv", "report.html", "run.json"}
)
"""Files of a scoring; what was not asked for, or cannot be said, is left out."""

EVALUATION_NAMES = frozenset(
    {"scorecard.json", "predictions.csv", "run.json", *(f"{name}.csv" for name in COLUMNS)}
)
"""Files of an evaluation: a table of the scorecard each, all of it, the predictions, the record."""

_PACKAGES = ("numpy", "polars", "duckdb", "catboost", "lightgbm", "optuna")
_EVALUATE = "releases evaluate"


def versions() -> dict[str, str]:
    """Return the versions of everything that a figure of the release job may depend on."""
    return store.versions(_PACKAGES)


def save_scores(
    scored: ScoredReleases,
    directory: str | os.PathLike[str] | None,
    timings: Mapping[str, float] | None = None,
    *,
    files: Mapping[str, bytes] | None = None,
) -> dict[str, Any]:
    """Write the scores, their reasons and ``run.json``, whole or not at all; return the record.

    With decisions and enough evidence for them, ``caution.csv`` is written, too.

    Parameters
    ----------
    scored
        What was scored.
    directory
        Created when absent; replaced when it holds nothing but files of ours. None writes nothing.
    timings
        Seconds by stage.
    files
        Further files to write beside them, of the names in `SCORE_NAMES`: the page, for instance.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    record = {**scored.record, "versions": versions(), "timings": rounded_timings(timings)}
    if directory is not None:
        with write_folder(directory, SCORE_NAMES) as folder:
            folder.write("scores.csv", csv_bytes(scored.frame))
            if scored.decided is not None and scored.decided.caution is not None:
                folder.write("caution.csv", csv_bytes(scored.decided.caution))
            if scored.reasons is not None:
                folder.write("reasons.csv", csv_bytes(scored.reasons.frame))
                folder.write("alike.csv", csv_bytes(scored.reasons.alike))
            for name, data in (files or {}).items():
                folder.write(name, data)
            folder.write("run.json", json_bytes(record))
    return record


def save_evaluation(
    found: EvaluatedReleases,
    directory: str | os.PathLike[str] | None,
    *,
    opened: int = 1,
    timings: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Write the tables, the predictions and the record; return what ``run.json`` says.

    Parameters
    ----------
    found
        The evaluation.
    directory
        As for `save_scores`.
    opened
        How many times the last period has been opened, this one included.
    timings
        Seconds by stage.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    facts = dict(found.facts)
    last = next((fold for fold in found.folds if fold.label == FINAL), None)
    facts["final_test"] = None if last is None else {**_days(last), "opened": opened}
    record = {
        "command": _EVALUATE,
        "version": versions()["upswell"],
        **facts,
        "folds": [{"label": fold.label, **_days(fold)} for fold in found.folds],
        "predictions": found.predictions.height,
        "unknown": found.scorecard.unknown,
        "versions": versions(),
        "timings": rounded_timings(timings),
    }
    if directory is not None:
        with write_folder(directory, EVALUATION_NAMES) as folder:
            folder.write("scorecard.json", _scorecard_bytes(found.scorecard))
            for name, frame in found.scorecard.tables.items():
                folder.write(f"{name}.csv", csv_bytes(frame))
            folder.write("predictions.csv", csv_bytes(found.predictions))
            folder.write("run.json", json_bytes(record))
    return record


def _days(fold: Fold) -> dict[str, str]:
    return {"first": fold.first.isoformat(), "last": fold.last.isoformat()}


def openings_before(
    directory: str | os.PathLike[str] | None, settings: Mapping[str, Any]
) -> tuple[int, bool]:
    """Return how often an earlier evaluation in a folder had opened its last period.

    Parameters
    ----------
    directory
        Where ``run.json`` of an earlier evaluation may lie.
    settings
        The settings of the evaluation to come, as its record has them: ``config``, ``seed`` and
        ``trials``. Sources are not compared: the same tables may have moved.

    Returns
    -------
    int
        The number, 0 without an earlier evaluation with a last period.
    bool
        Whether that was with the same settings, so that to repeat it opens nothing anew.
    """
    if directory is None:
        return 0, False
    try:
        record = json.loads((Path(directory) / "run.json").read_bytes())
        if record["command"] != _EVALUATE:
            return 0, False
        opened = int(record["final_test"]["opened"])
        return opened, _comparable(record) == _comparable(settings)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return 0, False


def _comparable(record: Mapping[str, Any]) -> dict[str, Any]:
    config = dict(record["config"])
    for name in ("releases", "signals", "outcomes"):
        config[name] = {key: value for key, value in config[name].items() if key != "source"}
    return {"config": config, "seed": record["seed"], "trials": record["trials"]}


def save_study(
    folder: Path, studies: tuple[TuningResult, ...], scorecard: ReleaseScorecard | None
) -> tuple[str, ...]:
    """Write charts and trials of each study and the final test, each file whole or not at all.

    Parameters
    ----------
    folder
        Where the journals lie.
    studies
        The studies.
    scorecard
        Of the final test; None where there was none.

    Returns
    -------
    tuple of str
        Names of the files.

    Raises
    ------
    OutputError
        When a file cannot be written.
    """
    from upswell.releases.models.study_charts import study_charts

    files: dict[str, bytes] = {}
    for study in studies:
        for chart, data in study_charts(study).items():
            files[chart.replace(".", f"-{study.name}.")] = data
        files[f"trials-{study.name}.csv"] = csv_bytes(_flat(study.table()))
    if scorecard is not None:
        files["scorecard.json"] = _scorecard_bytes(scorecard)
    for name, data in files.items():
        write_bytes(folder / name, data)
    return tuple(files)


def _flat(trials: pl.DataFrame) -> pl.DataFrame:
    """Return trials with the scores of the folds as one text and a column for each setting."""
    import polars as pl

    folds = [" ".join(map(str, scores)) for scores in trials["folds"].to_list()]
    return trials.with_columns(pl.Series("folds", folds, dtype=pl.String)).unnest("params")


def _scorecard_bytes(scorecard: ReleaseScorecard) -> bytes:
    """Return all of a scorecard as JSON."""
    return json_bytes(scorecard.to_record())
