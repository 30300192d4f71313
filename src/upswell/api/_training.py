"""The LSTM of a panel: the shipped one adapted, or one from scratch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

from upswell.api._reading import panel_with
from upswell.data.kinds import kind_of
from upswell.errors import SettingError

if TYPE_CHECKING:
    from upswell.forecasting.adaptation import AdaptedPanel
    from upswell.forecasting.lstm import EpochReport, LstmSettings
    from upswell.forecasting.lstm.adapting import AdaptingSettings, StepReport
    from upswell.forecasting.training import TrainedPanel

__all__ = ["train"]


@overload
def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: AdaptingSettings | None = None,
    from_scratch: Literal[False] = False,
    seed: int = 0,
    holidays: str | Sequence[str] = (),
    events: Any = None,
    progress: Callable[[StepReport], None] | None = None,
    **reading: Any,
) -> AdaptedPanel: ...


@overload
def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: LstmSettings | None = None,
    from_scratch: Literal[True],
    seed: int = 0,
    holidays: str | Sequence[str] = (),
    events: Any = None,
    progress: Callable[[EpochReport], None] | None = None,
    **reading: Any,
) -> TrainedPanel: ...


def train(
    source: Any,
    *,
    horizon: int = 30,
    settings: LstmSettings | AdaptingSettings | None = None,
    from_scratch: bool = False,
    seed: int = 0,
    holidays: str | Sequence[str] = (),
    events: Any = None,
    progress: Callable[[Any], None] | None = None,
    **reading: Any,
) -> TrainedPanel | AdaptedPanel:
    """Adapt the shipped LSTM to a panel, or train one from scratch; judge it on unseen days.

    The shipped weights are tuned on the panel where its own windows say that this helps; else
    they are kept as they are, and `why` of the answer says so.

    Parameters
    ----------
    source
        A `Panel`, or anything that `read_panel` takes.
    horizon
        Days ahead.
    settings
        An `AdaptingSettings`; from scratch an `LstmSettings`, by default two layers of 50 units,
        as the original.
    from_scratch
        Train a network that knows nothing beforehand.
    seed
        Seed of all random choices.
    holidays, events
        As for `forecast`; a network from scratch reads neither.
    progress
        Called after each step with a `StepReport`; from scratch after each epoch with an
        `EpochReport`.
    **reading
        Passed to `read_panel`.

    Returns
    -------
    AdaptedPanel or TrainedPanel
        With its errors beside seasonal naive's, and `save` for the bundle. An adapted one stands
        beside zero-shot, too; one from scratch has its losses.

    Raises
    ------
    RefusalError
        When the history cannot carry a forecast.
    InputError
        When the input or a setting cannot be used, or torch is not installed.

    Examples
    --------
    >>> import numpy as np
    >>> from upswell.data import Panel
    >>> from upswell.forecasting.lstm import LstmSettings
    >>> days = np.arange(60.0)
    >>> panel = Panel.from_arrays(100 + days[None] + 10 * (days % 7 == 5), items=["ana"])
    >>> settings = LstmSettings(units=4, epochs=1)
    >>> taught = train(panel, horizon=7, settings=settings, from_scratch=True)
    >>> taught.errors().columns[:5]
    ['part', 'task', 'scope', 'count', 'mse']
    >>> train(panel.until(24), horizon=7).why
    'kept zero-shot: 24 days are too few to teach and to validate'
    """
    from upswell.forecasting.adaptation import adapt_panel
    from upswell.forecasting.lstm import LstmSettings
    from upswell.forecasting.lstm.adapting import AdaptingSettings
    from upswell.forecasting.training import train_panel

    if settings is not None and isinstance(settings, LstmSettings) != from_scratch:
        needed = LstmSettings if from_scratch else AdaptingSettings
        raise SettingError(
            f"from_scratch={from_scratch} needs settings of {needed.__name__}",
            fix=f"give these, or from_scratch={not from_scratch}",
        )
    panel = panel_with(source, reading, holidays=holidays, events=events, horizon=horizon)
    if isinstance(settings, LstmSettings) or from_scratch:
        chosen = settings if isinstance(settings, LstmSettings) else LstmSettings()
        trained = train_panel(panel, horizon, chosen, seed, progress=progress)
        return replace(trained, kind=kind_of(source))
    adapted = adapt_panel(panel, horizon, seed, settings, progress=progress)
    return replace(adapted, kind=kind_of(source))
