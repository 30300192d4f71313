"""Releases: from the first days of activity to streams on another service, and a tier.

Eight names do the work: `train`, `score`, `evaluate`, `features`, `audit`, `monitor`, `decide` and
`review`. They load what they need when they are first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upswell.releases._api import evaluate, features, train
    from upswell.releases._monitor import monitor
    from upswell.releases._review_api import decide, review
    from upswell.releases._score_api import score
    from upswell.releases.auditing import AuditedReleases, audit
    from upswell.releases.config import ReleasesConfig, load_config
    from upswell.releases.trained import TrainedReleases, load_trained

__all__ = [
    "AuditedReleases",
    "ReleasesConfig",
    "TrainedReleases",
    "audit",
    "decide",
    "evaluate",
    "features",
    "load_config",
    "load_trained",
    "monitor",
    "review",
    "score",
    "train",
]

_HOMES = {
    "AuditedReleases": "upswell.releases.auditing",
    "ReleasesConfig": "upswell.releases.config",
    "TrainedReleases": "upswell.releases.trained",
    "decide": "upswell.releases._review_api",
    "audit": "upswell.releases.auditing",
    "evaluate": "upswell.releases._api",
    "features": "upswell.releases._api",
    "load_config": "upswell.releases.config",
    "load_trained": "upswell.releases.trained",
    "monitor": "upswell.releases._monitor",
    "review": "upswell.releases._review_api",
    "score": "upswell.releases._score_api",
    "train": "upswell.releases._api",
}


def __getattr__(name: str) -> Any:
    """Import a public name on its first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
