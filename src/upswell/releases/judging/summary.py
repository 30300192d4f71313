"""The scorecard in plain sentences, for the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from upswell.releases.judging._regression import MODEL
from upswell.releases.judging._sample import ALL, SEEN, SHORT, UNSEEN
from upswell.releases.judging._tiers import MAJORITY
from upswell.releases.judging.folds import FINAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from upswell.releases.judging.scorecard import ReleaseScorecard

__all__ = ["summary"]

_SCOPES = {
    ALL: "",
    SEEN: ", artists with a history",
    UNSEEN: ", artists without a history",
    SHORT: ", short windows",
    FINAL: ", last period",
}


def summary(scorecard: ReleaseScorecard) -> list[str]:
    """Return what the scorecard says, in sentences of one line each.

    Parameters
    ----------
    scorecard
        As `judge` gives it.

    Returns
    -------
    list of str
        For each horizon, of the rolling folds and then of the last period; what is not defined is
        left out, and without a scored release one line says so.
    """
    lines = []
    for horizon in scorecard.regression["horizon"].unique().sort().to_list():
        for scope, words in _SCOPES.items():
            found = list(_error(scorecard, horizon, scope))
            if scope in {ALL, FINAL}:
                found += _ranges(scorecard, horizon, scope)
                found += _rounded(scorecard, horizon, scope)
                found += _tiers(scorecard, horizon, scope)
                found += _hits(scorecard, horizon, scope)
                found += _budget(scorecard, horizon, scope)
                found += _worse(scorecard, horizon, scope)
            lines += [f"Day {horizon}{words}: {text}." for text in found]
    return lines or ["No release with a known outcome was scored."]


def _error(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    for row in _rows(card.regression, horizon, scope, model=MODEL):
        if row["rmsle"] is None:
            continue
        text = f"typical error factor x{math.exp(row['rmsle']):.2f} (RMSLE {row['rmsle']:.3f})"
        if row["ratio"] is not None:
            text += f", {_gap(row['ratio'])} the best trivial neighbour ({row['best_trivial']})"
        if row["ratio_low"] is not None:
            text += f", 90% interval {_range(row['ratio_low'], row['ratio_high'])}"
        yield f"{text}; {_many(row['count'], 'release')} from {_many(row['weeks'], 'week')}"


def _ranges(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    for row in _rows(card.regression, horizon, scope, model=MODEL):
        shares = [(level, row[f"coverage{level}"]) for level in (50, 80, 90)]
        if all(share is not None for _, share in shares):
            held = ", ".join(f"the {level}% range {share:.0%}" for level, share in shares)
            yield f"of the outcomes {held.replace(' range ', ' range held ', 1)}"


def _rounded(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    rule = card.rounding_rule
    for row in _rows(card.rounding, horizon, scope, rule=rule):
        if row["mape"] is None:
            continue
        words = "up" if rule == "up" else "to the nearest"
        text = f"rounded {words} {'to ' * (rule == 'up')}{card.step:,.0f}, MAPE {row['mape']:.1%}"
        if row["mape_constant"] is not None:
            text += f" beside {row['mape_constant']:.1%} of the constant"
        left_out = f", {row['excluded']:,} of {row['count']:,} round to 0 and are left out"
        yield text + left_out * (row["excluded"] > 0)


def _tiers(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    for row in _rows(card.tiers, horizon, scope, model=MODEL):
        if row["accuracy"] is None:
            continue
        text = f"tier right for {row['accuracy']:.1%}"
        for trivial in _rows(card.tiers, horizon, scope, model=MAJORITY):
            text += f" beside {trivial['accuracy']:.1%} of always the most frequent one"
        yield f"{text}, balanced accuracy {row['balanced_accuracy']:.1%}"


def _hits(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    """Say of the highest tier how many of those named are right, and how many are found."""
    top = card.tier_names[-1]
    for row in _rows(card.by_tier, horizon, scope, tier=top):
        parts = []
        for name, of in (("precision", "predicted"), ("recall", "actual")):
            if row[name] is not None:
                low, high = row[f"{name}_low"], row[f"{name}_high"]
                parts.append(
                    f"{name} {row[name]:.0%} ({low:.0%} to {high:.0%}, {row['hit']} of {row[of]})"
                )
        if parts:
            yield f'tier "{top}" has {" and ".join(parts)}'


def _budget(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    rows = [row for row in _rows(card.budget, horizon, scope) if row["recall"] is not None]
    if not rows:
        return

    def listed(name: str, form: str) -> str:
        return " / ".join(format(row[name], form) for row in rows)

    hits = _many(rows[0]["hits"], "hit")
    text = f"{listed('budget', 'd')} places a period find {listed('recall', '.0%')} of {hits}"
    if all(row["recall_base"] is not None for row in rows):
        text += f", ranking by the window total {listed('recall_base', '.0%')}"
    yield f"{text}, at most {listed('recall_possible', '.0%')} are possible"


def _worse(card: ReleaseScorecard, horizon: int, scope: str) -> Iterator[str]:
    """Name every score in which a trivial neighbour is better."""
    named = []
    for frame, words in ((card.regression, {}), (card.tiers, {}), (card.rounding, "rounded ")):
        key = {"rule": card.rounding_rule} if words else {"model": MODEL}
        for row in _rows(frame, horizon, scope, **key):
            marks = (row["worse_than_trivial"] or "").split()
            named += [f"{words or ''}{mark}".replace("_", " ") for mark in marks]
    if named:
        yield f"worse than a trivial neighbour in {', '.join(named)}"


def _rows(frame: pl.DataFrame, horizon: int, scope: str, **equal: str) -> list[dict[str, Any]]:
    import polars as pl

    wanted = (pl.col("horizon") == horizon) & (pl.col("scope") == scope)
    for name, value in equal.items():
        wanted &= pl.col(name) == value
    return frame.filter(wanted).to_dicts()


def _gap(ratio: float) -> str:
    distance = f"{abs(1.0 - ratio):.0%}"
    if distance == "0%":
        return "level with"
    return f"{distance} {'below' if ratio < 1.0 else 'above'}"


def _range(low: float, high: float) -> str:
    """Return an interval of ratios as distances from 1, the nearer end first."""
    if high <= 1.0:
        return f"{1.0 - high:.0%} to {1.0 - low:.0%}"
    if low >= 1.0:
        return f"{low - 1.0:.0%} to {high - 1.0:.0%}"
    return f"{1.0 - low:.0%} below to {high - 1.0:.0%} above"


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
