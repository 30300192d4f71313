"""Which theme each feature of the catalogue belongs to."""

from __future__ import annotations

from upswell.releases.frames import FeatureNote
from upswell.releases.ground import Ground
from upswell.releases.reasons.themes import OWN, theme_of


def test_every_feature_has_a_theme_that_people_know(ground: Ground) -> None:
    table = ground.complete
    found = {note.name: theme_of(note, table.metrics) for note in table.catalogue}
    assert set(found.values()) == {*OWN, "artist", "genre"}
    assert {name for name, theme in found.items() if theme == "size"} == {
        *("views_log_total", "likes_log_total", "week_rank", "rivals_log_ratio"),
        *("views_log_share_of_platform", "likes_log_share_of_platform"),
    }
    assert found["views_log_day_3"] == found["early_burst_share"] == "curve"
    assert found["creators_top_1_share"] == found["seeding_proxy"] == "creators"
    assert found["views_per_likes_growth"] == "reactions"
    assert found["genre"] == found["genre_mean_log_ratio_30"] == "genre"


def test_an_attribute_named_like_a_theme_is_told_apart() -> None:
    note = FeatureNote("size", "attributes", "", category=True)
    assert theme_of(note, ["views"]) == "size (attribute)"
    record = FeatureNote("size_no_history", "track record", "")
    assert theme_of(record, ["views"]) == "size (attribute)"
