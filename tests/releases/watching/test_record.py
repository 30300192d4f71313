"""The record of past scores: right nine times in ten without drift, wrong when streams halve."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from upswell.releases.watching.past import PAST_COLUMNS, line_of, past_scores, promise_kept
from upswell.releases.watching.record import judged
from upswell.releases.watching.reference import RATIO, TOTAL
from upswell.releases.watching.verdict import decided, verdict_of

START = dt.date(2025, 1, 3)
DEVIATION = 0.8
Z80, Z90 = 1.2815515655446004, 1.6448536269514722


def _judged_rows(
    rng: np.random.Generator, weeks: int, each: int = 8, shift: float = 0.0, wide: float = 1.0
) -> pl.DataFrame:
    """Return releases whose log error is normal, with a factor shared by a week."""
    week = np.repeat(np.arange(weeks), each)
    shared = 0.25 * rng.normal(size=weeks)[week]
    error = shift + shared + wide * np.sqrt(DEVIATION**2 - 0.25**2) * rng.normal(size=week.size)
    return pl.DataFrame(
        {
            "release_date": [START + dt.timedelta(weeks=int(each)) for each in week],
            "inside_80": np.abs(error) <= Z80 * DEVIATION,
            "inside_90": np.abs(error) <= Z90 * DEVIATION,
            "log_error": error,
            "neighbour_log_error": error + 0.6 * rng.normal(size=week.size),
        }
    )


def _verdicts(**given: float) -> list[str]:
    found = []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        promise = _judged_rows(rng, 13).drop("neighbour_log_error")
        past = _judged_rows(rng, 8, each=12, **given)  # type: ignore[arg-type]
        found.append(verdict_of(decided(judged(past, promise))))
    return found


def test_without_drift_the_verdict_is_keep_at_least_nine_times_in_ten() -> None:
    assert _verdicts().count("keep") >= 90


def test_when_streams_halve_decisions_are_suspended() -> None:
    found = _verdicts(shift=-np.log(2.0))
    assert found.count("keep") <= 5
    assert found.count("suspend decisions") >= 92


def test_when_streams_double_or_errors_grow_it_is_time_to_train() -> None:
    for given in ({"shift": np.log(2.0)}, {"wide": 2.0}):
        found = _verdicts(**given)
        assert found.count("keep") <= 8
        assert found.count("retrain") >= 88


def test_few_outcomes_are_no_reason_and_are_said_to_be_few() -> None:
    rng = np.random.default_rng(0)
    promise = _judged_rows(rng, 13)
    for past in (_judged_rows(rng, 3, shift=-9.0), _judged_rows(rng, 8, each=1), promise.clear()):
        tests = decided(judged(past, promise))
        assert verdict_of(tests) == "keep"
        assert {one.code for one in tests} == {"too-few-outcomes"}
        assert all(one.sentence.startswith("not enough outcomes yet") for one in tests)


def test_without_a_final_test_coverage_is_held_against_its_name() -> None:
    past = _judged_rows(np.random.default_rng(0), 10, wide=4.0)
    tests = {one.test: one for one in decided(judged(past, None))}
    assert tests["coverage 80"].failed
    assert tests["error"].code == tests["too high"].code == "no-final-test"
    assert tests["neighbour"].code == "ok"


def test_a_range_that_never_held_what_it_should_is_no_news() -> None:
    rng = np.random.default_rng(0)
    promise, past = _judged_rows(rng, 20, wide=2.0), _judged_rows(rng, 20, wide=2.0)
    tests = {one.test: one for one in decided(judged(past, promise))}
    assert tests["coverage 80"].value is not None
    assert tests["coverage 80"].value < 0.6
    assert not tests["coverage 80"].failed


def test_a_model_worse_than_a_line_is_named() -> None:
    past = _judged_rows(np.random.default_rng(0), 10)
    past = past.with_columns(neighbour_log_error=0.1 * pl.col("log_error"))
    tests = {one.test: one for one in decided(judged(past, past))}
    assert tests["neighbour"].failed
    assert "times that of the log-linear line" in tests["neighbour"].sentence


def test_past_scores_stand_beside_what_came_and_the_line() -> None:
    from upswell.releases.frames import FeatureTable

    names = ["a", "b", "c", "d"]
    levels = {f"q{level:02d}": [float(level)] * 8 for level in (5, 10, 50, 90, 95)}
    scores = pl.DataFrame(
        {
            "release": [name for name in names for _ in range(2)],
            "horizon": [14, 30] * 4,
            **levels,
            "status": ["ok"] * 6 + ["short-window"] * 2,
        }
    )
    outcomes = pl.DataFrame(
        {"release": ["a", "b", "d"], "horizon": [30] * 3, "streams": [50.0, 92.0, 50.0]}
    )
    keys = pl.DataFrame({"release": names, "release_date": [START] * 4})
    table = FeatureTable(keys, pl.DataFrame(), (), {"views": np.full((4, 1), 9.0)})
    found = past_scores(scores, outcomes, table, "views", (0.0, 2.0))
    assert tuple(found.columns) == PAST_COLUMNS
    # One has no outcome yet, the other was scored from a short window.
    assert found["release"].to_list() == ["a", "b"]
    assert found["inside_80"].to_list() == [True, False]
    assert found["inside_90"].to_list() == [True, True]
    assert found["log_error"].to_list() == pytest.approx([0.0, np.log(93 / 51)])
    assert found["neighbour"].to_list() == pytest.approx([99.0, 99.0])
    assert found["neighbour_log_error"][0] == pytest.approx(np.log(51 / 100))
    without = past_scores(scores, outcomes, table, "views", None)
    assert without["neighbour"].is_nan().all()


def test_the_line_is_that_of_least_squares() -> None:
    rng = np.random.default_rng(0)
    total = rng.normal(5, 2, 50)
    outcome = 1.0 + 0.7 * total + rng.normal(0, 0.1, 50)
    frame = pl.DataFrame({TOTAL: total, RATIO: outcome - total})
    slope, intercept = np.polyfit(total, outcome, 1)
    assert line_of(frame) == pytest.approx((intercept, slope))
    assert line_of(None) is None
    assert line_of(frame.head(1)) is None


def test_the_promise_is_that_of_complete_windows_at_the_longest_horizon() -> None:
    levels = {f"q{level:02d}": [float(level)] * 4 for level in (5, 10, 50, 90, 95)}
    predictions = pl.DataFrame(
        {
            "release": ["a", "a", "b", "c"],
            "release_date": [START] * 4,
            "horizon": [14, 30, 30, 30],
            "complete": [True, True, False, True],
            "actual": [50.0, 50.0, 50.0, None],
            **levels,
        }
    )
    kept = promise_kept(predictions)["promise"]
    assert kept.rows() == [(START, True, True, 0.0)]
