"""The table of releases: one row for each, with a date, its artist and what else describes it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from upswell.data.ledger import Action, Repair
from upswell.engines import fetch_row, identifier, literal
from upswell.releases.contract._findings import Finding, Raw, count_findings

if TYPE_CHECKING:
    import duckdb

__all__ = ["make_releases"]

_TITLE_SHARE = 0.9
_FEWEST_TITLES = 20
_VARYING_SHARE = 0.1


def make_releases(
    connection: duckdb.DuckDBPyConnection, raw: Raw, *, as_of: dt.date | None, chosen: bool
) -> tuple[dict[str, str], list[Repair]]:
    """Make the tables ``releases`` and ``all_releases``, the latter with those dropped.

    Parameters
    ----------
    connection
        The engine.
    raw
        The raw table, with the roles release, date, artist and known.
    as_of
        The last day of which anything is known.
    chosen
        Whether the attributes were named; if not, those that say nothing are left out.

    Returns
    -------
    tuple
        What each attribute holds (``category`` or ``number``), and lines for the ledger.
    """
    known = "known" if "known" in raw.roles else "NULL::DATE"
    late = "false" if as_of is None else _after(as_of, known)
    repairs = count_findings(
        connection,
        raw,
        raw.name,
        [
            Finding("no-release", Action.DROPPED, "rows without a release", "release IS NULL"),
            Finding(
                "after-as-of",
                Action.DROPPED,
                "releases of, or known only after, a day later than the as-of day",
                f"release IS NOT NULL AND {late}",
            ),
        ],
    )
    _group(connection, raw, known, late)
    repairs += _about_groups(connection, raw)
    attributes, left = _attributes(connection, raw, chosen=chosen)
    named = [
        f"{_stored(index, kind)} AS {identifier(title)}"
        for index, (title, kind) in attributes.items()
    ]
    columns = ["release", "release_date", "artist", "known", *named]
    connection.execute(
        f"CREATE TABLE releases AS SELECT {', '.join(columns)} FROM grouped "
        "WHERE release_date IS NOT NULL ORDER BY release_date, release"
    )
    connection.execute(
        "CREATE TEMP TABLE all_releases AS "
        "SELECT release, release_date, false AS late FROM grouped "
        f"UNION ALL SELECT DISTINCT release, NULL::DATE, true FROM {raw.name} "
        f"ANTI JOIN grouped USING (release) WHERE release IS NOT NULL AND {late}"
    )
    connection.execute("DROP TABLE grouped")
    return dict(attributes.values()), repairs + left


def _after(as_of: dt.date, known: str) -> str:
    day = f"DATE {literal(as_of.isoformat())}"
    return f"(coalesce(date > {day}, false) OR coalesce({known} > {day}, false))"


def _stored(index: int, kind: str) -> str:
    return f"rest_{index}" if kind == "category" else f"CAST(rest_{index} AS DOUBLE)"


def _group(connection: duckdb.DuckDBPyConnection, raw: Raw, known: str, late: str) -> None:
    """Make one row of each release: the earliest date, and else what was known first."""
    # One number is compared much faster than a pair.
    since = f"coalesce({known} - DATE '1900-01-01' + 1, 0)::HUGEINT"
    order = "position" if "known" not in raw.roles else f"{since} * {1 << 63} + position"
    artist = "artist" if "artist" in raw.roles else "NULL::VARCHAR"
    parts = [
        "release",
        "min(date) AS release_date",
        f"arg_min({artist}, {order}) AS artist",
        # A row that does not say when it became known was known always.
        f"CASE WHEN count({known}) = count(*) THEN min({known}) END AS known",
        "count(*) AS rows",
        "min(date) < max(date) AS many_dates",
        f"min({artist}) < max({artist}) AS many_artists",
        "min(position) AS position",
    ]
    for index in range(len(raw.rest)):
        parts.append(f"arg_min(rest_{index}, {order}) AS rest_{index}")
        parts.append(f"min(rest_{index}) < max(rest_{index}) AS many_{index}")
    connection.execute(
        f"CREATE TEMP TABLE grouped AS SELECT {', '.join(parts)} FROM {raw.name} "
        f"WHERE release IS NOT NULL AND NOT {late} GROUP BY release ORDER BY position"
    )


def _about_groups(connection: duckdb.DuckDBPyConnection, raw: Raw) -> list[Repair]:
    repairs = []
    for code, action, reason, condition, count in (
        (
            "repeated-release",
            Action.DROPPED,
            "several rows of the table of releases became one row of a release",
            "rows > 1",
            "sum(rows - 1)",
        ),
        (
            "conflicting-release-date",
            Action.CHANGED,
            "a release has several release dates; the earliest was taken",
            "many_dates",
            "count(*)",
        ),
        (
            "conflicting-artist",
            Action.CHANGED,
            "a release has several artists; the one known first was taken",
            "many_artists",
            "count(*)",
        ),
        (
            "unknown-release-date",
            Action.DROPPED,
            "a release without a release date",
            "release_date IS NULL",
            "count(*)",
        ),
    ):
        found = fetch_row(
            connection,
            f"SELECT {count}, min(position), arg_min(release, position) FROM grouped "
            f"WHERE {condition}",
        )
        if found[0]:
            place = str(raw.place(found[1]))
            repairs.append(Repair(code, action, reason, int(found[0]), found[2], place=place))
    return repairs


def _attributes(
    connection: duckdb.DuckDBPyConnection, raw: Raw, *, chosen: bool
) -> tuple[dict[int, tuple[str, str]], list[Repair]]:
    """Return title and kind of each attribute by its index, and lines about several values."""
    kept: dict[int, tuple[str, str]] = {}
    repairs = []
    for index, (title, holds) in enumerate(raw.rest.items()):
        kind = "number" if holds == "number" else "category"
        releases, repeated, values, different, several = fetch_row(
            connection,
            "SELECT count(*), count(*) FILTER (WHERE rows > 1), "
            f"count(rest_{index}), count(DISTINCT rest_{index}), "
            f"count(*) FILTER (WHERE many_{index}) FROM grouped",
        )
        a_title = releases >= _FEWEST_TITLES and different > _TITLE_SHARE * values
        if not chosen and several > _VARYING_SHARE * repeated:
            raw.ignored[title] = "it changes from row to row of a release"
        elif not chosen and kind == "category" and a_title:
            raw.ignored[title] = "nearly every release has a value of its own, as a title"
        else:
            kept[index] = (title, kind)
            if several:
                reason = f'releases with several values of "{title}"; the one known first was taken'
                place = str(raw.place(None, title))
                repairs.append(
                    Repair("conflicting-attribute", Action.CHANGED, reason, several, place=place)
                )
    return kept, repairs
