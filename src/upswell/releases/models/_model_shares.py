"""What each feature adds to the answers of several models, for few rows or many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from upswell.releases.models import _boosters
from upswell.releases.models._array_tree import ArrayTree
from upswell.releases.models._catboost_trees import catboost_trees
from upswell.releases.models._shares_beside import Forest, shares_of_forests
from upswell.releases.models._text_trees import trees_of_text

if TYPE_CHECKING:
    import catboost

__all__ = ["shares_of_models"]

Floats = NDArray[np.float64]

_MANY = 200
"""Rows from which on they are reckoned together, which is faster then."""


@dataclass(frozen=True)
class _Sum:
    """Trees whose sum, times a scale and beside a bias, is the answer of a model."""

    trees: tuple[ArrayTree, ...]
    single: bool = False
    scale: float = 1.0
    bias: float = 0.0

    def forest(self, matrix: Floats) -> Forest:
        """Return the trees with what they are asked of: CatBoost compares in single precision."""
        return Forest(self.trees, matrix.astype(np.float32) if self.single else matrix)

    def shares(self, found: Floats) -> Floats:
        """Return what features add to the answer from what they add to the sum."""
        found *= self.scale
        found[:, -1] += self.bias
        return found


def shares_of_models(
    models: Sequence[catboost.CatBoost | _boosters.Booster | float], matrices: Sequence[Floats]
) -> list[Floats]:
    """Return what each feature adds to the raw answer of each model, exact.

    Parameters
    ----------
    models
        A model, or the constant that stands for one.
    matrices
        What each is asked of, shape ``(N, F)``, NaN where unknown.

    Returns
    -------
    list of numpy.ndarray
        Shape ``(N, F + 1)``; the last column is the answer where no feature is known.
    """
    sums = [
        _sum_of(model) if len(matrix) >= _MANY and not isinstance(model, float) else None
        for model, matrix in zip(models, matrices, strict=True)
    ]
    found = iter(
        shares_of_forests(
            [
                each.forest(matrix)
                for each, matrix in zip(sums, matrices, strict=True)
                if each is not None
            ]
        )
    )
    return [
        _by_library(model, matrix) if each is None else each.shares(next(found))
        for each, model, matrix in zip(sums, models, matrices, strict=True)
    ]


def _sum_of(model: catboost.CatBoost | _boosters.Booster) -> _Sum | None:
    """Return the trees of a model; None where it has some of another kind."""
    if hasattr(model, "model_to_string"):
        trees = trees_of_text(_boosters.read_again(model).text)
        return None if trees is None else _Sum(trees)
    told = catboost_trees(cast("catboost.CatBoost", model))
    return None if told is None else _Sum(told.trees, True, told.scale, told.bias)


def _by_library(model: catboost.CatBoost | _boosters.Booster | float, matrix: Floats) -> Floats:
    """Return what the library itself says, which is as fast for few rows."""
    if isinstance(model, float) or not len(matrix):
        answer = np.zeros((len(matrix), matrix.shape[1] + 1))
        answer[:, -1] = model if isinstance(model, float) else 0.0
        return answer
    if hasattr(model, "model_to_string"):
        return _boosters.read_again(model).contributions(matrix, num_threads=1)
    from catboost import Pool

    forest = cast("catboost.CatBoost", model)
    found = forest.get_feature_importance(Pool(matrix), type="ShapValues", thread_count=1)
    return np.asarray(found, dtype=np.float64)
