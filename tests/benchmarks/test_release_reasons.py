"""In a simulated world the reason named first is the true cause more often than any other."""

from __future__ import annotations

import sys

import polars as pl
import pytest

from documents import ROOT
from releases.teaching import make_quick
from upswell.releases import score, train
from upswell.releases.models import blend, center, companion
from upswell.releases.models.space import IntegerRange
from upswell.releases.reasons import reasons_of
from upswell.simulate import simulate_releases

sys.path.append(str(ROOT / "benchmarks"))

from release_reasons import NAMED, confusion

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))

ENOUGH = 10
"""Releases with a cause from which on it is judged."""


@pytest.mark.slow
def test_the_first_reason_is_the_true_cause_more_often_than_any_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_quick(monkeypatch)
    monkeypatch.setitem(center.CENTER_SPACE, "trees", IntegerRange(50, 90, default=60))
    monkeypatch.setitem(center.CENTER_SPACE, "depth", IntegerRange(3, 8, default=5))
    monkeypatch.setattr(blend, "THOROUGH", (companion.Manner(80, (("learning_rate", 0.08),)),))
    world = simulate_releases(1_200, 96_000, seed=21)
    signals = world.signals.select("release", "date", "creator", "views", "likes", "shares")
    tables = {
        "releases": {"source": world.releases},
        "signals": {"source": signals},
        "outcomes": {"source": world.outcomes},
    }
    trained = train(
        {**tables, "as_of": "2025-02-03", "evaluation": {"final_days": 0}}, trials=0, workers=1
    )
    # None of these was mature when the models were taught.
    known = {"signals": signals, "releases": world.releases}
    scored = score(trained, **known, as_of=world.as_of, since="2025-01-06")
    counts = confusion(world, reasons_of(trained, scored))
    assert set(counts["cause"]) == set(NAMED)
    judged = 0
    for (cause,), own in counts.group_by("cause"):
        if own["count"].sum() < ENOUGH:
            continue
        judged += 1
        best = own.sort("count", descending=True).row(0, named=True)
        assert best["named"] == cause, own
    assert judged == len(NAMED)
    right = counts.filter(pl.col("cause") == pl.col("named"))["count"].sum()
    assert right > 0.5 * counts["count"].sum()
