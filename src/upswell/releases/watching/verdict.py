"""The verdict: keep, retrain or suspend decisions, from tests with confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["LEVEL", "TEST_CODES", "VERDICTS", "Evidence", "decided", "verdict_of"]

LEVEL = 0.05
"""Chance that any of the tests raises a false alarm, shared out by Holm's rule; signals have a
level of their own, that of the bound."""

TEST_CODES = {
    "ok": "nothing that chance does not explain",
    "failed": "worse than chance explains, at a level for all tests together",
    "too-few-outcomes": "not enough outcomes yet: fewer than 20 releases or 4 weeks",
    "no-final-test": "the bundle has no final test to hold it against",
    "too-few-releases": (
        "too few releases with a complete window, or of these with a known outcome, to tell"
    ),
    "too-few-weeks": "the reference has too few weeks to tell what is usual",
    "no-reference": "the bundle has no reference: train again to have one",
}
"""What each code of a test means."""

_APART = "signals"

VERDICTS = ("keep", "retrain", "suspend decisions")
"""From mild to severe."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One test of a bundle.

    Parameters
    ----------
    test
        ``signals``, ``artists``, ``outcome ratio``, ``too high``, ``too low``, ``coverage 80``,
        ``coverage 90``, ``error`` or ``neighbour``.
    code
        ``ok``, ``failed``, or why nothing could be told.
    sentence
        In words, with the numbers.
    value, expected
        What was seen, and what it was held against; None where there is no single number.
    p_value
        How likely something as bad is by chance; None where nothing could be told.
    asks
        The verdict that a failure asks for.
    """

    test: str
    code: str
    sentence: str
    value: float | None
    expected: float | None
    p_value: float | None
    asks: str

    @property
    def failed(self) -> bool:
        """Whether it failed."""
        return self.code == "failed"


def decided(tests: Sequence[Evidence], level: float = LEVEL) -> tuple[Evidence, ...]:
    """Say of each test whether it failed, at a level for all of them together.

    Notes
    -----
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6(2), 65-70.
    """
    told = sorted(
        (one.p_value, place)
        for place, one in enumerate(tests)
        if one.p_value is not None and one.test != _APART
    )
    failed: set[int] = set()
    for rank, (p_value, place) in enumerate(told):
        if p_value > level / (len(told) - rank):
            break
        failed.add(place)
    return tuple(
        one
        if one.p_value is None or one.test == _APART
        else replace(one, code="failed" if place in failed else "ok")
        for place, one in enumerate(tests)
    )


def verdict_of(tests: Sequence[Evidence]) -> str:
    """Return the most severe verdict that a failed test asks for.

    Examples
    --------
    >>> verdict_of(())
    'keep'
    """
    asked = [VERDICTS.index(one.asks) for one in tests if one.failed]
    return VERDICTS[max(asked, default=0)]
