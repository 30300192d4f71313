"""The edge of the program: runs a command and turns every ending into one block and a code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from upswell.errors import RefusalError, UpswellError

__all__ = ["main", "run"]

INTERRUPTED = 130
OUR_FAULT = 1
BAD_INPUT = 2


def main() -> None:
    """Run the command line and exit."""
    code = run(sys.argv[1:])
    # A reader such as `head` may be gone by now; that is no fault to report.
    try:
        sys.stdout.flush()
    except BrokenPipeError:
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
    from upswell.cli.app import app

    try:
        answer = app(args=list(arguments), prog_name="upswell", standalone_mode=False)
    except UpswellError as error:
        _block(_title(error), str(error))
        return error.exit_code
    except click.exceptions.Abort:
        _block("interrupted", "Nothing was written.")
        return INTERRUPTED
    except KeyboardInterrupt:
        _block("interrupted", "Nothing was written.")
        return INTERRUPTED
    except click.ClickException as error:
        _block("usage", f"{error.format_message()}\n  what to do: see {_help_of(error)}")
        return BAD_INPUT
    except BrokenPipeError:
        return 0
    except Exception as error:
        if os.environ.get("UPSWELL_DEBUG"):
            raise
        _block(
            "a fault of ours",
            f"{type(error).__name__}: {error}\n"
            "  what to do: run again with UPSWELL_DEBUG=1 and report the traceback",
        )
        return OUR_FAULT
    return answer if isinstance(answer, int) else 0


def _title(error: UpswellError) -> str:
    if isinstance(error, RefusalError):
        return f"refused ({error.code})"
    return "error" if error.exit_code == BAD_INPUT else "a fault of ours"


def _help_of(error: click.ClickException) -> str:
    context = getattr(error, "ctx", None)
    return f"{context.command_path if context is not None else 'upswell'} --help"


def _block(title: str, text: str) -> None:
    """Print one block to standard error, with what came from data made harmless."""
    from upswell.store import terminal_text

    lines = [terminal_text(line) for line in text.splitlines()]
    print(f"upswell: {title}: " + "\n".join(lines), file=sys.stderr)  # noqa: T201
