"""What is said about a run: plain data as JSON, and the versions that a figure depends on."""

from __future__ import annotations

import json
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from upswell._version import __version__

__all__ = ["json_bytes", "rounded_timings", "versions"]


def json_bytes(record: dict[str, Any]) -> bytes:
    r"""Return a record as indented JSON in UTF-8.

    Examples
    --------
    >>> json_bytes({"seed": 0})
    b'{\n  "seed": 0\n}\n'
    """
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    # A file name that is no UTF-8 holds surrogates; JSON has an escape for them.
    return text.encode("utf-8", "backslashreplace")


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the versions of this program, of Python, and of those packages that are installed.

    Examples
    --------
    >>> sorted(versions(["numpy", "no-such-package"]))
    ['numpy', 'python', 'upswell']
    """
    found = {"upswell": __version__, "python": platform.python_version()}
    for package in packages:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def rounded_timings(timings: Mapping[str, float] | None) -> dict[str, float]:
    """Return the seconds of each stage to milliseconds, as records keep them; none for None.

    Examples
    --------
    >>> rounded_timings({"load": 0.12345})
    {'load': 0.123}
    """
    return {stage: round(seconds, 3) for stage, seconds in (timings or {}).items()}
