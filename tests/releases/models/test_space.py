"""A space says what may be tried, and refuses what makes no sense."""

from __future__ import annotations

import pytest

from upswell.errors import SettingError
from upswell.releases.models.space import Choice, FloatRange, IntegerRange, defaults, describe


def test_spaces_that_differ_in_anything_are_told_apart():
    entries = [
        FloatRange(0.1, 1.0, default=0.5),
        FloatRange(0.1, 1.0, default=0.5, log=True),
        FloatRange(0.1, 1.0, default=0.6),
        FloatRange(0.2, 1.0, default=0.5),
        IntegerRange(0, 1, default=1),
        Choice((True, False), default=True),
        Choice((1, 0), default=1),
    ]
    lines = [tuple(describe({"a": entry})) for entry in entries]
    assert len(set(lines)) == len(lines)
    ordered = describe({"b": entries[0], "a": entries[1]})
    assert ordered == describe({"a": entries[1], "b": entries[0]})


def test_distributions_are_those_of_the_ranges():
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    assert FloatRange(0.1, 1, default=0.5, log=True).distribution() == FloatDistribution(
        0.1, 1.0, log=True
    )
    assert IntegerRange(1, 8, default=2).distribution() == IntDistribution(1, 8)
    assert Choice(("a", 2), default=2).distribution() == CategoricalDistribution(("a", 2))
    assert defaults({"a": Choice(("a", 2), default=2)}) == {"a": 2}


@pytest.mark.parametrize(
    "make",
    [
        lambda: FloatRange(0.0, 1.0, default=2.0),
        lambda: FloatRange(1.0, 0.0, default=0.5),
        lambda: FloatRange(0.0, 1.0, default=0.5, log=True),
        lambda: FloatRange(0.0, float("inf"), default=1.0),
        lambda: FloatRange(0.0, 1.0, default=float("nan")),
        lambda: IntegerRange(1, 3, default=4),
        lambda: IntegerRange(0, 3, default=1, log=True),
        lambda: Choice((), default="a"),
        lambda: Choice(("a",), default="b"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(make):
    with pytest.raises(SettingError):
        make()
