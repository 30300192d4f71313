"""The Python API of the release job: monitor."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING, Any

from upswell.releases._as_trained import columns_as_trained
from upswell.releases._day import day_of

if TYPE_CHECKING:
    from upswell.releases.trained import TrainedReleases
    from upswell.releases.watching.monitoring import MonitoredReleases

__all__ = ["monitor"]


def monitor(
    bundle: str | os.PathLike[str] | TrainedReleases,
    *,
    signals: Any,
    outcomes: Any,
    releases: Any = None,
    scores: Any = None,
    as_of: dt.date | str | None = None,
) -> MonitoredReleases:
    """Hold a bundle against the releases that came after it.

    Parameters
    ----------
    bundle
        The path of a bundle, or what `train` returned.
    signals, outcomes
        A path, glob, folder, database address or data frame each, with the columns of the training.
    releases
        Likewise; by default the signals are expected to hold the release dates too.
    scores
        What was said at the time: folders of scorings, files ``scores.csv``, or a data frame of
        such rows. Without them each release is scored by the bundle, as of its own gate.
    as_of
        The last day of which anything is known; by default the last day in the tables.

    Returns
    -------
    MonitoredReleases
        The verdict, the tests it rests on, drift, and past scores beside outcomes.

    Raises
    ------
    InputError
        When the bundle, a table, a column or past scores cannot be used.
    RefusalError
        When no release came after the bundle.

    Examples
    --------
    >>> from upswell.releases import monitor, train
    >>> from upswell.simulate import simulate_releases
    >>> world = simulate_releases(300, None, seed=1)
    >>> tables = {
    ...     "releases": {"source": world.releases},
    ...     "signals": {"source": world.signals},
    ...     "outcomes": {"source": world.outcomes},
    ... }
    >>> config = {**tables, "as_of": "2025-05-15", "evaluation": {"final_days": 0}}
    >>> found = monitor(
    ...     train(config, trials=0),
    ...     signals=world.signals,
    ...     outcomes=world.outcomes,
    ...     releases=world.releases,
    ... )
    >>> found.verdict
    'keep'
    """
    from upswell.releases.tables import read_tables
    from upswell.releases.trained import TrainedReleases, load_trained
    from upswell.releases.watching.monitoring import monitor_releases
    from upswell.releases.watching.said import read_said

    trained = bundle if isinstance(bundle, TrainedReleases) else load_trained(bundle)
    day = day_of(as_of, "as-of day")
    said = None if scores is None else read_said(scores, trained)
    source = trained.config.outcomes.model_copy(update={"source": outcomes})
    settings = trained.config.model_copy(update={"as_of": day, "outcomes": source})
    listed = signals if releases is None else releases
    with columns_as_trained(listed=releases is not None):
        found = read_tables(settings, signals=signals, releases=listed)
    with found as tables:
        return monitor_releases(trained, tables, as_of=day, scores=said)
