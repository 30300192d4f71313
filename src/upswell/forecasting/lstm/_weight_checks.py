"""What every weight of a network must be, whoever wrote its file."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError

__all__ = ["check_weights"]


def check_weights(
    weights: Mapping[str, NDArray[np.float32]], shapes: Mapping[str, tuple[int, ...]]
) -> None:
    """Raise where a weight is not float32, not finite, or not of its shape.

    Parameters
    ----------
    weights
        By name; each name of `shapes` is among them.
    shapes
        The shape that each must have.

    Raises
    ------
    BundleError
        Of the first weight that does not fit.

    Examples
    --------
    >>> check_weights({"a": np.zeros(3, dtype=np.float32)}, {"a": (2,)})
    Traceback (most recent call last):
        ...
    upswell.errors.BundleError: weight a is float32 of shape (3,), not float32 (2,)
    """
    for name, shape in shapes.items():
        weight = weights[name]
        if weight.shape != shape or weight.dtype != np.float32:
            raise BundleError(
                f"weight {name} is {weight.dtype} of shape {weight.shape}, not float32 {shape}"
            )
        if not np.isfinite(weight).all():
            raise BundleError(f"weight {name} is not finite")
