"""Two saved forecasts beside each other: their bridges, movers and the older one's record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.comparing.bridge import Step, Stop, build_bridge
from upswell.forecasting.comparing.chain import Link, build_chain, stops_of
from upswell.forecasting.comparing.comparison import Comparison, HorizonMove, Mover, Side
from upswell.forecasting.comparing.remaking import (
    Remaker,
    naive_settings,
    settings_of,
    with_paths,
)
from upswell.forecasting.comparing.splicing import check_same_panel, find_revisions, same_occasions
from upswell.forecasting.comparing.track_record import judge
from upswell.forecasting.loading import SavedForecast
from upswell.forecasting.protocol import Progress
from upswell.forecasting.result import Forecast

__all__ = ["Scenario", "compare_saved"]

Scenario = Callable[[Forecast], NDArray[np.float64] | None]


def compare_saved(
    old: SavedForecast,
    new: SavedForecast,
    *,
    scenarios: tuple[Scenario | None, Scenario | None] = (None, None),
    progress: Progress | None = None,
) -> Comparison:
    """Say what changed between two forecasts of one panel.

    Each step is a forecast made again with one thing changed, so that steps add up to the whole
    change, exactly. See `build_chain` for the steps.

    Parameters
    ----------
    old, new
        The two forecasts.
    scenarios
        Functions from each forecast to the paths of its total under the overlays of its plan,
        shape ``(P, H)``, or to None without any.
    progress
        Called with the name of a forecaster after each window.

    Raises
    ------
    InputError
        When they are of different panels or in the wrong order, or when the paths of one are
        neither saved nor can be made again.
    """
    check_same_panel(old.panel, new.panel)
    remaker = Remaker(progress)
    before, after = with_paths(old, remaker), with_paths(new, remaker)
    (old_settings, old_why), (new_settings, new_why) = settings_of(old), settings_of(new)
    chain = build_chain(before, after, (old_settings, new_settings), remaker)
    naive = remaker.gist(before.panel, naive_settings(old), before.horizon)
    overlaid = (
        None if scenarios[0] is None else scenarios[0](before),
        None if scenarios[1] is None else scenarios[1](after),
    )
    mean = build_bridge(_with_scenario(stops_of(chain, np.mean), overlaid, np.mean))
    notes = [why for why in (old_why, new_why) if why]
    if not same_occasions(old.panel, new.panel):
        notes.append(
            "the forecasts know of different days off or events; what that changes stands under "
            "revised history"
        )
    return Comparison(
        old=Side.of(old),
        new=Side.of(new),
        mean=mean,
        median=build_bridge(_with_scenario(stops_of(chain, np.median), overlaid, np.median)),
        horizon=_horizon_move(chain, before, after, mean.steps),
        revisions=find_revisions(old.panel, new.panel),
        movers=_movers(chain, before, after),
        track_record=judge(before, naive, after.panel),
        overlaid=None
        if overlaid[0] is None
        else judge(_with_total(before, overlaid[0]), naive, after.panel),
        notes=tuple(dict.fromkeys([*notes, *remaker.problems])),
    )


def _with_scenario(
    stops: list[Stop],
    overlaid: tuple[NDArray[np.float64] | None, NDArray[np.float64] | None],
    summary: Any,
) -> list[Stop]:
    """Begin and end with the figures under the overlays of the plans, where there are any."""
    if all(paths is None for paths in overlaid):
        return stops
    ends = [
        stop.figure if paths is None else float(summary(paths.sum(axis=1)))
        for paths, stop in zip(overlaid, (stops[0], stops[-1]), strict=True)
    ]
    return [
        Stop("", ends[0]),
        Stop("scenario", stops[0].figure),
        *stops[1:],
        Stop("scenario", ends[1]),
    ]


def _with_total(forecast: Forecast, total: NDArray[np.float64]) -> Forecast:
    """Return a forecast with other paths of the total."""
    paths = forecast.paths.copy()
    paths[:, 0] = total
    return replace(forecast, paths=paths)


def _horizon_move(
    chain: list[Link], old: Forecast, new: Forecast, steps: Sequence[Step]
) -> HorizonMove:
    """Split the step of the moved horizon into days that left, came and stayed."""
    ahead, behind = new.axis, old.axis
    stay = max(min(ahead.stop, behind.stop) - max(ahead.start, behind.start), 0)
    counts = (behind.length - stay, ahead.length - stay, stay)
    place = [link.cause for link in chain].index("moved-horizon")
    start, moved = chain[place - 1].gist, chain[place].gist
    step = next((s for s in steps if s.causes == ("moved-horizon",)), None)
    if step is None or moved is None or start is None:
        return HorizonMove(*counts)
    numbers, own = ahead.numbers(), behind.numbers()
    unit = Decimal(1).scaleb(int(step.change.as_tuple().exponent))
    left = -_exact(start.mean_of_total(np.setdiff1d(own, numbers)), unit)
    # Without a day that stayed, rounding must not seem to have moved one.
    came = step.change - left
    if stay:
        came = _exact(moved.mean_of_total(np.setdiff1d(numbers, own)), unit)
    return HorizonMove(*counts, left=left, came=came, kept=step.change - left - came)


def _exact(value: float, unit: Decimal) -> Decimal:
    return Decimal(repr(value)).quantize(unit)


def _movers(chain: list[Link], old: Forecast, new: Forecast) -> tuple[Mover, ...]:
    """Return what changed in every series but the total, the largest change first."""
    keys_of = [
        dict.fromkeys(zip(made.tree.levels[1:], made.tree.names[1:], strict=True))
        for made in (old, new)
    ]
    means = [None if link.gist is None else link.gist.means_of_sums(link.days) for link in chain]
    movers = []
    for key in {**keys_of[1], **keys_of[0]}:
        stops = [
            Stop(link.cause, None if found is None else found.get(key, 0.0))
            for link, found in zip(chain, means, strict=True)
        ]
        note = "" if key in keys_of[0] and key in keys_of[1] else "appeared"
        note = "gone" if key not in keys_of[1] else note
        movers.append(Mover(key[1], key[0], build_bridge(stops), note))
    return tuple(sorted(movers, key=lambda mover: -abs(mover.bridge.change)))
