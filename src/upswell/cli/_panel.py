"""The panel that a command works on: read, with what is known beforehand, and shown."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from upswell.cli._known import attached
from upswell.cli._ledger import show_ledger
from upswell.cli._options import Known, Manner, Reading
from upswell.cli._show import show_panel, working

if TYPE_CHECKING:
    from upswell.data import Panel

__all__ = ["panel_of"]


def panel_of(
    inputs: list[str],
    reading: Reading,
    manner: Manner,
    *,
    known: Known,
    horizon: int,
    out: Path | None,
) -> Panel:
    """Read the inputs, attach days off and events, and show both where the command talks.

    Raises
    ------
    InputError
        When an input cannot be used, or lies where the output is to be.
    """
    from upswell.api import read_panel

    with working("Reading", manner.talks):
        panel = read_panel(inputs, **reading.options())
    panel = attached(panel, known, horizon, out)
    if manner.talks:
        show_panel(panel)
        show_ledger(panel)
    return panel
