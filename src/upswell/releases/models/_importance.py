"""Which settings set good trials apart."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from upswell.releases.models._suggestion import TrialRecord, quiet_optuna
from upswell.releases.models.space import Space

LEAST_TRIALS = 12
GOOD_SHARE = 0.25


def importance_of_settings(space: Space, records: Sequence[TrialRecord]) -> dict[str, float]:
    """Return the importance of each setting, largest first; the sum is 1.

    It is how far the distribution of a setting among the best quarter of trials differs from that
    among all (PED-ANOVA, Watanabe et al. 2023). Only membership of the best quarter counts, so a
    trial that was given up can count as not being in it. Empty with fewer than 12 trials, or when
    all did equally well.

    Parameters
    ----------
    space
        What could be tried.
    records
        The trials.
    """
    import optuna
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    usable = [record for record in records if record.state != "failed"]
    values = [record.value for record in usable if record.value is not None]
    if len(usable) < LEAST_TRIALS or len(values) < 2 or min(values) == max(values):
        return {}
    worst = max(values) + (max(values) - min(values))
    distributions = {name: entry.distribution() for name, entry in space.items()}
    with quiet_optuna(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        study = optuna.create_study()
        for record in usable:
            value = worst if record.value is None else record.value
            study.add_trial(
                optuna.create_trial(params=record.params, distributions=distributions, value=value)
            )
        found = get_param_importances(
            study,
            evaluator=PedAnovaImportanceEvaluator(target_quantile=GOOD_SHARE),
            params=sorted(space),
        )
    return {name: float(found[name]) for name in sorted(found, key=lambda n: (-found[n], n))}
