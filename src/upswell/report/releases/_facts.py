"""What the page of the week is made of: plain frames, each of which may be absent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

__all__ = ["WeekFacts"]


@dataclass(frozen=True, kw_only=True)
class WeekFacts:
    """What is known of a week's releases.

    Parameters
    ----------
    scores
        A row a release and horizon, with the columns of ``scores.csv``; `decision`,
        `expected_profit` and `decision_codes` only where money is set.
    keys
        ``N`` rows: ``release, release_date, gate, age, artist``.
    daily
        Counts a day of one metric, shape ``(N, window)``, rows as in `keys`; NaN where nothing was
        recorded.
    metric
        What these counts are of.
    record
        ``run.json`` of the scoring: ``as_of``, ``horizons``, ``tiers``, ``ledger`` and more; with
        decisions also ``money``, with its ``settings`` and the list that is ``funded``.
    meanings
        What each code of a decision means.
    reasons
        ``release, rank, group, direction, factor, sentence``: the first rank weighs most; rank 0 is
        where the answer starts. ``direction`` is ``raises`` or ``lowers``.
    alike
        ``release, rank, other, artist, release_date, day1, ..., outcome, tier``: mature releases
        with first days like those of a release, and what they became.
    caution
        A row a rule and dial: ``rule, dial, chosen, promoted, hits, hits_lost, false_hits,
        false_hits_avoided, profit``; the dial of a trivial rule is null.
    evidence
        What was said of past releases beside what came of them: ``mean``, ``q05`` to ``q95``,
        ``probability_<tier>``, ``actual``, ``fold``.
    scorecard
        The final test, as `ReleaseScorecard.to_record` has it.
    bound, drift
        Verdicts on false hits and on this week's signals: ``code`` and ``sentence``.
    audit
        A row a subject and measure: ``title, kind, measure, gain, low, high, verdict``, and where
        known ``unit``, in which cost is counted.
    review
        A row a decision, of the model or a person: ``release, who, decision, note, outcome,
        profit``.
    """

    scores: pl.DataFrame
    keys: pl.DataFrame
    daily: NDArray[np.float64]
    metric: str
    record: Mapping[str, Any]
    meanings: Mapping[str, str] = field(default_factory=dict)
    reasons: pl.DataFrame | None = None
    alike: pl.DataFrame | None = None
    caution: pl.DataFrame | None = None
    evidence: pl.DataFrame | None = None
    scorecard: Mapping[str, Any] | None = None
    bound: Mapping[str, Any] | None = None
    drift: Mapping[str, Any] | None = None
    audit: pl.DataFrame | None = None
    review: pl.DataFrame | None = None

    @property
    def tiers(self) -> tuple[str, ...]:
        """Names of the tiers, the smallest first."""
        return tuple(self.record["tiers"]["names"])

    @property
    def bounds(self) -> tuple[float, ...]:
        """Streams from which each tier but the first begins."""
        return tuple(self.record["tiers"]["bounds"])

    @property
    def horizon(self) -> int:
        """The day to which the list counts streams."""
        return int(self.record["horizons"][-1])

    @property
    def decided(self) -> bool:
        """Whether there are decisions."""
        return "decision" in self.scores.columns

    @property
    def money(self) -> Mapping[str, Any]:
        """What the record says of money; empty without decisions."""
        return self.record.get("money") or {}

    @property
    def currency(self) -> str:
        """Of all money; empty where none is named."""
        return str(self.money.get("settings", {}).get("currency") or "")
