"""Linear programs in whole releases and in parts of them, by HiGHS."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from upswell.errors import ForecasterError

__all__ = ["Solved", "solve_relaxed", "solve_whole"]

Floats = NDArray[np.float64]

MOST_NODES = 500
"""Of one search; a number and no time, so that the same input gives the same answer."""

_LARGEST = 1e4


@dataclass(frozen=True)
class Solved:
    """What the solver found.

    Parameters
    ----------
    chosen
        The list; None when none was found.
    bound
        Profit that no list exceeds that keeps to the rows.
    proven
        Whether no list that keeps to the rows is better.
    """

    chosen: NDArray[np.bool_] | None
    bound: float
    proven: bool


def solve_whole(profit: Floats, left: Sequence[Floats], right: Sequence[float]) -> Solved:
    """Maximise ``profit @ x`` over ``x`` in ``{0, 1}`` with ``left @ x <= right``.

    Raises
    ------
    ForecasterError
        When the solver fails.

    Examples
    --------
    >>> solve_whole(np.array([3.0, 2.0]), [np.array([1.0, 1.0])], [1.0]).chosen.tolist()
    [True, False]
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    # The solver stops at an absolute gap of 1e-6, whatever the currency.
    size = float(profit.max()) / _LARGEST or 1.0
    with _muted():
        found = milp(
            -profit / size,
            integrality=np.ones(len(profit)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(np.array(left), ub=np.array(right)),
            options={"mip_rel_gap": 0.0, "node_limit": MOST_NODES},
        )
    bound = found.get("mip_dual_bound")
    if found.status not in (0, 1, 4) or (found.x is None and bound is None):
        raise ForecasterError(f"the list to fund was not found: {found.message}")
    return Solved(
        chosen=None if found.x is None else np.asarray(found.x > 0.5),
        bound=float(profit.sum()) if bound is None else float(-bound * size),
        proven=found.status == 0,
    )


def solve_relaxed(profit: Floats, left: Sequence[Floats], right: Sequence[float]) -> Floats:
    """Maximise ``profit @ x`` over ``x`` from 0 to 1 with ``left @ x <= right``.

    Raises
    ------
    ForecasterError
        When the solver fails.

    Examples
    --------
    >>> solve_relaxed(np.array([3.0, 2.0]), [np.array([2.0, 1.0])], [2.0]).tolist()
    [0.5, 1.0]
    """
    from scipy.optimize import linprog

    # Costs of 1e8 (a currency of small units) leave the solver without an answer.
    size = float(np.abs(profit).max(initial=0.0)) or 1.0
    with _muted():
        found = linprog(
            -profit / size, A_ub=np.array(left), b_ub=np.array(right), bounds=(0, 1), method="highs"
        )
    if found.x is None:
        raise ForecasterError(f"the list to fund was not found: {found.message}")
    return np.asarray(np.clip(found.x, 0.0, 1.0))


@contextlib.contextmanager
def _muted() -> Iterator[None]:
    """Keep standard output clean: HiGHS 1.12 prints a line of debugging that no option stops."""
    sys.stdout.flush()
    try:
        kept = os.dup(1)
    except OSError:
        # There is no standard output to keep clean.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        # What the library still holds back would come out later.
        with contextlib.suppress(OSError, TypeError, AttributeError):
            ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
