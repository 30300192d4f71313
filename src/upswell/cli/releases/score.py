"""The command ``upswell releases score``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.cli._clock import Clock
from upswell.cli._options import Manner
from upswell.cli._output import check_out, keep_inputs
from upswell.cli._show import count, figure, say, table, working
from upswell.cli._undisturbed import load
from upswell.cli.releases._answer import answer
from upswell.cli.releases._decisions import meanings, show_decisions
from upswell.cli.releases._options import one_or_many
from upswell.cli.releases._origin import origin_of
from upswell.cli.releases._reasons import show_reasons

if TYPE_CHECKING:
    from upswell.cli.releases._week import PageWishes
    from upswell.releases.scoring import ScoredReleases

__all__ = ["run_releases_score"]

MOST_ROWS = 25


def run_releases_score(
    bundle: Path,
    manner: Manner,
    *,
    signals: list[str],
    releases: list[str] | None,
    as_of: str | None,
    since: str | None,
    money: Path | None,
    book: Path | None,
    page: PageWishes,
    out: Path,
    reasons: bool = True,
) -> int:
    """Read, score, write and print; return the exit code."""
    clock = Clock()
    load("duckdb", "polars", "upswell.releases.scoring")
    from upswell.cli._json import answer_refusals
    from upswell.releases._score_api import scored_by
    from upswell.releases.book import add_entries, check_book, entries_of
    from upswell.releases.saving import SCORE_NAMES, save_scores

    check_out(out, SCORE_NAMES)
    check_book(book)
    earlier = page.earlier()
    clock.lap("load")
    with answer_refusals(manner), working("Scoring", manner.talks):
        trained, scored = scored_by(
            bundle,
            signals=one_or_many(signals),
            releases=one_or_many(releases),
            as_of=as_of,
            since=since,
            money=money,
            reasons=reasons,
        )
        clock.lap("score")
    origin = origin_of(scored.record)
    keep_inputs(origin.sources, out)
    entries = [] if book is None else entries_of(scored)
    files = page.files(trained, scored, earlier)
    clock.lap("page")
    record = save_scores(scored, out, clock.laps, files=files)
    written = None if book is None else add_entries(book, entries)
    answer(
        manner,
        origin,
        record=lambda: {**record, "scores": scored.frame.to_dicts()},
        show=lambda: _show(scored, record),
        out=out,
        where="run.json has all of it",
    )
    if manner.talks and written is not None:
        say(f"{count(len(written.added), 'decision')} written to {book}")
    return 0


def _show(scored: ScoredReleases, record: dict[str, Any]) -> None:
    """Print the list in its order: by expected profit where money is known, else by the median."""
    import polars as pl

    from upswell.releases.answers import CODES

    horizon, decided = record["horizons"][-1], scored.decided
    found = scored.frame.filter(pl.col("horizon") == horizon)
    shown = found.head(MOST_ROWS).join(
        scored.keys.select("release", "release_date", "artist"), on="release", maintain_order="left"
    )
    tally = ", ".join(f"{number:,} {status}" for status, number in record["status"].items())
    say()
    say(f"{count(found.height, 'release')} as of {scored.as_of}: {tally}.")
    say(f"Streams to day {horizon}; 8 times in 10 between the columns 10% and 90%:")
    unit = None if decided is None else decided.money.currency
    bets = ["decision", f"expected\nprofit {unit}".rstrip()] if unit is not None else []
    header = ["release", "artist", "released", "tier", *bets, "10%", "median", "90%", "rounded"]
    rows = [_row(row, unit) for row in shown.to_dicts()]
    table([*header, "status"], rows, left=4 + bool(bets))
    if found.height > MOST_ROWS:
        say(f"and {found.height - MOST_ROWS:,} more; scores.csv holds all of them")
    given = {code for codes in shown["codes"].to_list() for code in codes.split()}
    against = [] if decided is None else meanings(decided)
    told = {line.split(":")[0] for line in against}
    for code, meaning in CODES.items():
        if code in given and code not in told:
            say(f"  {code}: {meaning}")
    for line in against:
        say(f"  {line}")
    bound = None if decided is None else decided.bound
    # A bound that is suspended says itself what drifted.
    if scored.drift is not None and scored.drift.drifted and bound is None:
        say(f"These releases are not like those that taught: {scored.drift.sentence}.")
    if decided is not None:
        show_decisions(decided)
    show_reasons(scored)


def _row(row: dict[str, Any], unit: str | None) -> list[str]:
    chance = row[f"probability_{row['tier']}"]
    bet = [] if unit is None else [row["decision"], figure(row["expected_profit"])]
    return [
        row["release"],
        row["artist"] or "-",
        str(row["release_date"]),
        f"{row['tier']} {chance:.0%}",
        *bet,
        *(figure(row[name]) for name in ("q10", "q50", "q90", "rounded")),
        " ".join(filter(None, [row["status"], *_further(row)])),
    ]


def _further(row: dict[str, Any]) -> list[str]:
    """Return the codes that the status does not say already."""
    every = f"{row['codes']} {row.get('decision_codes') or ''}".split()
    codes = [code for code in dict.fromkeys(every) if code != row["status"]]
    return [f"({', '.join(codes)})"] if codes else []
