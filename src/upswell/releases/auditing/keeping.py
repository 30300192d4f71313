"""An audit as files: the table, the record and the page; and an audit read back from its record."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from upswell.releases._written import damaged, written_text
from upswell.releases.auditing.audited import AuditedReleases
from upswell.releases.auditing.measures import MEASURES
from upswell.releases.auditing.subjects import CLEANING, RULES, SIGNALS, Subject
from upswell.releases.auditing.verdicts import CODES, VERDICTS, Finding

__all__ = ["AUDIT_NAMES", "read_audit", "save_audit"]

AUDIT_NAMES = frozenset({"audit.csv", "audit.json", "audit.html"})
"""Files of an audit."""

_COMMAND = "upswell releases audit"
_OWN = ("command", "findings", "codes", "sentences", "versions", "timings")


def save_audit(
    audited: AuditedReleases,
    directory: str | os.PathLike[str] | None,
    *,
    page: bytes | None = None,
    timings: Mapping[str, float] | None = None,
) -> dict[str, Any]:
    """Write ``audit.csv``, ``audit.json`` and the page, whole or not at all; return the record.

    Parameters
    ----------
    audited
        The audit.
    directory
        Created when absent; replaced when it holds nothing but files of ours. None writes nothing.
    page
        ``audit.html``, if any.
    timings
        Seconds by stage.

    Raises
    ------
    OutputError
        When the folder cannot be written, or holds foreign files.
    """
    from upswell.releases.saving import versions
    from upswell.store import csv_bytes, json_bytes, rounded_timings, write_folder

    record = {**audited.record(), "versions": versions(), "timings": rounded_timings(timings)}
    if directory is not None:
        with write_folder(directory, AUDIT_NAMES) as folder:
            folder.write("audit.csv", csv_bytes(audited.frame))
            folder.write("audit.json", json_bytes(record))
            if page is not None:
                folder.write("audit.html", page)
    return record


def read_audit(path: str | os.PathLike[str]) -> AuditedReleases:
    """Return an audit from its ``audit.json``, or from the folder that holds it.

    Parameters
    ----------
    path
        The file or the folder.

    Raises
    ------
    SourceError
        When there is none, or it is no record of an audit.
    """
    file = Path(path)
    file = file if file.is_file() else file / "audit.json"
    text = written_text(file, _COMMAND)
    try:
        return _restored(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise damaged(file, _COMMAND) from error


def _restored(record: Mapping[str, Any]) -> AuditedReleases:
    if record["command"] != "releases audit":
        raise ValueError(record["command"])
    if not isinstance(record["cost"]["unit"], str):
        raise TypeError(record["cost"])
    features = {each["name"]: tuple(map(str, each["features"])) for each in record["groups"]}
    facts = {name: value for name, value in record.items() if name not in _OWN}
    return AuditedReleases(tuple(_finding(row, features) for row in record["findings"]), facts)


def _finding(row: Mapping[str, Any], features: Mapping[str, tuple[str, ...]]) -> Finding:
    name, kind, codes = row["subject"], row["kind"], tuple(row["codes"])
    known = row["measure"] in MEASURES and row["verdict"] in VERDICTS and set(codes) <= set(CODES)
    if not known or kind not in {SIGNALS, CLEANING} or (kind == CLEANING and name not in RULES):
        raise ValueError(row)
    own = features[name] if kind == SIGNALS else ()
    numbers = {
        each: _number(row[each])
        for each in (
            *("gain", "low", "high", "over_random", "over_permuted", "seed_error", "p", "p_holm"),
            *("score_with", "score_without", "score_random", "score_permuted"),
        )
    }
    with_it, without, random, permuted = (
        numbers.pop(f"score_{each}") for each in ("with", "without", "random", "permuted")
    )
    return Finding(
        subject=Subject(str(name), kind, own),
        measure=row["measure"],
        verdict=row["verdict"],
        scores=(with_it, without, random, permuted),
        codes=codes,
        **numbers,
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
