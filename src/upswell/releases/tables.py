"""The three raw tables of the release job, typed and cleaned, in an engine of their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Ledger, Repair
from upswell.data.panel import Source
from upswell.engines import Engine, engine_errors, fetch_row, open_engine
from upswell.errors import SettingError
from upswell.releases.config import ReleasesConfig

if TYPE_CHECKING:
    from types import TracebackType

    import duckdb

    from upswell.releases.contract import Raw

__all__ = ["RawTables", "read_tables"]

NEEDED = ("releases", "signals", "outcomes")


@dataclass(frozen=True)
class RawTables:
    """Typed tables in an engine, to be read by the gate only.

    - ``releases(release, release_date, artist, known, <attributes>)``: one row a release, ordered
      by release date and release. `known` is null where it was known always.
    - ``signals(release, day, known, creator, video, <metrics>)``: `creator` and `video` only
      where given; metrics are DOUBLE, not negative, NULL where missing.
    - ``outcomes(release, day, known, streams)``: there in any case, empty when not read.

    Days are calendar days: where a table has times of day, only the day counts, so that the
    offset of a row is its day less the release date, whatever the hours.

    Parameters
    ----------
    engine
        Holds the tables; close it through `close` or a ``with`` block.
    metrics
        Names of the metrics.
    attributes
        ``category`` (VARCHAR) or ``number`` (DOUBLE) by the name of the attribute.
    has_artist, has_creator, has_video
        Whether the input has such a column.
    has_outcomes
        Whether outcomes were read.
    last_day
        The as-of day if one was given, else the last day in signals and outcomes.
    ledger
        What was repaired, dropped or flagged.
    sources
        The inputs, each once.
    raw
        The raw tables, as the contract left them.
    has_cost
        Whether the table of releases says what promotion of each costs.
    """

    engine: Engine
    metrics: tuple[str, ...]
    attributes: Mapping[str, str]
    has_artist: bool
    has_creator: bool
    has_video: bool
    has_outcomes: bool
    last_day: dt.date
    ledger: Ledger = field(default_factory=Ledger)
    sources: tuple[Source, ...] = ()
    raw: tuple[Raw, ...] = ()
    has_cost: bool = False

    def check_unchanged(self) -> None:
        """Refuse files that changed since they were hashed; for large ones are never copied.

        Raises
        ------
        SourceError
            When the size or time of change of a file is another.
        """
        from upswell.releases.contract import check_unchanged

        for raw in self.raw:
            check_unchanged(raw)

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The connection to the engine."""
        return self.engine.connection

    def costs(self) -> dict[str, float]:
        """Return the cost of promoting each release that has one of its own in the table."""
        if not self.has_cost:
            return {}
        rows = self.connection.execute(
            "SELECT release, cost FROM costs WHERE cost IS NOT NULL ORDER BY release"
        ).fetchall()
        return {name: float(cost) for name, cost in rows}

    def origin(self, ledger: Ledger | None = None) -> dict[str, Any]:
        """Return the inputs and the ledger, or a longer one, as plain data for records."""
        return {
            "sources": [
                {"name": each.name, "sha256": each.sha256, "rows": each.rows}
                for each in self.sources
            ],
            "ledger": (ledger or self.ledger).to_frame().to_dicts(),
        }

    def close(self) -> None:
        """Close the engine; the tables are gone."""
        self.engine.close()

    def __enter__(self) -> RawTables:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def read_tables(
    config: ReleasesConfig,
    *,
    need: Collection[str] = NEEDED,
    signals: Any = None,
    releases: Any = None,
    threads: int | None = None,
    memory: str | None = None,
) -> RawTables:
    """Read the tables that a configuration names.

    Parameters
    ----------
    config
        The settings.
    need
        Which of releases, signals and outcomes to read.
    signals, releases
        Sources in place of those that the settings name.
    threads, memory
        Limits of the engine; see `upswell.engines.open_engine`.

    Returns
    -------
    RawTables
        Must be closed.

    Raises
    ------
    SourceError, ColumnError, CellError, SettingError
        When a table is missing or cannot be read.

    Examples
    --------
    >>> import polars as pl
    >>> from upswell.releases.config import ReleasesConfig
    >>> releases = pl.DataFrame({"release": ["a"], "release_date": ["2024-01-05"]})
    >>> signals = pl.DataFrame({"release": ["a"], "date": ["2024-01-06"], "views": ["1,084"]})
    >>> with read_tables(
    ...     ReleasesConfig(), need=("releases", "signals"), signals=signals, releases=releases
    ... ) as tables:
    ...     tables.connection.execute("SELECT day, views FROM signals").fetchall()
    [(datetime.date(2024, 1, 6), 1084.0)]
    """
    given = {"releases": releases, "signals": signals}
    sources = {}
    for name in ("releases", "signals", "outcomes"):
        if name in need or name == "releases":
            source = given.get(name)
            sources[name] = getattr(config, name).source if source is None else source
            if sources[name] is None:
                raise SettingError(
                    f"the table of {name} is missing",
                    fix=f"name its file or database table in [{name}] source",
                )
    engine = open_engine(threads=threads, memory=memory)
    try:
        with engine_errors():
            return _read(engine, config, sources)
    except BaseException:
        engine.close()
        raise


def _read(engine: Engine, config: ReleasesConfig, sources: Mapping[str, Any]) -> RawTables:
    from upswell.releases.contract import (
        days_with,
        describe_gaps,
        describe_lacks,
        ignored_columns,
        load_outcomes,
        load_releases,
        load_signals,
    )

    connection = engine.connection
    first, attributes, repairs = load_releases(connection, config, sources["releases"])
    raws: list[Raw] = [first]
    days: list[dt.date] = []
    metrics: tuple[str, ...] = ()
    roles: Mapping[str, str] = {}
    if "signals" in sources:
        raw, metrics, lines = load_signals(connection, config, sources["signals"], first)
        roles = raw.roles
        raws.append(raw)
        days = days_with(connection, "signals")
        repairs += lines + describe_gaps(days)
    if "outcomes" in sources:
        raw, lines = load_outcomes(connection, config, sources["outcomes"], first)
        raws.append(raw)
        days += days_with(connection, "outcomes")
        repairs += lines
    else:
        connection.execute(
            "CREATE TABLE outcomes (release VARCHAR, day DATE, known DATE, streams DOUBLE)"
        )
    if "signals" in sources and "outcomes" in sources:
        repairs += describe_lacks(connection)
    for raw, code in zip(raws, ("ignored-attribute", "ignored-column"), strict=False):
        repairs += ignored_columns(code, raw, raws)
    return RawTables(
        engine,
        metrics,
        attributes,
        has_artist="artist" in first.roles,
        has_creator="creator" in roles,
        has_video="video" in roles,
        has_outcomes="outcomes" in sources,
        last_day=config.as_of or max(days, default=_last_release(connection)),
        ledger=Ledger(tuple(_once(repairs))),
        sources=tuple(dict.fromkeys(source for raw in raws for source in raw.sources)),
        raw=tuple(raws),
        has_cost="cost" in first.roles,
    )


def _once(repairs: list[Repair]) -> list[Repair]:
    """Leave out lines that are there already, as when one file serves two tables."""
    return list(dict.fromkeys(repairs))


def _last_release(connection: duckdb.DuckDBPyConnection) -> dt.date:
    (day,) = fetch_row(connection, "SELECT max(release_date) FROM releases")
    return day if isinstance(day, dt.date) else dt.date(1970, 1, 1)
