"""The bundle of the release job: native model files, the schema of their features, and facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from upswell.errors import BundleError
from upswell.releases.models.schema import FeatureSchema
from upswell.store import Bundle

__all__ = ["KIND", "LAYOUT", "Parts", "pack", "unpack"]

KIND = "releases"
"""What such a bundle holds."""

LAYOUT = 1
"""Version of what stands where in it."""

_SCHEMA = "features.json"
_NATIVE = {".cbm": "catboost", ".txt": "lightgbm"}
_AGAIN = "get the bundle again, or train the model again"


@dataclass(frozen=True)
class Parts:
    """What a bundle of the release job is made of.

    Parameters
    ----------
    schema
        Features and metrics that the models were taught on.
    models
        Native model files and JSON by name, such as ``tiers/classifier.json``.
    facts
        Everything else, as JSON has it: settings, tuning, training.
    """

    schema: FeatureSchema
    models: Mapping[str, bytes]
    facts: Mapping[str, Any]


def pack(parts: Parts) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Return the entries and the facts of a bundle, as `upswell.store.write_bundle` takes them.

    Examples
    --------
    >>> from upswell.store import bundle_bytes, parse_bundle
    >>> parts = Parts(FeatureSchema((), ("views",)), {"a.json": b"{}"}, {"window": 7})
    >>> entries, meta = pack(parts)
    >>> unpack(parse_bundle(bundle_bytes(KIND, entries, meta), KIND)) == parts
    True
    """
    names = sorted({package for name in parts.models if (package := _package(name))})
    meta = {
        "layout": LAYOUT,
        "versions": {package: version(package) for package in names},
        "facts": dict(parts.facts),
    }
    return {**parts.models, _SCHEMA: parts.schema.to_bytes()}, meta


def unpack(bundle: Bundle) -> Parts:
    """Return the parts of a bundle that `read_bundle` has checked; nothing native is parsed yet.

    Raises
    ------
    BundleError
        When the bundle is of a later layout, an entry is missing, or a model was written by a
        later CatBoost or LightGBM than the one at hand.
    """
    layout = bundle.meta.get("layout")
    if isinstance(layout, bool) or not isinstance(layout, int) or layout < 1:
        raise BundleError("the bundle does not say how it is laid out", fix=_AGAIN)
    if layout > LAYOUT:
        raise BundleError(
            f"the bundle has layout {layout}, and this program knows {LAYOUT}",
            fix="upgrade upswell",
        )
    facts, versions = bundle.meta.get("facts"), bundle.meta.get("versions")
    if not isinstance(facts, dict) or not isinstance(versions, dict):
        raise BundleError("the bundle's facts are damaged", fix=_AGAIN)
    models = {name: data for name, data in bundle.entries.items() if name != _SCHEMA}
    for package in sorted({package for name in models if (package := _package(name))}):
        _check_version(package, versions.get(package))
    return Parts(FeatureSchema.from_bytes(bundle.entry(_SCHEMA)), models, facts)


def _package(name: str) -> str | None:
    """Return the package that reads an entry natively, if any."""
    return next((package for end, package in _NATIVE.items() if name.endswith(end)), None)


def _check_version(package: str, written: object) -> None:
    """Raise when a model was written by a later version of its package than the one at hand."""
    found = _parts(written)
    if found is None:
        raise BundleError(f"the bundle does not say which {package} wrote it", fix=_AGAIN)
    own = version(package)
    if found > (_parts(own) or found):
        raise BundleError(
            f"the bundle was written with {package} {written}, and {own} is installed",
            fix=f"upgrade {package}, or train the model again",
        )


def _parts(text: object) -> tuple[int, int] | None:
    """Return the first two numbers of a version, or None."""
    match = re.match(r"(\d{1,6})\.(\d{1,6})", text) if isinstance(text, str) else None
    return (int(match[1]), int(match[2])) if match else None
