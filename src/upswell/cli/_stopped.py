"""Ctrl-C in work that can be taken up again."""

from __future__ import annotations

__all__ = ["StoppedError"]


class StoppedError(Exception):
    """Ctrl-C, in place of KeyboardInterrupt, with how to go on.

    Parameters
    ----------
    rest
        What is said after that nothing was left half-written.
    """

    def __init__(self, rest: str) -> None:
        super().__init__(rest)
        self.rest = rest
