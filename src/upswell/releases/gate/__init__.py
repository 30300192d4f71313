"""The one gate from raw tables to features: each release as of the end of its own window."""

from upswell.releases.gate._ages import releases_by_age
from upswell.releases.gate._catalogue import catalogue_markdown
from upswell.releases.gate._features import catalogue, features_at, outcomes_at
from upswell.releases.gate._memory import Memory, memory_of
from upswell.releases.gate._shape import Tables

__all__ = [
    "Memory",
    "Tables",
    "catalogue",
    "catalogue_markdown",
    "features_at",
    "memory_of",
    "outcomes_at",
    "releases_by_age",
]
