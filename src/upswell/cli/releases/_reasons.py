"""What a terminal shows of the reasons of scored releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.cli._show import say

if TYPE_CHECKING:
    from upswell.releases.scoring import ScoredReleases

__all__ = ["show_reasons"]

MOST_SHOWN = 10


def show_reasons(scored: ScoredReleases) -> None:
    """Print the first reason of the first releases, beside their start, and what codes mean."""
    if scored.reasons is None:
        return
    from upswell.releases.reasons import CODES
    from upswell.releases.reasons.words import moved

    first = scored.reasons.frame.filter(rank=1).head(MOST_SHOWN)
    if first.height:
        say("What moves it most, beside the size of the first days and the platform:")
        for row in first.to_dicts():
            say(f"  {row['release']}: {row['sentence']} ({moved(row['factor'])})")
        say("reasons.csv has more of them, alike.csv the past releases most like each")
    for code in scored.reasons.codes:
        say(f"  {code}: {CODES[code]}")
