"""Standard output, which may be full or gone."""

from __future__ import annotations

import sys

from upswell.errors import OutputError

__all__ = ["ReaderGoneError", "write"]


class ReaderGoneError(Exception):
    """Whoever read standard output has had enough, as `head` has."""


def write(text: str, *, flush: bool = False) -> None:
    """Write text to standard output.

    Raises
    ------
    ReaderGoneError
        When nobody reads any more. Not an error of the operating system, which Typer would take
        for its own.
    OutputError
        When standard output leads to a full disk, for instance.
    """
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError as error:
        raise ReaderGoneError from error
    except OSError as error:
        raise OutputError(
            f"the answer cannot be written to standard output: {error.strerror}",
            fix="free some space, or send it elsewhere; files under --out are complete",
        ) from error
