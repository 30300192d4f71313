"""Entries of decision books for tests, and outcomes to hold them against."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from upswell.releases.book import Book, Entry, ModelEntry, PersonEntry
from upswell.releases.book.entries import MoneyThen
from upswell.releases.book.terms import Terms
from upswell.releases.book.verdict import Outcomes
from upswell.releases.config import MoneySettings

RELEASED = dt.date(2026, 1, 2)
SCORED = dt.date(2026, 1, 8)
LAST_DAY = dt.date(2026, 3, 31)
PRICES = {"cost": 100.0, "value": 0.01, "uplift": 0.5}
TERMS = Terms(30, "hit", 50_000.0, MoneySettings(**PRICES), "book")
REVIEWED = pl.DataFrame(
    {
        "release": ["one", "two", "three"],
        "status": ["judged", "judged", "waiting"],
        "model": ["hold", "promote", "promote"],
        "person": ["promote", None, None],
        "by": ["Ana", None, None],
        "note": ["heard it live", None, None],
        "without_promotion": [41_000.0, 900.5, None],
        "model_profit": [0.0, -380.0, None],
        "person_profit": [220.0, None, None],
        "more": ["a", "b", "c"],
    }
)
"""A table of a review: one decided by both, one by the model alone, one without an outcome."""


def model(release: str = "a", decision: str = "promote", **others: Any) -> ModelEntry:
    """Return an entry of the model."""
    given = {
        "on": SCORED, "expected_profit": 50.0, "released": RELEASED, "horizon": 30, "tier": "hit",
        "tier_from": 50_000.0, "chance": 0.25, "mean": 30_000.0, "q10": 5_000.0, "q50": 20_000.0,
        "q90": 80_000.0, "bundle": "0f", "money": MoneyThen(**PRICES),
    }  # fmt: skip
    return ModelEntry(release=release, decision=decision, **{**given, **others})


def person(release: str = "a", decision: str = "hold", **others: Any) -> PersonEntry:
    """Return an entry of a person."""
    return PersonEntry(release=release, decision=decision, **{"on": SCORED, **others})


def book(*entries: Entry) -> Book:
    """Return a book of these entries."""
    return Book("decisions.jsonl", entries)


def outcomes(streams: Mapping[str, float], **released: dt.date) -> Outcomes:
    """Return outcomes of releases of one day, and of others that have none."""
    return Outcomes(streams, {**dict.fromkeys(streams, RELEASED), **released}, LAST_DAY)
