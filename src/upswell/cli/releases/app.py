"""The commands of the release job and their options."""

from __future__ import annotations

import typer

from upswell.cli import _options as o
from upswell.cli.releases import _options as r

__all__ = ["releases"]

releases = typer.Typer(
    help="Score releases from their first days: streams and tiers.", no_args_is_help=True
)


@releases.command()
def train(
    config: r.Config,
    out: o.BundleOut,
    trials: r.Trials = 60,
    timeout: r.Timeout = None,
    resume: r.Resume = False,
    seed: o.Seed = 0,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Tune, test on the last period, teach and keep as a bundle."""
    from upswell.cli.releases.train import run_releases_train

    return run_releases_train(
        config,
        o.Manner(as_json=as_json, quiet=quiet),
        trials=trials,
        timeout=timeout,
        resume=resume,
        seed=seed,
        out=out,
    )


@releases.command()
def score(
    bundle: r.Bundle,
    signals: r.Signals,
    out: r.ScoresOut,
    releases: r.ReleasesTable = None,
    as_of: r.AsOf = None,
    since: r.Since = None,
    money: r.Money = None,
    book: r.ScoredBook = None,
    no_reasons: r.NoReasons = False,
    no_page: r.NoPage = False,
    audit: r.Audit = None,
    review: r.Review = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Say what releases will come to, and which of them to promote."""
    from upswell.cli.releases._week import PageWishes
    from upswell.cli.releases.score import run_releases_score

    return run_releases_score(
        bundle,
        o.Manner(as_json=as_json, quiet=quiet),
        signals=signals,
        releases=releases,
        as_of=as_of,
        since=since,
        money=money,
        book=book,
        page=PageWishes(not no_page, audit, review),
        out=out,
        reasons=not no_reasons,
    )


@releases.command()
def evaluate(
    config: r.Config,
    trials: r.Trials = 0,
    seed: o.Seed = 0,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Score past periods, beside trivial neighbours."""
    from upswell.cli.releases.evaluate import run_releases_evaluate

    manner = o.Manner(as_json=as_json, quiet=quiet)
    return run_releases_evaluate(config, manner, trials=trials, seed=seed, out=out)


@releases.command()
def audit(
    config: r.Config,
    seeds: r.Seeds = None,
    seed: o.Seed = 0,
    quick: r.Quick = False,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Test whether each group of signals and each cleaning rule helps or hurts."""
    from upswell.cli.releases.audit import run_releases_audit

    manner = o.Manner(as_json=as_json, quiet=quiet)
    return run_releases_audit(config, manner, seeds=seeds, seed=seed, quick=quick, out=out)


@releases.command()
def features(
    config: r.Config,
    out: r.FeaturesOut,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Write the features of all releases, and their catalogue."""
    from upswell.cli.releases.features import run_releases_features

    return run_releases_features(config, o.Manner(as_json=as_json, quiet=quiet), out=out)


@releases.command()
def decide(
    book: r.BookFile,
    release: r.ReleaseName = None,
    decision: r.DecisionWord = None,
    note: r.Note = None,
    by: r.By = None,
    on: r.DecidedOn = None,
    table: r.DecisionsTable = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Write down what people decide, beside the model."""
    from upswell.cli.releases.decide import run_releases_decide

    return run_releases_decide(
        book,
        o.Manner(as_json=as_json, quiet=quiet),
        release=release,
        decision=decision,
        note=note or "",
        by=by,
        on=on,
        table=table,
    )


@releases.command()
def review(
    book: r.BookFile,
    outcomes: r.OutcomesTable,
    releases: r.ReviewedReleases = None,
    config: r.ReviewConfig = None,
    bundle: r.ReviewBundle = None,
    money: r.ReviewMoney = None,
    as_of: r.ReviewAsOf = None,
    out: o.Out = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Judge decisions of model and people by outcomes."""
    from upswell.cli.releases.review import run_releases_review

    return run_releases_review(
        book,
        o.Manner(as_json=as_json, quiet=quiet),
        outcomes=outcomes,
        releases=releases,
        config=config,
        bundle=bundle,
        money=money,
        as_of=as_of,
        out=out,
    )


@releases.command()
def monitor(
    bundle: r.Bundle,
    signals: r.Signals,
    outcomes: r.OutcomesTable,
    releases: r.ReleasesTable = None,
    scores: r.PastScores = None,
    as_of: r.AsOf = None,
    out: r.MonitorOut = None,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Say whether a bundle still holds: keep, retrain, or suspend decisions."""
    from upswell.cli.releases.monitor import run_releases_monitor

    return run_releases_monitor(
        bundle,
        o.Manner(as_json=as_json, quiet=quiet),
        signals=signals,
        outcomes=outcomes,
        releases=releases,
        scores=scores,
        as_of=as_of,
        out=out,
    )
