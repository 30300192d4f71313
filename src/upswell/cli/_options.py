"""The options that commands share, each with its help in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

_READING = "Reading"
_LSTM = "LSTM"

Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...",
        help="Files, globs, folders with a file a day, or a database: sqlite:///FILE?table=NAME.",
        show_default=False,
    ),
]


def _show_version(wanted: bool) -> None:
    if wanted:
        from upswell import __version__

        typer.echo(f"upswell {__version__}")
        raise typer.Exit


Version = Annotated[
    bool,
    typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version),
]
Horizon = Annotated[int, typer.Option(help="Days ahead.", min=1, max=3650, metavar="DAYS")]


def _reading(text: str, *names: str, metavar: str | None = None) -> Any:
    return typer.Option(*names, help=text, metavar=metavar, rich_help_panel=_READING)


Time = Annotated[str | None, _reading("Column of the day.", metavar="COL")]
Item = Annotated[str | None, _reading("Column of the creator.", metavar="COL")]
Value = Annotated[str | None, _reading("Column of the views.", metavar="COL")]
Group = Annotated[str | None, _reading("Column of the category.", metavar="COL")]
StartDate = Annotated[
    str | None, _reading("Date of the first day when days are integers.", metavar="DATE")
]
Cumulative = Annotated[
    bool | None,
    _reading("Whether values are running totals.", "--cumulative/--not-cumulative"),
]
OnDuplicate = Annotated[
    Literal["error", "sum", "mean", "max", "last"],
    _reading("Rows that contradict each other: error, sum, mean, max or last.", metavar="HOW"),
]
Missing = Annotated[
    Literal["gap", "zero"],
    _reading("An absent day is unknown (gap) or means zero (zero).", metavar="HOW"),
]
Timezone = Annotated[
    str | None, _reading("Zone in which days begin, when times carry one.", metavar="TZ")
]
Model = Annotated[
    str, typer.Option(help="auto, the name of a forecaster, or a trained bundle.", metavar="NAME")
]
Models = Annotated[
    str | None,
    typer.Option(help="Names of forecasters, separated by commas.", metavar="A,B,..."),
]
Holidays = Annotated[
    str | None,
    typer.Option(
        help="Countries whose days off are known beforehand, such as US,DE.", metavar="A,B,..."
    ),
]
Events = Annotated[
    str | None,
    typer.Option(help="Announced events: a table of days, and perhaps creators.", metavar="FILE"),
]
Seed = Annotated[int, typer.Option(help="Seed of every random choice.", min=0, metavar="N")]
Windows = Annotated[int, typer.Option(help="Cutoffs, at most.", min=1, max=1000, metavar="N")]
Paths = Annotated[bool, typer.Option("--paths", help="Write the sampled paths too.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder to write into, whole or not at all.", metavar="DIR")
]
Series = Annotated[
    str | None,
    typer.Option(help="The category or creator; without it the total.", metavar="NAME"),
]
WithoutBurst = Annotated[
    str | None,
    typer.Option(help="Leave out the burst of a day, or the last one.", metavar="DATE|last"),
]
OldForecast = Annotated[
    Path,
    typer.Argument(metavar="OLD_DIR", help="Folder of the older forecast.", show_default=False),
]
NewForecast = Annotated[
    Path,
    typer.Argument(metavar="NEW_DIR", help="Folder of the newer forecast.", show_default=False),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="Print nothing but errors and, with --json, JSON.")
]

Plan = Annotated[
    str | None,
    typer.Option(
        "--plan",
        help="Settings of a plan, plan.toml: plan capacity and cost too.",
        metavar="FILE",
    ),
]
Report = Annotated[
    bool,
    typer.Option("--report", help="Write the page report.html too; with --plan it always is."),
]
Png = Annotated[bool, typer.Option("--png", help="Write each chart as a PNG file too.")]
PlanFile = Annotated[
    str, typer.Option("--plan", help="Settings of the plan: a TOML file.", metavar="FILE")
]
ForecastFolder = Annotated[
    str,
    typer.Argument(
        metavar="FORECAST_DIR",
        help="Folder written by upswell forecast --paths --out.",
        show_default=False,
    ),
]


def _show_example(wanted: bool) -> None:
    if wanted:
        from upswell.capacity.settings import example_plan

        typer.echo(example_plan(), nl=False)
        raise typer.Exit


Example = Annotated[
    bool,
    typer.Option(
        "--example",
        help="Print a plan.toml with all settings.",
        is_eager=True,
        callback=_show_example,
    ),
]


def _lstm(text: str) -> Any:
    return typer.Option(help=text, rich_help_panel=_LSTM)


Layers = Annotated[int, _lstm("LSTM layers.")]
Units = Annotated[int, _lstm("Units of each layer.")]
Dropout = Annotated[float, _lstm("Share of activations dropped in training.")]
SequenceLength = Annotated[int, _lstm("Days that the network sees.")]
LearningRate = Annotated[float, _lstm("Step of the optimiser (Adam).")]
BatchSize = Annotated[int, _lstm("Windows a step.")]
Epochs = Annotated[int, _lstm("Passes over the windows, at most.")]
Patience = Annotated[int, _lstm("Passes without improvement before training stops.")]
Strategy = Annotated[str, _lstm("recursive (a day at a time) or direct (all days at once).")]
Device = Annotated[str, _lstm("auto, cpu or cuda.")]
ExamplesAStep = Annotated[int, _lstm("Examples a step, about.")]
Float32 = Annotated[
    bool,
    typer.Option("--float32", help="Multiply in 32 bits throughout.", rich_help_panel=_LSTM),
]
Minutes = Annotated[
    float | None, typer.Option(help="How long to train; 60 by default.", metavar="N")
]
Steps = Annotated[
    int | None, typer.Option(help="How many steps to train, instead of --minutes.", metavar="N")
]
Threads = Annotated[
    int | None, typer.Option(help="Threads of torch; those that --workers leave.", metavar="N")
]
Workers = Annotated[
    int | None,
    typer.Option(help="Processes that simulate; one, and more beside a GPU.", metavar="N"),
]
ResumePretraining = Annotated[
    bool, typer.Option("--resume", help="Go on where an interrupted training stopped.")
]
WEIGHTS_OUT = Path("pretrained")
WeightsOut = Annotated[
    Path, typer.Option("--out", help="Folder of the weights and their card.", metavar="DIR")
]
FromScratch = Annotated[
    bool,
    typer.Option(
        "--from-scratch", help="Train a network that knows nothing.", rich_help_panel=_LSTM
    ),
]
BundleOut = Annotated[Path, typer.Option("--out", help="Bundle to write.", metavar="BUNDLE")]
SimulationOut = Annotated[
    Path, typer.Option("--out", help="File to write: .csv or .parquet.", metavar="FILE")
]
Creators = Annotated[int, typer.Option(help="Number of creators.", min=1, max=100_000, metavar="N")]
Days = Annotated[int, typer.Option(help="Number of days.", min=1, max=36_500, metavar="N")]

WorldOut = Annotated[
    Path,
    typer.Option("--out", help="Folder to write into, whole or not at all.", metavar="DIR"),
]
Releases = Annotated[
    int, typer.Option(help="Number of releases.", min=1, max=1_000_000, metavar="N")
]
Rows = Annotated[
    int | None,
    typer.Option(
        help="Rows of signals and outcomes together; by default 100 a release.", min=1, metavar="N"
    ),
]
TableFormat = Annotated[
    Literal["parquet", "csv"],
    typer.Option("--format", help="Format of the tables: parquet or csv.", metavar="FORMAT"),
]


@dataclass(frozen=True, slots=True)
class Reading:
    """How the input is to be read; the fields are those of `upswell.read_panel`."""

    time: str | None
    item: str | None
    value: str | None
    group: str | None
    start_date: str | None
    cumulative: bool | None
    on_duplicate: str
    missing: str
    timezone: str | None

    def options(self) -> dict[str, Any]:
        """Return the keyword arguments of `upswell.read_panel`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of days beforehand, as it was asked for."""

    holidays: str | None = None
    events: str | None = None


@dataclass(frozen=True, slots=True)
class Manner:
    """How to speak."""

    as_json: bool
    quiet: bool

    @property
    def talks(self) -> bool:
        """Whether people read along."""
        return not self.as_json and not self.quiet


@dataclass(frozen=True, slots=True)
class Pictures:
    """What is drawn besides the tables."""

    page: bool
    png: bool
