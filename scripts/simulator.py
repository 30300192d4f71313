"""Write docs/simulator.md and its pictures: priors, one drawing a family, and what they imply.

Run with ``PYTHONPATH=src .venv/bin/python scripts/simulator.py``.
"""

from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
from simulator_pictures import COUNT, DAYS, DRAWINGS, charts, world

from upswell.charts import alternative_text, png_bytes
from upswell.simulate.audiences import AudiencePrior
from upswell.simulate.audiences.implied import PUBLISHED, STATISTICS, quantiles, statistics

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs" / "simulator.md"
PICTURES = ROOT / "docs" / "images" / "simulator"
MODULES = {"moods": "autoregression"}
"""Families whose module has another name."""

INTRODUCTION = """\
# The simulator of audiences

`upswell.simulate.audiences` makes histories of daily counts with their future and with the truth
behind them, part by part. It is made to teach a forecaster that never saw real data, so that real
panels can test it that had no say in its making. No prior below was fitted to data. Each has a
reason: a source, or a judgement, which is called one.

```python
from upswell.simulate.audiences import simulate_audiences

batch = simulate_audiences(256, days=370, horizon=30, seed=1)
assert batch.observed.shape == (256, 370)  # NaN where a file has nothing: batch.mask
assert batch.future.shape == (256, 30)  # what then happened, without the faults of files
assert (batch.total == batch.future.sum(axis=1)).all()
names, sums = batch.panel_sums(batch.future)  # panels, whose series share their shocks
totals, peaks = sums.sum(axis=1), sums.max(axis=1)

parts = batch.components
assert (parts.expected() == batch.expected).all()  # to the last bit
calm = parts.expected(without=["outlier"])
calmer = batch.expected_without_bursts(since=340, until=370)
assert (calmer <= batch.expected).all()
```

A batch is a pure function of the numbers that it is given. Series are drawn in blocks of 128, each
block from random streams of its own, one a family. So series number 1,000 has the same bytes
whatever batch it comes in, and `first=` goes on where the last batch ended. At its peak a batch
takes twice the memory of its result: 56 kB a series of 400 days, or 11 kB without its components.
One core makes some 6,000 series of 400 days a second, and 1,900 of 1,155 days.

What was expected of a day is `exp(sum of logs) * (1 + burst + release) * outlier * presence`.
Counts are drawn around it. A file then makes records of the counts of the history, and never of
the future.
"""

SOURCES = """\
## Sources

- Bass, F. M. (1969). A new product growth for model consumer durables. Management Science 15(5).
- Candia, C., Jara-Figueroa, C., Rodriguez-Sickert, C., Barabási, A.-L. and Hidalgo, C. A. (2019).
  The universal decay of collective memory and attention. Nature Human Behaviour 3, 82-91.
- Crane, R. and Sornette, D. (2008). Robust dynamic classes revealed by measuring the response
  function of a social system. PNAS 105(41), 15649-15653.
- Gardner, E. S. and McKenzie, E. (1985). Forecasting trends in time series. Management Science
  31(10), 1237-1246.
- Luminate (2023). Weekday streaming patterns in the United States, 16 June to 15 August 2023.
  <https://luminatedata.com/?p=2933>
- M5 competition (2020): most of its daily series show sporadic demand with zeros.
- Miotto, J. M. and Altmann, E. G. (2014). Predictability of extreme events in social media. PLOS
  ONE 9(11), e111506.
- Miotto, J. M., Kantz, H. and Altmann, E. G. (2017). Stochastic dynamics and the predictability of
  big hits in online videos. Physical Review E 95, 032311.
- Rizoiu, M.-A., Xie, L., Sanner, S., Cebrian, M., Yu, H. and Van Hentenryck, P. (2017). Expecting
  to be HIP: Hawkes intensity processes for social media popularity. WWW 2017.
- Statista (2020). Twitch streamers and viewers during COVID-19, from figures of TwitchTracker.
  <https://statista.com/chart/21965/twitch-streamers-and-viewers-during-covid>
- ten Thij, M., Volkovich, Y., Laniado, D. and Kaltenbrunner, A. (2013). Modeling page-view dynamics
  on Wikipedia. ECCS 2013.
- Yu, H., Xie, L. and Sanner, S. (2015). The lifecycle of a YouTube video: phases, content and
  popularity. ICWSM 2015.
- Zhou, J., Li, Y., Adhikari, V. K. and Zhang, Z.-L. (2011). Counting YouTube videos via random
  prefix sampling. IMC 2011.

`scripts/simulator.py` writes this page and its pictures from the code, and a test compares them.
"""


def page() -> str:
    """Return the page."""
    pictures = charts()
    prior = AudiencePrior()
    parts = [INTRODUCTION]
    for family in DRAWINGS:
        module = importlib.import_module(
            f"upswell.simulate.audiences.{MODULES.get(family, family)}"
        )
        title, text = (module.__doc__ or "").strip().split(": ", 1)
        rows = [
            f"| `{name}` | {one.means} | {one} | {one.why} |"
            for listed, name, one in prior.listed()
            if listed == family
        ]
        head = "| prior | what it is | distribution | why |\n|---|---|---|---|"
        parts.append(
            f"## {title}\n\n{text[0].upper()}{text[1:]}\n\n"
            f"{_picture(family, pictures[family])}\n\n" + "\n".join([head, *rows]) + "\n"
        )
    parts.append(_implied_section(pictures["implied"]))
    parts.append(SOURCES)
    return "\n".join(parts)


def _picture(name: str, chart: object) -> str:
    return f"![{alternative_text(chart)}](images/simulator/{name}.png)"


def _implied_section(chart: object) -> str:
    found = statistics(world().observed)
    rows = [
        f"| {name} | {STATISTICS[name][1]} | "
        + " | ".join(_figure(value) for value in quantiles(values))
        + " |"
        for name, values in found.items()
    ]
    known = [
        f"| {one.statistic} | {_ends(one.low, one.high)} | {one.what} | {one.source} |"
        for one in PUBLISHED
    ]
    return "\n".join(
        [
            "## What it implies",
            "",
            f"Quantiles over {COUNT} simulated histories of {DAYS} days, as a file would show",
            "them. Counts below 20 a day are left out where counting noise would say more than the",
            "audience.",
            "",
            _picture("implied", chart),
            "",
            "| statistic | what it is | 5% | 25% | 50% | 75% | 95% |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "Figures that were published, and which the tests hold against these ranges:",
            "",
            "| statistic | figure | what it is | source |",
            "|---|---|---|---|",
            *known,
            "",
        ]
    )


def _ends(low: float, high: float) -> str:
    return _figure(low) if low == high else f"{_figure(low)} to {_figure(high)}"


def _figure(value: float) -> str:
    """Two significant digits, without an exponent."""
    if value == 0:
        return "0"
    digits = max(1 - int(np.floor(np.log10(abs(value)))), 0)
    return f"{float(f'{value:.1e}'):,.{digits}f}"


def main() -> None:
    """Write the page and the pictures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, chart in charts().items():
        (PICTURES / f"{name}.png").write_bytes(png_bytes(chart, scale=1.0))  # type: ignore[arg-type]
    TARGET.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
