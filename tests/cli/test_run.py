"""The edge of the program: codes, blocks, and outputs that are gone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from cli.running import FAST, START, Program, environment
from upswell.errors import ForecasterError


def _breaks(error: BaseException) -> object:
    def read(*_: object, **__: object) -> None:
        raise error

    return read


def test_a_fault_of_ours_is_one_block_with_code_1(
    program: Program, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.api.read_panel", _breaks(RuntimeError("a\x1b[31mb\nc")))
    found = program("forecast", good)
    assert (found.code, found.out) == (1, "")
    found.says("a fault of ours: RuntimeError: a\\x1b[31mb", "UPSWELL_DEBUG=1")


def test_debugging_shows_the_traceback(
    program: Program, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.api.read_panel", _breaks(RuntimeError("deep inside")))
    monkeypatch.setenv("UPSWELL_DEBUG", "1")
    with pytest.raises(RuntimeError, match="deep inside"):
        program("forecast", good)


def test_debugging_does_not_unpack_errors_of_the_input(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPSWELL_DEBUG", "1")
    found = program("forecast", "absent.csv")
    assert found.code == 2
    found.says("absent.csv does not exist")


def test_a_forecaster_that_fails_is_named(
    program: Program, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.api.forecast", _breaks(ForecasterError("theta-log failed")))
    found = program("forecast", good, "--quiet")
    assert (found.code, found.out) == (1, "")
    found.says("theta-log failed")


class _Panic(BaseException):
    """As Polars raises when its own code panics."""


@pytest.mark.parametrize("error", [_Panic("index"), MemoryError(), RecursionError("deep")])
def test_panics_and_exhaustion_are_faults_of_ours(
    error: BaseException, program: Program, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.api.read_panel", _breaks(error))
    found = program("check", good)
    assert (found.code, found.out) == (1, "")
    found.says("a fault of ours", type(error).__name__)


@pytest.mark.parametrize("command", ["forecast", "backtest", "check"])
def test_ctrl_c_is_code_130_without_a_traceback(
    command: str, program: Program, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("upswell.api.read_panel", _breaks(KeyboardInterrupt()))
    found = program(command, good)
    assert (found.code, found.out) == (130, "")
    found.says("interrupted")


@pytest.mark.parametrize("command", [("forecast", *FAST), ("check",)])
def test_quiet_prints_nothing(command: tuple[str, ...], program: Program, good: Path) -> None:
    found = program(*command, good, "--quiet")
    assert (found.code, found.out, found.err) == (0, "", "")


def test_nothing_but_the_answer_is_printed_to_a_pipe(program: Program, good: Path) -> None:
    found = program("forecast", good, *FAST)
    assert (found.code, found.err) == (0, "")
    assert not set(found.out) & {"\x1b", "\r"}


needs_dev_full = pytest.mark.skipif(
    not Path("/dev/full").exists(), reason="there is no /dev/full here"
)


@needs_dev_full
@pytest.mark.parametrize("manner", ["--json", None])
def test_an_answer_that_finds_no_space_is_an_error_of_the_output(
    manner: str | None, good: Path
) -> None:
    words = ["check", str(good), *([manner] if manner else [])]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*START, *words],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=environment(),
        )
    assert done.returncode == 2
    assert done.stderr.startswith("upswell: error: the answer cannot be written")
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_a_reader_that_leaves_early_is_no_fault(good: Path) -> None:
    with subprocess.Popen(
        [*START, "check", str(good), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


def test_a_terminal_without_unicode_gets_escapes(good: Path) -> None:
    good.write_text(good.read_text(encoding="utf-8").replace("ana", "アナ"), encoding="utf-8")
    done = subprocess.run(
        [*START, "check", str(good)],
        capture_output=True,
        check=True,
        env=environment(PYTHONIOENCODING="ascii"),
    )
    text = done.stdout.decode("ascii")
    assert "\\u30a2\\u30ca" in text
    assert "----" in text
