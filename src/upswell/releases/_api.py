"""The Python API of the release job: train, evaluate and features."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.errors import SettingError

if TYPE_CHECKING:
    from upswell.releases.choosing import Step
    from upswell.releases.config import ReleasesConfig
    from upswell.releases.evaluation import EvaluatedReleases
    from upswell.releases.frames import FeatureTable
    from upswell.releases.trained import TrainedReleases

__all__ = ["evaluate", "features", "train"]

DEFAULT_TRIALS = 60
MOST_WORKERS = 4


def train(
    config: str | Path | Mapping[str, Any] | ReleasesConfig,
    *,
    trials: int = DEFAULT_TRIALS,
    timeout: float | None = None,
    resume: bool = False,
    seed: int = 0,
    journals: str | os.PathLike[str] | None = None,
    workers: int | None = None,
    progress: Step | None = None,
) -> TrainedReleases:
    """Train on releases, their signals and their outcomes.

    Parameters
    ----------
    config
        The path of a TOML file, a mapping of the same layout (whose sources may be data frames), or
        checked settings.
    trials
        Trials of each of the two studies, of the regression and of the tiers; 0 keeps the defaults.
    timeout
        Seconds after which no further trial starts.
    resume
        Whether to go on with journals that are there.
    seed
        Seed of all random choices; the same tables and seed give the same bundle, bit for bit.
    journals
        Folder in which the studies are written down while they run; by default a temporary one.
    workers
        Models that are taught at once; by default one a core, at most 4. It changes nothing else.
    progress
        Told of each step: what is done, how many of how many, and the best value so far.

    Returns
    -------
    TrainedReleases
        With its final test, and `save` for the bundle.

    Raises
    ------
    InputError
        When a table, a column or a setting cannot be used.
    RefusalError
        When too few releases are mature.

    Examples
    --------
    >>> from upswell.releases import score, train
    >>> from upswell.simulate import simulate_releases
    >>> world = simulate_releases(300, None, seed=1)
    >>> tables = {
    ...     "releases": {"source": world.releases},
    ...     "signals": {"source": world.signals},
    ...     "outcomes": {"source": world.outcomes},
    ... }
    >>> trained = train({**tables, "evaluation": {"final_days": 0}}, trials=0)
    >>> scored = score(trained, signals=world.signals, releases=world.releases)
    >>> scored.frame.columns[:4]
    ['release', 'horizon', 'mean', 'q05']
    """
    from upswell.releases.config import load_config
    from upswell.releases.tables import read_tables
    from upswell.releases.training import train_releases

    settings = load_config(config)
    with read_tables(settings) as tables, _folder(journals) as folder:
        return train_releases(
            tables,
            settings,
            trials=trials,
            seed=_checked_seed(seed),
            journals=folder,
            timeout=timeout,
            resume=resume,
            workers=_workers(workers),
            progress=progress,
        )


def evaluate(
    config: str | Path | Mapping[str, Any] | ReleasesConfig,
    *,
    trials: int = 0,
    seed: int = 0,
    workers: int | None = None,
    progress: Step | None = None,
) -> EvaluatedReleases:
    """Score the release job on past periods: rolling origins by release date, the last one apart.

    Parameters
    ----------
    config
        As for `train`.
    trials
        Trials of each study before the first period; the settings they find serve all periods. 0
        keeps the defaults.
    seed, workers, progress
        As for `train`.

    Returns
    -------
    EvaluatedReleases
        With the scorecard, every figure beside its trivial neighbour's.

    Raises
    ------
    InputError
        When a table, a column or a setting cannot be used.
    RefusalError
        When no period can be tested.
    """
    from upswell.releases.choosing import settings_before
    from upswell.releases.config import config_record, load_config
    from upswell.releases.evaluation import evaluate_ground
    from upswell.releases.ground import lay_ground
    from upswell.releases.tables import read_tables

    settings = load_config(config)
    told = progress or (lambda *_: None)
    with read_tables(settings) as tables, tempfile.TemporaryDirectory() as folder:
        told("features", 0, 1, None)
        ground = lay_ground(tables, settings)
        chosen = settings_before(
            ground, trials, _checked_seed(seed), Path(folder), workers=_workers(workers), told=told
        )
        found = evaluate_ground(
            ground,
            chosen.center,
            chosen.tiers,
            seed=seed,
            workers=_workers(workers),
            progress=told,
        )
        origin = {
            "trials": trials,
            "studies": [study.facts() for study in chosen.studies],
            "config": config_record(settings),
            "as_of": ground.as_of.isoformat(),
            "releases": len(ground.complete),
            **tables.origin(ground.complete.ledger),
        }
        return replace(found, facts={**found.facts, **origin})


def features(config: str | Path | Mapping[str, Any] | ReleasesConfig) -> FeatureTable:
    """Return the features of all releases with a complete window, each as of its own gate.

    Parameters
    ----------
    config
        As for `train`; outcomes are needed for track records only, and may be left out.

    Returns
    -------
    FeatureTable
        Keys, features and their catalogue.

    Raises
    ------
    InputError
        When a table, a column or a setting cannot be used.
    """
    from upswell.releases.config import load_config
    from upswell.releases.gate import features_at
    from upswell.releases.tables import read_tables

    settings = load_config(config)
    need = ["releases", "signals"]
    if settings.outcomes.source is not None:
        need.append("outcomes")
    with read_tables(settings, need=need) as tables:
        return features_at(
            tables,
            window=settings.window,
            horizons=settings.horizons,
            as_of=settings.as_of,
            missing=settings.signals.missing,
        )


@contextlib.contextmanager
def _folder(journals: str | os.PathLike[str] | None) -> Iterator[Path]:
    """Lend the folder of the journals: the one named, or a temporary one."""
    if journals is not None:
        yield Path(journals)
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def _workers(workers: int | None) -> int:
    return min(os.cpu_count() or 1, MOST_WORKERS) if workers is None else max(workers, 1)


def _checked_seed(seed: int) -> int:
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise SettingError(f"the seed must be a whole number from 0 on, got {seed!r}")
    return seed
