"""What was read, taken back from a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from upswell.data.ledger import Action, Ledger, Repair
from upswell.data.panel import Source

__all__ = ["Origin", "origin_of"]


@dataclass(frozen=True)
class Origin:
    """Inputs and ledger.

    Parameters
    ----------
    ledger
        What was repaired, dropped or flagged.
    sources
        The inputs.
    """

    ledger: Ledger
    sources: tuple[Source, ...]


def origin_of(record: Mapping[str, Any]) -> Origin:
    """Return the inputs and the ledger that a record names under ``sources`` and ``ledger``."""
    rows = [{**row, "action": Action(row["action"])} for row in record["ledger"]]
    return Origin(
        Ledger(tuple(Repair(**row) for row in rows)),
        tuple(Source(**row) for row in record["sources"]),
    )
