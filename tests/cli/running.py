"""Runs the command line inside the test, and makes the files that it reads."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import upswell
from upswell.cli._run import run

FAST = ("--model", "seasonal-naive", "--horizon", "7")
FIRST_DAY = dt.date(2025, 1, 6)

# A test run in the background hands down a Ctrl-C that is ignored.
HEARS_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
START = (sys.executable, "-c", f"{HEARS_CTRL_C}from upswell.cli import main; main()")

Program = Callable[..., "Outcome"]


@dataclass(frozen=True)
class Outcome:
    """What a command left: its code, and what it wrote where."""

    code: int
    out: str
    err: str

    def json(self) -> Any:
        """Everything on standard output as one JSON document."""
        return json.loads(self.out)

    def says(self, *words: str) -> None:
        """Expect one block on standard error, with these words and nothing of Python's."""
        assert self.err.startswith("upswell: "), self.err
        assert self.err.count("upswell: ") == 1, self.err
        assert "Traceback" not in self.err
        for word in words:
            assert word in self.err, self.err


def environment(**more: str) -> dict[str, str]:
    """Return an environment in which a process finds the package that is tested here."""
    return {**os.environ, "PYTHONPATH": str(Path(upswell.__file__).parents[1]), **more}


def runner(capsys: pytest.CaptureFixture[str]) -> Program:
    """Return a function that runs the program in this process."""

    def program(*words: object) -> Outcome:
        capsys.readouterr()
        code = run([str(word) for word in words])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return program


def views(day: int, item: int = 0) -> int:
    """Views with a weekly rhythm and a little growth."""
    return 1000 * (item + 1) + 5 * day + 150 * (day % 7 == 5) + (day * 17 + item * 11) % 60


def daily(items: Sequence[str] = ("ana", "ben"), days: int = 60) -> list[str]:
    """Rows ``date,item,views`` for each item and day."""
    return [
        f"{FIRST_DAY + dt.timedelta(days=day)},{item},{views(day, number)}"
        for day in range(days)
        for number, item in enumerate(items)
    ]


def table(path: Path, rows: Sequence[str], header: str = "Day,Creator,Views") -> Path:
    """Write rows under a header."""
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in a folder, hidden files included."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"<folder>"
        for path in sorted(folder.rglob("*"))
    }
