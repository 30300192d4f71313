"""What a training runs on, in words that name no machine."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import torch

__all__ = ["cores", "hardware"]


def cores() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def hardware(device: torch.device) -> str:
    """Return the kind of processor and the number of cores, and the GPU where it is used.

    Examples
    --------
    >>> hardware(torch.device("cpu")).endswith(("cores", "1 core"))
    True
    """
    number = cores()
    words = f"{_processor()}, {number} {'core' if number == 1 else 'cores'}"
    if device.type == "cuda":
        return f"{torch.cuda.get_device_name(device)}; {words}"
    return words


def _processor() -> str:
    """Return the processor's model where Linux says it, or its family."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name" and value.strip():
                return value.strip()
    except OSError:
        pass
    return platform.machine() or "a processor"
