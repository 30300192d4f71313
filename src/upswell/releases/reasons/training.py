"""What reasons and look-alikes need of the past, for the bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from upswell.releases.models.expert import Expert
from upswell.releases.reasons.lookalikes import alike_kept
from upswell.releases.reasons.usual import usual_kept

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.ground import Ground

__all__ = ["reasons_kept"]


def reasons_kept(
    ground: Ground, complete: Expert, short: Expert | None = None
) -> dict[str, pl.DataFrame]:
    """Return the tables ``usual`` and ``alike`` of mature releases.

    Parameters
    ----------
    ground
        What was learnt from.
    complete, short
        The experts that were taught on it.
    """
    usual = usual_kept(ground, complete, short)
    return {**usual, **alike_kept(ground, usual["usual"])}
