"""The page of the week, from what a command has at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.errors import SettingError

if TYPE_CHECKING:
    from upswell.releases import TrainedReleases
    from upswell.releases.deciding.bound import FalseHitBound
    from upswell.releases.scoring import ScoredReleases
    from upswell.releases.watching.drift import Drift
    from upswell.report.releases import WeekFacts

__all__ = ["WEEK_NAME", "PageWishes", "week_facts"]

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
    decided, reasons, drift = scored.decided, scored.reasons, scored.drift
    bound = None if decided is None else decided.bound
    known: dict[str, Any] = {
        "meanings": CODES,
        "caution": None if decided is None else decided.caution,
        "reasons": None if reasons is None else reasons.frame,
        "alike": None if reasons is None else reasons.alike,
        "bound": _verdict(bound),
        "drift": _verdict(drift),
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


def _verdict(found: FalseHitBound | Drift | None) -> dict[str, str] | None:
    return None if found is None else {"code": found.code, "sentence": found.sentence}


@dataclass(frozen=True, slots=True)
class PageWishes:
    """What is asked of the page of the week.

    Parameters
    ----------
    wanted
        Whether there is to be one.
    audit, review
        Folders of earlier commands whose results stand in it.
    """

    wanted: bool
    audit: Path | None
    review: Path | None

    def earlier(self) -> dict[str, Any]:
        """Return what stands in these folders, before the long work.

        Raises
        ------
        SettingError
            When a folder is given and no page is wanted.
        SourceError
            When a folder does not hold what it should.
        """
        given = [name for name in ("audit", "review") if getattr(self, name) is not None]
        if given and not self.wanted:
            raise SettingError(
                f"--{given[0]} stands in the page, and there is to be none",
                fix=f"leave out --no-page or --{given[0]}",
            )
        found: dict[str, Any] = {}
        if self.audit is not None:
            import polars as pl

            from upswell.releases.auditing import read_audit

            audited = read_audit(self.audit)
            found["audit"] = audited.frame.with_columns(unit=pl.lit(audited.cost_unit))
        if self.review is not None:
            from upswell.releases.book import read_review

            found["review"] = read_review(self.review)
        return found

    def files(
        self, trained: TrainedReleases, scored: ScoredReleases, earlier: Mapping[str, Any]
    ) -> dict[str, bytes]:
        """Return the page by the name of its file, if it is wanted."""
        if not self.wanted:
            return {}
        from upswell.report.releases import week_bytes

        return {WEEK_NAME: week_bytes(week_facts(trained, scored, **earlier))}
