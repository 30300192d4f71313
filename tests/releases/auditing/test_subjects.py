"""Groups of signals: what goes with a metric is what the gate makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from releases.teaching import World, ground_of
from upswell.releases.auditing.subjects import cleaning_rules, metrics_of, signal_groups
from upswell.releases.frames import FeatureNote
from upswell.releases.ground import Ground

NAMES = ("likes", "views", "creators", "calendar", "track record")


def _features(ground: Ground, name: str) -> set[str]:
    groups = signal_groups(ground.complete.catalogue, ground.complete.metrics)
    return set(next(group.features for group in groups if group.name == name))


def test_what_is_left_without_a_metric_is_what_the_gate_gives_without_it(
    ground: Ground, world: World
) -> None:
    other = next(metric for metric in ground.complete.metrics if metric != ground.base)
    without = ground_of(world, signals={"source": world.signals, "metrics": [ground.base]})
    left = [note.name for note in ground.complete.catalogue]
    left = [name for name in left if name not in _features(ground, other)]
    assert left == [note.name for note in without.complete.catalogue]
    for name in left:
        one, two = (each.complete.features[name].to_list() for each in (ground, without))
        assert one == two, name


def test_every_feature_belongs_to_some_group(ground: Ground) -> None:
    groups = signal_groups(ground.complete.catalogue, ground.complete.metrics)
    assert {name for group in groups for name in group.features} == set(
        ground.complete.features.columns
    )
    assert set(NAMES) <= {group.name for group in groups}
    assert all(group.kind == "signals" for group in groups)


def test_a_ratio_belongs_to_both_of_its_metrics() -> None:
    note = FeatureNote("views_per_likes_growth", "ratios", "")
    assert metrics_of(note, ["views", "likes", "shares"]) == {"views", "likes"}


@pytest.mark.parametrize(
    ("name", "group", "expected"),
    [
        ("plays_paid_log_previews", "previews", {"plays_paid"}),
        ("plays_log_previews", "previews", {"plays"}),
        ("platform_plays_log_7_days", "platform", {"plays"}),
        ("plays_per_plays_paid_growth", "ratios", {"plays", "plays_paid"}),
        ("platform_season_ahead", "platform", set()),
        ("plays_left", "calendar", set()),
    ],
)
def test_metrics_whose_names_begin_alike_are_told_apart(
    name: str, group: str, expected: set[str]
) -> None:
    assert metrics_of(FeatureNote(name, group, ""), ["plays", "plays_paid"]) == expected


def test_a_metric_may_have_any_name() -> None:
    notes = [FeatureNote("likes_n_log_previews", "previews", "")]
    (group,) = signal_groups(notes, ["likes (n)"])[:1]
    assert (group.name, group.features) == ("likes (n)", ("likes_n_log_previews",))


def test_rules_have_titles_and_no_features() -> None:
    assert [rule.title for rule in cleaning_rules()] == [
        "clip at 1.5 IQR",
        "drop the top 1%",
        "no logarithm",
    ]
    assert np.sum([len(rule.features) for rule in cleaning_rules()]) == 0
