"""An adapted LSTM as a file: both networks as safetensors, everything else as JSON."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, Place
from upswell.forecasting.lstm.adapting.model import AdaptedLstm
from upswell.forecasting.lstm.adapting.record import Choice
from upswell.forecasting.lstm.pretrained.layout import FEATURES, LEVELS
from upswell.store import Bundle, read_bundle, write_bundle

__all__ = ["KIND", "load_adapted", "save_adapted"]

KIND = "lstm-adapted"
LAYOUT = 1
UNTOUCHED, TUNED = "untouched.safetensors", "tuned.safetensors"


def save_adapted(adapted: AdaptedLstm, path: str | os.PathLike[str]) -> None:
    """Write an adapted LSTM as a bundle, whole or not at all.

    It holds the untouched weights, too, so that it says the same when other weights are shipped.

    Parameters
    ----------
    adapted
        The forecaster. The data it learnt from is not kept.
    path
        The file.

    Raises
    ------
    OutputError
        When the place cannot be written to.
    """
    from safetensors.numpy import save

    choice = asdict(adapted.choice)
    tried = not math.isnan(adapted.choice.loss)
    losses = {name: choice[name] if tried else None for name in ("zero_shot_loss", "loss")}
    meta = {
        "layout": LAYOUT,
        "features": FEATURES,
        "horizon": adapted.horizon,
        "taught_until": adapted.taught_until,
        "choice": choice | losses,
    }
    entries = {UNTOUCHED: save(dict(adapted.untouched))}
    if adapted.tuned:
        entries[TUNED] = save(dict(adapted.tuned))
    write_bundle(path, KIND, entries, meta, created_by="upswell train")


def load_adapted(path: str | os.PathLike[str]) -> AdaptedLstm:
    """Read an adapted LSTM; it forecasts any panel, needs no torch, and is named like the file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    BundleError
        When the file cannot be read, is damaged, of another kind, or holds what cannot be an
        adapted LSTM of this version. Reading cannot run code.
    """
    bundle = read_bundle(path, KIND)
    try:
        return _build(bundle, PurePath(os.fspath(path)).name)
    except (BundleError, KeyError, TypeError, ValueError, AttributeError) as error:
        what = error.what if isinstance(error, BundleError) else error
        raise BundleError(
            f"the bundle is no adapted LSTM of this version: {what}",
            where=Place(str(path)),
            fix="train the model again with this version",
        ) from error


def _build(bundle: Bundle, name: str) -> AdaptedLstm:
    meta = bundle.meta
    if (meta["layout"], meta["features"]) != (LAYOUT, FEATURES):
        raise BundleError(f"its layout is {meta['layout']!r} with {meta['features']!r} inputs")
    horizon, last = meta["horizon"], meta["taught_until"]
    if type(horizon) is not int or not 1 <= horizon <= 3660:
        raise BundleError(f"its horizon is {horizon!r}")
    if last is not None and type(last) is not int:
        raise BundleError(f"its last day is {last!r}")
    return AdaptedLstm(
        untouched=_weights(bundle.entry(UNTOUCHED)),
        tuned=_weights(bundle.entry(TUNED)) if TUNED in bundle.entries else {},
        choice=_choice(meta["choice"]),
        horizon=horizon,
        taught_until=last,
        name=name,
    )


def _choice(read: Mapping[str, Any]) -> Choice:
    losses = {n: math.nan if read[n] is None else read[n] for n in ("zero_shot_loss", "loss")}
    choice = Choice(**{**read, **losses})
    whole = (choice.steps, choice.windows, choice.days)
    real = (choice.weight, choice.zero_shot_loss, choice.loss)
    if not all(type(n) is int and n >= 0 for n in whole):
        raise BundleError(f"its counts are {whole}")
    if not all(type(n) in (int, float) for n in real) or not 0 <= choice.weight <= 1:
        raise BundleError(f"its weight and losses are {real}")
    return choice


def _weights(data: bytes) -> dict[str, NDArray[np.float32]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        weights = dict(load(data))
    except SafetensorError as error:
        raise BundleError(f"its weights cannot be read: {error}") from error
    outputs = 7 * 3 * len(LEVELS)
    if weights["inp.weight"].shape[1:] != (FEATURES,) or weights["out.bias"].shape != (outputs,):
        raise BundleError("its network reads or says something else")
    return weights
