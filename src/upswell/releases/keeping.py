"""What of the past travels in a bundle, for decisions and whatever else needs past releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from upswell.releases.deciding.evidence import evidence_kept, evidence_of
from upswell.releases.ground import Ground

if TYPE_CHECKING:
    import polars as pl

__all__ = ["kept_of"]


def kept_of(
    ground: Ground,
    center: Mapping[str, Any],
    tiers: Mapping[str, Any],
    tested: tuple[pl.DataFrame, pl.DataFrame] | None,
    *,
    seed: int,
    workers: int = 1,
    told: Callable[[str, int, int, float | None], None] = lambda *_: None,
) -> dict[str, pl.DataFrame]:
    """Return the tables that travel in a bundle, by name.

    Parameters
    ----------
    ground
        Releases and outcomes.
    center, tiers
        Settings of the two models.
    tested
        What was said in the final test, and what trivial neighbours said; None without one.
    seed, workers, told
        As for `upswell.releases.deciding.evidence.evidence_kept`.
    """
    kept: dict[str, pl.DataFrame] = {}
    if ground.config.money is not None:
        kept |= evidence_kept(
            ground,
            center,
            tiers,
            final=None if tested is None else evidence_of(ground, *tested),
            seed=seed,
            workers=workers,
            told=told,
        )
    return kept
