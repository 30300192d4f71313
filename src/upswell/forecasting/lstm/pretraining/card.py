"""The card of trained weights: what they were taught, how, how good they are, and their limits."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from upswell.forecasting.lstm.pretrained.layout import DAYS_BACK, MEMORY
from upswell.forecasting.lstm.pretraining.lessons import CHAPTER, CUTOFFS, HORIZONS, LENGTHS
from upswell.forecasting.lstm.pretraining.report import Pretrained
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings
from upswell.simulate.audiences import BLOCK, AudiencePrior

__all__ = ["CARD_FORMAT", "LIMITS", "make_card", "prior_fingerprint"]

CARD_FORMAT = 1
"""Raised whenever what the network reads or says changes: older weights then no longer fit."""

LIMITS = (
    "It knows simulated audiences only; a real one may do what none of them does.",
    f"It sees {DAYS_BACK} days; older ones, up to {MEMORY}, only as what was 52 and 104 weeks ago.",
    f"It was taught {min(HORIZONS)} days ahead, at times {max(HORIZONS)}; later ones never.",
    "It reads each series alone, and knows of others only what their sum shows.",
    "It counts whole days of seven-day weeks, at least 0; it knows nothing of hours or of prices.",
)


def prior_fingerprint(prior: AudiencePrior | None = None) -> str:
    """Return a digest of the numbers of all priors that audiences are simulated from.

    Examples
    --------
    >>> prior_fingerprint() == prior_fingerprint(AudiencePrior())
    True
    """
    numbers = []
    for family, name, one in (prior or AudiencePrior()).listed():
        values = {
            part.name: repr(getattr(one, part.name))
            for part in fields(one)
            if part.name not in {"means", "why"}
        }
        numbers.append([family, name, type(one).__name__, values])
    return hashlib.sha256(json.dumps(numbers, sort_keys=True).encode()).hexdigest()


def make_card(
    result: Pretrained, settings: PretrainingSettings, weights: bytes, today: dt.date
) -> dict[str, Any]:
    """Return the card as plain data.

    Parameters
    ----------
    result, settings
        What was trained, and how.
    weights
        The file of weights.
    today
        The date on the card.

    Returns
    -------
    dict
        Its `format` is `CARD_FORMAT`; `training.repeat` is the command that gives these weights
        again on the same machine.
    """
    from upswell.store import sha256_bytes, versions

    last = result.last
    taught = {
        name: value
        for name, value in asdict(settings).items()
        if name not in {"minutes", "steps", "threads", "workers", "device"}
    }
    return {
        "format": CARD_FORMAT,
        "sha256": sha256_bytes(weights),
        "bytes": len(weights),
        "dtype": settings.precision,
        "parameters": settings.parameters,
        "network": {
            "units": settings.units,
            "layers": settings.layers,
            "head_units": settings.head_units,
            "residual": settings.residual,
        },
        "horizon": max(HORIZONS),
        "created": today.isoformat(),
        "data": {
            "source": "simulated audiences only; no real series was seen",
            "prior": prior_fingerprint(),
            "seed": settings.seed,
            "lessons": result.chapters * CHAPTER,
            "simulated_series": result.chapters * CHAPTER * BLOCK,
            "examples": last.examples,
            "examples_a_series": CUTOFFS,
            "days": list(LENGTHS),
            "horizons": list(HORIZONS),
        },
        "training": {
            "steps": last.step,
            "minutes": round(last.seconds / 60, 1),
            "device": result.device,
            "hardware": result.hardware,
            "threads": result.threads,
            "settings": taught,
            "repeat": repeated(settings, last.step, result.threads),
        },
        "made_by": {**versions(["numpy", "torch"]), "commit": commit()},
        "scores": last.scores.to_json(),
        "limits": list(LIMITS),
        "curve": [report.to_json() for report in result.reports],
    }


def repeated(settings: PretrainingSettings, steps: int, threads: int) -> str:
    """Return the command that repeats a training.

    Examples
    --------
    >>> repeated(PretrainingSettings(layers=3, seed=7), 900, 2)
    'upswell pretrain --steps 900 --seed 7 --threads 2 --layers 3'
    """
    words = ["upswell pretrain", f"--steps {steps}", f"--seed {settings.seed}"]
    words.append(f"--threads {threads}")
    for name in ("units", "layers", "batch_size", "learning_rate", "residual"):
        value = getattr(settings, name)
        if value != getattr(PretrainingSettings(), name):
            option = "--" + name.replace("_", "-")
            words.append(option if value is True else f"{option} {value}")
    if not settings.bfloat16:
        words.append("--float32")
    return " ".join(words)


def commit() -> str | None:
    """Return the commit of the source this package runs from; None when unknown or changed."""
    package = Path(__file__).resolve().parents[3]
    root = package.parents[1]
    if not (root / ".git").exists():
        return None

    def git(*words: str) -> str:
        found = subprocess.run(  # noqa: S603 - words of our own
            ["git", "-C", str(root), *words],  # noqa: S607 - whichever git there is
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        return found.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", str(package))
        return None if changed else git("rev-parse", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return None
