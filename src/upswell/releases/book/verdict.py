"""What became of each decision: the outcome without promotion, hit or not, and the profit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.releases.book.entries import ModelEntry, PersonEntry
from upswell.releases.book.standing import Book
from upswell.releases.book.terms import Terms
from upswell.releases.deciding.money import profit

if TYPE_CHECKING:
    import polars as pl

__all__ = ["PROMOTE", "STATUSES", "Outcomes", "verdicts"]

PROMOTE = "promote"

STATUSES = {
    "judged": "the outcome has closed, and what was decided before that is judged",
    "waiting": "the outcome has not closed",
    "no-outcome": "the outcome should have closed, and no row of it is there",
    "hindsight": "nothing was decided before the outcome had closed",
    "unknown-release": "the table of releases has no such release, or no date of it",
}
"""What each standing of a release in a review means."""


@dataclass(frozen=True)
class Outcomes:
    """What is known of outcomes on a day.

    Parameters
    ----------
    streams
        Up to the horizon, of the releases whose outcome has closed.
    released
        Release date by release, of all that the tables have.
    last_day
        The last day of which anything is known.
    """

    streams: Mapping[str, float]
    released: Mapping[str, dt.date]
    last_day: dt.date

    def closing(self, horizon: int) -> dict[str, dt.date]:
        """Return the last day of the outcome of each release."""
        rest = dt.timedelta(days=horizon - 1)
        return {release: day + rest for release, day in self.released.items()}

    def closed(self, horizon: int) -> dict[str, dt.date]:
        """Return the same of those outcomes that have closed."""
        days = self.closing(horizon)
        return {release: day for release, day in days.items() if day <= self.last_day}


def verdicts(book: Book, outcomes: Outcomes, terms: Terms) -> pl.DataFrame:
    """Return what was decided of each release, and what became of it.

    What was done is taken to be what a person decided, or else the model. Where that was to
    promote, the outcome contains the streams that promotion added: it is divided by
    ``1 + uplift``, which is an assumption, since nobody saw the release without promotion. Tier
    and profit are of the outcome without promotion, so that each decision is judged by the same.

    An entry of the day on which the outcome closed, or later, was written with hindsight and does
    not count.

    Parameters
    ----------
    book
        The decisions.
    outcomes
        What is known of outcomes.
    terms
        Horizon, tier and money.

    Returns
    -------
    polars.DataFrame
        A row a release, those judged first, by release date and name. ``status`` is a key of
        `STATUSES`; ``model`` and ``person`` are decisions or null; ``done`` is the one of them
        that was followed; ``streams`` is the outcome as it was seen, ``without_promotion`` as
        assumed; ``profit_if_promoted`` is that of promoting the release, and ``profit_as_seen``
        what it would be had promotion added nothing to the outcome; ``model_profit``,
        ``person_profit`` and ``done_profit`` are that of a decision: nothing, unless it was to
        promote.
    """
    import polars as pl

    closing = outcomes.closing(terms.horizon)
    closed = outcomes.closed(terms.horizon)
    model, people = book.model(closed), book.people(closed)
    rows = [
        {
            **_decided(model.get(release), people.get(release)),
            **_became(release, outcomes, closing.get(release)),
        }
        for release in book.releases()
    ]
    rows = [{**row, **_judged(row, terms)} for row in rows]
    frame = pl.DataFrame([_filled(row) for row in rows], schema=_columns())
    judged_first = pl.col("status") != "judged"
    return frame.sort([judged_first, "release_date", "release"], nulls_last=True)


def _decided(model: ModelEntry | None, person: PersonEntry | None) -> dict[str, Any]:
    own = {} if model is None else {
        "model": model.decision,
        "model_on": model.on,
        "decision_codes": model.codes,
        "expected_profit": model.expected_profit,
        "chance": model.chance,
        "cost": model.cost,
        "q10": model.q10,
        "q50": model.q50,
        "q90": model.q90,
    }  # fmt: skip
    theirs = {} if person is None else {
        "person": person.decision,
        "person_on": person.on,
        "by": person.by,
        "note": person.note,
    }  # fmt: skip
    done = person or model
    return {**own, **theirs, "done": None if done is None else done.decision}


def _became(release: str, outcomes: Outcomes, closing: dt.date | None) -> dict[str, Any]:
    return {
        "release": release,
        "release_date": outcomes.released.get(release),
        "closes": closing,
        "streams": outcomes.streams.get(release),
        "closed": closing is not None and closing <= outcomes.last_day,
    }


def _judged(row: Mapping[str, Any], terms: Terms) -> dict[str, Any]:
    status = _status(row)
    if status != "judged":
        return {"status": status}
    promoted = row["done"] == PROMOTE
    without = row["streams"] / (1.0 + terms.money.uplift) if promoted else row["streams"]
    gained = float(profit(without, terms.money, row.get("cost")))

    def of(decision: str | None) -> float | None:
        return None if decision is None else gained if decision == PROMOTE else 0.0

    return {
        "status": status,
        "without_promotion": without,
        "hit": without >= terms.tier_from,
        "profit_if_promoted": gained,
        "profit_as_seen": float(profit(row["streams"], terms.money, row.get("cost"))),
        "model_profit": of(row.get("model")),
        "person_profit": of(row.get("person")),
        "done_profit": of(row["done"]),
    }


def _status(row: Mapping[str, Any]) -> str:
    if row["closes"] is None:
        return "unknown-release"
    if not row["closed"]:
        return "waiting"
    if row["streams"] is None:
        return "no-outcome"
    return "hindsight" if row["done"] is None else "judged"


def _columns() -> dict[str, Any]:
    import polars as pl

    text, day, number = pl.String, pl.Date, pl.Float64
    said = {"model": text, "model_on": day, "decision_codes": text, "expected_profit": number}
    ranges = dict.fromkeys(("chance", "q10", "q50", "q90"), number)
    theirs = {"person": text, "person_on": day, "by": text, "note": text, "done": text}
    came = {"streams": number, "without_promotion": number, "hit": pl.Boolean}
    gains = ("profit_if_promoted", "profit_as_seen", "model_profit", "person_profit", "done_profit")
    return {
        "release": text,
        "release_date": day,
        "closes": day,
        "status": text,
        **said,
        **ranges,
        **theirs,
        **came,
        **dict.fromkeys(gains, number),
    }


def _filled(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in _columns()}
