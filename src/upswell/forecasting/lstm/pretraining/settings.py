"""The settings of pretraining, checked when they are made."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass

from upswell.errors import SettingError
from upswell.forecasting.lstm._setting_checks import (
    DEVICES,
    Device,
    check_choice,
    check_numbers,
    check_whole,
    option,
)
from upswell.forecasting.lstm.pretrained.layout import FEATURES, HEADS, LEVELS, WEEK

__all__ = ["LARGEST_FILE", "PretrainingSettings"]

LARGEST_FILE = 8_000_000
"""Most bytes that the file of weights may have, since the package ships it."""

# Of the names of weights, in the file.
HEADER = 4096

_WHOLE_RANGES = {
    "steps": (1, 100_000_000),
    "seed": (0, 2**63 - 1),
    "units": (1, 2048),
    "layers": (1, 8),
    "head_units": (1, 4096),
    "batch_size": (1, 65_536),
    "warmup": (0, 1_000_000),
    "threads": (1, 1024),
    "workers": (0, 256),
    "report_steps": (1, 1_000_000),
    "validation_lessons": (1, 1000),
}
_REAL_RANGES = {
    "minutes": (0.0, 100_000.0),
    "learning_rate": (0.0, 1.0),
    "weight_decay": (0.0, 1.0),
    "decay": (0.0, 0.9),
    "averaging": (0.0, 1.0),
    "clip": (0.0, 1e9),
    "sum_weight": (0.0, 1000.0),
    "peak_weight": (0.0, 1000.0),
    "checkpoint_minutes": (0.0, 100_000.0),
}
# What does not change what is learnt from the same steps.
_MANNER = (
    *("minutes", "device", "threads", "workers"),
    *("report_steps", "checkpoint_minutes", "validation_lessons"),
)


@dataclass(frozen=True, slots=True)
class PretrainingSettings:
    """What network is taught, by what, and for how long.

    Parameters
    ----------
    minutes
        How long to train. The step size begins to fall when 70% of them are over; from then on
        the number of steps is fixed. Ignored when `steps` is given.
    steps
        How many batches to learn from, instead of `minutes`.
    seed
        Seed of the lessons and of the first weights.
    units, layers
        Size and number of the LSTM's layers.
    head_units
        Size of the layer between the LSTM and the quantiles.
    residual
        Whether each layer of the LSTM reads its input normalised and adds what it says to it; the
        last sum is normalised, too.
    batch_size
        Examples a step, about.
    learning_rate, weight_decay
        Of AdamW.
    warmup
        Steps in which the step size rises to `learning_rate`.
    decay
        Last part of the steps, in which it falls to almost 0; at most 0.9.
    averaging
        How much of the averaged weights stays at each step; these are the ones that are kept.
    clip
        Largest norm of the gradient.
    sum_weight, peak_weight
        Weight of the loss of sums and of peaks, beside 1 for days.
    bfloat16
        Whether matrices are multiplied in 16 bits.
    device
        ``cpu``, ``cuda``, or ``auto`` for CUDA where there is one.
    threads
        Threads of torch; None is one for each core that no worker has.
    workers
        Processes that make lessons; 0 makes them between the steps. They do not change what is
        learnt. None is one beside a CPU, and one for each core but one beside a GPU.
    report_steps
        Steps between two reports.
    checkpoint_minutes
        Minutes between two checkpoints.
    validation_lessons
        Lessons that judge the network.

    Raises
    ------
    SettingError
        When a setting is out of its range, or the file of weights would be too large.

    Examples
    --------
    >>> PretrainingSettings(units=128).parameters
    542737
    >>> PretrainingSettings(units=1024, layers=3)
    Traceback (most recent call last):
        ...
    upswell.errors.SettingError: a network of 25,869,073 weights makes a file of more than 8 MB
      what to do: use fewer --units or --layers
    """

    minutes: float = 60.0
    steps: int | None = None
    seed: int = 0
    units: int = 256
    layers: int = 3
    head_units: int = 256
    residual: bool = True
    batch_size: int = 256
    learning_rate: float = 0.002
    weight_decay: float = 0.02
    warmup: int = 100
    decay: float = 0.3
    averaging: float = 0.998
    clip: float = 1.0
    sum_weight: float = 0.35
    peak_weight: float = 0.25
    bfloat16: bool = True
    device: Device = "auto"
    threads: int | None = None
    workers: int | None = None
    report_steps: int = 500
    checkpoint_minutes: float = 3.0
    validation_lessons: int = 8

    def __post_init__(self) -> None:
        check_whole(self, _WHOLE_RANGES, optional=("steps", "threads", "workers"))
        check_numbers(self, _REAL_RANGES)
        for field, (least, most) in _REAL_RANGES.items():
            value = getattr(self, field)
            if not (math.isfinite(value) and least <= value <= most):
                raise SettingError(
                    f"{option(field)} must be between {least:g} and {most:g}, got {value}"
                )
        if self.minutes == 0 or self.learning_rate == 0:
            raise SettingError("--minutes and --learning-rate must be above 0")
        check_choice(self, "device", DEVICES)
        if 2 * self.parameters > LARGEST_FILE - HEADER:
            raise SettingError(
                f"a network of {self.parameters:,} weights makes a file of more than "
                f"{LARGEST_FILE // 1_000_000} MB",
                fix="use fewer --units or --layers",
            )

    @property
    def parameters(self) -> int:
        """Number of weights of the network."""
        units, outputs = self.units, WEEK * len(HEADS) * len(LEVELS)
        layer = 8 * units * units + 8 * units
        entry = (FEATURES + 1) * units
        head = (2 * units + 1) * self.head_units + (self.head_units + 1) * outputs
        norms = 2 * units * (self.layers + 1) if self.residual else 0
        return entry + self.layers * layer + norms + head

    @property
    def precision(self) -> str:
        """In what the weights are kept: ``float32`` where that is small enough, or ``float16``."""
        return "float32" if 4 * self.parameters <= LARGEST_FILE - HEADER else "float16"

    def fingerprint(self) -> str:
        """Return a digest of all settings that change what is learnt from the same steps."""
        taught = {name: value for name, value in asdict(self).items() if name not in _MANNER}
        return hashlib.sha256(json.dumps(taught, sort_keys=True).encode()).hexdigest()
