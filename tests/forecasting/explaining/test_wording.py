"""Sentences that a planner reads aloud."""

from __future__ import annotations

from dataclasses import replace

from forecasting.explaining.test_explanation import FOUND
from upswell.forecasting.explaining import Explanation, PartEffect
from upswell.forecasting.explaining.answering import Members


def test_the_sentences_say_what_the_figures_are() -> None:
    total, level, trend, week, bursts, last, rest = FOUND.sentences()
    ahead = "12-18 January 2025"
    assert total == (
        f"lstm-pretrained expects a 7-day total of <b>ana</b>\x1b[31m of 1,200 ({ahead})."
    )
    assert "has 150: repeated, that makes 1,050, or 88% of the total." in level
    assert trend == "The upward trend (+12% in the last 4 weeks) adds 8.0% (96)."
    assert week.endswith("lifts Saturdays by 18% and lowers Tuesdays by 9% beside the mean day.")
    assert bursts.endswith("what they left adds 5.0% (60).")
    assert "up to 3.1 times the usual) adds 4.0% (48): without it the total would be 1,150." in last
    assert rest.startswith("Everything else takes away 2.5% (30)")


def test_a_trend_that_is_expected_to_turn_is_said_to() -> None:
    parts = (PartEffect("trend", -96.0, 1300.0), *FOUND.parts[1:])
    trend = replace(FOUND, parts=parts).sentences()[2]
    assert "takes away 8.0% (96): the forecaster expects the level to come back" in trend


def test_what_is_not_there_is_said_not_to_be() -> None:
    said = replace(FOUND, bursts=(), strongest=None, weakest=None, growth=0.0).sentences()
    assert "The history has no burst." in said
    assert any("shapes no day" in sentence for sentence in said)
    assert len(said) == 6


def test_the_total_is_not_named_after_a_series() -> None:
    assert " total of 1,200 (" in replace(FOUND, level="total").sentences()[0]


def test_a_trend_is_told_of_as_many_days_as_there_are() -> None:
    past = replace(FOUND.past, length=20)
    assert "(+9% in these 20 days)" in sentence(replace(FOUND, past=past, growth=0.09), "trend")
    level = sentence(replace(FOUND, past=past, growth=0.0), "The trend")
    assert "(level over these 20 days)" in level
    assert "in the last 4 weeks" in sentence(replace(FOUND, growth=0.09), "trend")


def test_members_are_named_with_their_weight_and_what_they_change() -> None:
    members = Members("blend", "why", "lstm", 0.62, ("one", "two"), lead_alone=FOUND.total / 1.25)
    said = replace(FOUND, members=members).sentences()[1]
    assert said.startswith("It averages lstm (62%) with one and two, ")
    assert "the average adds 20.0% (" in said
    alone = replace(FOUND, members=Members("naive", "the windows", "naive", 1.0, ()))
    assert alone.sentences()[1] == "That is naive alone (the windows)."


def sentence(found: Explanation, words: str) -> str:
    return next(said for said in found.sentences() if words in said)
