"""What a clause may mention of a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Scene"]


@dataclass(frozen=True)
class Scene:
    """What a clause may mention of a release.

    Parameters
    ----------
    age
        Days of the window so far.
    window
        Days of a complete window.
    month
        Month of the release, from 1.
    texts
        Attributes that are texts, by name.
    fresh
        Those of the artist and the attributes that have no track record.
    """

    age: int
    window: int
    month: int
    texts: Mapping[str, str | None] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()

    @property
    def apart(self) -> int:
        """Days between the middles of the first and the last third of the window, at least one."""
        return max(self.age + -(-self.age // -3), 1)
