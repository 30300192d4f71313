"""A monitoring as files: the verdict with its evidence, drift by column, past scores."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from upswell.releases.watching.verdict import Evidence
from upswell.store import csv_bytes, json_bytes, rounded_timings, write_folder

if TYPE_CHECKING:
    from upswell.releases.watching.monitoring import MonitoredReleases

__all__ = ["MONITOR_NAMES", "monitor_record", "save_monitoring"]

MONITOR_NAMES = frozenset({"monitor.json", "drift.csv", "past_scores.csv"})
"""Files of a monitoring."""


def monitor_record(
    found: MonitoredReleases, timings: Mapping[str, float] | None = None
) -> dict[str, Any]:
    """Return what ``monitor.json`` says."""
    from upswell.releases.saving import versions

    return {
        "command": "releases monitor",
        **found.record,
        "verdict": found.verdict,
        "codes": [
            f"{one.test.replace(' ', '-')}-{one.code}" for one in found.tests if not _fine(one)
        ],
        "tests": [asdict(one) for one in found.tests],
        "versions": versions(),
        "timings": rounded_timings(timings),
    }


def save_monitoring(
    found: MonitoredReleases,
    directory: str | os.PathLike[str] | None,
    timings: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Write the three files, whole or not at all; return what ``monitor.json`` says.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    record = monitor_record(found, timings)
    if directory is not None:
        with write_folder(directory, MONITOR_NAMES) as folder:
            folder.write("monitor.json", json_bytes(record))
            folder.write("drift.csv", csv_bytes(found.drift))
            folder.write("past_scores.csv", csv_bytes(found.past))
    return record


def _fine(one: Evidence) -> bool:
    return one.code == "ok"
