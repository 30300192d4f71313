"""What is audited: groups of signals with the features that rest on them, and cleaning rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from upswell.releases.frames import FeatureNote
from upswell.releases.gate._shape import slugs

__all__ = [
    "CLEANING",
    "RULES",
    "SIGNALS",
    "Subject",
    "cleaning_rules",
    "metrics_of",
    "signal_groups",
]

SIGNALS, CLEANING = "signals", "cleaning"

RULES = {
    "clip": "clip at 1.5 IQR",
    "drop": "drop the top 1%",
    "raw": "no logarithm",
}
"""The cleaning rules by name, with what each does to the outcomes that teach."""

_TOGETHER = {"seeding": "creators"}
_BY_METRIC = ("previews", "platform")


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is audited.

    Parameters
    ----------
    name
        The metric, the group of features, or the rule.
    kind
        ``signals`` or ``cleaning``.
    features
        The features that go when a group goes; none for a rule.
    """

    name: str
    kind: str
    features: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The name as it is shown."""
        return RULES.get(self.name, self.name) if self.kind == CLEANING else self.name


def signal_groups(catalogue: Iterable[FeatureNote], metrics: Sequence[str]) -> tuple[Subject, ...]:
    """Return the groups of signals of a catalogue: each metric, then each other group.

    With a metric goes everything that is named after it: its own features, its ratios to other
    metrics, its previews, and its part of the platform. So a ratio belongs to two groups.

    Parameters
    ----------
    catalogue
        A note for each feature.
    metrics
        Names of the metrics.

    Returns
    -------
    tuple of Subject
        Only groups that some feature belongs to.

    Examples
    --------
    >>> notes = [
    ...     FeatureNote("views_log_total", "views", ""),
    ...     FeatureNote("views_per_likes_growth", "ratios", ""),
    ...     FeatureNote("early_burst_share", "seeding", ""),
    ... ]
    >>> for group in signal_groups(notes, ["views", "likes"]):
    ...     print(group.name, len(group.features))
    views 2
    likes 1
    creators 1
    """
    notes = list(catalogue)
    found = [
        Subject(metric, SIGNALS, tuple(n.name for n in notes if metric in metrics_of(n, metrics)))
        for metric in metrics
    ]
    others = [_TOGETHER.get(note.group, note.group) for note in notes]
    for group in dict.fromkeys(others):
        if group not in metrics and group != "ratios":
            own = (n.name for n, other in zip(notes, others, strict=True) if other == group)
            found.append(Subject(group, SIGNALS, tuple(own)))
    return tuple(subject for subject in found if subject.features)


def metrics_of(note: FeatureNote, metrics: Sequence[str]) -> frozenset[str]:
    """Return the metrics that a feature is named after, by its group and its name.

    Examples
    --------
    >>> note = FeatureNote("platform_plays_paid_log_7_days", "platform", "")
    >>> sorted(metrics_of(note, ["plays", "plays_paid"]))
    ['plays_paid']
    """
    if note.group in metrics:
        return frozenset({note.group})
    short = dict(zip(metrics, slugs(metrics), strict=True))
    starts: dict[str, frozenset[str]] = {}
    if note.group == "ratios":
        pairs = ((a, b) for a in metrics for b in metrics if a != b)
        starts = {f"{short[a]}_per_{short[b]}_": frozenset({a, b}) for a, b in pairs}
    elif note.group in _BY_METRIC:
        starts = {f"{short[name]}_": frozenset({name}) for name in metrics}
    plain = note.name.removeprefix("platform_")
    # The longest that fits: of the metrics "plays" and "plays_paid", one begins like the other.
    fitting = max((each for each in starts if plain.startswith(each)), key=len, default="")
    return starts.get(fitting, frozenset())


def cleaning_rules() -> tuple[Subject, ...]:
    """Return the cleaning rules as subjects."""
    return tuple(Subject(name, CLEANING) for name in RULES)
