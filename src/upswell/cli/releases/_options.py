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
Seeds = Annotated[
    int | None,
    typer.Option(
        help="Refits of each variant in each period; by default 5, or 3 with --quick.",
        min=2,
        max=1000,
        metavar="N",
    ),
]
Quick = Annotated[
    bool, typer.Option("--quick", help="Fewer trees and seeds: for a first look, less sure.")
]
NoReasons = Annotated[
    bool, typer.Option("--no-reasons", help="Leave out why, and the past releases most alike.")
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
BookFile = Annotated[
    Path,
    typer.Argument(
        metavar="BOOK", help="The decision book: a file of JSON lines.", show_default=False
    ),
]
ReleaseName = Annotated[
    str | None, typer.Argument(metavar="[RELEASE]", help="The release.", show_default=False)
]
DecisionWord = Annotated[
    str | None,
    typer.Argument(metavar="[DECISION]", help="promote, watch or hold.", show_default=False),
]
Note = Annotated[str | None, typer.Option(help="Why.", metavar="TEXT")]
By = Annotated[str | None, typer.Option(help="Who decided.", metavar="NAME")]
DecidedOn = Annotated[
    str | None, typer.Option("--on", help="Day of the decision; by default today.", metavar="DATE")
]
DecisionsTable = Annotated[
    str | None,
    typer.Option(
        "--from",
        help="Many decisions at once: a table with columns release, decision, note.",
        metavar="FILE",
    ),
]
OutcomesTable = Annotated[
    list[str],
    typer.Option(
        "--outcomes",
        help="Outcomes: a file, glob, folder or database; may be given several times.",
        metavar="FILE",
    ),
]
ReviewedReleases = Annotated[
    list[str] | None,
    typer.Option(
        "--releases",
        help="Releases, likewise; by default those of the settings, or the dates in the book.",
        metavar="FILE",
    ),
]
ReviewConfig = Annotated[
    str | None,
    typer.Option(
        "--config",
        help="Settings with horizon, tiers, money and columns; by default those in the book.",
        metavar="CONFIG.toml",
    ),
]
ReviewBundle = Annotated[
    Path | None, typer.Option("--bundle", help="A bundle with such settings.", metavar="BUNDLE")
]
ReviewMoney = Annotated[
    str | None,
    typer.Option("--money", help="Money in place of theirs: a TOML file.", metavar="FILE"),
]
ReviewAsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="Last day of which anything is known; by default the last one of the outcomes.",
        metavar="DATE",
    ),
]
ScoredBook = Annotated[
    Path | None,
    typer.Option("--book", help="Decision book to write the decisions into.", metavar="FILE"),
]
PastScores = Annotated[
    list[Path] | None,
    typer.Option(
        "--scores",
        help="Past scores: a folder of a scoring or its scores.csv; may be given several times. "
        "By default the bundle scores each release as of its own gate.",
        metavar="PATH",
    ),
]
MonitorOut = Annotated[
    Path | None,
    typer.Option("--out", help="Folder to write into, whole or not at all.", metavar="DIR"),
]


def one_or_many(paths: list[str] | None) -> str | list[str] | None:
    """Return the only value of an option that may be given several times, else all of them."""
    return paths[0] if paths and len(paths) == 1 else paths
