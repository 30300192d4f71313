"""Faults of the operating system, raised at a chosen call, and what they leave behind."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from upswell.errors import OutputError

CALLS = ("mkdir", "fsync", "rename", "replace", "unlink", "rmdir", "chmod", "scandir", "listdir")


@contextlib.contextmanager
def locked_folder() -> Iterator[Path]:
    """Give a folder that cannot be written to, not even by root, who becomes nobody for a while."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.rmdir()


def tree(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden files included."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
    }


class Fault:
    """Raises once, before or after the n-th of the watched calls is carried out."""

    def __init__(self, error: BaseException, at: int, *, after: bool) -> None:
        self.error = error
        self.at = at
        self.after = after
        self.seen = 0
        self.struck: str | None = None

    def during(self, action: Callable[[], object], folder: Path | None = None) -> object:
        """Carry out an action with the fault in its way; return what it raised, or None."""
        with pytest.MonkeyPatch.context() as patch:
            if folder is not None:
                patch.chdir(folder)
            for name in CALLS:
                patch.setattr(os, name, self._watch(name, getattr(os, name)))
            try:
                action()
            except (OutputError, KeyboardInterrupt) as error:
                return error
        return None

    def _watch(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:
            self.seen += 1
            strikes = self.seen == self.at
            if strikes:
                self.struck = name
            if strikes and not self.after:
                raise self.error
            result = call(*args, **kwargs)
            if strikes:
                if name == "scandir":
                    result.close()
                raise self.error
            return result

        return watched


def faults(error: Callable[[], BaseException], *, after: bool) -> Iterator[Fault]:
    """Give a fault at the first call, the second, and so on, until one no longer strikes."""
    at = 1
    while True:
        fault = Fault(error(), at, after=after)
        yield fault
        if fault.struck is None:
            assert at > 4, "the calls are no longer watched"
            return
        at += 1
