"""The Python API of the decision book: write decisions down, and review them."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.data.ledger import Ledger
from upswell.errors import SettingError
from upswell.releases._day import day_of

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.book import Added, Book, ReviewedDecisions
    from upswell.releases.book.sheet import Sheet
    from upswell.releases.config import MoneySettings, ReleasesConfig
    from upswell.releases.trained import TrainedReleases

__all__ = ["decide", "review"]


def decide(
    book: str | os.PathLike[str],
    release: str | None = None,
    decision: str | None = None,
    *,
    note: str = "",
    by: str | None = None,
    on: dt.date | str | None = None,
    table: Any = None,
) -> Added:
    """Write down what people decided of releases, in a decision book.

    Parameters
    ----------
    book
        The file of the book; created where it is missing.
    release, decision
        One release, and ``promote``, ``watch`` or ``hold``.
    note
        Why.
    by
        Who decided.
    on
        The day on which it was decided; by default today.
    table
        In place of one release: a path or data frame with the columns ``release`` and
        ``decision``, and perhaps ``note``, ``by`` and ``on``. Rows without a decision are passed
        over.

    Returns
    -------
    Added
        What was new, how many stood there already, and the book.

    Raises
    ------
    InputError
        When the book is damaged, or a release or decision cannot be used; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> book = Path(tempfile.mkdtemp()) / "decisions.jsonl"
    >>> added = decide(book, "a", "promote", note="on tour in May", by="Ana", on="2026-03-06")
    >>> added.book.people()["a"].decision
    'promote'
    """
    from upswell.releases.book import add_entries

    sheet = sheet_of(book, release, decision, note=note, by=by, on=on, table=table)
    return add_entries(book, sheet.entries)


def sheet_of(
    book: str | os.PathLike[str],
    release: str | None,
    decision: str | None,
    *,
    note: str = "",
    by: str | None = None,
    on: dt.date | str | None = None,
    table: Any = None,
) -> Sheet:
    """Return the entries that `decide` writes; parameters and errors as there."""
    from upswell.releases.book import PersonEntry, read_book
    from upswell.releases.book.entries import name_of, readable
    from upswell.releases.book.sheet import Sheet, as_written, decision_of, read_sheet

    day = day_of(on, "day of the decision") or dt.date.today()  # noqa: DTZ011 - the reader's day
    person = None if by is None else name_of(by, "name of who decided")
    known = read_book(book).releases() if os.path.lexists(book) else ()
    if table is not None:
        if release is not None or decision is not None or note:
            raise SettingError(
                "both a table and one release were given",
                fix="give the release, its decision and note, or a table of them",
            )
        return read_sheet(table, on=day, by=person, known=known)
    if release is None or decision is None:
        raise SettingError(
            "a release and its decision are needed",
            fix="give both, or a table of them by --from FILE.csv",
        )
    entry = PersonEntry(
        release=as_written(known)(name_of(release, "release")),
        on=day,
        decision=decision_of(decision),
        by=person,
        note=readable(note, "note"),
    )
    return Sheet((entry,), 0)


def review(
    book: str | os.PathLike[str] | Book,
    *,
    outcomes: Any,
    releases: Any = None,
    config: str | Path | Mapping[str, Any] | ReleasesConfig | None = None,
    bundle: str | os.PathLike[str] | TrainedReleases | None = None,
    money: str | Path | Mapping[str, Any] | MoneySettings | None = None,
    as_of: dt.date | str | None = None,
) -> ReviewedDecisions:
    """Hold the decisions of a book against outcomes that have closed.

    Parameters
    ----------
    book
        The file of the book, or a book that was read.
    outcomes
        A path, glob, folder, database address or data frame, as for a training.
    releases
        Likewise; by default that of `config`, or else the release dates that the model wrote into
        the book.
    config, bundle
        Settings, or a bundle of a training with these: horizon, tiers, money and the names of
        columns. Without them the book's own horizon, tier and money count.
    money
        In place of that of settings or book.
    as_of
        The last day of which anything is known; by default the last day with an outcome of a
        release whose date is known here.

    Returns
    -------
    ReviewedDecisions
        A row a release in `frame`, a row a decider in `summary`.

    Raises
    ------
    InputError
        When the book, a table or a setting cannot be used.
    RefusalError
        When no decision can be judged yet.
    """
    from upswell.releases.book import Book, read_book
    from upswell.releases.book.review import outcomes_of, review_book
    from upswell.releases.book.terms import terms_of
    from upswell.releases.deciding.money import load_money
    from upswell.releases.tables import read_tables

    held = book if isinstance(book, Book) else read_book(book)
    settings = _settings(config, bundle)
    terms = terms_of(held, settings, None if money is None else load_money(money))
    day = day_of(as_of, "as-of day")
    table = _dates_of(held) if releases is None and _names_no_releases(settings) else None
    with read_tables(
        _asked(settings, outcomes, terms.horizon, day),
        need=("releases", "outcomes"),
        releases=releases if table is None else table,
    ) as tables:
        found = outcomes_of(tables, terms.horizon, day)
        ledger = tables.ledger if table is None else _of_the_book(tables.ledger)
        return review_book(held, found, terms, ledger=ledger, origin=tables.origin(ledger))


def _settings(
    config: str | Path | Mapping[str, Any] | ReleasesConfig | None,
    bundle: str | os.PathLike[str] | TrainedReleases | None,
) -> ReleasesConfig | None:
    from upswell.releases.config import load_config
    from upswell.releases.trained import TrainedReleases, open_trained

    if config is not None and bundle is not None:
        raise SettingError("both settings and a bundle were given", fix="give one of them")
    if bundle is not None:
        held = bundle if isinstance(bundle, TrainedReleases) else open_trained(bundle)
        return held.config
    return None if config is None else load_config(config)


def _asked(
    settings: ReleasesConfig | None, outcomes: Any, horizon: int, day: dt.date | None
) -> ReleasesConfig:
    """Return settings that read these outcomes, until this day."""
    from upswell.releases.config import ReleasesConfig, ReleasesSource

    base = settings or ReleasesConfig()
    # Without a source, its names of columns are of a table that is not read.
    releases = ReleasesSource() if base.releases.source is None else base.releases
    return base.model_copy(
        update={
            "releases": releases,
            "outcomes": base.outcomes.model_copy(update={"source": outcomes}),
            "horizons": (horizon,),
            "as_of": day,
        }
    )


def _names_no_releases(settings: ReleasesConfig | None) -> bool:
    return settings is None or settings.releases.source is None


def _dates_of(book: Book) -> pl.DataFrame:
    """Return the release dates that the model wrote into a book, as a table of releases."""
    import polars as pl

    dates = {name: entry.released for name, entry in book.model().items() if entry.released}
    if not dates:
        raise SettingError(
            "the decision book holds no release dates, since no model wrote into it",
            fix="give the table of releases: --releases FILE",
        )
    return pl.DataFrame({"release": list(dates), "release_date": list(dates.values())})


def _of_the_book(ledger: Ledger) -> Ledger:
    """Say of rows of other releases that the book lacks them, and not a table."""
    reason = "rows of outcomes of releases of which the decision book says nothing"
    return Ledger(
        tuple(
            replace(line, reason=reason) if line.code == "unknown-release" else line
            for line in ledger
        )
    )
