"""CatBoost models as bytes: the same model gives the same bytes, and bytes are looked at first."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from upswell.errors import BundleError

if TYPE_CHECKING:
    import catboost

__all__ = ["catboost_bytes", "catboost_from_bytes"]

# CatBoost writes the time of training and a random name into each model.
_OF_THE_MOMENT = ("train_finish_time", "model_guid")


def catboost_bytes(model: catboost.CatBoost) -> bytes:
    """Return a model in CatBoost's own format, without the time of training and its random name.

    Parameters
    ----------
    model
        A fitted model; it stays as it was.

    Examples
    --------
    >>> from catboost import CatBoostRegressor
    >>> def fitted():
    ...     model = CatBoostRegressor(iterations=2, verbose=False, allow_writing_files=False)
    ...     return model.fit([[1.0], [2.0], [3.0]], [1.0, 2.0, 3.0])
    >>> data = catboost_bytes(fitted())
    >>> data[:4], data == catboost_bytes(fitted())
    (b'CBM1', True)
    """
    with _timeless(model.get_metadata()), tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.cbm"
        model.save_model(str(path), format="cbm")
        return path.read_bytes()


@contextmanager
def _timeless(metadata: Any) -> Iterator[None]:
    before = {key: metadata[key] for key in _OF_THE_MOMENT if key in list(metadata.keys())}
    try:
        for key in _OF_THE_MOMENT:
            metadata[key] = ""
        yield
    finally:
        for key in _OF_THE_MOMENT:
            if key in before:
                metadata[key] = before[key]
            else:
                del metadata[key]


def catboost_from_bytes(
    data: bytes, kind: Literal["regressor", "classifier"], features: tuple[str, ...] | None = None
) -> catboost.CatBoost:
    """Return a model from its bytes, which must come out of a bundle whose hashes were checked.

    Parameters
    ----------
    data
        What `catboost_bytes` gave.
    kind
        Which class to return: ``CatBoostRegressor`` or ``CatBoostClassifier``.
    features
        Names that the features of the model must have, in order; None when it does not matter.

    Raises
    ------
    BundleError
        When the bytes are no CatBoost model, or one of other features.
    """
    import catboost

    again = "get the bundle again, or train the model again"
    if not data.startswith(b"CBM1"):
        raise BundleError("an entry is no CatBoost model", fix=again)
    classes = {
        "regressor": catboost.CatBoostRegressor,
        "classifier": catboost.CatBoostClassifier,
    }
    model = classes[kind]()
    try:
        model.load_model(blob=data, format="cbm")
    except catboost.CatBoostError as error:
        raise BundleError(f"CatBoost cannot read an entry: {error}", fix=again) from error
    if features is not None and tuple(model.feature_names_) != features:
        raise BundleError("a CatBoost model has other features than the bundle says", fix=again)
    return model
