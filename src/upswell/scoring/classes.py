"""Scores of answers that name a class: shares right, and precision and recall with their ranges.

Classes are whole numbers from 0; every answer and every truth has one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.scoring.intervals import clopper_pearson

__all__ = [
    "ClassScore",
    "accuracy",
    "balanced_accuracy",
    "class_scores",
    "confusion_matrix",
    "majority_accuracy",
    "majority_class",
]


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Precision and recall of one class, with exact confidence intervals.

    Parameters
    ----------
    actual, predicted, hit
        How many items are of the class, were named so, and both.
    precision, recall
        ``hit / predicted`` and ``hit / actual``; NaN where the denominator is 0.
    precision_range, recall_range
        Clopper-Pearson intervals, ``(0, 1)`` where the denominator is 0.
    """

    actual: int
    predicted: int
    hit: int
    precision: float
    recall: float
    precision_range: tuple[float, float]
    recall_range: tuple[float, float]


def confusion_matrix(actual: ArrayLike, predicted: ArrayLike, classes: int) -> NDArray[np.int64]:
    """Count the items by true class and answer.

    Parameters
    ----------
    actual, predicted
        Classes, shape ``(N,)`` each.
    classes
        How many classes there are.

    Returns
    -------
    numpy.ndarray
        Shape ``(classes, classes)``; the row is the true class, the column the answer.

    Raises
    ------
    SettingError
        When a class lies outside 0 to ``classes - 1`` or the shapes differ.

    Examples
    --------
    >>> confusion_matrix([0, 0, 1], [0, 1, 1], classes=3).tolist()
    [[1, 1, 0], [0, 1, 0], [0, 0, 0]]
    """
    truth, answer = as_labels(actual, classes, "actual"), as_labels(predicted, classes, "predicted")
    if truth.shape != answer.shape:
        raise SettingError(f"actual and predicted have shapes {truth.shape} and {answer.shape}")
    counts = np.bincount(truth * classes + answer, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def accuracy(confusion: ArrayLike) -> float:
    """Return the share of items named rightly; NaN without items.

    Parameters
    ----------
    confusion
        As `confusion_matrix` gives it.

    Examples
    --------
    >>> accuracy([[3, 1], [0, 0]])
    0.75
    """
    counts = np.asarray(confusion)
    return _share(int(np.trace(counts)), int(counts.sum()))


def balanced_accuracy(confusion: ArrayLike) -> float:
    """Return the mean recall over the classes that occur; NaN without items.

    The majority's answer gives one over the number of classes that occur.

    Examples
    --------
    >>> balanced_accuracy([[9, 0, 0], [1, 0, 0], [0, 0, 0]])
    0.5
    """
    counts = np.asarray(confusion)
    totals = counts.sum(axis=1)
    occurring = totals > 0
    if not occurring.any():
        return math.nan
    return float((np.diag(counts)[occurring] / totals[occurring]).mean())


def majority_class(labels: ArrayLike, classes: int) -> int:
    """Return the most frequent class; of equally frequent ones the lowest.

    Raises
    ------
    SettingError
        When there are no labels, or one lies outside the classes.

    Examples
    --------
    >>> majority_class([2, 1, 2, 1, 0], classes=3)
    1
    """
    truth = as_labels(labels, classes, "labels")
    if not truth.size:
        raise SettingError("no label, no majority")
    return int(np.argmax(np.bincount(truth, minlength=classes)))


def majority_accuracy(actual: ArrayLike, classes: int) -> float:
    """Return the accuracy of always naming the class most frequent in `actual` itself.

    It is the most that a constant answer can reach, chosen with hindsight; NaN without items.

    Examples
    --------
    >>> majority_accuracy([0, 0, 0, 1], classes=2)
    0.75
    """
    counts = np.bincount(as_labels(actual, classes, "actual"), minlength=classes)
    return _share(int(counts.max()), int(counts.sum()))


def class_scores(confusion: ArrayLike, level: float = 0.95) -> tuple[ClassScore, ...]:
    """Return precision and recall of each class with their Clopper-Pearson intervals.

    Parameters
    ----------
    confusion
        As `confusion_matrix` gives it.
    level
        Confidence level of the intervals.

    Raises
    ------
    SettingError
        When the level does not lie between 0 and 1.

    Examples
    --------
    >>> first = class_scores([[3, 1], [2, 4]])[0]
    >>> first.precision, first.recall, [round(end, 3) for end in first.recall_range]
    (0.6, 0.75, [0.194, 0.994])
    """
    counts = np.asarray(confusion)
    scores = []
    for label in range(len(counts)):
        hit = int(counts[label, label])
        actual, predicted = int(counts[label].sum()), int(counts[:, label].sum())
        scores.append(
            ClassScore(
                actual=actual,
                predicted=predicted,
                hit=hit,
                precision=_share(hit, predicted),
                recall=_share(hit, actual),
                precision_range=clopper_pearson(hit, predicted, level),
                recall_range=clopper_pearson(hit, actual, level),
            )
        )
    return tuple(scores)


def as_labels(values: ArrayLike, classes: int, name: str) -> NDArray[np.int64]:
    """Return classes as whole numbers.

    Parameters
    ----------
    values
        Shape ``(N,)``.
    classes
        How many classes there are, at least 1.
    name
        What the error calls them.

    Raises
    ------
    SettingError
        When a value is not a whole number from 0 to ``classes - 1``.

    Examples
    --------
    >>> as_labels([0.0, 2.0], classes=3, name="tiers").tolist()
    [0, 2]
    """
    if classes < 1:
        raise SettingError(f"there must be at least one class, got {classes}")
    array = np.asarray(values)
    if array.ndim != 1:
        raise SettingError(f"{name} has shape {array.shape}, not (N,)")
    if not array.size:
        return np.zeros(0, dtype=np.int64)
    if array.dtype.kind not in "iuf" or not np.isin(array, np.arange(classes)).all():
        raise SettingError(f"{name} holds more than whole numbers from 0 to {classes - 1}")
    return array.astype(np.int64)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
