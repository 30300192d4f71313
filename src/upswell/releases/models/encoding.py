"""Features as a matrix: numbers as they are, texts by a dictionary made in training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, ColumnError

if TYPE_CHECKING:
    import polars as pl

__all__ = ["MOST_CATEGORIES", "FeatureEncoder"]

MOST_CATEGORIES = 200
"""Values of one text column that have a code; rarer ones count as unknown."""


@dataclass(frozen=True)
class FeatureEncoder:
    """What each column of a matrix of features is.

    Parameters
    ----------
    names
        The columns, in order.
    categories
        For each column of text, its values in the order of their codes.
    """

    names: tuple[str, ...]
    categories: Mapping[str, tuple[str, ...]]

    @classmethod
    def fit(cls, features: pl.DataFrame) -> FeatureEncoder:
        """Learn the values of each column of text, the most frequent first.

        Examples
        --------
        >>> import polars as pl
        >>> frame = pl.DataFrame({"views": [1.0, None, 3.0], "genre": ["b", "a", "b"]})
        >>> encoder = FeatureEncoder.fit(frame)
        >>> encoder.categories
        {'genre': ('b', 'a')}
        >>> encoder.matrix(pl.DataFrame({"views": [2.0], "genre": ["new"]})).tolist()
        [[2.0, nan]]
        """
        import polars as pl

        found = {}
        for name, kind in features.schema.items():
            if kind == pl.String:
                counts = features[name].drop_nulls().value_counts(name="how often")
                ordered = counts.sort("how often", name, descending=[True, False])
                found[name] = tuple(ordered[name].head(MOST_CATEGORIES).to_list())
        return cls(tuple(features.columns), found)

    @property
    def category_positions(self) -> list[int]:
        """Positions of the columns of text."""
        return [place for place, name in enumerate(self.names) if name in self.categories]

    def matrix(self, features: pl.DataFrame) -> NDArray[np.float64]:
        """Return a matrix of shape ``(N, F)``; NaN where missing or an unknown text.

        Parameters
        ----------
        features
            At least the columns of `names`, in any order.

        Raises
        ------
        ColumnError
            When a column is missing or of another kind than in training.
        """
        import polars as pl

        self._check(features.schema)
        if not self.names:
            return np.empty((features.height, 0))
        columns = []
        for name in self.names:
            column = pl.col(name)
            if name in self.categories:
                codes = {value: code for code, value in enumerate(self.categories[name])}
                column = column.replace_strict(codes, default=None, return_dtype=pl.Float64)
            columns.append(column.cast(pl.Float64).fill_null(np.nan))
        return np.ascontiguousarray(features.select(columns).to_numpy(), dtype=np.float64)

    def _check(self, schema: Mapping[str, pl.DataType]) -> None:
        """Raise when a column is missing or of another kind than in training."""
        import polars as pl

        for name in self.names:
            if name not in schema:
                raise ColumnError(f"the model knows the feature {name!r}, and it is missing")
            if (schema[name] == pl.String) != (name in self.categories):
                raise ColumnError(f"the feature {name!r} is of another kind than in training")

    def to_json(self) -> dict[str, Any]:
        """Return the encoder as plain data."""
        return {
            "names": list(self.names),
            "categories": {name: list(values) for name, values in self.categories.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FeatureEncoder:
        """Return an encoder from plain data.

        Raises
        ------
        BundleError
            When it is none.
        """
        try:
            names = tuple(data["names"])
            categories = {name: tuple(values) for name, values in data["categories"].items()}
        except (KeyError, TypeError, AttributeError) as error:
            raise BundleError("the bundle's list of features is damaged") from error
        texts = [*names, *(value for values in categories.values() for value in values)]
        if not all(isinstance(text, str) for text in texts) or not set(categories) <= set(names):
            raise BundleError("the bundle's list of features is damaged")
        return cls(names, categories)
