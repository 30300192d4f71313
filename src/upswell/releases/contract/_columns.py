"""The columns of the three tables: what the settings name, and how headers name the rest."""

from __future__ import annotations

from upswell.data.reading import Column, Holds, Rest
from upswell.data.reading import release_roles as roles
from upswell.releases.config import OutcomesSource, ReleasesSource, SignalsSource

__all__ = ["outcome_columns", "release_columns", "signal_columns"]

_RELEASE_NAMES = frozenset({"release", "release_date", "artist", "known"})
_SIGNAL_NAMES = frozenset({"release", "day", "known", "creator", "video"})
_NUMBERS = frozenset({Holds.NUMBER})


def release_columns(settings: ReleasesSource) -> tuple[tuple[Column, ...], Rest]:
    """Return the columns of the table of releases."""
    columns = (
        Column("release", Holds.TEXT, roles.release_rank, settings.release,
               setting="[releases] release"),
        Column("date", Holds.DAY, roles.release_day_rank, settings.date, setting="[releases] date"),
        Column("artist", Holds.TEXT, roles.artist_rank, settings.artist, False,
               "[releases] artist"),
        Column("known", Holds.DAY, roles.known_rank, settings.known, False, "[releases] known"),
        Column("cost", Holds.NUMBER, roles.promotion_cost_rank, settings.cost, False,
               "[releases] cost"),
    )  # fmt: skip
    rest = Rest(
        frozenset({Holds.TEXT, Holds.NUMBER}),
        settings.attributes,
        "[releases] attributes",
        _RELEASE_NAMES,
    )
    return columns, rest


def signal_columns(settings: SignalsSource, release: str | None) -> tuple[tuple[Column, ...], Rest]:
    """Return the columns of the table of signals; `release` is the header in that of releases."""
    columns = (
        Column("release", Holds.TEXT, roles.release_rank, settings.release,
               setting="[signals] release", like=release),
        Column("date", Holds.DAY, roles.day_rank, settings.date, setting="[signals] date"),
        Column("known", Holds.DAY, roles.known_rank, settings.known, False, "[signals] known"),
        Column("creator", Holds.TEXT, roles.creator_rank, settings.creator, False,
               "[signals] creator"),
        Column("video", Holds.TEXT, roles.video_rank, settings.video, False, "[signals] video"),
    )  # fmt: skip
    rest = Rest(_NUMBERS, settings.metrics, "[signals] metrics", _SIGNAL_NAMES, settings.cumulative)
    return columns, rest


def outcome_columns(
    settings: OutcomesSource, release: str | None
) -> tuple[tuple[Column, ...], Rest]:
    """Return the columns of the table of outcomes; `release` is the header in that of releases."""
    columns = (
        Column("release", Holds.TEXT, roles.release_rank, settings.release,
               setting="[outcomes] release", like=release),
        Column("date", Holds.DAY, roles.day_rank, settings.date, setting="[outcomes] date"),
        Column("known", Holds.DAY, roles.known_rank, settings.known, False, "[outcomes] known"),
        Column("streams", Holds.NUMBER, roles.streams_rank, settings.streams,
               setting="[outcomes] streams"),
    )  # fmt: skip
    return columns, Rest()
