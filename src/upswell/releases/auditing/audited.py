"""The result of an audit: a table with a row for each subject and measure, sentences, a record."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.releases.auditing.measures import RECALL, RMSLE
from upswell.releases.auditing.verdicts import CODES, Finding

if TYPE_CHECKING:
    import polars as pl

__all__ = ["COLUMNS", "AuditedReleases"]

COLUMNS = (
    *("subject", "kind", "title", "features", "measure", "verdict"),
    *("gain", "low", "high", "over_random", "over_permuted", "seed_error", "p", "p_holm"),
    *("score_with", "score_without", "score_random", "score_permuted", "codes"),
)
"""Columns of the table."""

_TEXT = {"subject", "kind", "title", "measure", "verdict", "codes"}


@dataclass(frozen=True)
class AuditedReleases:
    """What an audit found.

    Parameters
    ----------
    findings
        One for each subject and measure: groups of signals first, then cleaning rules.
    facts
        How it was made: periods, releases, hits, seeds, the scores of the base and of trivial
        neighbours, and what was left out with its reason.
    """

    findings: tuple[Finding, ...]
    facts: Mapping[str, Any]

    @property
    def frame(self) -> pl.DataFrame:
        """The table: a row for each subject and measure, null where nothing could be said.

        ``gain`` is what the group, or the rule, brings in the units of the measure (RMSLE; a share
        of the hits; money, or misjudged releases, for 100 releases), above 0 where it is better
        with it.
        """
        import polars as pl

        schema = {
            name: pl.String if name in _TEXT else pl.Int64 if name == "features" else pl.Float64
            for name in COLUMNS
        }
        rows = [_row(finding) for finding in self.findings]
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        numbers = pl.col(pl.Float64)
        return frame.with_columns(pl.when(numbers.is_finite()).then(numbers))

    @property
    def cost_unit(self) -> str:
        """In which a gain of the measure ``cost`` is counted."""
        return str(self.facts["cost"]["unit"])

    def sentences(self) -> tuple[str, ...]:
        """Return one sentence for each verdict that is not `unclear`, hurts first."""
        return tuple(
            _sentence(finding, self.cost_unit)
            for verdict in ("hurts", "helps")
            for finding in self.findings
            if finding.verdict == verdict
        )

    def record(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        rows = self.frame.to_dicts()
        for row in rows:
            row["codes"] = row["codes"].split()
        used = {code for row in rows for code in row["codes"]}
        return {
            "command": "releases audit",
            **self.facts,
            "findings": rows,
            "codes": {code: text for code, text in CODES.items() if code in used},
            "sentences": list(self.sentences()),
        }


def _row(finding: Finding) -> tuple[Any, ...]:
    subject = finding.subject
    return (
        *(subject.name, subject.kind, subject.title, len(subject.features) or None),
        *(finding.measure, finding.verdict, finding.gain, finding.low, finding.high),
        *(finding.over_random, finding.over_permuted, finding.seed_error),
        *(finding.p, finding.p_holm, *finding.scores, " ".join(finding.codes)),
    )


def _sentence(finding: Finding, cost_unit: str) -> str:
    """Return a verdict in words."""
    subject, gain = finding.subject, finding.gain
    score, other = finding.scores[:2]
    if finding.measure == RMSLE:
        how = "lower" if gain > 0 else "higher"
        why = f"the error is {abs(gain):.3f} {how} with it (RMSLE {score:.3f}, not {other:.3f})"
    elif finding.measure == RECALL:
        how = "finds" if gain > 0 else "loses"
        why = f"it {how} {abs(gain):.0%} of the hits ({score:.0%} are named, not {other:.0%})"
    else:
        how = "saves" if gain > 0 else "costs"
        why = f"it {how} {abs(gain):,.3g} {cost_unit}"
    return f"{subject.title}: {finding.verdict}, as {why}."
