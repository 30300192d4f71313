"""The clauses: for each family of features, a figure that people know and words for it.

In the pattern of a clause ``<m>`` stands for any metric, ``<a>`` for any attribute. In its words,
``{f:...}`` is the figure in a manner of `Figure`, ``{m}``, ``{n}`` and ``{k}`` are parts of the
feature's name, ``{base}`` is the metric that outcomes are divided by, ``{owner}`` are the releases
whose record it is, ``{few}`` what is counted in where they are few, ``{age}`` and ``{window}``
days, ``{month}`` that of the release.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["ANY", "CATEGORY", "CLAUSES", "Clause"]


@dataclass(frozen=True)
class Clause:
    """Words for the features whose names fit a pattern.

    Parameters
    ----------
    pattern
        A regular expression for the whole name.
    natural
        From the feature to the figure.
    words
        What is said.
    tell
        The manner in which the usual figure is said; None where a comparison says nothing.
    plain
        Whether it is one to reach for only where nothing else tells.
    daily
        Whether the feature lies between the first and the last third of the days seen, and the
        figure is a day's.
    """

    pattern: str
    natural: Callable[[float], float]
    words: str
    tell: str | None = "count"
    plain: bool = False
    daily: bool = False


def _as_is(value: float) -> float:
    return value


def _count(value: float) -> float:
    return float(np.expm1(min(value, 60.0)))


def _factor(value: float) -> float:
    return float(np.exp(min(max(value, -60.0), 60.0)))


def _inverse(value: float) -> float:
    return _factor(-value)


def _growth(value: float) -> float:
    return _factor(value) - 1.0


_M = "(?P<m><m>)"
_PAIR = "(?P<m><m>)_per_(?P<n><m>)"
_A = "(?P<a>artist|<a>)"
_K = r"(?P<k>\d+)"

_SHAPE = (
    Clause(f"{_M}_growth_a_day", _growth, "{m} {f:moved}", "change"),
    Clause(
        f"{_M}_(?:velocity|last_third_against_first)",
        _factor,
        "{m} of the last days were {f:times} those before",
        "times",
    ),
    Clause(f"{_M}_acceleration", _as_is, "the pace of {m} {f:pace}", None, plain=True),
    Clause(f"{_M}_last_day_share", _as_is, "the last day seen brought {f:share} of {m}", "share"),
    Clause(f"{_M}_peak_day", _as_is, "{m} peaked on {f:day}", "day"),
    Clause(f"{_M}_peak_share", _as_is, "{f:share} of {m} came on the peak day", "share"),
    Clause(f"{_M}_days_since_peak", _as_is, "{m} peaked {f:#day} before the last day seen"),
    Clause(
        f"{_M}_fall_from_peak", _factor, "on the last day seen {m} were {f:share} of the peak",
        "share",
    ),
    Clause(f"{_M}_half_day", _as_is, "half of {m} had come by {f:day}", "day"),
    Clause(
        f"{_M}_growth_spread", _as_is, "{m} swung by {f:share} around their line", "share",
        plain=True,
    ),
    Clause(
        f"{_M}_weekend_against_weekdays",
        _factor,
        "{m} at the weekend were {f:times} those of weekdays",
        "times",
        plain=True,
    ),
    Clause(
        f"{_M}_growth_against_platform",
        _factor,
        "{m} grew {f:times} as much as those of all releases",
        "times",
    ),
    Clause(
        "early_burst_share",
        _as_is,
        "{f:share} of {base} came in the first third of the days seen",
        "share",
    ),
)  # fmt: skip

_LEVELS = (
    Clause(f"{_M}_log_total", _count, "{f:count} {m} in the first {age:#day}"),
    Clause(
        f"{_M}_log_share_of_platform",
        _factor,
        "{f:share} of all {m} of these days are this release's",
        "share",
    ),
    Clause(f"{_M}_log_day_{_K}", _count, "{f:count} {m} on day {k}", plain=True),
    Clause(f"{_M}_log_cumulated_day_{_K}", _count, "{f:count} {m} by day {k}", plain=True),
    Clause(f"{_M}_log_last_day", _count, "{f:count} {m} on the last day seen", plain=True),
    Clause(
        f"{_M}_log_last_two_days",
        _count,
        "{f:count} {m} a day in the last two days seen",
        plain=True,
    ),
    Clause(
        f"{_M}_last_day_against_platform",
        _factor,
        "{m} of the last day seen were {f:share} of a day of all releases",
        "share",
        plain=True,
    ),
    Clause(
        "week_rank", _as_is, "{f:share} of the other releases of the week had more {base}", "share"
    ),
    Clause(
        "rivals_log_ratio",
        _factor,
        "{base} were {f:times} those of the week's other releases together",
        "times",
        plain=True,
    ),
    Clause(f"{_M}_log_previews", _count, "{f:count} {m} before the release date"),
    Clause(
        f"{_M}_log_earlier_life", _count, "{f:count} {m} more than 60 days before the release date"
    ),
)

_REACTIONS = (
    Clause(f"{_PAIR}_log_total", _inverse, "{n} are {f:share} of {m}", "share"),
    Clause(
        f"{_PAIR}_log_last_day", _inverse, "{n} are {f:share} of {m} on the last day seen", "share"
    ),
    Clause(
        f"{_PAIR}_growth",
        _inverse,
        "{n} for each one of {m} went {f:times} within the days seen",
        "times",
    ),
    Clause(
        f"{_PAIR}_(?:last_day_)?against_platform",
        _inverse,
        "{n} beside {m} are {f:times} what all releases have",
        "times",
    ),
)

_CREATORS = (
    Clause("log_creators", _count, "{f:#account} posted"),
    Clause("creators_top_1_share", _as_is, "{f:share} of {base} came from one account", "share"),
    Clause("creators_top_5_share", _as_is, "{f:share} of {base} came from five accounts", "share"),
    Clause(
        "creators_(?:hhi|gini)",
        _as_is,
        "{base} are concentrated on few accounts to {f:share}",
        "share",
        plain=True,
    ),
    Clause(f"log_new_creators_day_{_K}", _count, "{f:#account} first posted on day {k}"),
    Clause("new_creators_a_day", _as_is, "{f:#account} a day posted"),
    Clause(
        "new_creators_last_against_first", _growth, "new creators {f:moved}", "change", daily=True
    ),
    Clause(
        "late_creators_share",
        _as_is,
        "{f:share} of the accounts came after the first third of the days seen",
        "share",
    ),
    Clause(
        "seeding_proxy", _as_is, "an early burst by few accounts, to {f:share}", "share", plain=True
    ),
    Clause("log_videos", _count, "{f:#video} appeared"),
    Clause("videos_per_creator", _factor, "each account posted {f:#video}"),
)

# A record is shrunk to that of all releases (gate/_tracks.py): where these are few, what is counted
# in has to be said, or the sentence would be false.
_RECORDS = (
    Clause(
        f"{_A}_mean_log_outcome_{_K}",
        _count,
        "{owner}{few} came to about {f:count} streams by day {k}",
    ),
    Clause(
        f"{_A}_best_log_outcome_{_K}",
        _count,
        "the best of {owner} came to {f:count} streams by day {k}",
    ),
    Clause(
        f"{_A}_mean_log_ratio_{_K}",
        _factor,
        "{owner}{few} came to {f:count} times their {base} in streams by day {k}",
    ),
    Clause(rf"{_A}_log_mature_\d+", _count, "of {owner}, {f:count} are known", plain=True),
    Clause(f"{_A}_no_history", _as_is, "some of {owner} are known", None, plain=True),
    Clause(
        f"{_A}_days_since_last",
        _as_is,
        "by what is known, the latest of {owner} is {f:#day} back",
        plain=True,
    ),
)

_TIMES = (
    Clause("release_weekday", _as_is, "released on a {f:weekday}", None),
    Clause("release_month|season_sine|season_cosine", _as_is, "released in {month}", None),
    Clause("weekend_days_(?P<k>seen|ahead)", _as_is, "{f:#weekend day} {k}"),
    Clause(
        rf"recent_{_K}_days_(?:mean_|median_)?log_ratio(?:_of_totals)?_(?P<n>\d+)",
        _factor,
        "releases of the last {k} days came to {f:count} times their {base} in streams by day {n}",
    ),
    Clause(
        r"recent_weekday_median_log_ratio_(?P<n>\d+)",
        _factor,
        "releases of this weekday came to {f:count} times their {base} in streams by day {n}",
    ),
    Clause(
        rf"recent_{_K}_days_log_releases_\d+",
        _count,
        "{f:#other release} came to an end in {k} days",
        plain=True,
    ),
    Clause(f"platform_{_M}_log_{_K}_days", _count, "{f:count} {m} of all releases in {k} days"),
    Clause(
        f"platform_{_M}_week_against_month",
        _factor,
        "{m} of all releases in a week were {f:times} those of the month",
        "times",
    ),
    Clause(
        "(?:rivals|week)_log_releases|platform_log_releases_28_days",
        _count,
        "{f:#other release} came out near it",
    ),
    Clause("rivals_log_total", _count, "the week's other releases had {f:count} {base}"),
    Clause(
        "platform_season_ahead(?:_3_years)?",
        _factor,
        "in earlier years {base} of all went {f:times} in the weeks ahead",
        "times",
    ),
)

_GAPS = (
    Clause("days_missing", _as_is, "{f:count} of {age:#day} seen are missing"),
    Clause("days_observed", _as_is, "{f:#day} have signals"),
    Clause("longest_gap", _as_is, "{f:#day} in a row are missing"),
    Clause(
        "first_activity_delay", _as_is, "the first signals came {f:#day} after the release date"
    ),
    Clause("log_rows", _count, "{f:#row} of signals"),
    Clause("window_days_so_far", _as_is, "{f:count} of {window:#day} are seen", None),
    Clause("preview_days", _as_is, "{f:#day} of previews"),
)

CLAUSES: tuple[Clause, ...] = (
    *(*_SHAPE, *_LEVELS, *_REACTIONS, *_CREATORS),
    *(*_RECORDS, *_TIMES, *_GAPS),
)
"""All of them; the first that fits a name speaks for it."""

CATEGORY = Clause("", _as_is, "{name} is {text}", None)
"""For an attribute that is a text."""

ANY = Clause("", _as_is, "{name} is {f:count}", plain=True)
"""For what no clause fits."""
