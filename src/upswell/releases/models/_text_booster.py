"""LightGBM's text models, predicted by its own library without its Python package.

The package imports scikit-learn and pandas where they are installed, which takes longer than to
score ten thousand releases. What predicts is a library beside it, through the C interface that
LightGBM documents (C-API.rst: ``LGBM_BoosterLoadModelFromString``, ``LGBM_BoosterPredictForMat``).
"""

from __future__ import annotations

import ctypes
import sys
import weakref
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import lightgbm

__all__ = ["TextBooster"]

_DOUBLE, _BY_ROW, _NORMAL, _CONTRIBUTIONS, _ALL_TREES = 1, 1, 0, 3, -1
"""Constants of the C interface: the type of the matrix, its layout, and what is predicted."""


class TextBooster:
    """A booster that predicts, read from LightGBM's text.

    Parameters
    ----------
    text
        What `lightgbm.Booster.model_to_string` gave.

    Raises
    ------
    ValueError
        When LightGBM cannot read it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        library, handle = _library(), ctypes.c_void_p()
        _checked(
            library.LGBM_BoosterLoadModelFromString(
                text.encode(), ctypes.byref(ctypes.c_int()), ctypes.byref(handle)
            )
        )
        weakref.finalize(self, library.LGBM_BoosterFree, handle)
        self._handle = handle

    @property
    def text(self) -> str:
        """The model as it was read."""
        return self._text

    def predict(self, matrix: NDArray[np.float64], *, num_threads: int = 1) -> NDArray[np.float64]:
        """Return what `lightgbm.Booster.predict` returns, bit by bit, shape ``(N,)``.

        Parameters
        ----------
        matrix
            Shape ``(N, F)`` with as many features as the model has; at least one row.
        num_threads
            Number of threads; it changes nothing.
        """
        rows = np.ascontiguousarray(matrix, dtype=np.float64)
        answer = np.empty(len(rows))
        self._ask(rows, _NORMAL, answer, num_threads)
        return answer

    def contributions(
        self, matrix: NDArray[np.float64], *, num_threads: int = 1
    ) -> NDArray[np.float64]:
        """Return what ``predict(pred_contrib=True)`` of LightGBM returns, shape ``(N, F + 1)``.

        The last column is what the model expects without knowing a feature; rows sum to its raw
        answer (Lundberg, Erion and Lee 2018).

        Parameters
        ----------
        matrix, num_threads
            As for `predict`.
        """
        rows = np.ascontiguousarray(matrix, dtype=np.float64)
        answer = np.empty((len(rows), rows.shape[1] + 1))
        self._ask(rows, _CONTRIBUTIONS, answer, num_threads)
        return answer

    def _ask(
        self, rows: NDArray[np.float64], kind: int, answer: NDArray[np.float64], threads: int
    ) -> None:
        """Fill an array with what the library says of some rows."""
        _checked(
            _library().LGBM_BoosterPredictForMat(
                self._handle,
                rows.ctypes.data_as(ctypes.c_void_p),
                ctypes.c_int(_DOUBLE),
                ctypes.c_int32(rows.shape[0]),
                ctypes.c_int32(rows.shape[1]),
                ctypes.c_int(_BY_ROW),
                ctypes.c_int(kind),
                ctypes.c_int(0),
                ctypes.c_int(_ALL_TREES),
                f"num_threads={threads}".encode(),
                ctypes.byref(ctypes.c_int64()),
                answer.ctypes.data_as(ctypes.c_void_p),
            )
        )

    def model_to_string(self) -> str:
        """Return the model as text."""
        return str(self._whole().model_to_string())

    def feature_importance(self, importance_type: str) -> Any:
        """Return what `lightgbm.Booster.feature_importance` returns."""
        return self._whole().feature_importance(importance_type)

    def _whole(self) -> lightgbm.Booster:
        import lightgbm

        return lightgbm.Booster(model_str=self._text)


@cache
def _library() -> ctypes.CDLL:
    """Return LightGBM's library; a library that is loaded already is not loaded again."""
    found = find_spec("lightgbm")
    name = {"win32": "lib_lightgbm.dll", "darwin": "lib_lightgbm.dylib"}.get(
        sys.platform, "lib_lightgbm.so"
    )
    if found is not None and found.origin is not None:
        root = Path(found.origin).resolve().parent
        for place in (root / "bin" / name, root / "lib" / name):
            if place.is_file():
                return _declared(ctypes.CDLL(str(place)))
    # Installed in another way: its own package knows where.
    from lightgbm.libpath import _LIB

    return _declared(_LIB)


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    library.LGBM_GetLastError.restype = ctypes.c_char_p
    return library


def _checked(code: int) -> None:
    if code:
        message: bytes = _library().LGBM_GetLastError()
        raise ValueError(message.decode(errors="replace"))
