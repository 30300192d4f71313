"""Pretrain the network on simulated audiences, and write its weights and its card."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from upswell.errors import MissingPackageError
from upswell.forecasting.lstm._checkpoint import Checkpoint
from upswell.forecasting.lstm.pretraining.card import make_card, prior_fingerprint
from upswell.forecasting.lstm.pretraining.report import Pretrained, PretrainingReport
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

__all__ = ["CARD", "WEIGHTS", "pretrain", "write_weights"]

WEIGHTS = "audiences.safetensors"
CARD = "card.json"


def pretrain(
    settings: PretrainingSettings | None = None,
    *,
    progress: Callable[[PretrainingReport], None] | None = None,
    checkpoint: Path | str | None = None,
) -> Pretrained:
    """Teach an LSTM simulated audiences.

    The loss is the mean pinball loss of 13 quantiles of each day, of the sum of the days up to
    it and of the largest of them; AdamW (Loshchilov and Hutter 2019) minimises it. The step size
    rises, stays, and falls to almost 0; a running mean of the weights is what is kept. No example
    is seen twice.

    Parameters
    ----------
    settings
        The network, how it is taught and for how long; None for the defaults.
    progress
        Called every `settings.report_steps` steps and at the end.
    checkpoint
        A file that keeps the state now and then. When training was interrupted, the same call
        goes on from there, to the same weights when `settings.steps` is given.

    Returns
    -------
    Pretrained
        Weights and reports. On one machine, the same settings with `steps` and the same number
        of threads give the same weights on a CPU, bit for bit.

    Raises
    ------
    MissingPackageError
        When torch is not installed.
    SettingError
        When the device is not there, or the checkpoint belongs to another training.
    BundleError, OutputError
        When the checkpoint is damaged or cannot be written.
    UpswellError
        When lessons cannot be made, or the loss is no longer finite.

    Notes
    -----
    Processes that make lessons are started afresh, so a script that calls this needs
    ``if __name__ == "__main__":`` around the call, or ``workers=0``.

    Examples
    --------
    >>> small = PretrainingSettings(
    ...     steps=1, units=4, head_units=4, workers=0, threads=1, validation_lessons=1
    ... )
    >>> pretrain(small).weights["inp.weight"].shape
    (4, 66)
    """
    settings = PretrainingSettings() if settings is None else settings
    _require_torch()
    from upswell.forecasting.lstm.pretraining._loop import learn

    kept = None
    if checkpoint is not None:
        kept = Checkpoint(Path(checkpoint), f"{settings.fingerprint()} {prior_fingerprint()}")
    return learn(settings, progress=progress, checkpoint=kept)


def _require_torch() -> None:
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingPackageError(
            "pretraining needs the package torch, which is not installed",
            fix="pip install 'upswell[train]'",
        ) from error


def write_weights(
    result: Pretrained,
    settings: PretrainingSettings,
    directory: Path | str | os.PathLike[str],
    *,
    today: dt.date | None = None,
) -> dict[str, Any]:
    """Write ``audiences.safetensors`` and ``card.json`` into a folder, both or neither.

    Parameters
    ----------
    result, settings
        What was trained, and how.
    directory
        The folder; one with other files in it is left alone.
    today
        The date on the card; None for today's.

    Returns
    -------
    dict
        The card.

    Raises
    ------
    OutputError
        When the folder holds something else, or cannot be written.
    """
    from safetensors.numpy import save

    from upswell.store import json_bytes, write_folder

    sizes = {
        "units": settings.units,
        "layers": settings.layers,
        "head_units": settings.head_units,
        "residual": settings.residual,
    }
    weights = save(dict(result.weights), metadata={"upswell.network": json.dumps(sizes)})
    card = make_card(result, settings, weights, today or dt.datetime.now(dt.UTC).date())
    with write_folder(directory, {WEIGHTS, CARD}) as folder:
        folder.write(WEIGHTS, weights)
        folder.write(CARD, json_bytes(card))
    return card
