"""An audit from tables to findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from upswell.errors import SettingError
from upswell.releases.auditing.audited import AuditedReleases
from upswell.releases.auditing.learner import Learner, lean_learner
from upswell.releases.auditing.measures import MEASURES, Losses, losses_of, score_of
from upswell.releases.auditing.periods import Period, periods_of
from upswell.releases.auditing.refits import Refits, refit
from upswell.releases.auditing.subjects import SIGNALS, Subject, cleaning_rules, signal_groups
from upswell.releases.auditing.variants import BASE, variants_of
from upswell.releases.auditing.verdicts import findings_of
from upswell.releases.gate import features_at
from upswell.releases.ground import Ground, lay_ground
from upswell.releases.judging import base_metric
from upswell.releases.tables import RawTables

if TYPE_CHECKING:
    from upswell.releases.config import ReleasesConfig
    from upswell.releases.frames import FeatureTable

__all__ = ["SEEDS", "audit", "audit_periods", "audit_tables"]

SEEDS, QUICK_SEEDS = 5, 3
TREES, QUICK_TREES = 150, 60

Told = Callable[[str, int, int, float | None], None]


def audit(
    config: str | Path | Mapping[str, Any] | ReleasesConfig,
    *,
    seeds: int | None = None,
    seed: int = 0,
    quick: bool = False,
    workers: int | None = None,
    progress: Told | None = None,
) -> AuditedReleases:
    """Test each group of signals and each cleaning rule on the rolling folds.

    Parameters
    ----------
    config
        As for `upswell.releases.train`.
    seeds
        Refits of each variant in each period, from 2; by default 5, or 3 when quick.
    seed
        Seed of all random choices.
    quick
        Whether to make do with fewer trees and seeds: for a first look.
    workers
        Models that are taught at once; by default one a core, at most 4. It changes nothing else.
    progress
        Told of each step.

    Returns
    -------
    AuditedReleases

    Raises
    ------
    InputError
        When a table, a column or a setting cannot be used.
    RefusalError
        When no period can be tested.
    """
    from upswell.releases._api import _checked_seed, _workers
    from upswell.releases.config import config_record, load_config
    from upswell.releases.tables import read_tables

    settings = load_config(config)
    chosen = (QUICK_SEEDS if quick else SEEDS) if seeds is None else seeds
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 2 <= chosen <= 1000:
        raise SettingError(
            f"{chosen!r} seeds cannot show their spread", fix="give from 2 to 1000 seeds"
        )
    with read_tables(settings) as tables:
        found = audit_tables(
            tables,
            settings,
            learner=lean_learner(QUICK_TREES if quick else TREES),
            seeds=chosen,
            seed=_checked_seed(seed),
            workers=_workers(workers),
            progress=progress,
        )
        facts = {"quick": quick, "config": config_record(settings), **found.facts}
    return AuditedReleases(found.findings, facts)


def audit_tables(
    tables: RawTables,
    config: ReleasesConfig,
    *,
    learner: Learner,
    seeds: int,
    seed: int,
    workers: int = 1,
    only: Collection[str] | None = None,
    progress: Told | None = None,
) -> AuditedReleases:
    """Audit typed tables with a learner; see `audit`. Of the subjects, `only` these if given."""
    told = progress or (lambda *_: None)
    told("features", 0, 1, None)
    ground = lay_ground(tables, config, early=False)
    groups, left_out = _groups(ground, only)
    names = {group.name for group in groups}
    others = _without_base(tables, ground) if ground.base in names else []
    periods = periods_of(ground, others)
    rules = [rule for rule in cleaning_rules() if only is None or rule.name in only]
    found = audit_periods(
        periods,
        [*groups, *rules],
        [note.name for note in ground.complete.catalogue],
        config,
        learner,
        instead={ground.base: 1} if others else {},
        seeds=seeds,
        seed=seed,
        workers=workers,
        progress=told,
    )
    facts = {
        **found.facts,
        "seed": seed,
        "as_of": ground.as_of.isoformat(),
        "base": ground.base,
        "left_out": left_out,
        **tables.origin(ground.complete.ledger),
    }
    return AuditedReleases(found.findings, facts)


def audit_periods(
    periods: Sequence[Period],
    subjects: Sequence[Subject],
    names: Sequence[str],
    config: ReleasesConfig,
    learner: Learner,
    *,
    instead: Mapping[str, int],
    seeds: int,
    seed: int,
    workers: int = 1,
    progress: Told | None = None,
) -> AuditedReleases:
    """Audit groups and cleaning rules on test periods.

    Parameters
    ----------
    periods
        The test periods, as arrays.
    subjects
        Groups of signals, then rules.
    names
        Names of the features, in the order of the columns.
    config
        Tiers and money.
    learner
        Learns.
    instead
        For the group of the base metric, the view that does without it.
    seeds, seed, workers
        As for `refit`.
    progress
        Told of each round of refits.
    """
    told = progress or (lambda *_: None)
    refits = refit(
        periods,
        variants_of(subjects, names, dict(instead)),
        learner,
        seeds=seeds,
        seed=seed,
        workers=workers,
        progress=lambda done, count: told("refits", done, count, None),
    )
    losses = losses_of(refits, config)
    told("verdicts", 0, 1, None)
    findings = findings_of(subjects, losses, refits, seed=seed)
    facts = {
        "groups": [
            {"name": each.name, "features": list(each.features)}
            for each in subjects
            if each.kind == SIGNALS
        ],
        **_facts(periods, refits, losses, config, seeds),
    }
    return AuditedReleases(findings, facts)


def _without_base(tables: RawTables, ground: Ground) -> list[tuple[str, FeatureTable]]:
    """Return the complete windows as seen with the best metric of the rest."""
    left = [metric for metric in ground.complete.metrics if metric != ground.base]
    folds = ground.folds()
    if not folds:
        return []
    lesson = ground.lesson(ground.complete, folds[0])
    own = lesson.table
    # The best of the rest, by what was known before the first period.
    daily = {metric: own.daily[metric] for metric in left}
    rest = type(own)(own.keys, own.features, own.catalogue, daily, own.ledger)
    other = base_metric(rest, lesson.log_outcomes)
    config = ground.config
    table = features_at(
        tables,
        window=config.window,
        horizons=config.horizons,
        base=other,
        as_of=config.as_of,
        missing=config.signals.missing,
    )
    return [(other, table)]


def _groups(
    ground: Ground, only: Collection[str] | None
) -> tuple[list[Subject], list[dict[str, str]]]:
    """Return the groups that can be audited, and those that cannot with the reason."""
    notes = ground.complete.catalogue
    groups, left_out = [], []
    for group in signal_groups(notes, ground.complete.metrics):
        if only is not None and group.name not in only:
            continue
        if group.name == ground.base and len(ground.complete.metrics) == 1:
            left_out.append({"subject": group.name, "why": "it is the only metric"})
        elif len(group.features) >= len(notes):
            left_out.append({"subject": group.name, "why": "there is nothing else to learn from"})
        else:
            groups.append(group)
    return groups, left_out


def _facts(
    periods: Sequence[Period],
    refits: Refits,
    losses: Sequence[Losses],
    config: ReleasesConfig,
    seeds: int,
) -> dict[str, Any]:
    """Return how an audit was made, with the base beside its trivial neighbour."""
    money = config.money
    flat = np.concatenate(
        [
            each.views[0].asked_offset + np.median(each.logs - each.views[0].taught_offset)
            for each in periods
        ]
    )
    trivial = losses_of(
        Refits(refits.truth, refits.weeks, refits.spread, {BASE.key: flat[None, :]}), config
    )
    unit = "releases judged wrongly for 100 tested"
    if money is not None:
        unit = f"{money.currency or 'of money'} for 100 releases tested"
    return {
        "periods": [{"label": each.label, "releases": len(each.truth)} for each in periods],
        "releases": len(refits.truth),
        "weeks": len(np.unique(refits.weeks)),
        "hits": len(losses[1].items),
        "horizon": config.horizons[-1],
        "tier": {"name": config.tiers.names[-1], "bound": config.tiers.bounds[-1]},
        "seeds": seeds,
        "cost": {"unit": unit, "money": money is not None},
        "scores": {
            each.measure: {
                "base": _score(each),
                "constant_ratio": _score(other),
            }
            for each, other in zip(losses, trivial, strict=True)
        },
        "measures": list(MEASURES),
    }


def _score(losses: Losses) -> float | None:
    """Return the score of the base, None without a release."""
    score = score_of(losses.measure, losses.by_variant[BASE.key])
    return score if np.isfinite(score) else None
