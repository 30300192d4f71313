"""The command ``upswell releases review``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._clock import Clock
from upswell.cli._options import Manner
from upswell.cli._output import check_out, keep_inputs
from upswell.cli._show import count, figure, say, table, working
from upswell.cli._undisturbed import load
from upswell.cli.releases._answer import answer
from upswell.cli.releases._options import one_or_many
from upswell.cli.releases._origin import origin_of

if TYPE_CHECKING:
    from upswell.releases.book import ReviewedDecisions

__all__ = ["run_releases_review"]

MOST_ROWS = 15
_TALLY = ("promoted", "hits_caught", "hits_lost", "false_hits", "right", "profit")


def run_releases_review(
    book: Path,
    manner: Manner,
    *,
    outcomes: list[str],
    releases: list[str] | None,
    config: str | None,
    bundle: Path | None,
    money: str | None,
    as_of: str | None,
    out: Path | None,
) -> int:
    """Read, judge, write and print; return the exit code."""
    clock = Clock()
    load("duckdb", "polars", "upswell.releases.book")
    from upswell.cli._json import answer_refusals
    from upswell.releases import review
    from upswell.releases.book.saving import REVIEW_NAMES, save_review

    check_out(out, REVIEW_NAMES)
    with answer_refusals(manner), working("Reviewing", manner.talks):
        found = review(
            book,
            outcomes=one_or_many(outcomes),
            releases=releases,
            config=config,
            bundle=bundle,
            money=money,
            as_of=as_of,
        )
    clock.lap("review")
    origin = origin_of(found.record)
    keep_inputs(origin.sources, out)
    record = save_review(found, out, clock.laps)
    answer(
        manner,
        origin,
        record=lambda: {
            **record,
            "summary": found.summary.to_dicts(),
            "review": found.frame.to_dicts(),
        },
        show=lambda: _show(found, record),
        out=out,
        where="run.json has all of it",
    )
    return 0


def _show(found: ReviewedDecisions, record: dict[str, Any]) -> None:
    """Print who decided better, the releases on which they differed, and what was assumed."""
    import polars as pl

    from upswell.releases.book.verdict import STATUSES

    terms = found.terms
    say()
    say(
        f"{count(record['releases'], 'release')} of the book as of {found.as_of}, by streams to "
        f"day {terms.horizon}:"
    )
    for status, number in record["status"].items():
        if number:
            say(f"  {number:,} {status}: {STATUSES[status]}")
    say()
    currency = f", {terms.money.currency}" if terms.money.currency else ""
    names = {"all": "all that were judged", "both": "those that both decided"}
    for scope, words in names.items():
        rows = found.summary.filter(pl.col("scope") == scope).to_dicts()
        if scope == "both" and not rows[0]["releases"]:
            continue
        say(f"Of {words}: {count(rows[0]['releases'], 'release')}, {rows[0]['hits']} {terms.tier}.")
        header = ["decider", "promoted", "hits caught", "lost", "false hits", "right"]
        lines = [[row["decider"], *(figure(row[name]) for name in _TALLY)] for row in rows]
        table([*header, f"profit{currency}"], lines)
    _show_comparison(found)
    _show_differences(found)
    say(record["assumption"])
    late = record["hindsight"]
    if late:
        say(
            f"{count(late, 'entry counts', 'entries count')} for nothing: written when the outcome "
            "had closed."
        )
    if terms.others:
        say(
            f"{count(terms.others, 'entry of the model was', 'entries of the model were')} made "
            "under other money or tiers than these, and judged by these all the same."
        )


def _show_comparison(found: ReviewedDecisions) -> None:
    from upswell.releases.book.summary import ANSWERS

    own = found.comparison
    if not own.both:
        return
    say(f"Model and people say the same of {own.same:,} of {own.both:,}.")
    if own.different:
        range_ = ""
        if own.low is not None:
            range_ = f" (90% range of the difference: {figure(own.low)} to {figure(own.high)})"
        say(
            f"On {own.different:,} one would promote and the other not: people were right on "
            f"{own.people_right:,}, the model on {own.model_right:,}. People's decisions brought "
            f"{figure(abs(own.difference))} {'less' if own.difference < 0 else 'more'} than the "
            f"model's would have{range_}; had promotion added nothing to outcomes, the difference "
            f"would be {figure(own.difference_as_seen)}."
        )
    say(f"  {own.answer}: {ANSWERS[own.answer]}")
    say()


def _show_differences(found: ReviewedDecisions) -> None:
    """Print the releases on which one would promote and the other not, dearest first."""
    import polars as pl

    both = found.frame.filter(pl.col("status") == "judged").drop_nulls(["model", "person"])
    other = both.filter((pl.col("model") == "promote") != (pl.col("person") == "promote"))
    if not other.height:
        return
    dearest = other.sort(pl.col("profit_if_promoted").abs(), "release", descending=[True, False])
    header = ["release", "model", "people", "note", "streams", "hit", "profit if promoted"]
    lines = [
        [
            row["release"],
            row["model"],
            row["person"],
            row["note"] or "-",
            figure(row["without_promotion"]),
            "yes" if row["hit"] else "no",
            figure(row["profit_if_promoted"]),
        ]
        for row in dearest.head(MOST_ROWS).to_dicts()
    ]
    say("Where they differ, dearest first:")
    table(header, lines, left=4)
    if other.height > MOST_ROWS:
        say(f"and {other.height - MOST_ROWS:,} more; --out writes all of them to review.csv")
