"""The ledger as a person reads it: one line a kind of finding."""

from __future__ import annotations

from dataclasses import dataclass

from upswell.cli._show import count, say
from upswell.data import Panel, Repair

__all__ = ["show_ledger"]

MOST_LINES = 20


@dataclass
class _Kind:
    """All findings of one kind: how many in all, and the first as an example."""

    first: Repair
    findings: int = 0
    lines: int = 0


def show_ledger(panel: Panel, *, where: str = "--out writes all of it to repairs.csv") -> None:
    """Print the ledger by kind of finding.

    Parameters
    ----------
    panel
        Whose ledger.
    where
        Where the whole ledger can be had, should it hold more than is shown.
    """
    if not len(panel.ledger):
        say("Ledger: nothing to repair.")
        return
    kinds: dict[tuple[str, str, str], _Kind] = {}
    for repair in panel.ledger:
        kind = kinds.setdefault((repair.code, repair.action, repair.reason), _Kind(repair))
        kind.findings += repair.count
        kind.lines += 1
    say("Ledger:")
    for kind in list(kinds.values())[:MOST_LINES]:
        first = kind.first
        place = _place(first, panel)
        example = "" if not place else f" ({'first: ' if kind.findings > 1 else ''}{place})"
        say(f"  {first.code}: {kind.findings:,} {first.action} - {first.reason}{example}")
    left = len(kinds) - MOST_LINES
    if left > 0:
        say(f"  and {count(left, 'more kind', 'more kinds')} of findings")
    if len(panel.ledger) > min(len(kinds), MOST_LINES):
        say(f"  {count(len(panel.ledger), 'line')} in all; {where}")


def _place(repair: Repair, panel: Panel) -> str:
    """Say where; the name of the file is left out when there is only one."""
    place = repair.place or ""
    if len(panel.sources) == 1:
        place = place.removeprefix(panel.sources[0].name).removeprefix(", ")
    return ", ".join(part for part in (repair.series, repair.day, place) if part)
