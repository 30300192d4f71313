"""Features in words: what the value of a release says, beside what is usual.

A speaker turns the number of a feature, which is often a logarithm, into a figure that people know
and a clause such as "61% of views came from one account". Texts of the data that stand in a clause
are as they are; whoever shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from upswell.releases.gate import slugs
from upswell.releases.reasons._clauses import ANY, CATEGORY, CLAUSES, Clause
from upswell.releases.reasons._figures import Figure, times

__all__ = ["Scene", "Speaker", "moved", "speakers_of"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

COUNTED_IN = " (three typical ones counted in)"
"""Said of a record of few releases, which is shrunk to that of all as if three more had it."""


@dataclass(frozen=True)
class Scene:
    """What a clause may mention of a release.

    Parameters
    ----------
    age
        Days of the window so far.
    window
        Days of a complete window.
    month
        Month of the release, from 1.
    texts
        Attributes that are texts, by name.
    fresh
        Those of the artist and the attributes that have no track record.
    few
        Those whose track record is of so few releases that what it is shrunk by shows.
    silent
        Whether nothing at all was recorded in the window.
    """

    age: int
    window: int
    month: int
    texts: Mapping[str, str | None] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    few: frozenset[str] = frozenset()
    silent: bool = False

    def owner(self, name: str) -> str:
        """Return whose record it is: the artist's, or that of releases that share an attribute.

        Examples
        --------
        >>> Scene(7, 7, 1, {"genre": "folk"}).owner("genre")
        'releases with genre folk'
        """
        if name == "artist":
            return "the artist's earlier releases"
        text = self.texts.get(name)
        return f"releases with {name} {text}" if text else f"releases with the same {name}"


@dataclass(frozen=True)
class Speaker:
    """A feature that can be put in words.

    Parameters
    ----------
    name
        The feature.
    clause
        Words for its family.
    parts
        What its name names: a metric, a day, an attribute; and the base.
    """

    name: str
    clause: Clause
    parts: Mapping[str, str]

    def sentence(
        self, value: float, usual: float | None, scene: Scene
    ) -> tuple[float, float | None, str]:
        """Return the figure, the usual one and the sentence of a release.

        Parameters
        ----------
        value
            The feature.
        usual
            Its median among mature releases; None where it is not known.
        scene
            The release.
        """
        figure, owner = self._natural(value, scene), self.parts.get("a")
        if owner in scene.fresh and owner is not None:
            return figure, None, f"none of {scene.owner(owner)} are known"
        if np.isnan(figure) and self.clause is not CATEGORY:
            return figure, None, f"{self.name.replace('_', ' ')} is not known"
        if scene.silent and {"m", "n"} <= self.parts.keys():
            return float("nan"), None, "no {m} and no {n} were recorded".format(**self.parts)
        text = self.clause.words.format(
            f=figure,
            age=Figure(scene.age),
            window=Figure(scene.window),
            month=_MONTHS[scene.month - 1],
            owner="" if owner is None else scene.owner(owner),
            few=COUNTED_IN if owner in scene.few else "",
            text=scene.texts.get(self.parts.get("name", "")) or "not known",
            **self.parts,
        )
        if usual is None or not np.isfinite(usual):
            return figure, None, text
        normal, tell = self._natural(usual, scene), self.clause.tell
        said = None if tell is None else format(normal, tell)
        if tell is None or said == format(figure, tell):
            return figure, normal, text
        return figure, normal, f"{text}; usual is {said}"

    def _natural(self, value: float, scene: Scene) -> Figure:
        """Return the figure that people know; a day's, where thirds of the window are compared."""
        apart = max(scene.age - -(-scene.age // 3), 1) if self.clause.daily else 1
        return Figure(self.clause.natural(value / apart))


def speakers_of(
    names: Sequence[str], metrics: Sequence[str], base: str, attributes: Sequence[str]
) -> tuple[Speaker, ...]:
    """Return a speaker for each feature.

    Parameters
    ----------
    names
        The features.
    metrics
        The metrics of the signals.
    base
        The metric that outcomes are divided by.
    attributes
        Names of attributes that are texts, as features have them.

    Examples
    --------
    >>> (one,) = speakers_of(["creators_top_1_share"], ["views"], "views", [])
    >>> one.sentence(0.61, 0.12, Scene(age=7, window=7, month=3))
    (0.61, 0.12, '61% of views came from one account; usual is 12%')
    """
    own = dict(zip(slugs(metrics), metrics, strict=True))
    marks = {"<m>": _either(tuple(own)), "<a>": _either(attributes)}
    fixed = [(re.compile(_filled(clause.pattern, marks)), clause) for clause in CLAUSES]
    return tuple(
        Speaker(name, CATEGORY, {"name": name})
        if name in attributes
        else _speaker(name, fixed, own, base)
        for name in names
    )


def _either(names: Sequence[str]) -> str:
    """Return a pattern for any of some names, the longest first; one that fits nothing for none."""
    longest = sorted(names, key=len, reverse=True)
    return f"(?:{'|'.join(re.escape(name) for name in longest) or '(?!)'})"


def _filled(pattern: str, marks: Mapping[str, str]) -> str:
    """Put names in the places of marks; "(?P<m>" names a group and is left as it is."""
    parts = re.split(r"(?<!\?P)(<[ma]>)", pattern)
    return "".join(marks.get(part, part) for part in parts)


def _speaker(
    name: str, fixed: Sequence[tuple[re.Pattern[str], Clause]], own: Mapping[str, str], base: str
) -> Speaker:
    for pattern, clause in fixed:
        match = pattern.fullmatch(name)
        if match is not None:
            groups = match.groupdict()
            parts = {key: own.get(text, text) for key, text in groups.items() if text is not None}
            return Speaker(name, clause, {**parts, "base": base})
    return Speaker(name, ANY, {"name": name.replace("_", " ")})


def moved(factor: float) -> str:
    """Say what a factor does to the expected streams.

    Examples
    --------
    >>> moved(1.44), moved(0.5)
    ('raises it x1.4', 'lowers it x0.5')
    """
    return f"{'raises' if factor >= 1 else 'lowers'} it {times(factor)}"
