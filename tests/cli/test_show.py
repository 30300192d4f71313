"""What a terminal shows: nothing wider than it is, nothing cut that matters."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cli.running import FAST, START, daily, environment
from cli.running import table as write_table
from upswell.cli._show import count, figure, say, table

LONG = "a-creator-whose-name-does-not-end-" * 4


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "-"),
        (float("nan"), "-"),
        (0.0, "0"),
        (0.5, "0.5"),
        (999.96, "1,000"),
        (1234567.8, "1,234,568"),
        (1e18, "1.000e+18"),
    ],
)
def test_figures_are_short_and_have_separators(value: float | None, text: str) -> None:
    assert figure(value) == text


def test_nouns_follow_their_number() -> None:
    assert [count(n, "category", "categories") for n in (0, 1, 1000)] == [
        *("0 categories", "1 category", "1,000 categories")
    ]


def test_a_pipe_gets_whole_figures_and_short_names(capsys: pytest.CaptureFixture[str]) -> None:
    table(["series", *(f"figure {i}" for i in range(12))], [[LONG, *["123,456,789"] * 12]])
    out = capsys.readouterr().out
    assert out.count("123,456,789") == 12
    assert LONG[:59] + "…" in out


def test_figures_are_whole_even_where_a_terminal_is_too_narrow(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("NO_COLOR", "1")
    table(
        ["series", "level", *(f"figure {i}" for i in range(6))],
        [[LONG, "category", *["123,456,789"] * 6]],
        left=2,
    )
    (row,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("a-")]
    assert row.count("123,456,789") == 6
    assert "…  category  " in row


def test_a_name_is_text_and_never_markup(capsys: pytest.CaptureFixture[str]) -> None:
    table(["series", "sum"], [["[bold]x[/bold] :smile:", "1"]])
    say("[red]plain[/red]")
    out = capsys.readouterr().out
    assert "[bold]x[/bold] :smile:" in out
    assert "[red]plain[/red]" in out


def _on_terminal(columns: int, *words: str) -> tuple[str, str]:
    """Run the program on a terminal; return what stood on standard output and on error."""
    out, out_end = pty.openpty()
    err, err_end = pty.openpty()
    streams = {}
    with subprocess.Popen(
        [*START, *words],
        stdin=subprocess.DEVNULL,
        stdout=out_end,
        stderr=err_end,
        env=environment(COLUMNS=str(columns), LINES="50", TERM="xterm", NO_COLOR="1"),
    ) as process:
        os.close(out_end)
        os.close(err_end)
        for name, end in (("out", out), ("err", err)):
            pieces = []
            while piece := _piece(end):
                pieces.append(piece)
            os.close(end)
            streams[name] = b"".join(pieces).decode()
        assert process.wait() == 0
    return streams["out"], streams["err"]


def _piece(end: int) -> bytes:
    try:
        return os.read(end, 4096)
    except OSError:  # Linux says so when the other side is closed.
        return b""


@pytest.mark.parametrize("columns", [80, 120])
def test_nothing_is_wider_than_the_terminal(columns: int) -> None:
    names = [LONG, "ben"]
    rows = [f"{row.rsplit(',', 1)[0]},{10**9 + i}" for i, row in enumerate(daily(names))]
    source = write_table(Path("views.csv"), rows)
    out, err = _on_terminal(columns, "forecast", str(source), *FAST, "--not-cumulative")
    lines = re.sub(r"\x1b\[[0-9;]*m|\r", "", out).split("\n")
    assert max(len(line) for line in lines) <= columns
    (row,) = [line for line in lines if line.startswith("a-creator")]
    assert "…" in row
    assert row.count(",") == 9, "the three figures are whole"
    assert "Reading" in err
    assert "Forecasting" in err


def test_a_header_with_text_of_the_user_is_harmless(capsys: pytest.CaptureFixture[str]) -> None:
    table(["release", "expected\nprofit \x1b[31m"], [["a", "1"]])
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "profit \\x1b[31m" in shown
    assert "expected\n" in shown.replace(" ", "")
