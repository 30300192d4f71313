"""Components: the parts of what was expected, and how they make it again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from upswell.errors import SettingError

__all__ = ["EXTRAS", "FACTORS", "LOGS", "Components"]

Floats = NDArray[np.float64]

LOGS = (
    *("level", "trend", "walk", "moods", "week", "year", "holiday", "shift", "shared"),
    *("debut", "limit"),
)
EXTRAS = ("burst", "release")
FACTORS = ("outlier", "presence")


@dataclass(frozen=True)
class Components:
    """The parts of what was expected of ``N`` series on ``L`` days, each of shape ``(N, L)``.

    Parameters
    ----------
    level
        Log level, shape ``(N, 1)``.
    trend, walk, moods, week, year, holiday, shift, shared, debut
        Added to it on the log scale.
    limit
        Not above 0: keeps the sum of the logs below that of a hundred billion.
    burst, release
        What they add, in multiples of the views without them.
    outlier
        Factor of the day.
    presence
        1, or 0 before a debut, after an end and in a pause.
    """

    level: Floats
    trend: Floats
    walk: Floats
    moods: Floats
    week: Floats
    year: Floats
    holiday: Floats
    shift: Floats
    shared: Floats
    debut: Floats
    limit: Floats
    burst: Floats
    release: Floats
    outlier: Floats
    presence: Floats

    def logs(self, without: Collection[str] = ()) -> Floats:
        """Return the sum of the parts on the log scale, shape ``(N, L)``."""
        out = np.zeros(self.trend.shape)
        for name in LOGS:
            if name not in without:
                out += getattr(self, name)
        return out

    def expected(self, without: Collection[str] = (), *, burst: Floats | None = None) -> Floats:
        """Return the views expected on each day, shape ``(N, L)``.

        Parameters
        ----------
        without
            Names of components that are left out: a log or an extra counts as 0, a factor as 1.
        burst
            Takes the place of the component of that name.

        Raises
        ------
        SettingError
            When there is no component of that name.

        Notes
        -----
        ``exp(sum of logs) * (1 + burst + release) * outlier * presence``. Without `without` it is
        what was simulated, to the last bit.
        """
        if unknown := sorted(set(without) - {*LOGS, *EXTRAS, *FACTORS}):
            raise SettingError(f"there is no component {unknown[0]!r}")
        out = np.exp(self.logs(without))
        extra = np.ones(out.shape)
        if "burst" not in without:
            extra += self.burst if burst is None else burst
        if "release" not in without:
            extra += self.release
        out *= extra
        for name in FACTORS:
            if name not in without:
                out *= getattr(self, name)
        return out

    def rows(self, keep: slice) -> Components:
        """Return the components of some series."""
        return Components(*(getattr(self, field.name)[keep] for field in fields(self)))

    @staticmethod
    def joined(blocks: list[Components]) -> Components:
        """Return the components of several blocks of series below each other."""
        names = [field.name for field in fields(Components)]
        return Components(*(np.concatenate([getattr(b, name) for b in blocks]) for name in names))
