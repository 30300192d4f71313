"""The edge of the program: runs a command and turns every ending into one block and a code."""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

from upswell.cli._stdout import ReaderGoneError, write
from upswell.cli._stopped import StoppedError
from upswell.errors import RefusalError, UpswellError

__all__ = ["main", "run"]

INTERRUPTED = 130
OUR_FAULT = 1
BAD_INPUT = 2


def main() -> None:
    """Run the command line and exit."""
    if not sys.warnoptions and not _debugging():
        # What libraries mutter is not for the reader; what matters stands in the answer.
        warnings.simplefilter("ignore")
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            # Closed by whoever started the program, who does not want to read it.
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        # A terminal that knows no Unicode shows \u7d71 instead of ending the program.
        getattr(sys, name).reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        # Reported by now, or a reader such as `head` is gone, which is no fault. Python would
        # try once more on its way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise SystemExit(code)


def run(arguments: Sequence[str]) -> int:
    """Run one command.

    Parameters
    ----------
    arguments
        The words after ``upswell``.

    Returns
    -------
    int
        0 when all went well, 2 for bad input, 3 for a refusal, 130 when interrupted, 1 for a
        fault of ours.
    """
    try:
        return _carried_out(arguments)
    except KeyboardInterrupt:
        return _interrupted()
    except StoppedError as error:
        return _interrupted(error.rest)
    except UpswellError as error:
        if error.exit_code == OUR_FAULT and _debugging():
            raise
        _block(_title(error), str(error))
        return error.exit_code
    except ReaderGoneError:
        return 0
    except BaseException as error:
        # A panic in Polars is no Exception.
        if _debugging() or isinstance(error, SystemExit | GeneratorExit):
            raise
        _block(
            "a fault of ours",
            f"{type(error).__name__}: {error}\n"
            "  what to do: run again with UPSWELL_DEBUG=1 and report the traceback",
        )
        return OUR_FAULT


def _carried_out(arguments: Sequence[str]) -> int:
    """Run one command, and see that its answer leaves the program."""
    from typer import Abort, TyperException

    from upswell.cli.app import app

    try:
        answer = app(args=list(arguments), prog_name="upswell", standalone_mode=False)
    except Abort:
        return _interrupted()
    except TyperException as error:
        return _misused(error)
    # Typer turns Ctrl-C into this number.
    if answer == INTERRUPTED:
        return _interrupted()
    write("", flush=True)
    return answer if isinstance(answer, int) else 0


def _misused(error: Exception) -> int:
    """Say what is wrong with the words of the command; without any, show the help."""
    context = getattr(error, "ctx", None)
    message = str(getattr(error, "format_message", lambda: error)())
    if message.startswith("Usage:"):
        _complain(message)
        return BAD_INPUT
    message = message.replace("Value error, ", "")
    command = context.command_path if context is not None else "upswell"
    _block("usage", f"{message}\n  what to do: see {command} --help")
    return BAD_INPUT


def _interrupted(rest: str = "") -> int:
    _block("interrupted", f"nothing was left half-written{rest and '; '}{rest}")
    return INTERRUPTED


def _debugging() -> bool:
    return bool(os.environ.get("UPSWELL_DEBUG"))


def _title(error: UpswellError) -> str:
    if isinstance(error, RefusalError):
        return f"refused ({error.code})"
    return "error" if error.exit_code == BAD_INPUT else "a fault of ours"


def _block(title: str, text: str) -> None:
    """Print one block to standard error, with what came from data made harmless."""
    from upswell.store import terminal_text

    lines = [terminal_text(line) for line in text.split("\n")]
    _complain(f"upswell: {title}: " + "\n".join(lines))


def _complain(text: str) -> None:
    """Print to standard error; when that is gone, the code has to say it all."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201
