"""Seconds by stage."""

from __future__ import annotations

from time import perf_counter

__all__ = ["Clock"]


class Clock:
    """Seconds by stage, from its making on."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, stage: str) -> None:
        """Note that a stage has ended."""
        now = perf_counter()
        self.laps[stage] = now - self._last
        self._last = now
