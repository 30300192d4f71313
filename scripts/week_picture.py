"""Picture of the page of a week: a simulated world, a training without tuning, a photo of the page.

Needs Chromium. Run with ``.venv/bin/python scripts/week_picture.py``.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import tempfile
from pathlib import Path

import polars as pl

from upswell.cli.releases._week import week_facts
from upswell.releases import score, train
from upswell.report.releases import week_bytes
from upswell.simulate import simulate_releases

RELEASES, ROWS, SEED = 360, 30_000, 4
MONEY = {"cost": 100.0, "value": 0.004, "uplift": 0.5, "currency": "EUR", "caution": 2.0}
TIERS = {"names": ["low", "middle", "hit"], "bounds": [5_000, 50_000]}
WIDTH, HEIGHT = 1150, 1000
TARGET = Path(__file__).parents[1] / "docs" / "images" / "week.png"


def main() -> None:
    """Simulate, train, score, open the page and take its photo."""
    world = simulate_releases(RELEASES, ROWS, seed=SEED)
    last = world.signals["date"].max()
    eve = last - dt.timedelta(days=14)
    trained = train(
        {
            "releases": {"source": world.releases},
            "signals": {"source": world.signals, "metrics": ["views"]},
            "outcomes": {"source": world.outcomes},
            "tiers": TIERS,
            "money": MONEY,
            "as_of": eve,
        },
        trials=0,
        seed=SEED,
    )
    released = world.releases.filter(pl.col("release_date") <= last)
    since = last - dt.timedelta(days=21)
    scored = score(trained, signals=world.signals, releases=released, as_of=last, since=since)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        page.write_bytes(week_bytes(week_facts(trained, scored)))
        subprocess.run(
            [
                *("chromium", "--headless", "--no-sandbox", "--hide-scrollbars"),
                *("--virtual-time-budget=8000", f"--window-size={WIDTH},{HEIGHT}"),
                *(f"--screenshot={TARGET}", page.as_uri()),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    main()
