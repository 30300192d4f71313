"""The page of the week, from what a command has at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upswell.releases import TrainedReleases
    from upswell.releases.scoring import ScoredReleases
    from upswell.report.releases import WeekFacts

__all__ = ["WEEK_NAME", "week_facts", "week_file"]

WEEK_NAME = "report.html"


def week_facts(trained: TrainedReleases, scored: ScoredReleases, **others: Any) -> WeekFacts:
    """Return what the page of a week is made of.

    Parameters
    ----------
    trained
        The bundle.
    scored
        What it says of the releases, with decisions where money is known.
    others
        Further fields of `WeekFacts`: reasons, look-alikes, verdicts, an audit, a review.
    """
    from upswell.releases.deciding import CODES
    from upswell.releases.saving import versions
    from upswell.report.releases import WeekFacts

    metric = scored.table.metrics[0]
    decided, reasons = scored.decided, getattr(scored, "reasons", None)
    known: dict[str, Any] = {
        "meanings": CODES,
        "caution": None if decided is None else decided.caution,
        "reasons": None if reasons is None else reasons.frame,
        "alike": None if reasons is None else reasons.alike,
        "evidence": trained.kept.get("evidence"),
        "scorecard": trained.facts.get("scorecard"),
    }
    return WeekFacts(
        scores=scored.frame,
        keys=scored.keys,
        daily=scored.table.daily[metric],
        metric=metric,
        record={**scored.record, "versions": versions()},
        **(known | others),
    )


def week_file(
    trained: TrainedReleases, scored: ScoredReleases, **others: Any
) -> Mapping[str, bytes]:
    """Return the page by the name of its file; parameters as of `week_facts`."""
    from upswell.report.releases import week_bytes

    return {WEEK_NAME: week_bytes(week_facts(trained, scored, **others))}
