"""The clauses: for each family of features, a figure that people know and words for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from upswell.releases.reasons._figures import counted, plural, share, times
from upswell.releases.reasons._scene import Scene

__all__ = ["CLAUSES", "Clause", "unknown_record"]

Parts = Mapping[str, str]
Natural = Callable[[float, Scene], float]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Clause:
    """Words for the features whose names fit a pattern.

    Parameters
    ----------
    pattern
        ``<m>`` stands for any metric, ``<a>`` for any attribute or the artist.
    natural
        From the feature to the figure.
    say
        From the figure, the named parts of the name, and the release to a clause.
    tell
        The figure by itself; None where a comparison with the usual says nothing.
    plain
        Whether it is one to reach for only where nothing else tells.
    """

    pattern: str
    natural: Natural
    say: Callable[[float, Parts, Scene], str]
    tell: Callable[[float], str] | None = counted
    plain: bool = False


def _as_is(value: float, scene: Scene) -> float:
    del scene
    return value


def _count(value: float, scene: Scene) -> float:
    del scene
    return float(np.expm1(min(value, 60.0)))


def _factor(value: float, scene: Scene) -> float:
    del scene
    return float(np.exp(np.clip(value, -60.0, 60.0)))


def _inverse(value: float, scene: Scene) -> float:
    return _factor(-value, scene)


def _growth(value: float, scene: Scene) -> float:
    return _factor(value, scene) - 1.0


def _daily_growth(value: float, scene: Scene) -> float:
    """Return the growth a day behind a log ratio of the last third to the first."""
    return _growth(value / scene.apart, scene)


def _change(figure: float) -> str:
    return f"{figure:+.0%}"


def _moved(figure: float) -> str:
    """Say how something grew or fell a day.

    Examples
    --------
    >>> _moved(0.4), _moved(-0.25)
    ('grew 40% a day', 'fell 25% a day')
    """
    return f"{'grew' if figure >= 0 else 'fell'} {share(abs(figure))} a day"


def _reaction(figure: float, parts: Parts, scene: Scene) -> str:
    del scene
    return f"{parts['n']} are {share(figure)} of {parts['m']}"


def _streams_for(figure: float) -> str:
    return f"{counted(figure)} streams"


def _each(figure: float, parts: Parts) -> str:
    return f"{counted(figure)} times their {parts['base']} in streams"


def _owner(parts: Parts, scene: Scene) -> str:
    """Return whose record it is: the artist's, or that of releases that share an attribute."""
    name = parts["a"]
    if name == "artist":
        return "the artist's earlier releases"
    text = scene.texts.get(name)
    return f"releases with {name} {text}" if text else f"releases with the same {name}"


def unknown_record(parts: Parts, scene: Scene) -> str | None:
    """Return what is said where a record is asked for and there is none."""
    return f"none of {_owner(parts, scene)} are known" if parts.get("a") in scene.fresh else None


_SHAPE = (
    Clause(
        "(?P<m><m>)_growth_a_day",
        _growth,
        lambda f, p, s: f"{p['m']} {_moved(f)}",
        _change,
    ),
    Clause(
        "(?P<m><m>)_(?:velocity|last_third_against_first)",
        _factor,
        lambda f, p, s: f"{p['m']} of the last days were {times(f)} those before",
        times,
    ),
    Clause(
        "(?P<m><m>)_acceleration",
        _as_is,
        lambda f, p, s: f"the pace of {p['m']} {'picked up' if f >= 0 else 'let up'}",
        None,
        plain=True,
    ),
    Clause(
        "(?P<m><m>)_last_day_share",
        _as_is,
        lambda f, p, s: f"the last day seen brought {share(f)} of {p['m']}",
        share,
    ),
    Clause(
        "(?P<m><m>)_peak_day",
        _as_is,
        lambda f, p, s: f"{p['m']} peaked on day {f:.0f}",
        lambda f: f"day {f:.0f}",
    ),
    Clause(
        "(?P<m><m>)_peak_share",
        _as_is,
        lambda f, p, s: f"{share(f)} of {p['m']} came on the peak day",
        share,
    ),
    Clause(
        "(?P<m><m>)_days_since_peak",
        _as_is,
        lambda f, p, s: f"{p['m']} peaked {plural(f, 'day')} before the last day seen",
        counted,
    ),
    Clause(
        "(?P<m><m>)_fall_from_peak",
        _factor,
        lambda f, p, s: f"on the last day seen {p['m']} were {share(f)} of the peak",
        share,
    ),
    Clause(
        "(?P<m><m>)_half_day",
        _as_is,
        lambda f, p, s: f"half of {p['m']} had come by day {f:.0f}",
        lambda f: f"day {f:.0f}",
    ),
    Clause(
        "(?P<m><m>)_growth_spread",
        _as_is,
        lambda f, p, s: f"{p['m']} swung by {share(f)} around their line",
        share,
        plain=True,
    ),
    Clause(
        "(?P<m><m>)_weekend_against_weekdays",
        _factor,
        lambda f, p, s: f"{p['m']} at the weekend were {times(f)} those of weekdays",
        times,
        plain=True,
    ),
    Clause(
        "(?P<m><m>)_growth_against_platform",
        _factor,
        lambda f, p, s: f"{p['m']} grew {times(f)} as much as those of all releases",
        times,
    ),
    Clause(
        "early_burst_share",
        _as_is,
        lambda f, p, s: f"{share(f)} of {p['base']} came in the first third of the days seen",
        share,
    ),
)

_LEVELS = (
    Clause(
        "(?P<m><m>)_log_total",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} in the first {plural(s.age, 'day')}",
    ),
    Clause(
        "(?P<m><m>)_log_share_of_platform",
        _factor,
        lambda f, p, s: f"{share(f)} of all {p['m']} of these days are this release's",
        share,
    ),
    Clause(
        "(?P<m><m>)_log_day_(?P<k>\\d+)",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} on day {p['k']}",
    ),
    Clause(
        "(?P<m><m>)_log_cumulated_day_(?P<k>\\d+)",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} by day {p['k']}",
    ),
    Clause(
        "(?P<m><m>)_log_last_day",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} on the last day seen",
    ),
    Clause(
        "(?P<m><m>)_log_last_two_days",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} a day in the last two days seen",
    ),
    Clause(
        "(?P<m><m>)_last_day_against_platform",
        _factor,
        lambda f, p, s: f"{p['m']} of the last day seen were {share(f)} of a day of all releases",
        share,
        plain=True,
    ),
    Clause(
        "week_rank",
        _as_is,
        lambda f, p, s: f"{share(f)} of the other releases of the week had more {p['base']}",
        share,
    ),
    Clause(
        "rivals_log_ratio",
        _factor,
        lambda f, p, s: f"{p['base']} were {times(f)} those of the week's other releases together",
        times,
        plain=True,
    ),
    Clause(
        "(?P<m><m>)_log_previews",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} before the release date",
    ),
    Clause(
        "(?P<m><m>)_log_earlier_life",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} more than 60 days before the release date",
    ),
)

_REACTIONS = (
    Clause("(?P<m><m>)_per_(?P<n><m>)_log_total", _inverse, _reaction, share),
    Clause(
        "(?P<m><m>)_per_(?P<n><m>)_log_last_day",
        _inverse,
        lambda f, p, s: f"{_reaction(f, p, s)} on the last day seen",
        share,
    ),
    Clause(
        "(?P<m><m>)_per_(?P<n><m>)_growth",
        _inverse,
        lambda f, p, s: f"{p['n']} for each one of {p['m']} went {times(f)} within the days seen",
        times,
    ),
    Clause(
        "(?P<m><m>)_per_(?P<n><m>)_(?:last_day_)?against_platform",
        _inverse,
        lambda f, p, s: f"{p['n']} beside {p['m']} are {times(f)} what all releases have",
        times,
    ),
)

_CREATORS = (
    Clause("log_creators", _count, lambda f, p, s: f"{plural(f, 'account')} posted"),
    Clause(
        "creators_top_1_share",
        _as_is,
        lambda f, p, s: f"{share(f)} of {p['base']} came from one account",
        share,
    ),
    Clause(
        "creators_top_5_share",
        _as_is,
        lambda f, p, s: f"{share(f)} of {p['base']} came from five accounts",
        share,
    ),
    Clause(
        "creators_(?:hhi|gini)",
        _as_is,
        lambda f, p, s: f"{p['base']} are concentrated on few accounts to {share(f)}",
        share,
        plain=True,
    ),
    Clause(
        "log_new_creators_day_(?P<k>\\d+)",
        _count,
        lambda f, p, s: f"{plural(f, 'account')} first posted on day {p['k']}",
    ),
    Clause(
        "new_creators_a_day",
        _as_is,
        lambda f, p, s: f"{plural(f, 'new account')} a day posted",
    ),
    Clause(
        "new_creators_last_against_first",
        _daily_growth,
        lambda f, p, s: f"new creators {_moved(f)}",
        _change,
    ),
    Clause(
        "late_creators_share",
        _as_is,
        lambda f, p, s: f"{share(f)} of the accounts came after the first third of the days seen",
        share,
    ),
    Clause(
        "seeding_proxy",
        _as_is,
        lambda f, p, s: f"an early burst by few accounts, to {share(f)}",
        share,
        plain=True,
    ),
    Clause("log_videos", _count, lambda f, p, s: f"{plural(f, 'video')} appeared"),
    Clause(
        "videos_per_creator",
        _factor,
        lambda f, p, s: f"each account posted {plural(f, 'video')}",
    ),
)

_RECORDS = (
    Clause(
        "(?P<a>artist|<a>)_mean_log_outcome_(?P<k>\\d+)",
        _count,
        lambda f, p, s: f"{_owner(p, s)} came to about {_streams_for(f)} by day {p['k']}",
        counted,
    ),
    Clause(
        "(?P<a>artist|<a>)_best_log_outcome_(?P<k>\\d+)",
        _count,
        lambda f, p, s: f"the best of {_owner(p, s)} came to {_streams_for(f)} by day {p['k']}",
        counted,
    ),
    Clause(
        "(?P<a>artist|<a>)_mean_log_ratio_(?P<k>\\d+)",
        _factor,
        lambda f, p, s: f"{_owner(p, s)} came to {_each(f, p)} by day {p['k']}",
        counted,
    ),
    Clause(
        "(?P<a>artist|<a>)_log_mature_\\d+",
        _count,
        lambda f, p, s: f"of {_owner(p, s)}, {counted(f)} are known",
        counted,
        plain=True,
    ),
    Clause(
        "(?P<a>artist|<a>)_no_history",
        _as_is,
        lambda f, p, s: f"{'none' if f > 0.5 else 'some'} of {_owner(p, s)} are known",
        None,
        plain=True,
    ),
    Clause(
        "(?P<a>artist|<a>)_days_since_last",
        _as_is,
        lambda f, p, s: f"the latest of {_owner(p, s)} is {plural(f, 'day')} back",
        counted,
        plain=True,
    ),
)

_TIMES = (
    Clause(
        "release_weekday",
        _as_is,
        lambda f, p, s: f"released on a {_WEEKDAYS[int(f) % 7]}",
        None,
    ),
    Clause(
        "release_month|season_sine|season_cosine",
        _as_is,
        lambda f, p, s: f"released in {_MONTHS[s.month - 1]}",
        None,
    ),
    Clause(
        "weekend_days_(?P<k>seen|ahead)",
        _as_is,
        lambda f, p, s: f"{plural(f, 'weekend day')} {p['k']}",
    ),
    Clause(
        "recent_(?P<k>\\d+)_days_(?:mean_|median_)?log_ratio(?:_of_totals)?_(?P<h>\\d+)",
        _factor,
        lambda f, p, s: (
            f"releases of the last {p['k']} days came to {_each(f, p)} by day {p['h']}"
        ),
    ),
    Clause(
        "recent_weekday_median_log_ratio_(?P<h>\\d+)",
        _factor,
        lambda f, p, s: f"releases of this weekday came to {_each(f, p)} by day {p['h']}",
    ),
    Clause(
        "platform_(?P<m><m>)_log_(?P<k>\\d+)_days",
        _count,
        lambda f, p, s: f"{counted(f)} {p['m']} of all releases in {p['k']} days",
    ),
    Clause(
        "platform_(?P<m><m>)_week_against_month",
        _factor,
        lambda f, p, s: f"{p['m']} of all releases in a week were {times(f)} those of the month",
        times,
    ),
    Clause(
        "(?:rivals|week)_log_releases|platform_log_releases_28_days",
        _count,
        lambda f, p, s: f"{plural(f, 'other release')} came out near it",
    ),
    Clause(
        "rivals_log_total",
        _count,
        lambda f, p, s: f"the week's other releases had {counted(f)} {p['base']}",
    ),
    Clause(
        "platform_season_ahead(?:_3_years)?",
        _factor,
        lambda f, p, s: f"in earlier years {p['base']} of all went {times(f)} in the weeks ahead",
        times,
    ),
)

_GAPS = (
    Clause(
        "days_missing",
        _as_is,
        lambda f, p, s: f"{counted(f)} of {plural(s.age, 'day')} seen are missing",
    ),
    Clause(
        "days_observed",
        _as_is,
        lambda f, p, s: f"{plural(f, 'day')} have signals",
    ),
    Clause(
        "longest_gap",
        _as_is,
        lambda f, p, s: f"{plural(f, 'day')} in a row are missing",
    ),
    Clause(
        "first_activity_delay",
        _as_is,
        lambda f, p, s: f"the first signals came {plural(f, 'day')} after the release date",
    ),
    Clause("log_rows", _count, lambda f, p, s: f"{plural(f, 'row')} of signals"),
    Clause(
        "window_days_so_far",
        _as_is,
        lambda f, p, s: f"{counted(f)} of {plural(s.window, 'day')} are seen",
        None,
    ),
    Clause("preview_days", _as_is, lambda f, p, s: f"{plural(f, 'day')} of previews"),
)

CLAUSES: tuple[Clause, ...] = (
    *(*_SHAPE, *_LEVELS, *_REACTIONS, *_CREATORS),
    *(*_RECORDS, *_TIMES, *_GAPS),
)
"""All of them; the first that fits a name speaks for it."""
