"""Tiers are learned, kept as text and read back; tiers without an example stay possible."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from releases.models.tiers_world import world
from upswell.errors import BundleError, ColumnError, SettingError
from upswell.releases.models.classifier import CLASSIFIER_SPACE, TierModel
from upswell.releases.models.ordinal import log_loss
from upswell.releases.models.space import defaults
from upswell.releases.models.tier_tuning import tier_objective
from upswell.releases.models.tuning import tune

SETTINGS = defaults(CLASSIFIER_SPACE) | {"rounds": 60, "feature_share": 0.7}


def fitted(rows: int = 600, seed: int = 1, **changes: object) -> TierModel:
    features, tiers = world(rows, 1)
    return TierModel.fit(features, tiers, 3, SETTINGS, seed=seed, **changes)  # type: ignore[arg-type]


def test_tiers_are_foreseen_far_better_than_by_their_shares():
    features, tiers = world(3000, 2)
    found = fitted(1500).raw_probabilities(features)
    shares = np.tile(np.bincount(tiers) / len(tiers), (len(tiers), 1))
    assert found.shape == (3000, 3)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert log_loss(found, tiers) < 0.75 * log_loss(shares, tiers)


def test_the_same_seed_gives_the_same_bytes_with_any_number_of_threads():
    # Few trees: two threads on a busy machine wait for each other after every step.
    features, tiers = world(200, 3)
    few = SETTINGS | {"rounds": 4}
    one = TierModel.fit(features, tiers, 3, few, seed=1)
    assert TierModel.fit(features, tiers, 3, few, seed=1).entries() == one.entries()
    assert TierModel.fit(features, tiers, 3, few, seed=2).entries() != one.entries()
    two = TierModel.fit(features, tiers, 3, few, seed=1, threads=2)
    np.testing.assert_array_equal(two.raw_probabilities(features), one.raw_probabilities(features))


def test_a_model_is_read_back_bit_for_bit():
    features, _ = world(200, 3)
    model = fitted()
    entries = model.entries("a")
    assert set(entries) == {
        *("a/classifier.json", "a/tier-1-or-above.txt", "a/tier-2-or-above.txt")
    }
    again = TierModel.from_entries(entries, "a")
    np.testing.assert_array_equal(
        again.raw_probabilities(features), model.raw_probabilities(features)
    )
    assert again.entries("a") == entries
    assert (again.counts, again.empty_tiers) == (model.counts, ())


@pytest.mark.parametrize("empty", [0, 1, 2, 3])
def test_a_tier_without_an_example_has_a_small_probability(empty: int):
    features, tiers = world(600, 4, (0.4, 0.8))
    tiers = np.where(tiers >= empty, tiers + 1, tiers)
    model = TierModel.fit(features, tiers, 4, SETTINGS, seed=1)
    assert model.empty_tiers == (empty,)
    assert model.codes == ("empty-tier",)
    found = model.raw_probabilities(features)
    assert found.sum(axis=1) == pytest.approx(1.0)
    # Inner: half an example in 602. Outer: that, and the same of a question with one answer.
    assert found[:, empty].min() > 0
    assert found[:, empty].max() < 2.0 / 602
    again = TierModel.from_entries(model.entries())
    np.testing.assert_array_equal(again.raw_probabilities(features), found)


def test_one_tier_alone_is_a_constant():
    features, tiers = world(50, 5)
    model = TierModel.fit(features, np.full_like(tiers, 1), 3, SETTINGS, seed=1)
    found = model.raw_probabilities(features)
    assert (found == found[0]).all()
    assert found[0].argmax() == 1
    assert found[0, 1] > 0.95
    assert model.empty_tiers == (0, 2)
    assert model.gains() == dict.fromkeys(sorted(features.columns), 0.0)
    assert list(model.entries()) == ["tiers/classifier.json"]
    assert TierModel.from_entries(model.entries()).boosters == model.boosters


@pytest.mark.parametrize("count", [2, 5])
def test_any_number_of_tiers(count: int):
    features, tiers = world(400, 6, tuple(np.linspace(0, 1, count + 1)[1:-1]))
    model = TierModel.fit(features, tiers, count, SETTINGS, seed=1)
    found = model.raw_probabilities(features)
    assert found.shape == (400, count)
    assert (found.argmax(axis=1) == tiers).mean() > 1.3 / count


def test_one_release_is_learned_from():
    features, tiers = world(1, 7)
    found = TierModel.fit(features, tiers, 3, SETTINGS, seed=1).raw_probabilities(features)
    assert found.argmax() == tiers[0]


def test_unknown_texts_missing_numbers_and_no_rows_are_scored():
    model = fitted()
    odd = pl.DataFrame(
        {f"number_{place}": [None] for place in range(6)} | {"genre": ["never seen"]},
        schema=dict.fromkeys([f"number_{place}" for place in range(6)], pl.Float64)
        | {"genre": pl.String},
    )
    assert model.raw_probabilities(odd).sum() == pytest.approx(1.0)
    assert model.raw_probabilities(odd.clear()).shape == (0, 3)
    with pytest.raises(ColumnError, match="'genre'"):
        model.raw_probabilities(odd.drop("genre"))


def test_weights_count():
    features, tiers = world(600, 1)
    weights = np.where(tiers == 2, 20.0, 1.0)
    heavy = fitted(weights=weights).raw_probabilities(features)[:, 2]
    assert heavy.mean() > 2 * fitted().raw_probabilities(features)[:, 2].mean()


def test_gains_name_what_the_tiers_follow_from():
    gains = fitted(2000).gains()
    assert list(gains)[:2] == ["number_0", "number_1"]
    assert sum(gains.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("tiers", "count"), [([0, 1], 1), ([0, 3], 3), ([-1, 0], 3), ([0], 3), ([], 3)]
)
def test_tiers_out_of_range_and_no_releases_are_refused(tiers: list[int], count: int):
    frame = pl.DataFrame({"a": [1.0] * (2 if tiers else 0)}, schema={"a": pl.Float64})
    with pytest.raises(SettingError):
        TierModel.fit(frame, np.array(tiers, dtype=np.int64), count, SETTINGS, seed=1)


def test_entries_that_are_damaged_are_refused():
    entries = fitted(200).entries()
    head = json.loads(entries["tiers/classifier.json"])
    text = entries["tiers/tier-1-or-above.txt"]

    def refused(changes: dict[str, bytes], match: str) -> None:
        with pytest.raises(BundleError, match=match):
            TierModel.from_entries(entries | changes)

    def headed(**changes: object) -> dict[str, bytes]:
        return {"tiers/classifier.json": json.dumps(head | changes).encode()}

    for name in entries:
        with pytest.raises(BundleError, match=name):
            TierModel.from_entries({k: v for k, v in entries.items() if k != name})
    refused({"tiers/classifier.json": b"[]"}, "damaged")
    refused({"tiers/classifier.json": b"{"}, "damaged")
    refused({"tiers/classifier.json": b"[" * 100_000}, "damaged")
    refused(headed(counts=[1, 2]), "damaged")
    refused(headed(counts=[1, 2, -3]), "damaged")
    refused(headed(counts="abc"), "damaged")
    refused(headed(boosters=[0.5, 1.5]), "damaged")
    refused(headed(boosters=[0.5, float("nan")]), "damaged")
    refused(headed(boosters=["../x", 0.5]), "no entry")
    refused(headed(features={"names": ["a"], "categories": {}}), "no LightGBM model of 1")
    refused({"tiers/tier-1-or-above.txt": b"x" + text}, "no LightGBM model")
    refused({"tiers/tier-1-or-above.txt": b"tree\nmax_feature_idx=6\n\nrubbish"}, "cannot read")
    refused({"tiers/tier-1-or-above.txt": text[:60]}, "no LightGBM model")


def test_tuning_is_the_same_with_two_workers_and_kept_bins_change_nothing(tmp_path: Path):
    features, tiers = world(700, 8)
    folds = [(np.arange(end), np.arange(end, end + 150)) for end in (250, 400, 550)]
    objective = tier_objective(features, tiers, 3, folds)
    first = list(objective(SETTINGS, 1))
    assert list(objective(SETTINGS | {"leaves": 3, "least_rows": 90}, 5)) != first
    assert list(objective(SETTINGS, 1)) == first
    for (train, test), score in zip(folds, first, strict=True):
        model = TierModel.fit(features[train], tiers[train], 3, SETTINGS, seed=1)
        assert score == log_loss(model.raw_probabilities(features[test]), tiers[test])
    results = [
        tune(
            "tiers",
            CLASSIFIER_SPACE,
            objective,
            trials=8,
            seed=1,
            journal=tmp_path / f"journal{workers}",
            fingerprint="",
            workers=workers,
        )
        for workers in (1, 2)
    ]
    assert results[0].facts() == results[1].facts()
    assert results[0].count("failed") == 0
    assert results[0].best_value <= (results[0].default_value or 0)


def test_nothing_of_the_test_rows_reaches_the_bins_of_a_fold():
    features, tiers = world(400, 9)
    fold = (np.arange(300), np.arange(300, 350))
    seen = list(tier_objective(features, tiers, 3, [fold])(SETTINGS, 1))
    changed = features.with_columns(
        pl.when(pl.int_range(400) >= 350)
        .then(pl.col("number_0") * 1e6)
        .otherwise(pl.col("number_0"))
        .alias("number_0")
    )
    assert list(tier_objective(changed, tiers, 3, [fold])(SETTINGS, 1)) == seen


def test_folds_without_rows_are_refused():
    features, tiers = world(50, 1)
    none = np.arange(0)
    for folds in ([], [(np.arange(10), none)], [(none, np.arange(10))]):
        with pytest.raises(SettingError, match="inner fold"):
            tier_objective(features, tiers, 3, folds)
