"""Which reason a feature belongs to: the groups of the catalogue, told apart by what they tell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from upswell.releases.frames import FeatureNote
from upswell.releases.gate import slugs

__all__ = ["OWN", "SIZE", "START", "theme_of", "themes_of"]

SIZE, PLATFORM = "size", "platform"
"""How much came in the first days, and how the platform did before."""

START = (SIZE, PLATFORM)
"""Where an answer starts. The platform is the same for all releases of the same days, so that it
cannot say why one of them comes to more than another."""

OWN = (SIZE, "curve", "reactions", "creators", "previews", PLATFORM, "calendar", "window")
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
_PLACES = ("week_rank", "rivals_log_ratio")
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
    if note.group in ("attributes", "track record"):
        # An attribute may have the name of a theme of every table.
        own = name if note.group == "attributes" else _RECORD.sub("", name)
        return f"{own} (attribute)" if own in OWN else own
    if note.group not in (*metrics, PLATFORM):
        return "curve" if name == "early_burst_share" else _BY_GROUP.get(note.group, note.group)
    stems = [slug for slug in slugs(metrics) if name.startswith(f"{slug}_")]
    if name in _PLACES or any(name == f"{stem}_{end}" for stem in stems for end in _SIZES):
        return SIZE
    return "curve" if note.group in metrics or name.endswith(_CURVES) else PLATFORM


def themes_of(
    names: Sequence[str], catalogue: Sequence[FeatureNote], metrics: Sequence[str]
) -> tuple[str, ...]:
    """Return the theme of each feature by name; what the catalogue lacks belongs to the window."""
    found = {note.name: theme_of(note, metrics) for note in catalogue}
    return tuple(found.get(name, "window") for name in names)
