"""What of the past travels in a bundle, for decisions and whatever else needs past releases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from upswell.releases.deciding.evidence import evidence_kept, evidence_of
from upswell.releases.ground import Ground
from upswell.releases.models.expert import Expert
from upswell.releases.reasons.training import reasons_kept
from upswell.releases.watching.past import promise_kept
from upswell.releases.watching.reference import reference_kept

if TYPE_CHECKING:
    import polars as pl

__all__ = ["kept_of"]


def kept_of(
    ground: Ground,
    center: Mapping[str, Any],
    tiers: Mapping[str, Any],
    tested: tuple[pl.DataFrame, pl.DataFrame] | None,
    experts: Sequence[Expert],
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
    experts
        What was taught for complete windows, and for short ones where there is one.
    seed, workers, told
        As for `upswell.releases.deciding.evidence.evidence_kept`.
    """
    kept = {**reference_kept(ground), **reasons_kept(ground, *experts)}
    if tested is not None:
        kept |= promise_kept(tested[0])
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
