"""The memory: what past releases came to and what the platform's level was, to take along.

When releases are scored there are no outcomes at hand, and signals of a few weeks only. The memory
is made from the tables of the training, goes with the model, and is read by the same SQL.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from upswell.errors import BundleError, SettingError
from upswell.releases.gate._pipeline import memory_steps
from upswell.releases.gate._platform import platform_query
from upswell.releases.gate._records import record_columns
from upswell.releases.gate._run import Bench, bench
from upswell.releases.gate._shape import Shape, Tables, day_number, shape_of
from upswell.releases.gate._sql import Step, columns, date_of, number_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Memory", "memory_of", "recall"]


@dataclass(frozen=True)
class Memory:
    """What is known of the past at the end of a day.

    Parameters
    ----------
    window, horizons, base, as_of
        The settings under which it was made.
    metrics
        Names of the columns ``m0``, ``m1`` and so on of `platform`.
    categories
        Names of the columns ``a0``, ``a1`` and so on of `records`.
    records
        A row per mature release, horizon and version of its outcome: ``release, release_date,
        artist, a0.., horizon, closed, known, streams, base_1..base_<window>``. ``known`` is the day
        from which the row counts; ``base_k`` is the base metric of days 1 to ``k`` as known on
        day ``k``.
    platform
        Totals over all releases: ``day, known, signals_seen, releases_seen, m0..``.
    """

    window: int
    horizons: tuple[int, ...]
    base: str
    as_of: dt.date
    metrics: tuple[str, ...]
    categories: tuple[str, ...]
    records: pl.DataFrame
    platform: pl.DataFrame

    def __len__(self) -> int:
        """Return the number of releases with a record."""
        return int(self.records["release"].n_unique())

    def settings(self) -> dict[str, Any]:
        """Return all but the two frames, as plain values for a JSON file."""
        return {
            "window": self.window,
            "horizons": list(self.horizons),
            "base": self.base,
            "as_of": self.as_of.isoformat(),
            "metrics": list(self.metrics),
            "categories": list(self.categories),
        }

    @classmethod
    def restored(
        cls, settings: Mapping[str, Any], records: pl.DataFrame, platform: pl.DataFrame
    ) -> Memory:
        """Return a memory from its settings and its two frames, as they were saved.

        Raises
        ------
        BundleError
            When a setting is missing or a frame does not have the columns that it should.
        """
        try:
            memory = cls(
                window=int(settings["window"]),
                horizons=tuple(int(h) for h in settings["horizons"]),
                base=str(settings["base"]),
                as_of=dt.date.fromisoformat(settings["as_of"]),
                metrics=tuple(str(name) for name in settings["metrics"]),
                categories=tuple(str(name) for name in settings["categories"]),
                records=records,
                platform=platform,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the settings of the memory cannot be read: {error}") from error
        for name, frame, schema in (
            ("records", records, memory.record_schema()),
            ("platform", platform, memory.platform_schema()),
        ):
            if dict(frame.schema) != schema:
                raise BundleError(f"the memory's {name} do not have the columns that they should")
        return memory

    def record_schema(self) -> dict[str, Any]:
        """Return the columns of `records` and their types."""
        import polars as pl

        texts = ["artist", *(f"a{j}" for j in range(len(self.categories)))]
        bases = [f"base_{k}" for k in range(1, self.window + 1)]
        return {
            "release": pl.String,
            "release_date": pl.Date,
            **dict.fromkeys(texts, pl.String),
            "horizon": pl.Int32,
            "closed": pl.Date,
            "known": pl.Date,
            "streams": pl.Float64,
            **dict.fromkeys(bases, pl.Float64),
        }

    def platform_schema(self) -> dict[str, Any]:
        """Return the columns of `platform` and their types."""
        import polars as pl

        sums = [f"m{j}" for j in range(len(self.metrics))]
        return {
            "day": pl.Date,
            "known": pl.Date,
            "signals_seen": pl.Int64,
            "releases_seen": pl.Int64,
            **dict.fromkeys(sums, pl.Float64),
        }


def memory_of(
    tables: Tables,
    window: int,
    horizons: Sequence[int],
    base: str | None = None,
    as_of: dt.date | None = None,
) -> Memory:
    """Return what is known of past releases and of the platform at the end of a day.

    Parameters
    ----------
    tables
        Typed tables.
    window
        Days of a complete window.
    horizons
        Days to which outcomes are counted.
    base
        The metric that outcomes are divided by; by default the first.
    as_of
        The last day of which anything is known; by default the last day in the tables.

    Raises
    ------
    SettingError
        When window, horizons or base make no sense.
    """
    shape = shape_of(tables, window=window, horizons=horizons, base=base, as_of=as_of)
    with bench(tables.connection) as work:
        work.run(memory_steps(shape))
        return _taken(work, shape, as_of or tables.last_day)


def _taken(work: Bench, shape: Shape, as_of: dt.date) -> Memory:
    dates = {"day0": "release_date", "closed": "closed", "known": "known"}
    positions = {f"a{i}": f"a{j}" for j, i in enumerate(shape.categories)}
    picked = [
        f"{date_of(name)} AS {dates[name]}"
        if name in dates
        else f"{name} AS {positions.get(name, name)}"
        for name in record_columns(shape)
    ]
    records = work.fetch(
        f"SELECT\n  {columns(picked)}\nFROM gate_records\nORDER BY release, horizon, known"
    )
    metrics = [f"m{i}" for i in range(len(shape.metrics))]
    platform = work.fetch(
        f"SELECT {date_of('day')} AS day, {date_of('known')} AS known,"
        f" CAST(signals_seen AS BIGINT) AS signals_seen,"
        f" CAST(releases_seen AS BIGINT) AS releases_seen,\n  {columns(metrics)}\n"
        "FROM gate_platform\nORDER BY day, known, signals_seen"
    )
    names = tuple(shape.attributes)
    return Memory(
        window=shape.window,
        horizons=shape.horizons,
        base=shape.base,
        as_of=as_of,
        metrics=shape.metrics,
        categories=tuple(names[i] for i in shape.categories),
        records=records,
        platform=platform,
    )


def recall(work: Bench, shape: Shape, memory: Memory) -> None:
    """Make ``gate_records`` and ``gate_platform`` from a memory and what is new in the signals.

    Raises
    ------
    SettingError
        When the memory was made for another window, other horizons or another base.
    """
    made, asked = (
        (memory.window, memory.horizons, memory.base),
        (shape.window, shape.horizons, shape.base),
    )
    if made != asked:
        raise SettingError(
            f"the memory is of (window, horizons, base) {made}, and {asked} were asked for",
            fix="make the memory with the same settings",
        )
    work.lend({"gate_kept_records": memory.records, "gate_kept_platform": memory.platform})
    work.run([_kept_records(shape, memory), _kept_platform(shape, memory)])


def _kept_records(shape: Shape, memory: Memory) -> Step:
    names = tuple(shape.attributes)
    places = {name: f"a{j}" for j, name in enumerate(memory.categories)}
    sources = {f"a{i}": places.get(names[i], "CAST(NULL AS VARCHAR)") for i in shape.categories}
    sources |= {"day0": number_of("release_date")}
    sources |= {name: number_of(name) for name in ("closed", "known")}
    picked = [f"{sources.get(name, name)} AS {name}" for name in record_columns(shape)]
    return Step("gate_records", f"SELECT\n  {columns(picked)}\nFROM gate_kept_records")


def _kept_platform(shape: Shape, memory: Memory) -> Step:
    places = {name: f"m{j}" for j, name in enumerate(memory.metrics)}
    picked = [
        f"{places.get(name, 'CAST(NULL AS DOUBLE)')} AS m{i}"
        for i, name in enumerate(shape.metrics)
    ]
    return Step(
        "gate_platform",
        f"""\
SELECT
  {number_of("day")} AS day,
  {number_of("known")} AS known,
  signals_seen,
  releases_seen,
  {columns(picked)}
FROM gate_kept_platform
UNION ALL
{platform_query(shape, after=day_number(memory.as_of))}""",
    )
