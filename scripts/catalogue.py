"""Write docs/features.md: the features of a standard world of releases, each with its sentence.

Run with ``PYTHONPATH=src .venv/bin/python scripts/catalogue.py``.
"""

from __future__ import annotations

from pathlib import Path

from upswell.releases import load_config
from upswell.releases.gate import catalogue, catalogue_markdown
from upswell.releases.tables import read_tables
from upswell.simulate import simulate_releases

TARGET = Path(__file__).parents[1] / "docs" / "features.md"
INTRODUCTION = """\
What a release looks like at its gate, the end of the last day that is seen of it. This is the
catalogue for metrics views, likes, comments and shares, with creators and videos, artist, label and
genre, a window of 7 days and horizons of 14 and 30 days. Other tables give other features: one set
for each metric, none of creators where there is no such column. `upswell releases features` writes
the table of your own releases and the catalogue that belongs to it.

A *log ratio* of `a` to `b` is `log(1 + a) - log(1 + b)`. A release is *mature* when its outcome
had closed and was known at the gate. Where nothing tells a feature, it is missing, not zero.
The models see one number more: how many days of the window have passed.

`scripts/catalogue.py` writes this page from the code, and a test compares the two.
"""


def page() -> str:
    """Return the page."""
    world = simulate_releases(100, None, seed=0)
    config = load_config(
        {
            "releases": {"source": world.releases},
            "signals": {"source": world.signals},
            "outcomes": {"source": world.outcomes},
        }
    )
    with read_tables(config) as tables:
        notes = catalogue(tables, window=config.window, horizons=config.horizons)
    title, rest = catalogue_markdown(notes).split("\n", 1)
    return f"{title}\n\n{INTRODUCTION}{rest}"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
