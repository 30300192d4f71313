"""A review as files: a row a release, a row a decider, and how they were made."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from upswell.releases.book.review import ReviewedDecisions
from upswell.store import csv_bytes, json_bytes, rounded_timings, versions, write_folder

__all__ = ["REVIEW_NAMES", "save_review"]

REVIEW_NAMES = frozenset({"review.csv", "summary.csv", "run.json"})
"""Files of a review."""


def save_review(
    review: ReviewedDecisions,
    directory: str | os.PathLike[str] | None,
    timings: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Write ``review.csv``, ``summary.csv`` and ``run.json``; return what ``run.json`` says.

    Parameters
    ----------
    review
        The review.
    directory
        Created when absent; replaced when it holds nothing but files of ours. None writes nothing.
    timings
        Seconds by stage.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    found = versions(("numpy", "polars", "duckdb"))
    head = {"command": "releases review", "version": found["upswell"]}
    record = {**head, **review.record, "versions": found, "timings": rounded_timings(timings)}
    if directory is not None:
        with write_folder(directory, REVIEW_NAMES) as folder:
            folder.write("review.csv", csv_bytes(review.frame))
            folder.write("summary.csv", csv_bytes(review.summary))
            folder.write("run.json", json_bytes(record))
    return record
