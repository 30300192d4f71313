"""Words for features: every feature of the catalogue has some, with its own figure."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from documents import read
from upswell.releases.gate._tracks import _PRIOR_WEIGHT
from upswell.releases.reasons._clauses import ANY, CATEGORY
from upswell.releases.reasons.words import Scene, speakers_of

METRICS = ["views", "likes", "comments", "shares"]
SCENE = Scene(age=7, window=7, month=3, texts={"genre": "folk", "label": "=1+1 {x}"})
NAMES = re.findall(r"^\| `(\w+)` \|", read("docs/features.md"), flags=re.MULTILINE)


def _said(name: str, value: float, usual: float | None, scene: Scene = SCENE) -> str:
    (speaker,) = speakers_of([name], METRICS, "shares", ["genre", "label"])
    return speaker.sentence(value, usual, scene)[2]


def test_every_feature_of_the_catalogue_has_words_of_its_own() -> None:
    speakers = dict(
        zip(NAMES, speakers_of(NAMES, METRICS, "shares", ["genre", "label"]), strict=True)
    )
    assert len(speakers) > 250
    plain = {name for name, speaker in speakers.items() if speaker.clause is ANY}
    assert plain == {"earlier_life"}
    texts = {name for name, speaker in speakers.items() if speaker.clause is CATEGORY}
    assert texts == {"genre", "label"}
    for name, speaker in speakers.items():
        for value in (0.0, 0.4, 3.0, float("nan")):
            sentence = speaker.sentence(value, 1.0, SCENE)[2]
            assert sentence, name
            assert "{" not in sentence.replace("{x}", ""), name


@pytest.mark.parametrize(
    ("name", "value", "usual", "sentence"),
    [
        ("views_growth_a_day", 0.3365, -0.15, "views grew 40% a day; usual is -14%"),
        ("creators_top_1_share", 0.61, 0.12, "61% of shares came from one account; usual is 12%"),
        ("views_per_likes_log_total", 2.408, 1.715, "likes are 9% of views; usual is 18%"),
        ("views_log_total", 11.695, None, "120,000 views in the first 7 days"),
        ("log_creators", 3.6109, 2.3026, "36 accounts posted; usual is 9"),
        ("log_creators", 0.6931, 0.6931, "1 account posted"),
        (
            "new_creators_last_against_first",
            1.3459,
            0.0,
            "new creators grew 40% a day; usual is +0%",
        ),
        ("release_weekday", 4.0, 2.0, "released on a Friday"),
        ("genre", float("nan"), None, "genre is folk"),
        (
            "artist_mean_log_outcome_30",
            11.695,
            9.0,
            (
                "the artist's earlier releases came to about 120,000 streams by day 30;"
                " usual is 8,100"
            ),
        ),
        (
            "genre_mean_log_ratio_30",
            1.0986,
            0.0,
            (
                "releases with genre folk came to 3 times their shares in streams by day 30;"
                " usual is 1"
            ),
        ),
    ],
)
def test_figures_are_said_as_people_say_them(
    name: str, value: float, usual: float | None, sentence: str
) -> None:
    (speaker,) = speakers_of([name], METRICS, "shares", ["genre", "label"])
    assert speaker.sentence(value, usual, SCENE)[2] == sentence


def test_an_artist_without_a_record_is_not_given_that_of_all() -> None:
    new = Scene(age=7, window=7, month=3, fresh=frozenset({"artist"}))
    name = "artist_mean_log_outcome_30"
    assert _said(name, 9.0, 9.5, new) == "none of the artist's earlier releases are known"


def test_a_record_of_few_releases_is_said_with_what_is_counted_in() -> None:
    assert _PRIOR_WEIGHT == 3
    scene = replace(SCENE, few=frozenset({"artist"}))
    said = _said("artist_mean_log_outcome_30", 5.0, 4.0, scene)
    assert said.startswith("the artist's earlier releases (three typical ones counted in) came")
    assert "counted in" not in _said("label_mean_log_ratio_14", 5.0, 4.0, scene)
    # The best of a record is not shrunk.
    assert "counted in" not in _said("artist_best_log_outcome_30", 5.0, 4.0, scene)


def test_metrics_are_not_held_against_each_other_where_nothing_was_recorded() -> None:
    nothing = replace(SCENE, silent=True)
    said = _said("views_per_shares_log_total", 0.0, 5.0, nothing)
    assert said == "no views and no shares were recorded"


def test_texts_of_the_data_are_said_as_they_are() -> None:
    assert "releases with label =1+1 {x} came" in _said("label_mean_log_outcome_14", 5.0, 4.0)


def test_metrics_and_attributes_may_have_any_name() -> None:
    metrics, attributes = ["plays (n)", "a.b*"], ["mood"]
    names = ["plays_n_growth_a_day", "plays_n_per_a_b_log_total", "mood_mean_log_outcome_14"]
    speakers = speakers_of(names, metrics, "a.b*", attributes)
    said = [speaker.sentence(0.5, None, SCENE)[2] for speaker in speakers]
    assert said[0].startswith("plays (n) grew 65% a day")
    assert said[1] == "a.b* are 61% of plays (n)"
    assert said[2].startswith("releases with the same mood came to about")
