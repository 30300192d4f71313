"""The command ``upswell releases decide``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._options import Manner
from upswell.cli._show import count, figure, say
from upswell.cli._undisturbed import load

if TYPE_CHECKING:
    from upswell.releases.book import ModelEntry, PersonEntry
    from upswell.releases.book.file import Added

__all__ = ["run_releases_decide"]

MOST_SHOWN = 25


def run_releases_decide(
    book: Path,
    manner: Manner,
    *,
    release: str | None,
    decision: str | None,
    note: str,
    by: str | None,
    on: str | None,
    table: str | None,
) -> int:
    """Write decisions down and say beside which of the model's they stand; return the exit code."""
    load("polars", "upswell.releases.book")
    from upswell.cli._json import print_json
    from upswell.releases._review_api import sheet_of
    from upswell.releases.book import add_entries

    sheet = sheet_of(book, release, decision, note=note, by=by, on=on, table=table)
    found = add_entries(book, sheet.entries)
    if manner.as_json:
        print_json(_record(book, found, sheet.entries, sheet.left_open))
    elif manner.talks:
        _show(book, found, sheet.entries, sheet.left_open)
    return 0


def _record(
    book: Path, found: Added, entries: tuple[PersonEntry, ...], left_open: int
) -> dict[str, Any]:
    from upswell.releases.saving import versions

    model = found.book.model()
    return {
        "command": "releases decide",
        "versions": versions(),
        "book": str(book),
        "added": len(found.added),
        "repeated": found.repeated,
        "left_open": left_open,
        "decisions": [
            {
                **entry.model_dump(mode="json", exclude={"kind"}),
                "model": model[entry.release].decision if entry.release in model else None,
            }
            for entry in entries
        ],
        "unscored": [entry.release for entry in entries if entry.release not in model],
        "too_late": [entry.release for entry in _too_late(entries, model)],
    }


def _show(book: Path, found: Added, entries: tuple[PersonEntry, ...], left_open: int) -> None:
    model = found.book.model()
    for entry in entries[:MOST_SHOWN]:
        by = "" if entry.by is None else f" by {entry.by}"
        beside = _beside(model.get(entry.release))
        say(f"{entry.release}: {entry.decision}{by} on {entry.on}; {beside}.")
    if len(entries) > MOST_SHOWN:
        say(f"and {len(entries) - MOST_SHOWN:,} more")
    strangers = [entry.release for entry in entries if entry.release not in model]
    if strangers:
        say(
            f"Note: the model has not scored {count(len(strangers), 'release')} of these, such as "
            f'"{strangers[0]}"; what was decided is kept. Look whether the name is right.'
        )
    late = _too_late(entries, model)
    if late:
        say(
            f"Note: the outcome of {count(len(late), 'release')} of these, such as "
            f'"{late[0].release}", had closed by then; a review will not count what was decided '
            "after that. Look whether the day is right (--on)."
        )
    if left_open:
        say(f"{count(left_open, 'row')} without a decision passed over.")
    if found.repeated:
        say(f"{count(found.repeated, 'decision')} stood there already.")
    say(f"{count(len(found.added), 'decision')} written to {book}")


def _too_late(entries: tuple[PersonEntry, ...], model: dict[str, ModelEntry]) -> list[PersonEntry]:
    """Return the entries of a day on which the outcome had closed, as far as the book knows."""
    return [
        entry
        for entry in entries
        if (own := model.get(entry.release)) is not None
        and own.released is not None
        and entry.on >= own.released + dt.timedelta(days=own.horizon - 1)
    ]


def _beside(entry: ModelEntry | None) -> str:
    """Say what the model decided of the same release."""
    if entry is None:
        return "the model has said nothing of it"
    gain = f"{figure(entry.expected_profit)} {entry.money.currency}".strip()
    return (
        f"the model said {entry.decision} on {entry.on} (expected profit {gain}, chance of "
        f"{entry.tier} {entry.chance:.0%})"
    )
