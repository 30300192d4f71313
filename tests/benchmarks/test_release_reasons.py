"""Over simulated worlds the reason named first is the true cause more often than any other."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pytest

from documents import ROOT
from releases.teaching import make_quick
from upswell.releases import evaluation, ground, score, train
from upswell.releases.models import blend, center, companion
from upswell.releases.models.rehearsal import rehearse
from upswell.releases.models.space import IntegerRange
from upswell.releases.reasons import reasons_of
from upswell.simulate import simulate_releases

sys.path.append(str(ROOT / "benchmarks"))

from release_reasons import NAMED, confusion

# Its modules share names with folders of tests.
sys.path.remove(str(ROOT / "benchmarks"))

SEEDS = (21, 22, 31)
"""Fixed before this test was first run over them. In that of 22 and of 31 the platform's ratio of
outcomes to views moves, which moves all answers alike and is no cause of any one of them."""


@pytest.fixture(scope="module")
def counts() -> Iterator[pl.DataFrame]:
    """Counts of first reasons by true cause, over all of the worlds."""
    with pytest.MonkeyPatch.context() as patch:
        _make_lean(patch)
        found = pl.concat([_confusion(seed) for seed in SEEDS])
        yield found.group_by("cause", "named").agg(pl.col("count").sum())


def _make_lean(patch: pytest.MonkeyPatch) -> None:
    """Teach well what is explained, the expected streams, and little else."""
    make_quick(patch)
    patch.setitem(center.CENTER_SPACE, "trees", IntegerRange(50, 90, default=60))
    patch.setitem(center.CENTER_SPACE, "depth", IntegerRange(3, 8, default=5))
    patch.setattr(blend, "THOROUGH", (companion.Manner(80, (("learning_rate", 0.08),)),))
    # Ranges and short windows are not looked at.
    patch.setattr(ground, "_short", lambda *_: None)
    patch.setattr(
        evaluation,
        "rehearse",
        lambda lesson, *rest, **more: rehearse(
            replace(lesson, folds=lesson.folds[-1:]), *rest, **more
        ),
    )


def _confusion(seed: int) -> pl.DataFrame:
    world = simulate_releases(1_200, 96_000, seed=seed)
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
    return confusion(world, reasons_of(trained, scored))


@pytest.mark.slow
@pytest.mark.parametrize("cause", NAMED)
def test_the_first_reason_is_the_true_cause_more_often_than_any_other(
    counts: pl.DataFrame, cause: str
) -> None:
    own = dict(counts.filter(cause=cause).select("named", "count").iter_rows())
    assert sum(own.values()) >= 100
    others = [count for named, count in own.items() if named != cause]
    assert own[cause] > max(others), own


@pytest.mark.slow
def test_more_than_half_of_the_first_reasons_are_the_true_causes(counts: pl.DataFrame) -> None:
    right = counts.filter(pl.col("cause") == pl.col("named"))["count"].sum()
    assert right > 0.5 * counts["count"].sum(), counts.sort("cause", "named")
