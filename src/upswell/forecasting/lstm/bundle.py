"""A trained LSTM as a file: weights as safetensors, everything else as JSON."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, Place, SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm._scaling import SCALING_VERSION
from upswell.forecasting.lstm.model import TrainedLstm
from upswell.forecasting.lstm.record import TrainingRecord
from upswell.forecasting.lstm.settings import LstmSettings
from upswell.store import Bundle, read_bundle, write_bundle

if TYPE_CHECKING:
    from upswell.forecasting.lstm.adapting import AdaptedLstm

__all__ = ["KIND", "BundledLstm", "load_bundled", "load_lstm", "save_lstm"]

KIND = "lstm"
WEIGHTS = "weights.safetensors"
TRAINING = "training.json"


@dataclass(frozen=True)
class BundledLstm:
    """A trained LSTM from a bundle as a `MedianForecaster`: there is nothing left to fit.

    Parameters
    ----------
    trained
        The network.
    name
        The bundle's file name.
    """

    trained: TrainedLstm
    name: str
    costly: bool = False

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> BundledLstm:
        """Read a bundle; see `load_lstm`."""
        return cls(load_lstm(path), os.path.basename(path))  # noqa: PTH119 - keeps any path type

    @property
    def taught_until(self) -> int | None:
        """Number of the last day that the network learnt from."""
        return self.trained.taught_until

    def fit(self, history: History, horizon: int, seed: int) -> TrainedLstm:  # noqa: ARG002
        """Return the trained network."""
        return self.trained


def load_bundled(path: str | os.PathLike[str]) -> BundledLstm | AdaptedLstm:
    """Read a bundle of `upswell train`, of either kind, as a forecaster named like the file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    BundleError
        As `load_lstm` and `load_adapted`.
    """
    from upswell.forecasting.lstm.adapting import bundle as adapted

    if read_bundle(path, (KIND, adapted.KIND)).kind == KIND:
        return BundledLstm.load(path)
    return adapted.load_adapted(path)


def save_lstm(trained: TrainedLstm, path: str | os.PathLike[str]) -> None:
    """Write a trained LSTM as a bundle, whole or not at all.

    Parameters
    ----------
    trained
        The fitted forecaster. The data it learnt from is not kept.
    path
        The file.

    Raises
    ------
    OutputError
        When the place cannot be written to.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from upswell.forecasting.history import History
    >>> from upswell.forecasting.lstm import train_network
    >>> days = np.arange(40)
    >>> history = History((100 + 2.0 * days)[None, :], days % 7)
    >>> trained = train_network(history, 14, LstmSettings(units=4, epochs=1), seed=1)
    >>> path = pathlib.Path(tempfile.mkdtemp()) / "views.upswell"
    >>> save_lstm(trained, path)
    >>> bool((load_lstm(path).predict(history, 14) == trained.predict(history, 14)).all())
    True
    """
    from safetensors.numpy import save

    meta = {
        "scaling_version": SCALING_VERSION,
        "settings": asdict(trained.settings),
        "horizon": trained.horizon,
        "growth": trained.growth,
        "taught_until": trained.taught_until,
    }
    record = json.dumps(trained.record.to_json(), sort_keys=True, indent=1, allow_nan=False)
    entries = {WEIGHTS: save(dict(trained.weights)), TRAINING: record.encode()}
    write_bundle(path, KIND, entries, meta, created_by="upswell train")


def load_lstm(path: str | os.PathLike[str]) -> TrainedLstm:
    """Read a trained LSTM; it forecasts any panel, and needs no torch.

    Parameters
    ----------
    path
        The file.

    Returns
    -------
    TrainedLstm
        What was saved, bit for bit.

    Raises
    ------
    BundleError
        When the file cannot be read, is damaged, of another kind, or holds what cannot be an
        LSTM of this version. Reading cannot run code.
    """
    bundle = read_bundle(path, KIND)
    place = Place(str(path))
    fix = "train the model again with this version"
    if bundle.meta.get("scaling_version") != SCALING_VERSION:
        raise BundleError(
            f"the bundle's scaling is of version {bundle.meta.get('scaling_version')!r}, and "
            f"this package knows version {SCALING_VERSION}",
            where=place,
            fix=fix,
        )
    try:
        return _build(bundle)
    except (SettingError, BundleError) as error:
        raise BundleError(
            f"the bundle is no LSTM of this version: {error.what}", where=place, fix=fix
        ) from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BundleError(
            f"the bundle is no LSTM of this version: {error}", where=place, fix=fix
        ) from error


def _build(bundle: Bundle) -> TrainedLstm:
    horizon, growth = bundle.meta["horizon"], bundle.meta["growth"]
    if isinstance(horizon, bool) or not isinstance(horizon, int) or not 1 <= horizon <= 3660:
        raise BundleError(f"its horizon is {horizon!r}")
    if isinstance(growth, bool) or not isinstance(growth, int | float):
        raise BundleError(f"its growth is {growth!r}")
    if not (math.isfinite(growth) and growth >= 0):
        raise BundleError(f"its growth is {growth!r}")
    taught_until = bundle.meta.get("taught_until")
    if isinstance(taught_until, bool) or not isinstance(taught_until, int | None):
        raise BundleError(f"its last day is {taught_until!r}")
    record: Mapping[str, Any] = json.loads(bundle.entry(TRAINING))
    return TrainedLstm(
        settings=LstmSettings(**bundle.meta["settings"]),
        horizon=horizon,
        weights=_weights(bundle.entry(WEIGHTS)),
        growth=float(growth),
        record=TrainingRecord.from_json(record),
        taught_until=taught_until,
    )


def _weights(data: bytes) -> dict[str, NDArray[np.float32]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return dict(load(data))
    except SafetensorError as error:
        raise BundleError(f"its weights cannot be read: {error}") from error
