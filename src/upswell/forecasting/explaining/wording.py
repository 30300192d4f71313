"""An explanation in plain words."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from upswell.forecasting.explaining.parts import GROWTH_DAYS

if TYPE_CHECKING:
    from upswell.forecasting.explaining.answering import Members
    from upswell.forecasting.explaining.explanation import BurstEffect, Explanation

__all__ = ["amount", "sentences_of", "span"]

NOTHING = 0.0005
"""Less than half a tenth of a percent is shown as none."""


def amount(value: float) -> str:
    """Return a count as people say it, with three significant digits.

    Examples
    --------
    >>> amount(1_234_567.0), amount(45_678.0), amount(321.4), amount(2.5e9)
    ('1.23 million', '45,700', '321', '2.5 billion')
    """
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= 0.9995 * size:
            return f"{value / size:.3g} {word}"
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}"


def span(first: str, last: str) -> str:
    """Return the days from one to another, as short as they can be told.

    Examples
    --------
    >>> span("2026-05-12", "2026-05-15"), span("2026-05-30", "2026-06-02"), span("7", "7")
    ('12-15 May 2026', '30 May - 2 June 2026', 'day 7')
    >>> span("2025-12-30", "2026-01-02")
    '30 December 2025 - 2 January 2026'
    """
    try:
        ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    except ValueError:
        return f"day {first}" if first == last else f"days {first}-{last}"
    a, b = (f"{day.day} {day:%B %Y}" for day in ends)
    if a == b:
        return a
    if ends[0].year != ends[1].year:
        return f"{a} - {b}"
    if ends[0].month != ends[1].month:
        return f"{ends[0].day} {ends[0]:%B} - {b}"
    return f"{ends[0].day}-{b}"


def sentences_of(found: Explanation) -> tuple[str, ...]:
    """Return the sentences of an explanation."""
    days = found.ahead.length
    ahead = span(found.ahead.label(found.ahead.start), found.ahead.labels()[-1])
    of_series = "" if found.level == "total" else f" of {found.series}"
    horizon = f"{days}-day total" if days > 1 else "total of the next day"
    level = (
        f"A usual day at the end of the history has {amount(found.usual)}: repeated, that makes "
        f"{amount(found.base)}, or {_part(found.base, found)} of the total."
    )
    rest = (
        f"Everything else {_carries(found.rest, found)}: the ups and downs that fit none of these, "
        "and the caution of the forecaster."
    )
    said = [
        f"{found.model} expects a {horizon}{of_series} of {amount(found.total)} ({ahead}).",
        level,
        _trend(found),
        _week(found),
        _bursts(found),
        rest,
    ]
    if found.members is not None:
        said.insert(1, _members(found, found.members))
    if found.bursts:
        said.insert(-1, burst_sentence(found.bursts[0], found, "The last burst"))
    return tuple(said)


def _members(found: Explanation, members: Members) -> str:
    """Say who stands behind a name that leaves the choice to the panel."""
    if members.lead_alone is None:
        return f"That is {members.lead} alone ({members.why})."
    others = " and ".join(members.partners)
    return (
        f"It averages {members.lead} ({members.share:.0%}) with {others}, and the average is what "
        f"is explained: {members.lead} alone expects {amount(members.lead_alone)}, the average "
        f"{_carries(found.total - members.lead_alone, found)}."
    )


def burst_sentence(burst: BurstEffect, found: Explanation, name: str) -> str:
    """Say what one burst does to the forecast."""
    faded = "" if burst.faded == burst.last else f", fading until {span(burst.faded, burst.faded)}"
    return (
        f"{name} ({span(burst.first, burst.last)}, up to {burst.times:.1f} times the usual{faded}) "
        f"{_carries(burst.adds, found)}: without it the total would be {amount(burst.without)}."
    )


def _part(value: float, found: Explanation) -> str:
    return f"{value / found.total:.0%}" if found.total else "0%"


def _carries(value: float, found: Explanation) -> str:
    """Return what something adds to the total, in per cent and in views."""
    share = value / found.total if found.total else 0.0
    if abs(share) < NOTHING:
        return "changes nothing"
    verb = "adds" if value > 0 else "takes away"
    return f"{verb} {abs(share):.1%} ({amount(abs(value))})"


def _trend(found: Explanation) -> str:
    change = abs(found.growth)
    known = found.past.length
    lately = "the last 4 weeks" if known > GROWTH_DAYS else f"these {known} days"
    if change < 0.005:
        return f"The trend (level over {lately}) {_carries(_adds(found, 'trend'), found)}."
    way = "upward" if found.growth > 0 else "downward"
    adds = _adds(found, "trend")
    # A part of a percent either way is no opinion.
    against = adds * found.growth < 0 and abs(adds) >= 10 * NOTHING * found.total
    why = ": the forecaster expects the level to come back, not to go on" if against else ""
    return f"The {way} trend ({found.growth:+.0%} in {lately}) {_carries(adds, found)}{why}."


def _week(found: Explanation) -> str:
    said = f"The weekly profile {_carries(_adds(found, 'week'), found)}"
    if found.strongest is None or found.weakest is None:
        return f"{said}, and shapes no day."
    (high, most), (low, least) = found.strongest, found.weakest
    return (
        f"{said}; it lifts {high} by {most - 1:.0%} and lowers {low} by {1 - least:.0%} beside the "
        "mean day."
    )


def _bursts(found: Explanation) -> str:
    if not found.bursts:
        return "The history has no burst."
    left = _carries(_adds(found, "bursts"), found)
    return f"All bursts of the history together: what they left {left}."


def _adds(found: Explanation, part: str) -> float:
    return found.part(part).adds
