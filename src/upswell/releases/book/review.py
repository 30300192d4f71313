"""A review: the decisions of a book held against outcomes that have closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Ledger
from upswell.errors import RefusalError
from upswell.releases.book.entries import ModelEntry
from upswell.releases.book.standing import Book
from upswell.releases.book.summary import Comparison, compared, summed
from upswell.releases.book.terms import Terms
from upswell.releases.book.verdict import STATUSES, Outcomes, verdicts
from upswell.releases.gate import outcomes_at, release_dates
from upswell.releases.tables import RawTables

if TYPE_CHECKING:
    import polars as pl

__all__ = ["ReviewedDecisions", "outcomes_of", "review_book"]


@dataclass(frozen=True)
class ReviewedDecisions:
    """Decisions beside what became of them.

    Parameters
    ----------
    frame
        A row a release; see `upswell.releases.book.verdict.verdicts`.
    summary
        A row a scope and decider; see `upswell.releases.book.summary.summed`.
    comparison
        People beside the model.
    terms
        Horizon, tier and money.
    as_of
        The last day of which anything was known.
    ledger
        What was repaired, dropped or flagged in reading.
    record
        How it was made, as JSON has it.
    """

    frame: pl.DataFrame
    summary: pl.DataFrame
    comparison: Comparison
    terms: Terms
    as_of: dt.date
    ledger: Ledger = field(default_factory=Ledger)
    record: Mapping[str, Any] = field(default_factory=dict)

    def lines(self) -> pl.DataFrame:
        """Return one row for each decision that was judged.

        Returns
        -------
        polars.DataFrame
            ``release``, ``who`` (``model``, or who decided, or ``person``), ``decision``,
            ``note``, ``outcome`` (streams without promotion), ``hit`` and ``profit``.
        """
        import polars as pl

        judged = self.frame.filter(pl.col("status") == "judged").with_row_index("place")
        shared = ("place", "release", pl.col("without_promotion").alias("outcome"), "hit")
        model = judged.drop_nulls("model").select(
            *shared,
            who=pl.lit("model"),
            decision="model",
            note=pl.lit(""),
            profit="model_profit",
        )
        people = judged.drop_nulls("person").select(
            *shared,
            who=pl.col("by").fill_null("person"),
            decision="person",
            note="note",
            profit="person_profit",
        )
        order = ("release", "who", "decision", "note", "outcome", "hit", "profit")
        return pl.concat([model, people]).sort("place", maintain_order=True).select(order)


def outcomes_of(tables: RawTables, horizon: int, as_of: dt.date | None = None) -> Outcomes:
    """Return what tables say of outcomes on a day; by default the last one in them."""
    import polars as pl

    day = as_of or tables.last_day
    found = outcomes_at(tables, (horizon,), day).filter(pl.col("horizon") == horizon)
    streams = dict(found.select("release", "streams").iter_rows())
    return Outcomes(streams, release_dates(tables), day)


def review_book(
    book: Book,
    outcomes: Outcomes,
    terms: Terms,
    *,
    ledger: Ledger | None = None,
    origin: Mapping[str, Any] | None = None,
) -> ReviewedDecisions:
    """Hold the decisions of a book against outcomes.

    Parameters
    ----------
    book
        The decisions.
    outcomes
        What is known of outcomes.
    terms
        Horizon, tier and money.
    ledger, origin
        What was found in reading, and the inputs, for the record.

    Raises
    ------
    RefusalError
        When no decision can be judged yet.
    """
    frame = verdicts(book, outcomes, terms)
    counts = {status: int((frame["status"] == status).sum()) for status in STATUSES}
    if not counts["judged"]:
        told = ", ".join(f"{number:,} {status}" for status, number in counts.items() if number)
        raise RefusalError(
            f"no decision can be judged on {outcomes.last_day}: none was taken of a release whose "
            f"outcome to day {terms.horizon} has closed since ({told or 'the book is empty'})",
            code="nothing-to-review",
            fix="come back when outcomes have closed, or give outcomes of later days",
        )
    comparison = compared(frame)
    entries = [isinstance(entry, ModelEntry) for entry in book.entries]
    record = {
        "as_of": outcomes.last_day.isoformat(),
        "book": {"path": book.path, "model": sum(entries), "people": len(entries) - sum(entries)},
        "terms": terms.record(),
        "assumption": _assumption(terms),
        "releases": frame.height,
        "status": counts,
        "hindsight": _in_hindsight(book, outcomes.closed(terms.horizon)),
        "comparison": comparison.record(),
        **(origin or {}),
    }
    summary = summed(frame)
    return ReviewedDecisions(
        frame, summary, comparison, terms, outcomes.last_day, ledger or Ledger(), record
    )


def _in_hindsight(book: Book, closed: Mapping[str, dt.date]) -> int:
    """Count entries that were written when the outcome had closed, and do not count."""
    entries = [entry for entry in book.entries if entry.release in closed]
    return sum(entry.on >= closed[entry.release] for entry in entries)


def _assumption(terms: Terms) -> str:
    return (
        "What was done is what a person decided, or else the model. Outcomes of releases that were "
        "promoted contain what promotion added: they were divided by "
        f"{1 + terms.money.uplift:g}, which is an assumption, since nobody saw them without it."
    )
