"""Many tests at once: p-values that may be read together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError

__all__ = ["holm"]


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Return p-values adjusted by Holm's step-down method.

    The chance that any true null hypothesis has an adjusted value of at most ``a`` is at most
    ``a``, however the tests depend on each other.

    Parameters
    ----------
    p_values
        Shape ``(T,)``; NaN where no test was possible, which counts as no test.

    Returns
    -------
    numpy.ndarray
        Shape ``(T,)``, at most 1; NaN where the input is.

    Raises
    ------
    SettingError
        When a value is no p-value.

    Notes
    -----
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6(2), 65-70.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03]).round(4).tolist()
    [0.03, 0.06, 0.06]
    """
    values = np.asarray(p_values, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values))
    if values.ndim != 1 or ((values[known] < 0) | (values[known] > 1)).any():
        raise SettingError("p-values must be one list of numbers from 0 to 1")
    order = known[np.argsort(values[known], kind="stable")]
    steps = (order.size - np.arange(order.size)) * values[order]
    adjusted = np.full(values.shape, np.nan)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if order.size else steps
    return adjusted
