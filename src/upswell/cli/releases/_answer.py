"""How a command that has read tables ends: JSON for programs, or ledger and words for people."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from upswell.cli._json import print_json
from upswell.cli._ledger import show_ledger
from upswell.cli._options import Manner
from upswell.cli._show import say
from upswell.cli.releases._origin import Origin

__all__ = ["answer"]


def answer(
    manner: Manner,
    origin: Origin,
    *,
    record: Callable[[], dict[str, Any]],
    show: Callable[[], None],
    out: Path | None,
    where: str = "--json prints all of it",
) -> None:
    """Print what a command found, once it is written.

    Parameters
    ----------
    manner
        Whether programs or people read it.
    origin
        What was read, with its ledger.
    record
        Makes the JSON for programs.
    show
        Prints the findings for people.
    out
        The folder that was written, if any.
    where
        Where the whole ledger stands.
    """
    if manner.as_json:
        print_json(record())
    elif manner.talks:
        show_ledger(origin, where=where)
        show()
        if out is not None:
            say(f"Written to {out}")
