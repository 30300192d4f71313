"""Ctrl-C waits while native code is loaded: cut short, that can crash the process."""

from __future__ import annotations

import importlib
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["load", "undisturbed"]


def load(*names: str) -> None:
    """Import modules that are about to be used, undisturbed by Ctrl-C."""
    with undisturbed():
        for name in names:
            importlib.import_module(name)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let Ctrl-C count only when the block has ended.

    Raises
    ------
    KeyboardInterrupt
        At the end, when someone pressed Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt
