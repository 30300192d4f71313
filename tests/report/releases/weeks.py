"""Weeks that were made up: releases with any names, and all that the page can be given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from upswell.report.releases import WeekFacts

TIERS, BOUNDS = ("low", "middle", "hit"), (3_000.0, 30_000.0)
LEVELS = [level / 20 for level in range(1, 20)]
AS_OF = dt.date(2025, 5, 21)
WINDOW = 7
COST = 400.0
MEANINGS = {
    "worth-it": "the expected profit is above zero",
    "caution": "a false hit weighs more than its chance of a profit",
    "not-worth-it": "it costs more than it is expected to bring",
}
CAUTION = [1.0, 1.5, 2.0, 3.0, 5.0, 8.0]


def week_of(
    names: Sequence[str],
    artists: Sequence[str | None] | None = None,
    *,
    seed: int = 3,
    horizons: Sequence[int] = (14, 30),
    decided: bool = True,
    full: bool = True,
    **others: Any,
) -> WeekFacts:
    """Return a week of releases; with `full` all that the page has a section for."""
    rng = np.random.default_rng(seed)
    count = len(names)
    size = np.exp(rng.normal(8.5, 1.6, count))
    ages = np.where(rng.random(count) < 0.2, rng.integers(1, WINDOW, count), WINDOW)
    ages[0] = WINDOW
    released = [AS_OF - dt.timedelta(days=int(age) - 1 + 9 * int(age == WINDOW)) for age in ages]
    keys = pl.DataFrame(
        {
            "release": list(names),
            "release_date": released,
            "gate": [
                d + dt.timedelta(days=int(a) - 1) for d, a in zip(released, ages, strict=True)
            ],
            "age": ages,
            "artist": list(artists or [f"artist {k % 7}" for k in range(count)]),
        },
        schema_overrides={"artist": pl.String},
    )
    decay = np.exp(-0.2 * np.arange(WINDOW)) * rng.lognormal(0.0, 0.2, (count, WINDOW))
    daily = np.round(size[:, None] / 15 * decay)
    daily[np.arange(WINDOW)[None, :] >= ages[:, None]] = np.nan
    scores = pl.concat([_scores(names, size, ages, day, horizons[-1]) for day in horizons])
    if decided:
        scores = _decided(scores, horizons[-1])
    more: dict[str, Any] = {"meanings": MEANINGS} if decided else {}
    if full:
        more |= _full(names, daily, size)
    return WeekFacts(
        scores=scores,
        keys=keys,
        daily=daily,
        metric="views",
        record=record_of(horizons, money=decided),
        **(more | others),
    )


MONEY = {
    "cost": COST,
    "value": 0.004,
    "uplift": 0.25,
    "currency": "EUR",
    "budget": None,
    "caution": 2.0,
    "quantile": None,
    "shortfall": None,
    "bound": None,
}


FUNDED = {"cost": 2000.0, "shortfall": 310.0, "chance_of_loss": 0.08}


def record_of(horizons: Sequence[int], *, money: bool) -> dict[str, Any]:
    """Return what ``run.json`` would say."""
    return {
        "command": "releases score",
        "version": "0",
        "as_of": AS_OF.isoformat(),
        "since": None,
        "bundle": {
            "sha256": "0" * 64,
            "as_of": "2025-04-30",
            "mature": 250,
            "base": "views",
            "seed": 0,
        },
        "horizons": list(horizons),
        "step": 5000.0,
        "rounding": "nearest",
        "tiers": {"names": list(TIERS), "bounds": list(BOUNDS)},
        "sources": [{"name": "signals.parquet", "sha256": "1" * 64, "rows": 25_000}],
        "ledger": [
            {
                "code": "exact-duplicate",
                "action": "dropped",
                "reason": "rows that are equal in every column",
                "count": 12,
                "series": None,
                "day": None,
                "place": "signals.parquet, row 9",
            }
        ],
        "versions": {"upswell": "0", "polars": "2"},
        **(
            {"money": {"settings": MONEY, "funded": FUNDED, "break_even": 400_000.0}}
            if money
            else {}
        ),
    }


def _scores(
    names: Sequence[str], size: np.ndarray, ages: np.ndarray, day: int, last: int
) -> pl.DataFrame:
    from scipy.stats import norm

    middle = np.log(size) - 0.35 * (day != last)
    wide = 0.5 + 0.1 * (WINDOW - ages)
    reach = [1 - norm.cdf((np.log(bound) - middle) / wide) for bound in BOUNDS]
    median = np.exp(middle)
    return pl.DataFrame(
        {
            "release": list(names),
            "horizon": [day] * len(names),
            "mean": np.exp(middle + wide**2 / 2),
            **{f"q{round(100 * p):02}": np.exp(middle + wide * norm.ppf(p)) for p in LEVELS},
            "rounded": np.round(median / 5000) * 5000,
            "tier": [TIERS[k] for k in np.searchsorted(BOUNDS, median, side="right")],
            "probability_low": 1 - reach[0],
            "probability_middle": reach[0] - reach[1],
            "probability_hit": reach[1],
            "status": np.where(ages < WINDOW, "short-window", "ok"),
            "codes": np.where(ages < WINDOW, "short-window new-artist", ""),
        }
    )


def _decided(scores: pl.DataFrame, last: int) -> pl.DataFrame:
    own = pl.col("horizon") == last
    profit = MONEY["value"] * MONEY["uplift"] * pl.col("mean") * 20 - COST
    decision = (
        pl.when((profit > 0) & (pl.col("probability_hit") > 0.5))
        .then(pl.lit("promote"))
        .when(profit > 0)
        .then(pl.lit("watch"))
        .otherwise(pl.lit("hold"))
    )
    codes = decision.replace_strict(
        {"promote": "worth-it", "watch": "worth-it caution", "hold": "not-worth-it"}
    )
    return scores.with_columns(
        decision=pl.when(own).then(decision),
        expected_profit=pl.when(own).then(profit),
        decision_codes=pl.when(own).then(codes),
    )


def _full(names: Sequence[str], daily: np.ndarray, size: np.ndarray) -> dict[str, Any]:
    rng = np.random.default_rng(8)
    said = [
        ("size", 2.4, "31,000 views in 7 days, 2.4 times as many as usual"),
        ("creators", 1.8, "creators grew 40% a day"),
        ("creators", 0.7, "61% of views came from one account"),
        ("track record", 1.3, "the artist's last release came to 12,000 streams"),
        ("calendar", 0.94, "it came out on a Monday"),
    ]
    reasons = [
        {
            "release": name,
            "rank": rank,
            "group": group,
            "direction": "raises" if factor > 1 else "lowers",
            "factor": factor,
            "sentence": sentence,
            "feature": "x",
            "value": 1.0,
            "usual": 0.5,
        }
        for name in names
        for rank, (group, factor, sentence) in enumerate(said)
    ]
    alike = [
        {
            "release": name,
            "rank": rank,
            "other": f"older {rank} of {name[:20]}",
            "artist": f"someone {rank}",
            "release_date": dt.date(2024, 3, rank),
            "distance": 0.1 * rank,
            **{f"day{d + 1}": v for d, v in enumerate((row * rng.lognormal(0, 0.2, 7)).tolist())},
            "outcome": float(scale * rng.lognormal(0, 0.8)),
            "tier": TIERS[rank % 3],
        }
        for name, row, scale in zip(names, daily, size, strict=True)
        for rank in range(1, 6)
    ]
    return {
        "reasons": pl.DataFrame(reasons),
        "alike": pl.DataFrame(alike, infer_schema_length=None).fill_nan(None),
        "caution": caution_of(),
        "evidence": evidence_of(300),
        "bound": {
            "code": "bound-not-enough-evidence",
            "sentence": "9 flagged releases are known, and 22 are needed",
        },
        "drift": {"code": "no-drift", "sentence": "this week's signals are as those that taught"},
        "audit": pl.DataFrame(
            {
                "title": ["likes", "creators", "drop the top 1%"],
                "kind": ["signals", "signals", "cleaning"],
                "measure": ["rmsle", "rmsle", "hit_recall"],
                "gain": [-0.012, 0.11, -0.24],
                "low": [-0.03, 0.08, -0.31],
                "high": [0.004, 0.15, -0.12],
                "verdict": ["unclear", "helps", "hurts"],
            }
        ),
        "review": pl.DataFrame(
            {
                "release": ["an older one", "an older one"],
                "who": ["model", "Ana"],
                "decision": ["hold", "promote"],
                "note": ["", "heard it live"],
                "outcome": [41_000.0, 41_000.0],
                "profit": [0.0, 220.0],
            }
        ),
    }


def caution_of() -> pl.DataFrame:
    """Return the price of caution: six settings of a dial, and rules that need no model."""
    rules = [*["caution"] * 6, "all", "window-total"]
    return pl.DataFrame(
        {
            "rule": rules,
            "dial": [*CAUTION, None, None],
            "chosen": [dial == 2.0 for dial in [*CAUTION, None, None]],
            "promoted": [40, 34, 27, 20, 12, 6, 60, 27],
            "hits": [22, 21, 19, 15, 10, 6, 25, 14],
            "hits_missed": [3, 4, 6, 10, 15, 19, 0, 11],
            "false_hits": [18, 13, 8, 5, 2, 0, 35, 13],
            "hits_lost": [0, 1, 3, 7, 12, 16, -3, 8],
            "false_hits_avoided": [0, 5, 10, 13, 16, 18, -17, 5],
            "profit": [5200.0, 6100.0, 6900.0, 6000.0, 4400.0, 2500.0, -9000.0, 3100.0],
        }
    )


def evidence_of(count: int) -> pl.DataFrame:
    """Return answers on past releases whose chances and ranges are right."""
    rng = np.random.default_rng(17)
    size = np.exp(rng.normal(8.5, 1.6, count))
    names = [f"past {k}" for k in range(count)]
    scores = _scores(names, size, np.full(count, WINDOW), 30, 30)
    actual = np.exp(np.log(size) + 0.5 * rng.normal(size=count))
    return scores.with_columns(
        actual=pl.Series(actual), fold=pl.Series([f"fold {k % 3}" for k in range(count)])
    )
