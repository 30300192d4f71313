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
        page=PageWishes(not no_page, audit, review),
        out=out,
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
def features(
    config: r.Config,
    out: r.FeaturesOut,
    as_json: o.Json = False,
    quiet: o.Quiet = False,
) -> int:
    """Write the features of all releases, and their catalogue."""
    from upswell.cli.releases.features import run_releases_features

    return run_releases_features(config, o.Manner(as_json=as_json, quiet=quiet), out=out)
