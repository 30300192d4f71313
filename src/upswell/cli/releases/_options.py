"""The options of the release job, each with its help in one place."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Config = Annotated[
    Path, typer.Argument(metavar="CONFIG.toml", help="Settings: tables, window, horizons, tiers.")
]
Bundle = Annotated[Path, typer.Argument(metavar="BUNDLE", help="A bundle of a training.")]
Trials = Annotated[
    int,
    typer.Option(
        help="Trials of each of the two studies; 0 keeps the defaults.",
        min=0,
        max=100_000,
        metavar="N",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(help="Seconds after which no further trial starts.", min=0.0, metavar="S"),
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a training that was stopped.")]
Signals = Annotated[
    list[str],
    typer.Option(
        help="Signals: a file, glob, folder or database; may be given several times.",
        metavar="FILE",
    ),
]
ReleasesTable = Annotated[
    list[str] | None,
    typer.Option(
        "--releases",
        help="Releases, likewise; by default the signals hold the release dates too.",
        metavar="FILE",
    ),
]
AsOf = Annotated[
    str | None,
    typer.Option(
        help="Last day of which anything is known; by default the last one of the signals.",
        metavar="DATE",
    ),
]
Since = Annotated[
    str | None, typer.Option(help="Score releases dated on this day or later.", metavar="DATE")
]
Money = Annotated[
    Path | None,
    typer.Option(
        help="Settings with [money] alone, such as this week's budget; by default the training's.",
        metavar="FILE.toml",
    ),
]
NoPage = Annotated[bool, typer.Option("--no-page", help="Leave out the page report.html.")]
Audit = Annotated[
    Path | None,
    typer.Option(help="Folder of an audit, to stand in the page.", metavar="DIR"),
]
Review = Annotated[
    Path | None,
    typer.Option(help="Folder of a review, to stand in the page.", metavar="DIR"),
]
ScoresOut = Annotated[
    Path,
    typer.Option("--out", help="Folder to write into, whole or not at all.", metavar="DIR"),
]
FeaturesOut = Annotated[
    Path, typer.Option("--out", help="File to write: .csv or .parquet.", metavar="FILE")
]
