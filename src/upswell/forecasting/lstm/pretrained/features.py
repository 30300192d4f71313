"""From histories to what the pretrained network reads; nothing after the cutoff but flags.

Each patch of seven days has these inputs:

| place | input |
|---|---|
| 0-6 | values in units of the history (past only): distance from level and weekday profile |
| 7-13 | whether there is a record (past only) |
| 14-20 | holidays |
| 21-27 | announced events |
| 28-34, 35-41 | values 52 weeks before, about their own level; whether there are any |
| 42-48, 49-55 | the same 104 weeks before |
| 56 | position: weeks before the cutoff over 26, weeks after it over 13 |
| 57 | whether the patch lies in the future |
| 58-65 | about the series: log scale, growth over one and two lags, level, length, strength of \
the week, share of zeros, change from day to day |
| 66-72 | the weekday profile in units of the scale |
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from upswell.errors import SettingError
from upswell.forecasting.lstm.pretrained.layout import (
    DAYS_BACK,
    FEATURES,
    LAG,
    MEMORY,
    PAST_PATCHES,
    WEEK,
    future_patches,
)
from upswell.forecasting.lstm.pretrained.units import LEVEL_DAYS, Units, local_level, units_of

__all__ = ["NetworkInputs", "network_inputs"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

VALUES, SEEN = slice(0, 7), slice(7, 14)
FLAGS = (slice(14, 21), slice(21, 28))
LAGGED = ((slice(28, 35), slice(35, 42)), (slice(42, 49), slice(49, 56)))
POSITION, IN_FUTURE, ABOUT, PROFILE = 56, 57, slice(58, 66), slice(66, 73)


@dataclass(frozen=True)
class NetworkInputs:
    """What the network reads of histories, and what its answers are measured in.

    Parameters
    ----------
    past, future
        Inputs, float32, shapes ``(S, 26, F)`` and ``(S, Q, F)``; ``Q`` weeks hold the horizon.
    horizon
        Days ahead that were asked for, ``H``.
    location, scale
        Level and scale, ``log(1 + count)``, shape ``(S,)``.
    profile
        Weekday profile, shape ``(S, 7)``; the first day after the cutoff is its first.
    base
        Level and profile of the future days, ``log(1 + count)``, shape ``(S, 7 Q)``: what an
        answer of 0 means.
    largest
        The largest ``log(1 + count)`` of the history, shape ``(S,)``; -1 where it is empty.
    """

    past: NDArray[np.float32]
    future: NDArray[np.float32]
    horizon: int
    location: Floats
    scale: Floats
    profile: Floats
    base: Floats
    largest: Floats


def network_inputs(
    histories: ArrayLike,
    horizon: int,
    *,
    holidays: ArrayLike | None = None,
    announced: ArrayLike | None = None,
) -> NetworkInputs:
    """Turn histories into inputs of the network.

    Parameters
    ----------
    histories
        Counts, shape ``(S, T)``; the last day is the cutoff. NaN and infinity are no record, less
        than 0 is 0. Days more than `MEMORY` days back are not read; ``T`` may be 0.
    horizon
        Days ahead, ``H``, at least 1.
    holidays, announced
        Days off, and days of events known before the cutoff (such as launches), of past and
        future: shape ``(S, T + H)``, or ``(T + H,)`` for all series alike. None is nowhere.

    Returns
    -------
    NetworkInputs
        Finite for any history.

    Raises
    ------
    SettingError
        When the horizon or a shape is wrong.

    Examples
    --------
    >>> inputs = network_inputs([[10, 12, np.nan, 9, 11, 20, 22] * 4], horizon=30)
    >>> inputs.past.shape, inputs.future.shape, inputs.base.shape
    ((1, 26, 73), (1, 5, 73), (1, 35))
    >>> np.expm1(inputs.base[0, :7]).round().tolist()
    [10.0, 12.0, 12.0, 9.0, 11.0, 20.0, 22.0]
    """
    counts = _checked(histories, horizon)
    length, patches = counts.shape[1], future_patches(horizon)
    flags = [
        _laid_out(named, name, len(counts), length, horizon)
        for name, named in (("holidays", holidays), ("announced", announced))
    ]
    logs = _memory(counts)
    units = units_of(logs)
    past = np.zeros((len(counts), PAST_PATCHES, FEATURES), dtype=np.float32)
    future = np.zeros((len(counts), patches, FEATURES), dtype=np.float32)
    recent = logs[:, -DAYS_BACK:]
    seen = np.isfinite(recent)
    past[:, :, VALUES] = _patched(_in_units(recent, units.location, units))
    past[:, :, SEEN] = _patched(seen)
    for where, flag in zip(FLAGS, flags, strict=True):
        past[:, :, where] = _patched(flag[:, :DAYS_BACK])
        future[:, :, where] = _patched(flag[:, DAYS_BACK:])
    growth = []
    for years, (values, there) in enumerate(LAGGED, start=1):
        lagged, known, grown = _lagged(logs, units, years, WEEK * patches)
        for part, days in ((past, slice(0, DAYS_BACK)), (future, slice(DAYS_BACK, None))):
            part[:, :, values] = _patched(lagged[:, days])
            part[:, :, there] = _patched(known[:, days])
        growth.append(grown)
    past[:, :, POSITION] = (np.arange(PAST_PATCHES) - PAST_PATCHES + 1) / PAST_PATCHES
    future[:, :, POSITION] = np.arange(1, patches + 1) / 13
    future[:, :, IN_FUTURE] = 1
    past[:, :, ABOUT] = future[:, :1, ABOUT] = _about(logs, units, growth)[:, None, :]
    future[:, :, ABOUT] = future[:, :1, ABOUT]
    profile = np.arcsinh(units.profile / units.scale[:, None])
    past[:, :, PROFILE] = future[:, :, PROFILE] = profile[:, None, :]
    return NetworkInputs(
        past=past,
        future=future,
        horizon=horizon,
        location=units.location,
        scale=units.scale,
        profile=units.profile,
        base=units.location[:, None] + np.tile(units.profile, (1, patches)),
        largest=np.where(np.isfinite(logs), logs, -1.0).max(axis=1),
    )


def _checked(histories: ArrayLike, horizon: int) -> Floats:
    counts = np.asarray(histories, dtype=np.float64)
    if counts.ndim != 2:
        raise SettingError(f"histories must have shape (series, days), got {counts.shape}")
    if isinstance(horizon, bool) or not isinstance(horizon, int | np.integer) or horizon < 1:
        raise SettingError(f"horizon must be an integer from 1, got {horizon!r}")
    return counts


def _laid_out(flag: ArrayLike | None, name: str, series: int, length: int, horizon: int) -> Bools:
    """Return flags of the days that the network reads: 26 weeks before, whole weeks after."""
    out = np.zeros((series, DAYS_BACK + WEEK * future_patches(horizon)), dtype=bool)
    if flag is None:
        return out
    given = np.asarray(flag, dtype=bool)
    if given.shape not in {(series, length + horizon), (length + horizon,)}:
        raise SettingError(
            f"{name} must have shape ({series}, {length + horizon}), series and days of past and "
            f"future, got {given.shape}"
        )
    used = min(length, DAYS_BACK)
    out[:, DAYS_BACK - used : DAYS_BACK + horizon] = given[..., length - used :]
    return out


def _memory(counts: Floats) -> Floats:
    """Return ``log(1 + count)`` of the last `MEMORY` days, NaN where there is none."""
    out = np.full((len(counts), MEMORY), np.nan)
    used = min(counts.shape[1], MEMORY)
    if used:
        last = counts[:, -used:]
        out[:, -used:] = np.log1p(np.maximum(np.where(np.isfinite(last), last, np.nan), 0.0))
    return out


def _patched(days: NDArray[np.generic]) -> NDArray[np.generic]:
    return days.reshape(len(days), days.shape[1] // WEEK, WEEK)


def _in_units(logs: Floats, level: Floats, units: Units) -> Floats:
    """Return distances from level and profile, and 0 where there is no record.

    The inverse hyperbolic sine is straight near 0 and a logarithm far away.
    """
    away = logs - level[:, None] - np.tile(units.profile, (1, logs.shape[1] // WEEK))
    return np.where(np.isfinite(logs), np.arcsinh(away / units.scale[:, None]), 0.0)


def _lagged(logs: Floats, units: Units, years: int, ahead: int) -> tuple[Floats, Bools, Floats]:
    """Return values of some lags before, which of them are known, and the growth since then.

    They are measured from their own level, that of the eight weeks up to the cutoff's day of that
    year: growth is told apart from what the season does.
    """
    end = MEMORY - years * LAG
    lagged = logs[:, end - DAYS_BACK : end + ahead]
    after = DAYS_BACK + ahead - lagged.shape[1]
    if after:  # days of the horizon whose lag lies after the cutoff
        lagged = np.pad(lagged, ((0, 0), (0, after)), constant_values=np.nan)
    level = local_level(logs[:, end - LEVEL_DAYS : end])
    has = np.isfinite(level)
    level = np.where(has, level, 0.0)
    lagged = np.where(has[:, None], lagged, np.nan)
    grown = np.where(has, np.arcsinh((units.location - level) / units.scale) / 3, 0.0)
    return _in_units(lagged, level, units), np.isfinite(lagged), grown


def _about(logs: Floats, units: Units, growth: list[Floats]) -> Floats:
    """Return the eight inputs that describe a series as a whole, shape ``(S, 8)``."""
    seen = np.isfinite(logs)
    recent = logs[:, -DAYS_BACK:]
    weekly = np.sqrt((units.profile**2).mean(axis=1))
    zeros = (recent == 0).sum(axis=1) / np.maximum(seen[:, -DAYS_BACK:].sum(axis=1), 1)
    return np.stack(
        [
            np.log(units.scale),
            *growth,
            units.location / 10,
            np.log1p(seen.sum(axis=1)) / 7,
            np.log(np.maximum(weekly / units.scale, 1e-2)),
            zeros,
            np.log(units.daily_change / units.scale + 1e-3),
        ],
        axis=1,
    )
