"""The verdict: the most severe that a failed test asks for, at a level for all tests together."""

from __future__ import annotations

from upswell.releases.watching.verdict import Evidence, decided, verdict_of


def _test(name: str, p_value: float | None, asks: str = "retrain", code: str = "ok") -> Evidence:
    return Evidence(
        test=name,
        code=code,
        sentence="",
        value=None,
        expected=None,
        p_value=p_value,
        asks=asks,
    )


def test_holms_rule_shares_the_level_out() -> None:
    tests = decided([_test("error", 0.02), _test("too low", 0.012), _test("artists", 0.5)])
    assert [one.failed for one in tests] == [True, True, False]
    tests = decided([_test("error", 0.02), _test("too low", 0.03), _test("artists", 0.5)])
    assert [one.failed for one in tests] == [False, False, False]


def test_tests_that_cannot_be_told_take_no_part_of_the_level() -> None:
    untold = _test("coverage 80", None, code="too-few-outcomes")
    tests = decided([_test("error", 0.04), untold, untold])
    assert [one.code for one in tests] == ["failed", "too-few-outcomes", "too-few-outcomes"]


def test_signals_are_decided_by_their_own_look() -> None:
    tests = decided([_test("signals", 0.9, code="failed"), _test("error", 0.04)])
    assert [one.failed for one in tests] == [True, True]
    tests = decided([_test("signals", 0.001), _test("error", 0.04)])
    assert [one.failed for one in tests] == [False, True]


def test_the_most_severe_verdict_counts() -> None:
    good, bad = _test("error", 0.9), _test("error", 0.0, code="failed")
    worst = _test("signals", 0.0, "suspend decisions", "failed")
    assert verdict_of([good]) == "keep"
    assert verdict_of([good, bad]) == "retrain"
    assert verdict_of([bad, worst, good]) == "suspend decisions"
    assert verdict_of([_test("signals", None, "suspend decisions", "no-reference")]) == "keep"
