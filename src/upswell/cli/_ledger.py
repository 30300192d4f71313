"""The ledger as a person reads it: one line a kind of finding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from upswell.cli._show import count, say
from upswell.data import Repair
from upswell.data.ledger import Ledger
from upswell.data.panel import Source

__all__ = ["Checked", "show_ledger"]

MOST_LINES = 20


class Checked(Protocol):
    """What was read and checked: a panel, or tables of releases."""

    @property
    def ledger(self) -> Ledger:
        """What was repaired, dropped or flagged."""

    @property
    def sources(self) -> tuple[Source, ...]:
        """The inputs."""


@dataclass
class _Kind:
    """All findings of one kind: how many in all, and the first as an example."""

    first: Repair
    findings: int = 0
    lines: int = 0


def show_ledger(checked: Checked, *, where: str = "--out writes all of it to repairs.csv") -> None:
    """Print the ledger by kind of finding.

    Parameters
    ----------
    checked
        Whose ledger.
    where
        Where the whole ledger can be had, should it hold more than is shown.
    """
    if not len(checked.ledger):
        say("Ledger: nothing to repair.")
        return
    kinds: dict[tuple[str, str, str], _Kind] = {}
    for repair in checked.ledger:
        kind = kinds.setdefault((repair.code, repair.action, repair.reason), _Kind(repair))
        kind.findings += repair.count
        kind.lines += 1
    say("Ledger:")
    for kind in list(kinds.values())[:MOST_LINES]:
        first = kind.first
        place = _place(first, checked)
        example = "" if not place else f" ({'first: ' if kind.findings > 1 else ''}{place})"
        say(f"  {first.code}: {kind.findings:,} {first.action} - {first.reason}{example}")
    left = len(kinds) - MOST_LINES
    if left > 0:
        say(f"  and {count(left, 'more kind', 'more kinds')} of findings")
    if len(checked.ledger) > min(len(kinds), MOST_LINES):
        say(f"  {count(len(checked.ledger), 'line')} in all; {where}")


def _place(repair: Repair, checked: Checked) -> str:
    """Say where; the name of the file is left out when there is only one."""
    place = repair.place or ""
    if len(checked.sources) == 1:
        place = place.removeprefix(checked.sources[0].name).removeprefix(", ")
    return ", ".join(part for part in (repair.series, repair.day, place) if part)
