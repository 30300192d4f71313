"""Each of the three tables from its source to the typed table in the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Repair
from upswell.errors import ColumnError, Place
from upswell.releases.config import ReleasesConfig
from upswell.releases.contract._columns import outcome_columns, release_columns, signal_columns
from upswell.releases.contract._costs import make_costs
from upswell.releases.contract._events import Events, make_events
from upswell.releases.contract._findings import Raw
from upswell.releases.contract._loading import forget_raw, load_raw
from upswell.releases.contract._parquet import check_unchanged
from upswell.releases.contract._releases import make_releases

if TYPE_CHECKING:
    import duckdb

__all__ = ["load_outcomes", "load_releases", "load_signals"]


def load_releases(
    connection: duckdb.DuckDBPyConnection, config: ReleasesConfig, source: Any
) -> tuple[Raw, dict[str, str], list[Repair]]:
    """Make the table ``releases``; return its raw table, its attributes and lines."""
    settings = config.releases
    columns, rest = release_columns(settings)
    raw = load_raw(connection, "raw_releases", source, columns, rest, timezone=config.timezone)
    attributes, repairs = make_releases(
        connection, raw, as_of=config.as_of, chosen=settings.attributes is not None
    )
    make_costs(connection, raw)
    forget_raw(connection, raw)
    check_unchanged(raw)
    return raw, attributes, raw.repairs + repairs


def load_signals(
    connection: duckdb.DuckDBPyConnection, config: ReleasesConfig, source: Any, releases: Raw
) -> tuple[Raw, tuple[str, ...], list[Repair]]:
    """Make the table ``signals``; return its raw table, its metrics and lines."""
    settings = config.signals
    columns, rest = signal_columns(settings, releases.roles["release"])
    raw = load_raw(connection, "raw_signals", source, columns, rest, timezone=config.timezone)
    metrics = tuple(raw.rest)
    if not metrics:
        raise ColumnError(
            "the table of signals has no metric: no column but those of its rows holds numbers",
            where=Place(raw.sources[0].name),
            fix="name the numeric columns in [signals] metrics",
        )
    events = Events(
        table="signals",
        numbers={f"rest_{index}": (title, title) for index, title in enumerate(metrics)},
        extra=tuple(role for role in ("creator", "video") if role in raw.roles),
        as_of=config.as_of,
        cumulative=settings.cumulative,
        start_by=config.window,
        activity=True,
    )
    repairs = make_events(connection, raw, events)
    forget_raw(connection, raw)
    check_unchanged(raw)
    return raw, metrics, raw.repairs + repairs


def load_outcomes(
    connection: duckdb.DuckDBPyConnection, config: ReleasesConfig, source: Any, releases: Raw
) -> tuple[Raw, list[Repair]]:
    """Make the table ``outcomes``; return its raw table and lines."""
    settings = config.outcomes
    columns, rest = outcome_columns(settings, releases.roles["release"])
    raw = load_raw(connection, "raw_outcomes", source, columns, rest, timezone=config.timezone)
    events = Events(
        table="outcomes",
        numbers={"streams": ("streams", raw.roles["streams"])},
        extra=(),
        as_of=config.as_of,
        cumulative=settings.cumulative,
        start_by=max(config.horizons),
        activity=False,
    )
    repairs = make_events(connection, raw, events)
    forget_raw(connection, raw)
    check_unchanged(raw)
    return raw, raw.repairs + repairs
