"""Answers for programs: JSON on standard output."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from upswell.cli._options import Manner
from upswell.cli._stdout import write
from upswell.errors import RefusalError

__all__ = ["answer_refusals", "print_json"]


def print_json(record: dict[str, Any]) -> None:
    """Print a record as JSON; control characters in names are escaped by JSON itself."""
    write(json.dumps(record, indent=2, allow_nan=False, default=str) + "\n")


@contextmanager
def answer_refusals(manner: Manner) -> Iterator[None]:
    """Let a refusal be read by programs too, then raise it for the exit code."""
    try:
        yield
    except RefusalError as error:
        if manner.as_json:
            print_json({"status": "refused", "codes": [error.code], "reasons": [error.what]})
        raise
