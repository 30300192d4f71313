"""Features in words: what the value of a release says, beside what is usual.

A speaker turns the number of a feature, which is often a logarithm, into a figure that people know
and a clause such as "61% of views came from one account". Texts of the data that stand in a clause
are as they are; whoever shows them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from upswell.releases.gate import slugs
from upswell.releases.reasons._clauses import CLAUSES, Clause, unknown_record
from upswell.releases.reasons._figures import counted
from upswell.releases.reasons._scene import Scene

__all__ = ["Speaker", "speakers_of"]


@dataclass(frozen=True)
class Speaker:
    """A feature that can be put in words.

    Parameters
    ----------
    clause
        Words for its family.
    parts
        What its name names: a metric, a day, an attribute; and the base.
    """

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
        clause = self.clause
        figure = clause.natural(value, scene)
        if (nothing := unknown_record(self.parts, scene)) is not None:
            return figure, None, nothing
        text = clause.say(figure, self.parts, scene)
        if usual is None or not np.isfinite(usual):
            return figure, None, text
        normal = clause.natural(usual, scene)
        if clause.tell is None or clause.tell(normal) == clause.tell(figure):
            return figure, normal, text
        return figure, normal, f"{text}; usual is {clause.tell(normal)}"


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
    >>> scene = Scene(age=7, window=7, month=3, texts={})
    >>> (one,) = speakers_of(["creators_top_1_share"], ["views"], "views", [])
    >>> one.sentence(0.61, 0.12, scene)
    (0.61, 0.12, '61% of views came from one account; usual is 12%')
    """
    own = dict(zip(slugs(metrics), metrics, strict=True))
    alternatives = {"<m>": _either(own), "<a>": _either(attributes)}
    fixed = [(re.compile(_filled(clause.pattern, alternatives)), clause) for clause in CLAUSES]
    categories = set(attributes)
    return tuple(_speaker(name, fixed, own, base, name in categories) for name in names)


def _either(names: Sequence[str] | Mapping[str, str]) -> str:
    """Return a pattern for any of some names, the longest first; one that fits nothing for none."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or "(?!)"


def _filled(pattern: str, alternatives: Mapping[str, str]) -> str:
    for mark, text in alternatives.items():
        # "(?P<m>" names a group and is left as it is.
        pattern = re.sub(rf"(?<!\?P){mark}", lambda _, text=text: f"(?:{text})", pattern)
    return pattern


def _speaker(
    name: str,
    fixed: Sequence[tuple[re.Pattern[str], Clause]],
    own: Mapping[str, str],
    base: str,
    category: bool,
) -> Speaker:
    if category:
        return Speaker(_CATEGORY, {"name": name})
    for pattern, clause in fixed:
        match = pattern.fullmatch(name)
        if match is not None:
            groups = match.groupdict()
            parts = {key: own.get(text, text) for key, text in groups.items() if text is not None}
            return Speaker(clause, {**parts, "base": base})
    return Speaker(_ANY, {"name": name.replace("_", " ")})


def _text(parts: Mapping[str, str], scene: Scene) -> str:
    return scene.texts.get(parts["name"]) or "not known"


_CATEGORY = Clause(
    "",
    lambda value, scene: value,
    lambda figure, parts, scene: f"{parts['name']} is {_text(parts, scene)}",
    None,
)
_ANY = Clause(
    "",
    lambda value, scene: value,
    lambda figure, parts, scene: f"{parts['name']} is {counted(figure)}",
    plain=True,
)
