"""LightGBM for one yes-or-no question: fitted the same each time, and kept as text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models._text_booster import TextBooster

if TYPE_CHECKING:
    import lightgbm

_FIXED: dict[str, Any] = {
    "objective": "binary",
    "verbosity": -1,
    "deterministic": True,
    "force_row_wise": True,
    "max_bin": 63,
    "feature_pre_filter": False,
    "bagging_freq": 1,
}
_NAMES = {
    "learning_rate": "learning_rate",
    "leaves": "num_leaves",
    "least_rows": "min_data_in_leaf",
    "feature_share": "feature_fraction",
    "row_share": "bagging_fraction",
    "l2": "lambda_l2",
}
_WIDTH = re.compile(rb"^max_feature_idx=(\d{1,9})$", re.MULTILINE)


class Booster(Protocol):
    """What is asked of a booster, fitted by LightGBM or read from its text."""

    def predict(self, matrix: NDArray[np.float64], /, *, num_threads: int) -> Any:
        """Return a number for each row."""

    def model_to_string(self) -> str:
        """Return the model as text."""

    def feature_importance(self, importance_type: str, /) -> Any:
        """Return a number for each feature."""


def dataset(
    matrix: NDArray[np.float64],
    categories: Sequence[int],
    weights: NDArray[np.float64] | None,
    threads: int,
) -> lightgbm.Dataset:
    """Return the rows in bins, which several fits may share, one after the other."""
    import lightgbm

    return lightgbm.Dataset(
        matrix,
        np.zeros(len(matrix)),
        weight=weights,
        categorical_feature=list(categories),
        params=_FIXED | {"num_threads": threads},
        free_raw_data=True,
    ).construct()


def fit(
    rows: lightgbm.Dataset,
    answers: NDArray[np.bool_],
    settings: Mapping[str, Any],
    *,
    seed: int,
    threads: int,
) -> lightgbm.Booster:
    """Fit one booster to the answers of these rows."""
    import lightgbm

    rows.set_label(answers.astype(np.float64))

    own = {lightgbm_name: settings[name] for name, lightgbm_name in _NAMES.items()}
    params = _FIXED | own | {"seed": seed, "num_threads": threads}
    return lightgbm.train(params, rows, num_boost_round=int(settings["rounds"]))


def predict(booster: Booster, matrix: NDArray[np.float64], threads: int) -> NDArray[np.float64]:
    """Return the probability of yes, shape ``(N,)``."""
    if not len(matrix):
        return np.empty(0)
    return np.asarray(booster.predict(matrix, num_threads=threads), dtype=np.float64)


def read_again(booster: Booster) -> TextBooster:
    """Return a booster as it is read from its text.

    What is asked of it then cannot depend on whether a bundle was read or just made.
    """
    return booster if isinstance(booster, TextBooster) else TextBooster(booster.model_to_string())


def booster_bytes(booster: Booster) -> bytes:
    """Return a booster as LightGBM's text."""
    return str(booster.model_to_string()).encode()


def booster_from_bytes(data: bytes, features: int, name: str) -> TextBooster:
    """Return a booster from its text, once the text says that it is of that many features.

    Raises
    ------
    BundleError
        When it is not.
    """
    width = _WIDTH.search(data)
    if not data.startswith(b"tree\n") or width is None or int(width[1]) + 1 != features:
        raise BundleError(
            f"entry {name!r} is no LightGBM model of {features} features",
            fix="get the bundle again, or train the model again",
        )
    try:
        return TextBooster(data.decode())
    except ValueError as error:
        raise BundleError(f"LightGBM cannot read entry {name!r}: {error}") from error
