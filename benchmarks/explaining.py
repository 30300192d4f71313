"""Whether an explanation is faithful: what it says of each part, beside the simulated truth.

Audiences are simulated with their parts. The true effect of a part is what leaving it out does to
the expected sum of the days ahead (for the week: to each day). It is compared with what leaving it
out of the history does to the forecast: the true part, which asks whether the network is faithful,
and the part as estimated from the history, which asks whether the whole explanation is.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from upswell.forecasting.explaining import Parts, occlude, occlude_bursts, split_history
from upswell.forecasting.explaining.asking import forecast_function
from upswell.forecasting.explaining.occlusion import ForecastFunction
from upswell.forecasting.history import History
from upswell.forecasting.registry import forecasters
from upswell.simulate.audiences import Audiences, simulate_audiences
from upswell.simulate.audiences.events import response

Floats = NDArray[np.float64]
SLOW = ("trend", "walk", "year", "shift", "shared", "debut")
FEWEST_VIEWS = 20.0
NOTABLE = 0.05
RECENT = 60
BEFORE = 3
NOTICED = 0.3
RATES = (-0.02, -0.01, -0.005, 0.0, 0.005, 0.01, 0.02, 0.035)


@dataclass(frozen=True)
class Truth:
    """Expected views with all parts and without some, shape ``(N, T + H)`` each.

    Bursts, releases and outliers of the days ahead are left out of all of them: nobody can know.
    """

    whole: Floats
    without: dict[str, Floats]


def truth_of(batch: Audiences) -> Truth:
    """Return what was expected with and without each part."""
    parts = batch.components
    assert parts is not None
    shape, days = batch.expected.shape, batch.days
    burst = response(batch.bursts.where(batch.bursts.cause < days), shape)
    release = response(batch.releases.where(batch.releases.cause < days), shape)
    outlier = parts.outlier.copy()
    outlier[:, days:] = 1.0
    known = replace(parts, burst=burst, release=release, outlier=outlier)
    frozen = {name: getattr(known, name)[:, days - 1 : days] + 0 * known.trend for name in SLOW}
    sudden = replace(known, outlier=np.ones(shape))
    return Truth(
        known.expected(),
        {
            "bursts": sudden.expected(without=("burst", "release")),
            "trend": known.expected(without=("trend",)),
            "trend, walk, year, shifts": replace(known, **frozen).expected(),
            "week": known.expected(without=("week",)),
        },
    )


def usable(batch: Audiences, truth: Truth) -> NDArray[np.bool_]:
    """Return the series that are alive and not tiny."""
    last = batch.observed[:, -56:]
    seen = np.isfinite(last)
    mean = np.where(seen, last, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    ahead = truth.whole[:, batch.days :]
    return (mean >= FEWEST_VIEWS) & (seen.sum(axis=1) >= 28) & (ahead > 0).all(axis=1)


def on_sums(whole: Floats, without: Floats) -> Floats:
    """Return the effect on sums over the last axis, as a log, ``(N,)``."""
    return np.log(whole.sum(axis=1)) - np.log(without.sum(axis=1))


def on_days(whole: Floats, without: Floats) -> Floats:
    """Return the effect on each day beside that on the mean day of four weeks, as logs."""
    found = np.log(np.maximum(whole, 1e-9)) - np.log(np.maximum(without, 1e-9))
    found = found[:, :28]
    return np.asarray((found - found.mean(axis=1, keepdims=True)).ravel())


def line(truth: Floats, said: Floats) -> list[str]:
    """Return the cells of a row: how what was said agrees with the truth."""
    large = np.abs(truth) >= NOTABLE
    agree = np.mean(np.sign(truth[large]) == np.sign(said[large]))
    slope = float((said * truth).sum() / (said * said).sum())
    ranks = np.corrcoef(np.argsort(np.argsort(truth)), np.argsort(np.argsort(said)))[0, 1]
    return [
        f"{truth.size:,}",
        f"{np.corrcoef(truth, said)[0, 1]:.2f}",
        f"{ranks:.2f}",
        f"{agree:.0%} of {large.sum():,}",
        f"{slope:.2f}",
    ]


def redrawn(batch: Audiences, truth: Truth, name: str) -> Floats:
    """Return the histories without a true part, with the noise and the faults that they had."""
    days = batch.days
    whole = truth.whole[:, :days]
    kept = truth.without[name][:, :days] / np.where(whole > 0, whole, 1.0)
    return batch.observed * np.where(whole > 0, kept, 1.0)


def network_rows(
    batch: Audiences, truth: Truth, keep: NDArray[np.bool_], ask: ForecastFunction
) -> list[list[str]]:
    """Leave true parts out of the histories."""
    ahead = slice(batch.days, None)
    medians, sums = ask(batch.observed[keep], batch.horizon)
    rows = []
    for name, without in truth.without.items():
        rows_kept = keep & recent_bursts(batch) if name == "bursts" else keep
        among = rows_kept[keep]
        left, left_sums = ask(redrawn(batch, truth, name)[rows_kept], batch.horizon)
        real = truth.whole[rows_kept, ahead], without[rows_kept, ahead]
        if name == "week":
            rows.append([name, *line(on_days(*real), on_days(medians[among], left))])
        else:
            said = np.log(sums[among]) - np.log(left_sums)
            rows.append([name, *line(on_sums(*real), said)])
    return rows


def explanation_rows(
    batch: Audiences, truth: Truth, keep: NDArray[np.bool_], ask: ForecastFunction
) -> list[list[str]]:
    """Leave estimated parts out of the histories."""
    ahead = slice(batch.days, None)
    parts = split_history(batch.observed[keep])
    found = occlude(parts, batch.horizon, ask)
    rows = [["latest burst", *line(*latest_bursts(batch, truth, keep, parts, ask))]]
    for name, family, chosen in (
        ("bursts", "bursts", keep & recent_bursts(batch)),
        ("trend", "trend", keep),
        ("trend, walk, year, shifts", "trend", keep),
        ("week", "week", keep),
    ):
        among = chosen[keep]
        real = truth.whole[chosen, ahead], truth.without[name][chosen, ahead]
        whole, left = found.whole, found.without(family)
        if name == "week":
            said = on_days(whole.medians[among], left.medians[among])
            rows.append([name, *line(on_days(*real), said)])
        else:
            said = np.log(whole.sums[among]) - np.log(left.sums[among])
            rows.append([name, *line(on_sums(*real), said)])
    return rows


def latest_bursts(
    batch: Audiences,
    truth: Truth,
    keep: NDArray[np.bool_],
    parts: Parts,
    ask: ForecastFunction,
) -> tuple[Floats, Floats]:
    """Return true and said effects of the latest burst found, where it ended in the last days."""
    real, said = [], []
    whole = ask(parts.values, batch.horizon)[1]
    for row, left in zip(
        np.flatnonzero(keep).tolist(), occlude_bursts(parts, batch.horizon, ask, 1), strict=True
    ):
        if not left or left[0].burst.last < batch.days - RECENT:
            continue
        burst = left[0].burst
        if not caused(batch, row, burst.first - BEFORE, burst.last + 1):
            continue
        without = without_events(batch, row, burst.first - BEFORE, burst.last + 1)
        ahead = slice(batch.days, None)
        real.append(np.log(truth.whole[row, ahead].sum()) - np.log(without[ahead].sum()))
        place = int(keep[:row].sum())
        said.append(np.log(whole[place]) - np.log(left[0].total))
    return np.array(real), np.array(said)


def caused(batch: Audiences, row: int, since: int, until: int) -> bool:
    """Say whether a burst or a release of some size began on some days."""
    return any(
        bool(
            (
                (events.series == row)
                & (events.cause >= since)
                & (events.cause < until)
                & (events.size >= NOTICED)
            ).any()
        )
        for events in (batch.bursts, batch.releases)
    )


def without_events(batch: Audiences, row: int, since: int, until: int) -> Floats:
    """Return what was expected of one series without the bursts and releases of some days."""
    parts = batch.components
    assert parts is not None
    shape = (1, batch.expected.shape[1])
    kept = []
    for events in (batch.bursts, batch.releases):
        own = events.where((events.series == row) & (events.cause < batch.days)).moved(-row)
        kept.append(response(own.where((own.cause < since) | (own.cause >= until)), shape))
    outlier = parts.outlier[row : row + 1].copy()
    outlier[:, batch.days :] = 1.0
    one = replace(parts.rows(slice(row, row + 1)), outlier=outlier, burst=kept[0], release=kept[1])
    return one.expected()[0]


def recent_bursts(batch: Audiences) -> NDArray[np.bool_]:
    """Return the series with a burst or a release in the last days, ``(N,)``."""
    out = np.zeros(len(batch.observed), dtype=bool)
    for events in (batch.bursts, batch.releases):
        inside = (events.day >= batch.days - RECENT) & (events.day < batch.days)
        out[events.series[inside & (events.size >= 0.3)]] = True
    return out


def growth_rows(model: str, days: int) -> list[list[str]]:
    """Forecast steady growth with a tenth of noise, with its trend and without."""
    time = np.arange(days) - days + 1
    noise = np.exp(0.1 * np.random.default_rng(0).standard_normal((20, days)))
    rows = []
    for rate in RATES:
        views = 1e5 * np.exp(rate * time) * noise
        ask = forecast_function(
            forecasters([model])[model], History(views, np.arange(days) % 7), 30, 0
        )
        found = occlude(split_history(views), 30, ask)
        said = np.log(found.whole.sums) - np.log(found.without("trend").sums)
        truth = np.exp(rate * np.arange(1, 31)).mean() - 1.0
        rows.append([f"{rate:+.1%}", f"{truth:+.0%}", f"{np.expm1(said.mean()):+.0%}"])
    return rows


def main() -> None:
    """Print a table for each kind of occlusion, and one of steady growth."""
    options = argparse.ArgumentParser()
    options.add_argument("--series", type=int, default=2048)
    options.add_argument("--days", type=int, default=364)
    options.add_argument("--seed", type=int, default=41)
    options.add_argument("--model", default="lstm-pretrained")
    asked = options.parse_args()
    batch = simulate_audiences(asked.series, asked.days, 30, asked.seed)
    truth = truth_of(batch)
    keep = usable(batch, truth)
    history = History(batch.observed[keep], np.arange(asked.days) % 7)
    ask = forecast_function(forecasters([asked.model])[asked.model], history, batch.horizon, 0)
    print("| left out of the history | part | cases | correlation | of ranks | sign | slope |")
    print("|---|---|---|---|---|---|---|")
    tables: dict[str, Callable[..., list[list[str]]]] = {
        "the true part": network_rows,
        "the estimated part": explanation_rows,
    }
    for title, make in tables.items():
        for row in make(batch, truth, keep, ask):
            print(f"| {title} | {' | '.join(row)} |")
    print("\n| growth a day | true effect on the 30-day sum | effect said |\n|---|---|---|")
    for row in growth_rows(asked.model, 128):
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()
