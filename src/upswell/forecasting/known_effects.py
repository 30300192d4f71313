"""What days off and announced events did to a series before, taken out of it and put back ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting._logscale import offsets
from upswell.forecasting.history import History, KnownDays
from upswell.forecasting.quantiles import Quantiles, moved

__all__ = ["KnownEffects", "known_effects"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# Days compared with a day: the same weekday one to four weeks before and after it.
NEIGHBOURS = (-28, -21, -14, -7, 7, 14, 21, 28)
LEAST_NEIGHBOURS = 2
# An event may go on for some days; a day off is over.
DAYS_AFTER = {"holidays": (0,), "announced": (0, 1, 2, 3)}
# Deviation of effects from 0 that is expected before any was seen, log.
EXPECTED = 0.4
LARGEST = 3.0
# Part of the usual offset of logs: a day of nothing is a hundredth of a usual one, not a tenth.
SHIFT = 0.1


@dataclass(frozen=True)
class KnownEffects:
    """A history without the effects of its known days, and what they will do.

    Parameters
    ----------
    history
        The history, its flagged days divided by their effect. Flags whose effect was measured are
        gone, since nothing is left of them to learn.
    log
        Effects on the days ahead, shape ``(S, H)``; a factor of ``exp(log)``.
    """

    history: History
    log: Floats

    def on_medians(self, medians: Floats) -> Floats:
        """Multiply medians of the days ahead, shape ``(S, H)``."""
        return np.asarray(medians * np.exp(self.log))

    def on_quantiles(self, said: Quantiles) -> Quantiles:
        """Multiply quantiles of the days; sums and peaks move with their medians."""
        if not self.log.any():
            return said
        return moved(said, self.on_medians(said.median), float(np.exp(LARGEST)))


def known_effects(history: History, horizon: int) -> KnownEffects:
    """Measure what known days did to each series so far.

    A flagged day is compared with the median of the same weekday up to four weeks before and after
    it, days with flags left out. The mean of ``n`` such log ratios is shrunk towards 0 by ``n t² /
    (n t² + s²)``, where ``t`` is 0.4 and ``s`` the deviation of such ratios, on flagged days or on
    others, whichever is larger. Days off and events are measured apart, and so are the three days
    after an event.

    Parameters
    ----------
    history
        What was known at the cutoff, with flags or without.
    horizon
        Days ahead, ``H``.

    Examples
    --------
    >>> views = np.full((1, 70), 100.0)
    >>> views[0, [20, 40, 60]] = 300.0
    >>> flags = np.isin(np.arange(77), [20, 40, 60, 72])
    >>> known = KnownDays(np.zeros(77, dtype=bool), flags[None])
    >>> found = known_effects(History(views, np.arange(70) % 7, known), 7)
    >>> np.exp(found.log[0]).round(2).tolist()
    [1.0, 1.0, 2.98, 1.0, 1.0, 1.0, 1.0]
    >>> found.history.values[0, 18:22].round().tolist()
    [100.0, 100.0, 100.0, 100.0]
    """
    ahead = np.zeros((history.series, horizon))
    if history.known is None:
        return KnownEffects(history, ahead)
    days = history.days
    kinds = _kinds(history.known, days + horizon)
    shifts = SHIFT * offsets(history.values)[:, None]
    logs = np.log(np.where(np.isfinite(history.values), history.values, np.nan) / shifts + 1.0)
    touched = np.logical_or.reduce(
        [_later(flags, after) for kind, flags in kinds.items() for after in DAYS_AFTER[kind]]
    )[:, :days]
    ratios = _ratios(logs, touched)
    noise = _deviation(np.where(touched, np.nan, ratios))
    effect, left = _effects(kinds, ratios, noise)
    past = effect[:, :days]
    cleaned = (np.exp(logs - past) - 1.0) * shifts
    values = np.where(past != 0, np.maximum(cleaned, 0.0), history.values)
    return KnownEffects(replace(history, values=values, known=left), effect[:, days:])


def _kinds(known: KnownDays, days: int) -> dict[str, Bools]:
    """Return the flags of each kind, each of shape ``(S, days)``."""
    holidays, announced = known.first(days)
    return {"holidays": np.broadcast_to(holidays, announced.shape), "announced": announced}


def _effects(kinds: dict[str, Bools], ratios: Floats, noise: Floats) -> tuple[Floats, KnownDays]:
    """Measure the log effect of each day on each series, and keep the flags that were not measured.

    A day that is flagged twice, or follows two flags, has the effect of the first.
    """
    series, days = ratios.shape
    effect = np.zeros(kinds["announced"].shape)
    taken = np.zeros_like(kinds["announced"])
    left = {}
    for kind, flags in kinds.items():
        measured = np.zeros(series, dtype=bool)
        for after in DAYS_AFTER[kind]:
            mine = _later(flags, after) & ~taken
            size, count = _shrunk(np.where(mine[:, :days], ratios, np.nan), noise)
            effect += np.where(mine, size[:, None], 0.0)
            taken |= mine
            measured |= (count > 0) & (after == 0)
        left[kind] = flags & ~measured[:, None]
    # Days off are one flag for all series: it goes once any of them has measured it.
    return effect, KnownDays(np.asarray(left["holidays"].all(axis=0)), left["announced"])


def _later(flags: Bools, days: int) -> Bools:
    """Return the days that lie so many days after flagged ones."""
    return np.pad(flags, ((0, 0), (days, 0)))[:, : flags.shape[1]]


def _ratios(logs: Floats, flagged: Bools) -> Floats:
    """Return logs less the median of their neighbours, ``(S, T)``; NaN where there are few."""
    series, days = logs.shape
    plain = np.where(flagged, np.nan, logs)
    around = np.full((len(NEIGHBOURS), series, days), np.nan)
    for place, offset in enumerate(NEIGHBOURS):
        low, high = max(-offset, 0), min(days - offset, days)
        if low < high:
            around[place, :, low:high] = plain[:, low + offset : high + offset]
    count = np.isfinite(around).sum(axis=0)
    enough = count >= LEAST_NEIGHBOURS
    middle = np.zeros((series, days))
    middle[enough] = np.nanmedian(around[:, enough], axis=0)
    return np.where(enough, logs - middle, np.nan)


def _deviation(ratios: Floats) -> Floats:
    """Return the root mean square of each series' ratios, large ones pulled in; shape ``(S,)``."""
    known = np.isfinite(ratios)
    size = np.where(known, np.abs(ratios), 0.0)
    number = np.maximum(known.sum(axis=1), 1)
    mean = size.sum(axis=1) / number
    inside = np.minimum(size, 4.0 * mean[:, None])
    return np.asarray(np.sqrt((inside**2).sum(axis=1) / number))


def _shrunk(ratios: Floats, noise: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the shrunk mean of each series' ratios, and of how many it is."""
    known = np.isfinite(ratios)
    count = known.sum(axis=1)
    number = np.maximum(count, 1)
    mean = np.where(known, ratios, 0.0).sum(axis=1) / number
    away = np.where(known, ratios - mean[:, None], 0.0)
    own = (away**2).sum(axis=1) / np.maximum(count - 1, 1)
    variance = np.maximum(own, noise**2)
    believed = count * EXPECTED**2 / np.maximum(count * EXPECTED**2 + variance, 1e-12)
    return np.clip(believed * mean, -LARGEST, LARGEST), count
