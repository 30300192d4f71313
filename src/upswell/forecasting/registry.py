"""The forecasters by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from upswell.errors import SettingError
from upswell.forecasting.blending import Blend, Lead
from upswell.forecasting.ensemble import Ensemble
from upswell.forecasting.history import MedianForecaster
from upswell.forecasting.naive import BASELINE, SeasonalNaive
from upswell.forecasting.smoothing import AveragedSmoothing
from upswell.forecasting.statistical import FAMILIES, StatisticalForecaster
from upswell.forecasting.usual_week import UsualWeek

__all__ = ["AUTO", "AUTO_NAME", "BASELINE", "ENSEMBLE_MEMBERS", "forecasters", "names"]

ENSEMBLE_MEMBERS = ("ets-log", "theta-log", "ces-log", BASELINE)
BLEND_LEAD = "lstm-pretrained"
BLEND_PARTNERS = {"smoothing": 0.75, "usual-week": 0.25}
"""The partners of the blend's lead, and how they divide what it leaves them."""
_OF_NO_SETTINGS: dict[str, Callable[[], MedianForecaster]] = {
    BASELINE: SeasonalNaive,
    "smoothing": AveragedSmoothing,
    "usual-week": UsualWeek,
}
AUTO = "blend"
AUTO_NAME = "auto"
"""What is asked for when nobody is named; `AUTO` then answers, unless windows speak against it."""


def names() -> tuple[str, ...]:
    """Return the names of all forecasters.

    Examples
    --------
    >>> names()[:3]
    ('seasonal-naive', 'ets', 'ets-log')
    """
    statistical = tuple(f"{family}{scale}" for family in FAMILIES for scale in ("", "-log"))
    networks = ("lstm", "lstm-direct", "lstm-pretrained")
    return (BASELINE, *statistical, "smoothing", "usual-week", *networks, "ensemble", "blend")


def forecasters(chosen: Sequence[str]) -> dict[str, MedianForecaster]:
    """Return forecasters by name; the ensemble and the blend share theirs with the others.

    Raises
    ------
    SettingError
        When there is none of a name.

    Examples
    --------
    >>> list(forecasters(["ces-log", "ensemble"]))
    ['ces-log', 'ensemble']
    """
    made: dict[str, MedianForecaster] = {}
    for name in chosen:
        if name == "ensemble":
            members = (made.setdefault(m, _make(m)) for m in ENSEMBLE_MEMBERS)
            made[name] = Ensemble(tuple(members))
        elif name == "blend":
            partners = (made.setdefault(m, _make(m)) for m in BLEND_PARTNERS)
            made[name] = Blend(_lead(), tuple(partners), tuple(BLEND_PARTNERS.values()))
        elif name not in made:
            made[name] = _make(name)
    return {name: made[name] for name in dict.fromkeys(chosen)}


def _make(name: str) -> MedianForecaster:
    if name in _OF_NO_SETTINGS:
        return _OF_NO_SETTINGS[name]()
    if name in ("lstm", "lstm-direct"):
        from upswell.forecasting.lstm import LstmForecaster, LstmSettings

        return LstmForecaster(LstmSettings(strategy="direct" if "direct" in name else "recursive"))
    if name == BLEND_LEAD:
        return _lead()
    if name not in names() and _looks_like_a_path(name):
        from upswell.forecasting.lstm import load_bundled

        return load_bundled(name)
    for family in FAMILIES:
        if name in (family, f"{family}-log"):
            return StatisticalForecaster(family, log=name.endswith("-log"))
    raise SettingError(
        f'there is no forecaster called "{name}"',
        fix=f"use auto, the path of a bundle, or one of: {', '.join(names())}",
    )


def _lead() -> Lead:
    from upswell.forecasting.lstm.pretrained.forecaster import PretrainedLstm

    return PretrainedLstm()


def _looks_like_a_path(name: str) -> bool:
    """Whether a name is meant as a bundle's path; no forecaster's name has a dot or a slash."""
    return any(mark in name for mark in "./\\") or Path(name).is_file()
