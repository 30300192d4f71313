"""Train the LSTM across all series of a history, on what was known at its cutoff."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import numpy as np

from upswell.errors import ForecasterError, MissingPackageError, SettingError
from upswell.forecasting.history import History
from upswell.forecasting.lstm._checkpoint import Checkpoint
from upswell.forecasting.lstm._scaling import ScaledHistory, scale_history
from upswell.forecasting.lstm._teaching import Teaching
from upswell.forecasting.lstm._windows import validation_days
from upswell.forecasting.lstm.model import TrainedLstm, forecaster_name
from upswell.forecasting.lstm.record import EpochReport, TrainingRecord
from upswell.forecasting.lstm.settings import LstmSettings

__all__ = ["train_network"]


def train_network(
    history: History,
    horizon: int,
    settings: LstmSettings | None = None,
    seed: int = 0,
    *,
    progress: Callable[[EpochReport], None] | None = None,
    checkpoint: Path | str | None = None,
) -> TrainedLstm:
    """Train the LSTM.

    One network is trained for all series. It minimises the mean absolute error of scaled values
    (so it says medians) with Adam (Kingma and Ba 2015), and a running mean of the epochs'
    weights is what is checked and kept (Polyak and Juditsky 1992). The last days of the history,
    but never days after it, validate: when their loss has not fallen for `settings.patience`
    epochs, training stops, and the best weights are kept. Torch's random generators, thread
    count and switches are left as they were.

    Parameters
    ----------
    history
        What was known at the cutoff.
    horizon
        Number of days that will be asked for, at least 1.
    settings
        The network and its training; None for the defaults.
    seed
        Seed of the weights, of dropout and of the order of windows. The same history, settings
        and seed give the same weights bit for bit on one machine.
    progress
        Called after each epoch.
    checkpoint
        A file that keeps the state after each epoch. When training was interrupted, the same
        call goes on from there to the same weights.

    Returns
    -------
    TrainedLstm
        The fitted forecaster, with the record of its training.

    Raises
    ------
    ForecasterError
        When the history is too short or too empty to teach and to validate.
    MissingPackageError
        When torch is not installed.
    SettingError
        When the horizon or the seed is out of range, the device is not there, or the checkpoint
        belongs to another training.
    BundleError, OutputError
        When the checkpoint is damaged or cannot be written.

    Examples
    --------
    >>> import numpy as np
    >>> days = np.arange(40)
    >>> history = History((100 + 2.0 * days + 30 * (days % 7 == 6))[None, :], days % 7)
    >>> trained = train_network(history, 14, LstmSettings(units=4, epochs=1), seed=1)
    >>> trained.predict(history, 14).shape
    (1, 14)
    """
    settings = LstmSettings() if settings is None else settings
    _check_numbers(horizon, seed)
    _require_torch()
    from upswell.forecasting.lstm._optimise import optimise

    scaled = scale_history(history)
    validation = validation_days(history.days, horizon, settings.sequence_length)
    teaching = _teaching(scaled, settings, horizon, validation, seed)
    outputs = 1 if settings.strategy == "recursive" else horizon
    kept = None
    if checkpoint is not None:
        kept = Checkpoint(Path(checkpoint), _fingerprint(history, horizon, settings, seed))
    result = optimise(teaching, settings, outputs, seed, progress=progress, checkpoint=kept)
    size = teaching.epoch_windows
    record = TrainingRecord(
        train_loss=result.train_loss,
        validation_loss=result.validation_loss,
        best_epoch=result.best_epoch,
        train_windows=teaching.train.count,
        validation_windows=teaching.validation.count,
        steps=-(-size // settings.batch_size),
        days=history.days,
        validation_days=validation,
        device=result.device,
        notes=_notes(teaching, settings, result.best_epoch),
    )
    growth = float(np.median(scaled.growth)) if len(scaled.growth) else 0.0
    return TrainedLstm(settings, horizon, result.weights, growth, record)


def _check_numbers(horizon: int, seed: int) -> None:
    if not 1 <= horizon <= 3660:
        raise SettingError(f"--horizon must be between 1 and 3660, got {horizon}")
    if not 0 <= seed < 2**63:
        raise SettingError(f"--seed must be between 0 and 2**63 - 1, got {seed}")


def _require_torch() -> None:
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            "training the LSTM needs the package torch, which is not installed",
            fix="pip install 'upswell[train]'",
        ) from error


def _teaching(
    scaled: ScaledHistory, settings: LstmSettings, horizon: int, validation: int, seed: int
) -> Teaching:
    days = scaled.observed.shape[1]
    name, length = forecaster_name(settings), settings.sequence_length
    fix = "give more days, or a smaller --sequence-length"
    if days < length + 2:
        raise ForecasterError(
            f"{name}: {days} days are too few to train on windows of {length}", fix=fix
        )
    teaching = Teaching(scaled, settings, horizon, validation, seed)
    if not teaching.train.count or not teaching.validation.count:
        raise ForecasterError(
            f"{name}: no window of {length} days has enough observed days to train on", fix=fix
        )
    return teaching


def _notes(teaching: Teaching, settings: LstmSettings, best_epoch: int) -> tuple[str, ...]:
    notes = []
    if teaching.epoch_windows < teaching.train.count:
        notes.append(
            f"each epoch learns from {teaching.epoch_windows} of {teaching.train.count} windows, "
            f"drawn anew: an epoch has at most 20000 windows and 2000 steps of "
            f"{settings.batch_size}"
        )
    if best_epoch == 0:
        notes.append(
            "no epoch was better on the validation days than the level and the weekday effects "
            "alone, so that is what this model forecasts"
        )
    return tuple(notes)


def _fingerprint(history: History, horizon: int, settings: LstmSettings, seed: int) -> str:
    digest = hashlib.sha256()
    digest.update(json.dumps([asdict(settings), horizon, seed, history.values.shape]).encode())
    digest.update(np.ascontiguousarray(history.values).tobytes())
    digest.update(np.ascontiguousarray(history.phase).tobytes())
    return digest.hexdigest()
