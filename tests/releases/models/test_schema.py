"""Features at hand are held against those in training; a metric is named as a metric."""

from __future__ import annotations

import json

import pytest

from upswell.errors import BundleError, ColumnError
from upswell.releases.frames import FeatureNote
from upswell.releases.models.schema import FeatureSchema, check_features, compare_features

NOTES = (
    FeatureNote("views_total", "views", "Views over the window."),
    FeatureNote("likes_total", "likes", "Likes over the window."),
    FeatureNote("likes_per_views", "ratios", "Likes per view."),
    FeatureNote("genre", "attributes", "Genre.", category=True),
    FeatureNote("weekday", "calendar", "Day of the week of the release."),
)
SCHEMA = FeatureSchema(NOTES, ("views", "likes"))


def test_the_same_features_in_any_order_pass():
    check_features(SCHEMA, NOTES, ("views", "likes"))
    check_features(SCHEMA, NOTES[::-1], ("likes", "views"))
    assert not compare_features(SCHEMA, NOTES[::-1], ("likes", "views"))


def test_a_metric_that_is_gone_is_named_with_none_of_its_features():
    left = [note for note in NOTES if "likes" not in note.name]
    found = compare_features(SCHEMA, left, ("views",))
    assert found
    assert (found.missing_metrics, found.missing) == (("likes",), ())
    with pytest.raises(ColumnError, match="taught on the metric 'likes', and the signals"):
        check_features(SCHEMA, left, ("views",))


def test_a_metric_that_is_new_is_named_with_none_of_its_features():
    more = [
        *NOTES,
        FeatureNote("shares_total", "shares", "Shares."),
        FeatureNote("shares_per_views", "ratios", "Shares per view."),
    ]
    found = compare_features(SCHEMA, more, ("views", "likes", "shares"))
    assert (found.unknown_metrics, found.unknown) == (("shares",), ())
    with pytest.raises(ColumnError, match="the metric 'shares', on which the model was not taught"):
        check_features(SCHEMA, more, ("views", "likes", "shares"))


def test_features_beside_metrics_are_named():
    with pytest.raises(ColumnError, match="taught on the feature 'genre', missing here"):
        check_features(SCHEMA, [n for n in NOTES if n.name != "genre"], ("views", "likes"))
    new = FeatureNote("label", "attributes", "Label.", category=True)
    with pytest.raises(ColumnError, match="the feature 'label', on which"):
        check_features(SCHEMA, [*NOTES, new], ("views", "likes"))
    changed = [*NOTES[:3], FeatureNote("genre", "attributes", "Genre."), NOTES[4]]
    with pytest.raises(ColumnError, match="the feature 'genre' is a number on one side"):
        check_features(SCHEMA, changed, ("views", "likes"))


def test_many_names_are_cut_short():
    with pytest.raises(ColumnError, match=r"'a4' and 15 more"):
        check_features(
            SCHEMA, [*NOTES, *(FeatureNote(f"a{i}", "b", "") for i in range(20))], SCHEMA.metrics
        )


def test_a_schema_is_read_back():
    assert FeatureSchema.from_bytes(SCHEMA.to_bytes()) == SCHEMA
    assert SCHEMA.names == tuple(note.name for note in NOTES)


@pytest.mark.parametrize(
    "change",
    [
        {"metrics": 3},
        {"metrics": [1]},
        {"features": None},
        {"features": [{"name": "a"}]},
        {"features": [{"name": 1, "group": "a", "text": "a", "category": False}]},
        {"features": [{"name": "a", "group": "a", "text": "a", "category": "no"}]},
        {"features": [{"name": "a", "group": "a", "text": "a", "category": False}] * 2},
    ],
)
def test_what_is_no_schema_is_refused(change: dict[str, object]):
    data = json.loads(SCHEMA.to_bytes()) | change
    with pytest.raises(BundleError, match="list of features is damaged"):
        FeatureSchema.from_bytes(json.dumps(data).encode())
    for wrong in (b"", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(BundleError):
            FeatureSchema.from_bytes(wrong)
