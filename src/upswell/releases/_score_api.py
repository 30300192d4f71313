"""The Python API of the release job: score."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.releases._as_trained import columns_as_trained
from upswell.releases._day import day_of

if TYPE_CHECKING:
    from upswell.releases._settings import MoneySettings
    from upswell.releases.scoring import ScoredReleases
    from upswell.releases.trained import TrainedReleases

__all__ = ["score", "scored_by"]


def score(
    bundle: str | os.PathLike[str] | TrainedReleases,
    *,
    signals: Any,
    releases: Any = None,
    as_of: dt.date | str | None = None,
    since: dt.date | str | None = None,
    money: str | Path | Mapping[str, Any] | MoneySettings | None = None,
    reasons: bool = False,
) -> ScoredReleases:
    """Score releases by a trained bundle, and decide which to promote where money is known.

    Parameters
    ----------
    bundle
        The path of a bundle, or what `train` returned.
    signals
        A path, glob, folder, database address or data frame, with the columns of the training.
    releases
        Likewise; by default the signals are expected to hold the release dates too.
    as_of
        The last day of which anything is known; by default the last day of the signals.
    since
        Releases dated before this day are not scored; by default all are.
    money
        What promotion costs and brings, and this week's budget: the path of a TOML file with
        ``[money]``, a mapping of the same, or checked settings. By default those of the training;
        without any there are no decisions.
    reasons
        Whether to say why, and which past releases were most alike; see
        `upswell.releases.reasons.Reasons`.

    Returns
    -------
    ScoredReleases
        A row a release and horizon in `frame`, and in `drift` whether the releases are like those
        that taught; with money, decisions in `decided`; `reasons` where they were asked for.

    Raises
    ------
    InputError
        When the bundle, a table or a column cannot be used.
    RefusalError
        When no release can be scored.
    """
    _, scored = scored_by(
        bundle,
        signals=signals,
        releases=releases,
        as_of=as_of,
        since=since,
        money=money,
        reasons=reasons,
    )
    return scored


def scored_by(
    bundle: str | os.PathLike[str] | TrainedReleases,
    *,
    signals: Any,
    releases: Any = None,
    as_of: dt.date | str | None = None,
    since: dt.date | str | None = None,
    money: str | Path | Mapping[str, Any] | MoneySettings | None = None,
    reasons: bool = False,
) -> tuple[TrainedReleases, ScoredReleases]:
    """Return the bundle with what it says; parameters and errors as of `score`."""
    from concurrent.futures import ThreadPoolExecutor

    from upswell.releases.deciding.money import load_money
    from upswell.releases.scoring import score_releases
    from upswell.releases.tables import read_tables
    from upswell.releases.trained import TrainedReleases, open_trained

    given = None if money is None else load_money(money)
    held = bundle if isinstance(bundle, TrainedReleases) else open_trained(bundle)
    day, first = day_of(as_of, "as-of day"), day_of(since, "day since which to score")
    # The models are read while the tables are: neither keeps both cores busy.
    with ThreadPoolExecutor(max_workers=1) as beside:
        load = (lambda: held) if isinstance(held, TrainedReleases) else held.load
        loading = beside.submit(load)
        with columns_as_trained(listed=releases is not None):
            found = read_tables(
                held.config.model_copy(update={"as_of": day}),
                need=("releases", "signals"),
                signals=signals,
                releases=signals if releases is None else releases,
            )
        with found as tables:
            trained = loading.result()
            scored = score_releases(trained, tables, as_of=day, since=first)
    scored = _watched(trained, scored)
    settings = given or trained.config.money
    if settings is not None:
        scored = _decided(trained, scored, settings)
    if reasons:
        from upswell.releases.reasons import with_reasons

        scored = with_reasons(trained, scored)
    return trained, scored


def _watched(trained: TrainedReleases, scored: ScoredReleases) -> ScoredReleases:
    """Hold the releases against those that taught."""
    from upswell.releases.watching.drift import drift_of

    drift = drift_of(trained, scored.table)
    told = {name: value for name, value in vars(drift).items() if name != "frame"}
    days = {name: told[name] and told[name].isoformat() for name in ("first", "last")}
    return replace(scored, drift=drift, record={**scored.record, "drift": {**told, **days}})


def _decided(
    trained: TrainedReleases, scored: ScoredReleases, money: MoneySettings
) -> ScoredReleases:
    """Decide, with the bound on false hits in force that the evidence of the bundle allows."""
    import polars as pl

    from upswell.releases.deciding.bounding import bound_for
    from upswell.releases.deciding.prospects import prospects_of, worth_it
    from upswell.releases.deciding.week import decide_week

    bound = bound_for(
        trained.kept.get("evidence"),
        trained.config.model_copy(update={"money": money}),
        as_of=scored.as_of,
        drift=scored.drift,
        passes=lambda rows: pl.Series(worth_it(prospects_of(rows, money), money)),
    )
    return decide_week(trained, scored, money, bound=bound)
