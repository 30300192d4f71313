"""Scores of the tiers: shares right, each tier by itself, probabilities, and a budget of places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from upswell.releases.judging._regression import LEVEL, MODEL, worse
from upswell.releases.judging._sample import ALL, COMPLETE, FOLD, Sample
from upswell.releases.judging._tables import Row
from upswell.releases.judging.folds import FINAL
from upswell.releases.judging.trivial import tiers_of
from upswell.scoring import (
    accuracy,
    average_precision,
    balanced_accuracy,
    brier_score,
    calibration_table,
    class_scores,
    clopper_pearson,
    confusion_matrix,
    expected_calibration_error,
    hits_at_budget,
    log_loss,
    ranked_probability_score,
)

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]

MAJORITY = "majority"
"""The neighbour that always names the most frequent tier, and gives each tier its share."""

_RIGHT = ("accuracy", "balanced_accuracy")
_LOSSES = ("log_loss", "brier", "rps")


def tier_rows(sample: Sample, names: Sequence[str], bounds: Sequence[float]) -> Iterator[Row]:
    """Yield the row of the model, then those of the majority and of each neighbour's number."""
    answers: dict[str, tuple[Labels | None, Floats | None]] = {
        MAJORITY: (sample.majority, sample.shares)
    }
    for name, guess in sample.neighbours.items():
        answers[name] = (None if np.isnan(guess).any() else tiers_of(guess, bounds), None)
    rows = {
        name: _tier_scores(sample.labels, *answer, len(names))
        for name, answer in answers.items()
        if any(part is not None for part in answer)
    }
    shared = {"horizon": sample.horizon, "scope": sample.scope, "count": len(sample)}
    if sample.answers is not None or sample.chances is not None:
        own = _tier_scores(sample.labels, sample.answers, sample.chances, len(names))
        most = {n: max((r.get(n, -np.inf) for r in rows.values()), default=np.nan) for n in _RIGHT}
        marks = (
            worse({n: own[n] for n in _RIGHT if n in own}, most, higher_is_better=True),
            worse({n: own[n] for n in _LOSSES if n in own}, rows.get(MAJORITY, {})),
        )
        yield {
            **shared,
            "model": MODEL,
            **own,
            "worse_than_trivial": " ".join(filter(None, marks)),
        }
    for name, row in rows.items():
        yield {**shared, "model": name, **row}


def by_tier_rows(sample: Sample, names: Sequence[str]) -> Iterator[Row]:
    """Yield a row of each tier: precision, recall, and how its probability ranks."""
    scores = None
    if sample.answers is not None:
        confusion = confusion_matrix(sample.labels, sample.answers, len(names))
        scores = class_scores(confusion, LEVEL)
    for tier, name in enumerate(names):
        row: Row = {
            "horizon": sample.horizon,
            "scope": sample.scope,
            "tier": name,
            "actual": int((sample.labels == tier).sum()),
        }
        if scores is not None:
            score = scores[tier]
            row |= {"predicted": score.predicted, "hit": score.hit}
            if score.predicted:
                low, high = score.precision_range
                row |= {"precision": score.precision, "precision_low": low, "precision_high": high}
            if score.actual:
                low, high = score.recall_range
                row |= {"recall": score.recall, "recall_low": low, "recall_high": high}
        yield {**row, **_ranking_of_tier(sample, tier, len(names))}


def confusion_rows(sample: Sample, names: Sequence[str]) -> Iterator[Row]:
    """Yield how many releases of each tier were named each tier, of the two main scopes."""
    if sample.scope not in {ALL, FINAL} or sample.answers is None:
        return
    counts = confusion_matrix(sample.labels, sample.answers, len(names))
    for truth, line in zip(names, counts.tolist(), strict=True):
        for answer, count in zip(names, line, strict=True):
            yield {
                "horizon": sample.horizon,
                "scope": sample.scope,
                "tier_actual": truth,
                "tier": answer,
                "count": count,
            }


def calibration_rows(sample: Sample, names: Sequence[str]) -> Iterator[Row]:
    """Yield what happened by the probability given, of the two main scopes; no empty bin."""
    if sample.scope not in {ALL, FINAL} or sample.chances is None:
        return
    for tier, name in enumerate(names):
        for found in calibration_table(sample.labels == tier, sample.chances[:, tier]):
            if found.count:
                low, high = clopper_pearson(found.hits, found.count, LEVEL)
                yield {
                    "horizon": sample.horizon,
                    "scope": sample.scope,
                    "tier": name,
                    **{key: getattr(found, key) for key in found.__slots__},
                    "observed_low": low,
                    "observed_high": high,
                }


def budget_rows(sample: Sample, budgets: Sequence[int]) -> Iterator[Row]:
    """Yield how many hits, releases of the highest tier, a budget in each period would find.

    Each test period has its own budget: nobody can choose among the releases of two periods at
    once. The model ranks by the probability of the highest tier and, where it is equal, by the
    mean; its neighbour ranks by the window total of the base metric.
    """
    if sample.scope not in {ALL, COMPLETE, FINAL} and not sample.scope.startswith(FOLD):
        return
    score = _rank(sample.mean, None if sample.chances is None else sample.chances[:, -1])
    hit = sample.labels == sample.tiers - 1
    folds = [sample.folds == label for label in np.unique(sample.folds)]
    hits = int(hit.sum())
    for budget in budgets:
        found = sum(hits_at_budget(hit[own], score[own], budget) for own in folds)
        places = sum(min(budget, int(own.sum())) for own in folds)
        possible = sum(min(budget, int(hit[own].sum())) for own in folds)
        row: Row = {
            "horizon": sample.horizon,
            "scope": sample.scope,
            "budget": budget,
            "periods": len(folds),
            "places": places,
            "count": len(sample),
            "hits": hits,
            "found": found,
            "precision": found / places if places else np.nan,
        }
        if hits:
            row |= {"recall": found / hits, "recall_possible": possible / hits}
        if hits and sample.base is not None and not np.isnan(sample.base).any():
            base = sample.base
            trivial = sum(hits_at_budget(hit[own], base[own], budget) for own in folds) / hits
            row["recall_base"] = trivial
            row["worse_than_trivial"] = worse(
                {"recall": found / hits}, {"recall": trivial}, higher_is_better=True
            )
        yield row


def _tier_scores(
    labels: Labels, answers: Labels | None, chances: Floats | None, count: int
) -> dict[str, float]:
    """Return the scores of named tiers and of their probabilities, as far as they are given."""
    scores: dict[str, float] = {}
    if answers is not None:
        confusion = confusion_matrix(labels, answers, count)
        scores |= {"accuracy": accuracy(confusion)}
        scores |= {"balanced_accuracy": balanced_accuracy(confusion)}
    if chances is not None:
        scores |= {
            "log_loss": log_loss(labels, chances),
            "brier": brier_score(labels, chances),
            "rps": ranked_probability_score(labels, chances),
            "ece": float(
                np.mean(
                    [
                        expected_calibration_error(labels == tier, chances[:, tier])
                        for tier in range(count)
                    ]
                )
            ),
        }
    return scores


def _ranking_of_tier(sample: Sample, tier: int, count: int) -> Row:
    """Return how the probability of one tier ranks its releases, beside trivial rankings.

    A ranking that says nothing has the share of the tier as its average precision; the base metric
    ranks the highest tier from above and the lowest from below, and says nothing of one between.
    """
    own = sample.labels == tier
    share = float(own.mean())
    row: Row = {"share": share}
    trivial = share
    direction = 1.0 if tier == count - 1 else -1.0
    if sample.base is not None and not np.isnan(sample.base).any() and tier in {0, count - 1}:
        row["average_precision_base"] = average_precision(own, direction * sample.base)
        trivial = max(trivial, row["average_precision_base"])
    if sample.chances is not None:
        chance = sample.chances[:, tier]
        found = average_precision(own, chance)
        row |= {"average_precision": found, "ece": expected_calibration_error(own, chance)}
        row["worse_than_trivial"] = worse(
            {"average_precision": found}, {"average_precision": trivial}, higher_is_better=True
        )
    return row


def _rank(mean: Floats, chance: Floats | None) -> Floats:
    """Return a number that ranks by the probability first and by the mean where it is equal."""
    if chance is None:
        return mean
    pairs = np.stack([chance, mean], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].ravel().astype(np.float64)
