"""Which reason a feature belongs to: the groups of the catalogue, told apart by what they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from upswell.releases.frames import FeatureNote

__all__ = ["OWN", "SIZE", "theme_of", "themes_of"]

SIZE = "size"
"""Where an answer starts: how much came in the first days."""

OWN = (SIZE, "curve", "reactions", "creators", "previews", "platform", "calendar", "window")
"""Themes of every table; more are the artist and each attribute, under their own names."""

_BY_GROUP = {
    "ratios": "reactions",
    "creators": "creators",
    "seeding": "creators",
    "previews": "previews",
    "calendar": "calendar",
    "window": "window",
}
_RECORD = re.compile(r"_(?:no_history|days_since_last|log_mature_\d+|(?:mean|best)_log_\w+_\d+)$")
_SIZES = ("log_share_of_platform", "log_total")
_CURVES = ("_last_day_against_platform", "_growth_against_platform")


def theme_of(note: FeatureNote, metrics: Sequence[str]) -> str:
    """Return the theme of a feature.

    Parameters
    ----------
    note
        Its line of the catalogue.
    metrics
        Names of the metrics; each is the group of its own features.

    Examples
    --------
    >>> theme_of(FeatureNote("views_log_total", "views", ""), ["views"])
    'size'
    >>> theme_of(FeatureNote("views_growth_a_day", "views", ""), ["views"])
    'curve'
    >>> theme_of(FeatureNote("genre_mean_log_ratio_30", "track record", ""), ["views"])
    'genre'
    """
    name = note.name
    if note.group == "attributes":
        return _foreign(name)
    if note.group == "track record":
        return _foreign(_RECORD.sub("", name))
    if note.group in metrics or note.group == "platform":
        own = next((m for m in metrics if name.startswith(f"{m}_")), None)
        if own is not None and name.removeprefix(f"{own}_") in _SIZES:
            return SIZE
        if name in ("week_rank", "rivals_log_ratio"):
            return SIZE
        if note.group in metrics or name.endswith(_CURVES):
            return "curve"
        return "platform"
    if name == "early_burst_share":
        return "curve"
    return _BY_GROUP.get(note.group, note.group)


def themes_of(
    names: Sequence[str], catalogue: Sequence[FeatureNote], metrics: Sequence[str]
) -> tuple[str, ...]:
    """Return the theme of each feature by name; what the catalogue lacks belongs to the window."""
    found = {note.name: theme_of(note, metrics) for note in catalogue}
    return tuple(found.get(name, "window") for name in names)


def _foreign(name: str) -> str:
    """Return an attribute's name, told apart from the themes of every table."""
    return f"{name} (attribute)" if name in OWN else name
