"""Features of the calendar and of what a release is: its weekday, its season, its attributes."""

from __future__ import annotations

import math

from upswell.releases.gate._shape import Shape
from upswell.releases.gate._sql import Feature, weekend_days_up_to

__all__ = ["attribute_features", "calendar_features"]

_TURN = 2.0 * math.pi / 365.25


def calendar_features(shape: Shape) -> list[Feature]:
    """Return weekday and season of the release, and the weekends seen and to come."""
    end = f"r.day0 + {max(shape.horizons) - 1}"
    seen = f"{weekend_days_up_to('r.gate')} - {weekend_days_up_to('(r.day0 - 1)')}"
    ahead = f"{weekend_days_up_to(f'({end})')} - {weekend_days_up_to('r.gate')}"
    angle = f"dayofyear(r.release_date) * {_TURN!r}"
    return [
        Feature(
            "release_weekday",
            "calendar",
            "Weekday of the release date, from 0 for Monday to 6 for Sunday.",
            "r.day0 % 7",
        ),
        Feature(
            "weekend_days_seen",
            "calendar",
            "Saturdays and Sundays in the window so far.",
            seen,
        ),
        Feature(
            "weekend_days_ahead",
            "calendar",
            "Saturdays and Sundays from the day after the last one seen to the last day of the"
            " longest outcome.",
            f"greatest(0, {ahead})",
        ),
        Feature("release_month", "calendar", "Month of the release date.", "month(r.release_date)"),
        Feature(
            "season_sine",
            "calendar",
            "Sine of the release date's place in the year.",
            f"sin({angle})",
        ),
        Feature(
            "season_cosine",
            "calendar",
            "Cosine of the release date's place in the year.",
            f"cos({angle})",
        ),
    ]


def attribute_features(shape: Shape) -> list[Feature]:
    """Return the attributes themselves, where they were known at the gate."""
    found = []
    for i, (name, kind) in enumerate(shape.attributes.items()):
        known = f"CASE WHEN r.known <= r.gate THEN r.a{i} END"
        words = "The category" if kind == "category" else "The number"
        found.append(
            Feature(
                shape.attribute_slugs[i],
                "attributes",
                f"{words} {name} of the release, as known at the gate.",
                known,
                category=kind == "category",
            )
        )
    return found
