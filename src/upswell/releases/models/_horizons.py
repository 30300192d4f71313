"""A learner for each horizon, or a constant where training saw one value: predicted and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models.encoding import FeatureEncoder

Floats = NDArray[np.float64]
Learner = TypeVar("Learner")


def predicted(
    boosters: Sequence[Learner | float], matrix: Floats, predict: Callable[[Learner], Floats]
) -> Floats:
    """Return what each says of ``N`` rows, shape ``(N, H)``."""
    columns = [
        np.full(len(matrix), booster) if isinstance(booster, float) else predict(booster)
        for booster in boosters
    ]
    return np.column_stack(columns).astype(np.float64)


def kept(
    encoder: FeatureEncoder,
    boosters: Sequence[Learner | float],
    place: str,
    to_bytes: Callable[[Learner], bytes],
) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the learners as entries named by a place such as ``a/horizon-{}.cbm``, and a head."""
    files: dict[str, bytes] = {}
    named: list[str | float] = []
    for number, booster in enumerate(boosters, start=1):
        if isinstance(booster, float):
            named.append(booster)
        else:
            name = place.format(number)
            named.append(name)
            files[name] = to_bytes(booster)
    return files, {"features": encoder.to_json(), "boosters": named}


def restored(
    entries: Mapping[str, bytes],
    head: Mapping[str, Any],
    from_bytes: Callable[[bytes, FeatureEncoder, str], Learner],
) -> tuple[FeatureEncoder, tuple[Learner | float, ...]]:
    """Return encoder and learners from what `kept` gave.

    Raises
    ------
    BundleError
        When an entry is missing or not what it should be.
    """
    try:
        encoder = FeatureEncoder.from_json(head["features"])
        boosters = tuple(
            each if isinstance(each, float) else from_bytes(entries[each], encoder, str(each))
            for each in head["boosters"]
        )
    except (KeyError, TypeError) as error:
        raise BundleError("the bundle's regression is damaged") from error
    return encoder, boosters
