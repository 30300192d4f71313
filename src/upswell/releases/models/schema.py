"""What a model was taught on: its features and metrics, and how others differ from them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from upswell.errors import BundleError, ColumnError
from upswell.releases.frames import FeatureNote

__all__ = ["FeatureDifferences", "FeatureSchema", "check_features", "compare_features"]

_MOST_NAMED = 5


@dataclass(frozen=True)
class FeatureSchema:
    """Features and metrics that a model was taught on.

    Parameters
    ----------
    catalogue
        A note for each feature, in the order of the columns.
    metrics
        The metrics of the signals that they are made of.
    """

    catalogue: tuple[FeatureNote, ...]
    metrics: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        return tuple(note.name for note in self.catalogue)

    def to_bytes(self) -> bytes:
        """Return the schema as JSON."""
        data = {
            "metrics": list(self.metrics),
            "features": [
                {
                    "name": note.name,
                    "group": note.group,
                    "text": note.text,
                    "category": note.category,
                }
                for note in self.catalogue
            ],
        }
        return json.dumps(data, indent=1, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> FeatureSchema:
        """Return a schema from JSON.

        Raises
        ------
        BundleError
            When it is none.
        """
        try:
            found = json.loads(data)
            notes = tuple(_note(each) for each in found["features"])
            metrics = tuple(found["metrics"])
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise BundleError("the bundle's list of features is damaged") from error
        names = [note.name for note in notes]
        if len(set(names)) != len(names) or not all(isinstance(each, str) for each in metrics):
            raise BundleError("the bundle's list of features is damaged")
        return cls(notes, metrics)


def _note(data: Mapping[str, Any]) -> FeatureNote:
    note = FeatureNote(data["name"], data["group"], data["text"], data["category"])
    texts = (note.name, note.group, note.text)
    if not all(isinstance(text, str) for text in texts) or not isinstance(note.category, bool):
        raise TypeError("a note holds texts and a truth value")
    return note


@dataclass(frozen=True)
class FeatureDifferences:
    """How features at hand differ from those a model was taught on.

    Parameters
    ----------
    missing_metrics, unknown_metrics
        Metrics that only the training had, or only the features at hand.
    missing, unknown
        Features, likewise, beside those of these metrics.
    changed
        Features that were numbers and are texts now, or the reverse.
    """

    missing_metrics: tuple[str, ...]
    unknown_metrics: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return any(
            (self.missing_metrics, self.unknown_metrics, self.missing, self.unknown, self.changed)
        )


def compare_features(
    schema: FeatureSchema, catalogue: Sequence[FeatureNote], metrics: Sequence[str]
) -> FeatureDifferences:
    """Say how features at hand differ from those a model was taught on; order does not matter.

    Parameters
    ----------
    schema
        What the model was taught on.
    catalogue, metrics
        What is at hand.

    Examples
    --------
    >>> likes = FeatureNote("likes_total", "likes", "Likes over the window.")
    >>> views = FeatureNote("views_total", "views", "Views over the window.")
    >>> schema = FeatureSchema((likes, views), ("likes", "views"))
    >>> compare_features(schema, [views], ["views"]).missing_metrics
    ('likes',)
    """
    taught = {note.name: note for note in schema.catalogue}
    found = {note.name: note for note in catalogue}
    missing_metrics = tuple(name for name in schema.metrics if name not in metrics)
    unknown_metrics = tuple(name for name in metrics if name not in schema.metrics)
    return FeatureDifferences(
        missing_metrics=missing_metrics,
        unknown_metrics=unknown_metrics,
        missing=_beside(taught, found, missing_metrics),
        unknown=_beside(found, taught, unknown_metrics),
        changed=tuple(
            name
            for name in taught
            if name in found and taught[name].category != found[name].category
        ),
    )


def _beside(
    own: Mapping[str, FeatureNote], other: Mapping[str, FeatureNote], metrics: Sequence[str]
) -> tuple[str, ...]:
    """Return features that only one side has and that are not of some metrics."""
    return tuple(name for name, note in own.items() if name not in other and not _of(note, metrics))


def _of(note: FeatureNote, metrics: Sequence[str]) -> bool:
    """Say whether a feature is made of one of some metrics, by its group or its name."""
    words = f"_{note.name}_"
    return note.group in metrics or any(f"_{metric}_" in words for metric in metrics)


def check_features(
    schema: FeatureSchema, catalogue: Sequence[FeatureNote], metrics: Sequence[str]
) -> None:
    """Raise unless the features at hand are those a model was taught on.

    Parameters
    ----------
    schema, catalogue, metrics
        As for `compare_features`.

    Raises
    ------
    ColumnError
        Naming the metrics, or else the features, that are missing, unknown or of another kind.
    """
    found = compare_features(schema, catalogue, metrics)
    if found.missing_metrics:
        raise ColumnError(
            f"the model was taught on {_named('metric', found.missing_metrics)}, "
            "and the signals have no such column",
            fix="call the column as in the training, or train again without it",
        )
    if found.unknown_metrics:
        raise ColumnError(
            f"the signals have {_named('metric', found.unknown_metrics)}, "
            "on which the model was not taught",
            fix="leave the column out, or train again with it",
        )
    for names, what in (
        (found.missing, "the model was taught on {}, missing here"),
        (found.unknown, "there is {}, on which the model was not taught"),
        (found.changed, "{} is a number on one side and a text on the other"),
    ):
        if names:
            raise ColumnError(
                what.format(_named("feature", names)),
                fix="give the same columns as in training, or train again",
            )


def _named(word: str, names: Sequence[str]) -> str:
    """Return some names in words.

    Examples
    --------
    >>> _named("metric", ["likes", "views"])
    "the metrics 'likes', 'views'"
    """
    shown = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return f"the {word}{'s' if len(names) > 1 else ''} {shown}{more}"
