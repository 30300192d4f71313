"""The page and its charts as files of an output folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from upswell.cli._options import Pictures
from upswell.errors import SettingError

if TYPE_CHECKING:
    from upswell.capacity import Plan
    from upswell.forecasting.result import Forecast

__all__ = ["check_pictures", "picture_files"]


def check_pictures(pictures: Pictures, out: Path | None) -> None:
    """Raise when something is to be drawn and there is no folder for it.

    Raises
    ------
    SettingError
        When ``--report`` or ``--png`` is given without ``--out``.
    """
    if out is None and (pictures.page or pictures.png):
        option = "--report" if pictures.page else "--png"
        raise SettingError(f"{option} writes files, and there is no folder", fix="add --out DIR")


def picture_files(forecast: Forecast, plan: Plan | None, pictures: Pictures) -> dict[str, bytes]:
    """Return the page and the PNG files by name; with a plan there always is a page."""
    from upswell.report import chart_files, page_bytes

    page = {"report.html": page_bytes(forecast, plan)} if pictures.page or plan else {}
    return page | (chart_files(forecast, plan) if pictures.png else {})
