"""Days off and announced events on the command line: checked early, attached, and spoken of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._options import Known
from upswell.cli._output import keep_inputs
from upswell.cli._show import count, say

if TYPE_CHECKING:
    from upswell.data import Panel

__all__ = ["attached", "check_known", "show_known"]


def check_known(known: Known) -> None:
    """Raise when a country is unknown, before anything is read."""
    if known.holidays is not None:
        from upswell.data.occasions import country_codes

        country_codes(known.holidays)


def attached(panel: Panel, known: Known, horizon: int, out: Path | None) -> Panel:
    """Return the panel with its occasions; neither their file nor its own is to be replaced."""
    keep_inputs(panel.sources, out)
    if known.holidays is None and known.events is None:
        return panel
    from upswell.data.occasions import with_occasions

    holidays = () if known.holidays is None else known.holidays
    panel = with_occasions(panel, holidays=holidays, events=known.events, horizon=horizon)
    keep_inputs(() if panel.occasions is None else panel.occasions.sources, out)
    return panel


def show_known(record: dict[str, Any] | None) -> None:
    """Say what was known beforehand, and whether the forecaster read it."""
    if record is None:
        return
    parts = [f"days off in {', '.join(record['countries'])}"] if record["countries"] else []
    if record["inputs"]:
        parts.append(count(record["events"], "announced event"))
    known = f"Known beforehand: {' and '.join(parts)}"
    if record["read"]:
        say(f"{known}.")
    else:
        readers = "auto, lstm-pretrained, smoothing, usual-week and what train adapts do"
        say(f"{known}; the forecaster reads neither ({readers}).")
