"""Reliability: chances as given, how often they came true, and how sure that is."""

from __future__ import annotations

from charts.test_fan import datasets
from upswell.charts import ReliabilityPoint, reliability_chart

POINTS = [ReliabilityPoint(0.1, 0.2, 0.05, 0.4, 12), ReliabilityPoint(0.9, 1.0, 0.7, 1.0, 3)]


def test_every_point_keeps_its_interval_and_its_count() -> None:
    (rows, *_) = [rows for rows in datasets(reliability_chart(POINTS)) if "count" in rows[0]]
    assert [(r["given"], r["observed"], r["low"], r["high"], r["count"]) for r in rows] == [
        (0.1, 0.2, 0.05, 0.4, 12),
        (0.9, 1.0, 0.7, 1.0, 3),
    ]


def test_the_diagonal_is_what_chances_promise() -> None:
    (promise,) = [rows for rows in datasets(reliability_chart(POINTS)) if "count" not in rows[0]]
    assert all(row["given"] == row["observed"] for row in promise)


def test_the_text_names_what_the_chances_are_of() -> None:
    text = reliability_chart(POINTS, name="hit").to_dict()["description"]
    assert text.endswith("10% came true 20% (12 releases), 90% came true 100% (3 releases).")
    assert reliability_chart([], name="hit").to_dict()["description"].endswith(": no release.")
