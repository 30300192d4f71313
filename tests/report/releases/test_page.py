"""The page of the week as text: its order, its words, its size; nothing in it can run."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import polars as pl
import pytest

from report.releases.weeks import week_of
from report.test_page import Outline
from upswell.report.releases import WeekFacts, week_page

NASTY = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    "\"quoted\" & 'single' {{ 7 * 7 }} ${x}",
    "\u202egnp.exe",
    "🎵🔥",
    "x" * 300,
    '=HYPERLINK("http://x")',
    "مرحبا بالعالم",
    "a\x00b\x1b[31m",
]


@pytest.fixture(scope="module")
def facts() -> WeekFacts:
    return week_of(NASTY, [*NASTY[1:], None])


@pytest.fixture(scope="module")
def page(facts: WeekFacts) -> str:
    return week_page(facts)


@pytest.fixture(scope="module")
def outline(page: str) -> Outline:
    return Outline(page)


def test_the_sections_stand_in_the_order_in_which_a_reader_asks(outline: Outline) -> None:
    assert outline.sections() == [
        *("list", "releases", "caution", "calibration", "scores", "audit", "review"),
        *("ledger", "made"),
    ]


def test_the_first_sentence_says_what_to_do(outline: Outline) -> None:
    words = outline.words()
    assert "Promote 1 of 9 releases:" in words
    expected = "EUR expected profit for 2,000 EUR, with a chance of >99% to reach the tier hit."
    assert expected in words
    assert "In the worst tenth of cases the list loses 310 EUR on average" in words
    assert "False hits: 9 flagged releases are known, and 22 are needed." in words


def first_words(count: int, promoted: int) -> str:
    facts = week_of([f"r{k}" for k in range(count)], full=False)
    decisions = pl.Series(["promote"] * promoted + ["hold"] * (count - promoted))
    last = facts.scores.filter(horizon=30)
    scores = last.with_columns(decisions.alias("decision"), probability_hit=pl.lit(0.7))
    return Outline(week_page(replace(facts, scores=scores))).words()


@pytest.mark.parametrize(
    ("count", "promoted", "said"),
    [
        (5, 3, "Promote 3 of 5 releases:"),
        (5, 3, "on average 2.1 of them reach the tier hit."),
        (5, 1, "Promote 1 of 5 releases:"),
        (5, 1, "with a chance of 70% to reach the tier hit."),
        (1, 1, "Promote this week's one release:"),
        (5, 0, "Promote none of 5 releases this week."),
        (1, 0, "Do not promote this week's one release."),
    ],
)
def test_the_first_sentence_fits_its_numbers(count: int, promoted: int, said: str) -> None:
    assert said in first_words(count, promoted)


@pytest.mark.parametrize(
    ("watched", "said"),
    [(0, None), (1, "1 more is marked watch: worth it on average"), (3, "3 more are marked watch")],
)
def test_what_is_watched_is_counted(watched: int, said: str | None) -> None:
    facts = week_of([f"r{k}" for k in range(4)], full=False)
    decisions = pl.Series("decision", ["watch"] * watched + ["hold"] * (4 - watched))
    last = facts.scores.filter(horizon=30).with_columns(decisions)
    words = Outline(week_page(replace(facts, scores=last))).words()
    assert ("marked watch" in words) is (said is not None)
    assert said is None or said in words


def test_every_section_is_linked_from_the_top(outline: Outline) -> None:
    linked = [str(a["href"])[1:] for t, a in outline.tags if t == "a" and "id" not in a]
    assert linked[: len(outline.sections())] == outline.sections()


def test_a_name_without_a_letter_can_be_clicked_on() -> None:
    words = Outline(week_page(week_of(["   ", "b"], full=False))).words()
    assert words.count("(blank)") == 2  # in the list and in full


def test_a_code_of_both_decision_and_score_is_said_once(facts: WeekFacts) -> None:
    both = facts.scores.with_columns(
        decision_codes=pl.lit("short-window"), codes=pl.lit("short-window")
    )
    meanings = {"short-window": "the window is not complete yet; nothing is promoted before it is"}
    page = week_page(replace(facts, scores=both, meanings=meanings))
    assert page.count("<code>short-window</code>") == facts.keys.height
    assert f"{meanings['short-window']}; the range is wider" in page


def test_the_audit_is_drawn_and_what_is_sure_is_said(facts: WeekFacts) -> None:
    rows = [
        ("likes", "signals", "rmsle", -0.012, -0.03, 0.004, "unclear"),
        ("creators", "signals", "rmsle", 0.11, 0.08, 0.15, "helps"),
        ("drop the top 1%", "cleaning", "hit_recall", -0.24, -0.31, -0.12, "hurts"),
        ("likes", "signals", "cost", None, None, None, "unclear"),
        ("creators", "signals", "cost", 120.0, -1.0, 130.0, "unclear"),
    ]
    names = ["title", "kind", "measure", "gain", "low", "high", "verdict"]
    audit = pl.DataFrame(rows, schema=names, orient="row").with_columns(unit=pl.lit("EUR"))
    outline = Outline(week_page(replace(facts, audit=audit)))
    words = outline.words()
    assert "drop the top 1% hurts (hits found), creators helps (error)." in words
    data = json.loads(outline.scripts[0])["charts"]
    assert [name for name in data if name.startswith("audit")] == [
        *("audit-rmsle-signals", "audit-hit_recall-cleaning", "audit-cost-signals")
    ]
    texts = {
        str(a["data-chart"]): str(a["aria-label"]) for _, a in outline.tags if "data-chart" in a
    }
    assert "creators 0.11 (helps)" in texts["audit-rmsle-signals"]
    assert texts["audit-cost-signals"].startswith("Gain of each (saved, EUR)")
    assert "−24.0%" in words
    empty = Outline(week_page(replace(facts, audit=audit.with_columns(verdict=pl.lit("unclear")))))
    assert "Nothing is sure to help or to hurt." in empty.words()


def test_the_dial_in_use_is_said_in_words(outline: Outline) -> None:
    said = "As set, caution 2, 27 would have been promoted: 19 hits and 8 false hits."
    assert (
        f"{said} Beside no caution that loses 3 hits and avoids 10 false hits." in outline.words()
    )


def test_without_money_nothing_is_decided_and_the_page_says_so() -> None:
    found = Outline(week_page(week_of(["a", "b"], decided=False, full=False)))
    words = found.words()
    assert found.sections() == ["list", "releases", "calibration", "scores", "ledger", "made"]
    assert "No money is set, so nothing is decided" in words
    assert "Reasons and look-alikes were not asked for" in words
    assert "Nothing is known of it: the bundle holds no answers on past releases" in words
    assert "Promote" not in words


def test_text_from_the_data_is_text_everywhere(page: str, outline: Outline) -> None:
    names = {tag for tag, _ in outline.tags}
    assert not names & {"b", "i", "img", "iframe", "object", "embed", "link"}
    assert all(not key.startswith("on") for _, attributes in outline.tags for key in attributes)
    words = outline.words()
    assert NASTY[0] in words
    assert NASTY[1] in words
    assert NASTY[2] in words
    assert "\u202e" not in page
    assert "\x00" not in page
    assert "\x1b" not in page
    assert "x" * 300 in words  # whole where the release is shown in full
    assert "x" * 59 + "…" in words  # cut in the list


def test_text_of_verdicts_reasons_and_notes_is_text_too(facts: WeekFacts) -> None:
    evil = pl.lit("<i>evil</i>")
    assert facts.reasons is not None
    assert facts.audit is not None
    assert facts.review is not None
    spoilt = replace(
        facts,
        metric="<i>evil</i>",
        meanings={},
        reasons=facts.reasons.with_columns(sentence=evil, group=evil, direction=evil),
        audit=facts.audit.with_columns(title=evil, kind=evil, measure=evil, verdict=evil),
        review=facts.review.with_columns(release=evil, who=evil, note=evil, decision=evil),
        bound={"code": "<i>evil</i>", "sentence": "<i>evil</i>"},
    )
    assert "i" not in {tag for tag, _ in Outline(week_page(spoilt)).tags}


def test_data_in_the_page_cannot_end_their_script_element(outline: Outline) -> None:
    kinds = [attributes.get("type") for tag, attributes in outline.tags if tag == "script"]
    assert kinds == ["application/json", None, None]
    data = json.loads(outline.scripts[0])
    assert any("alert(1)" in text for text in data["fans"]["texts"].values())
    assert "<" not in outline.scripts[0]


def test_nothing_is_fetched_and_no_other_script_may_run(outline: Outline) -> None:
    links = [str(a["href"]) for _, a in outline.tags if "href" in a]
    assert links
    assert all(re.fullmatch(r"#[a-z]+(-\d+)?", link) for link in links)
    assert all("src" not in a for _, a in outline.tags)
    (policy,) = [str(a["content"]) for t, a in outline.tags if a.get("http-equiv")]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy.split(";")[1]


def test_every_link_has_a_place_to_go_to(outline: Outline) -> None:
    places = {a["id"] for _, a in outline.tags if "id" in a}
    assert {str(a["href"])[1:] for _, a in outline.tags if "href" in a} <= places


def test_every_chart_has_an_alternative_text_and_its_data(outline: Outline) -> None:
    figures = [a for _, a in outline.tags if "data-chart" in a]
    named = [str(a["data-chart"]) for a in figures]
    assert named == [
        *("caution", "reliability-0", "reliability-1", "reliability-2"),
        *("audit-rmsle-signals", "audit-hit_recall-cleaning"),
    ]
    assert all(len(str(a["aria-label"])) > 30 for a in figures)
    data = json.loads(outline.scripts[0])
    assert set(data["charts"]) == set(named)
    fans = [a for _, a in outline.tags if "data-fan" in a]
    assert {str(a["data-fan"]) for a in fans} == set(data["fans"]["rows"])


def test_the_set_dial_and_the_best_one_are_marked_beside_trivial_rules(outline: Outline) -> None:
    words = outline.words()
    assert "2 as set, most profit" in words
    assert "promote all" in words


def test_equal_input_gives_an_equal_page(facts: WeekFacts, page: str) -> None:
    assert week_page(facts) == page


def test_without_a_metric_known_or_an_artist_a_release_is_shown(facts: WeekFacts) -> None:
    empty = facts.daily * float("nan")
    lone = facts.keys.with_columns(artist=pl.lit(None, dtype=pl.String))
    found = Outline(week_page(replace(facts, daily=empty, keys=lone)))
    assert found.sections()[:2] == ["list", "releases"]


def test_two_tiers_and_one_horizon_are_enough() -> None:
    facts = week_of(["a", "b"], full=False, decided=False, horizons=(30,))
    record = {**facts.record, "tiers": {"names": ["low", "hit"], "bounds": [30_000.0]}}
    found = Outline(week_page(replace(facts, record=record)))
    assert "low – 30,000 – hit streams to day 30" in found.words()


@pytest.mark.parametrize("promoted", [False, True])
def test_five_hundred_releases_take_at_most_three_megabytes(promoted: bool) -> None:
    facts = week_of([f"a release with a name of usual length {k}" for k in range(500)])
    if promoted:
        facts = replace(facts, scores=facts.scores.with_columns(decision=pl.lit("promote")))
    page = week_page(facts)
    assert len(page.encode()) < 3_000_000
    words = Outline(page).words()
    number = 150 if promoted else max(40, facts.scores.filter(decision="promote").height)
    assert f"{number} of 500 releases are shown in full" in words
    assert ("and some that are promoted" in words) is promoted
