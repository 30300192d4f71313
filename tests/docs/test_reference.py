"""The reference is held to the program: options, defaults, columns, keys, signatures."""

from __future__ import annotations

import inspect
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import typer
from pydantic import BaseModel

import upswell
from documents import codes, keys_of, read, rows, section
from upswell.capacity import RULES, Plan, PlanSettings
from upswell.capacity.flags import FLAGS
from upswell.capacity.settings import example_plan
from upswell.cli import _run
from upswell.cli.app import app
from upswell.cli.releases.monitor import EXIT_CODES
from upswell.data.reading import _columns
from upswell.data.reading._vocabulary import split_words
from upswell.forecasting.ladder import Status
from upswell.forecasting.registry import names
from upswell.settings import sections
from upswell.store import json_bytes

TEXT = read("docs/reference.md")
PUBLIC_FUNCTIONS = [name for name in upswell.__all__ if inspect.isfunction(getattr(upswell, name))]
PLAN = """
[unit]
views_per_hour = 10
[prices]
reserved = 0.06
on_demand = 0.1
shortage = 0.5
[limit]
units = 40
[commitment]
lead_time_days = 2
[[overlays]]
name = "launch"
kind = "multiply"
from = 80
to = 80
factor = 2.0
"""
SHARED = "Takes the [reading options](#reading-options)"
# Keys below these are names from the data.
OPEN_KEYS = {
    "settings",
    "scenario",
    "versions",
    "repairs",
    "model.relative_errors",
    "refused",
    "timings",
    "files",
    "old.versions",
}


def _commands(group: Any, path: tuple[str, ...] = ()) -> dict[str, Any]:
    found = {}
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found |= _commands(command, (*path, name))
        else:
            found[" ".join((*path, name))] = command
    return found


ROOT_COMMAND = typer.main.get_command(app)
COMMANDS = _commands(ROOT_COMMAND)


def _documented(text: str) -> dict[tuple[str, ...], str]:
    """Default of each option, by its names."""
    table = [row for row in rows(text) if row[0].startswith("`--")]
    return {
        tuple(name.split()[0] for name in codes(row[0])): (codes(row[1]) or [row[1]])[0]
        for row in table
    }


def _actual(command: Any) -> dict[tuple[str, ...], str]:
    found = {}
    for option in command.params:
        if option.param_type_name == "option":
            default = "-" if option.default is None else str(option.default)
            default = "off" if option.default is False else default
            names_of = (*option.opts, *option.secondary_opts)
            found[names_of] = "required" if option.required else default
    return found


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_is_documented_with_all_its_options_and_defaults(name: str) -> None:
    text = section(TEXT, f"upswell {name}")
    documented = _documented(text)
    if SHARED in " ".join(text.split()):
        documented |= _documented(section(TEXT, "Reading options"))
    assert documented == _actual(COMMANDS[name])


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert set(re.findall(r"^### upswell (.+)$", TEXT, re.MULTILINE)) == set(COMMANDS)


def test_the_options_of_the_program_itself_are_documented() -> None:
    start = TEXT[: TEXT.index("### Reading options")]
    assert _documented(start) == _actual(ROOT_COMMAND)


def test_the_exit_codes_are_documented() -> None:
    listed = {int(codes(row[0])[0]) for row in rows(section(TEXT, "Exit codes"))}
    errors = {kind.exit_code for kind in (upswell.InputError, upswell.RefusalError)}
    monitored = set(EXIT_CODES.values())
    assert listed == {0, _run.OUR_FAULT, _run.BAD_INPUT, _run.INTERRUPTED} | errors | monitored


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a forecast and a backtest wrote to, in two folders of their own."""
    home = tmp_path_factory.mktemp("reference")
    source = str(home / "views.csv")
    days = np.arange(80)
    pl.DataFrame(
        {
            "day": np.tile(days, 2),
            "creator": ["ana"] * 80 + ["bo"] * 80,
            "category": ["Music"] * 80 + ["DIY"] * 80,
            "views": np.concatenate([500 + days % 7 * 20 + days, 90 + days % 5]),
        }
    ).write_csv(source)
    options = ["--horizon", "7", "--quiet", "--out"]
    plan = home / "plan.toml"
    plan.write_text(PLAN, encoding="utf-8")
    asked = ["forecast", source, "--model", "theta-log", "--plan", str(plan)]
    assert _run.run([*asked, *options, str(home / "forecast")]) == 0
    asked = ["backtest", source, "--models", "theta-log", "--windows", "2", "--plan", str(plan)]
    assert _run.run([*asked, *options, str(home / "backtest")]) == 0
    asked = ["compare", *[str(home / "forecast")] * 2, "--quiet", "--out", str(home / "compare")]
    assert _run.run(asked) == 0
    asked = ["explain", source, "--model", "theta-log"]
    assert _run.run([*asked, *options, str(home / "explain")]) == 0
    return home


def _first_cells(title: str) -> list[str]:
    return [code for row in rows(section(TEXT, title)) for code in codes(row[0])]


@pytest.mark.parametrize(
    ("command", "file"),
    [
        ("forecast", "forecast.csv"),
        ("forecast", "totals.csv"),
        ("forecast", "history.parquet"),
        ("forecast", "paths.parquet"),
        ("forecast", "repairs.csv"),
        ("forecast", "units.csv"),
        ("forecast", "rules.csv"),
        ("backtest", "repairs.csv"),
        ("backtest", "scores.csv"),
        ("compare", "changes.csv"),
        ("explain", "explanation.csv"),
        ("backtest", "money.csv"),
    ],
)
def test_the_columns_of_a_file_are_documented_in_order(
    written: Path, command: str, file: str
) -> None:
    path = written / command / file
    frame = pl.read_parquet(path) if path.suffix == ".parquet" else pl.read_csv(path)
    assert _first_cells(f"`{file}`") == frame.columns


def test_every_file_that_is_written_is_documented(written: Path) -> None:
    files = {path.name for path in written.glob("*/*")}
    assert files == set(re.findall(r"^### `(.+)`$", TEXT, re.MULTILINE))


def test_the_keys_of_the_record_are_documented(written: Path) -> None:
    text = section(TEXT, "`run.json`")
    of_forecast, of_backtest = text.split("Of `backtest`:")
    of_backtest, _ = of_backtest.split("Of `compare`:")
    shared, own = of_backtest.split("| key of a backtest")
    documented = {code for row in rows(of_forecast) for code in codes(row[0])}
    record = json.loads((written / "forecast" / "run.json").read_text(encoding="utf-8"))
    assert documented == keys_of(record, OPEN_KEYS)
    record = json.loads((written / "backtest" / "run.json").read_text(encoding="utf-8"))
    listed = {code for row in rows("| key" + own) for code in codes(row[0])}
    common = {key for key in documented if re.split(r"[.\[]", key)[0] in codes(shared)}
    assert listed | common == keys_of(record, OPEN_KEYS)


def test_the_keys_of_a_comparison_are_documented(tmp_path: Path) -> None:
    days = np.arange(66.0)
    whole = upswell.Panel.from_arrays(500 + days[None] % 7 * 20 + days, items=["ana"])
    overlay = {"name": "launch", "kind": "multiply", "from": 62, "to": 62, "factor": 2.0}
    prices = {"reserved": 0.06, "on_demand": 0.1}
    plan = {"unit": {"views_per_hour": 5}, "prices": prices, "overlays": [overlay]}
    for name, panel in (("old", whole.until(60)), ("new", whole)):
        made = upswell.forecast(panel, horizon=7, model="seasonal-naive", paths=100)
        upswell.save_forecast(made, tmp_path / name)
        if name == "old":
            record = upswell.plan_capacity(made, plan).record()
            (tmp_path / "old" / "plan.json").write_bytes(json_bytes(record))
    record = upswell.compare(tmp_path / "old", tmp_path / "new").record()
    text = section(TEXT, "`run.json`").split("| key of a comparison")[1]
    documented = {code for row in rows("| key" + text) for code in codes(row[0])}
    shorthand = {"upswell", "command", "new", "total.median", "track_record_overlaid"}
    wholes = {*shorthand, "hindsight.base", "track_record", "hindsight"}
    keys = {
        key
        for key in keys_of(record, OPEN_KEYS)
        if not _starts(key, shorthand | {"hindsight.base"})
    }
    assert keys == documented - wholes
    assert wholes - {"upswell", "command"} <= documented
    assert set(record) == {re.split(r"[.\[]", key)[0] for key in documented} | {
        "upswell",
        "command",
    }


def test_the_keys_of_an_explanation_are_documented() -> None:
    days = np.arange(126.0)
    views = 500 + days % 7 * 20 + days
    views[110:112] *= 4
    panel = upswell.Panel.from_arrays(views[None], items=["ana"])
    record = upswell.explain(panel, horizon=14, model="auto").record()
    text = section(TEXT, "upswell explain").split("| key of an explanation")[1]
    documented = {code for row in rows("| key" + text) for code in codes(row[0])}
    assert keys_of(record, OPEN_KEYS) | {"without_burst"} == documented


def _starts(key: str, names: set[str]) -> bool:
    return any(re.match(re.escape(name) + r"($|[.\[])", key) for name in names)


def test_the_keys_of_a_plan_are_documented(written: Path) -> None:
    record = json.loads((written / "forecast" / "plan.json").read_text(encoding="utf-8"))
    assert set(_first_cells("`plan.json`")) == keys_of(record, OPEN_KEYS)


def _settings_keys(model: type[BaseModel], section_of: str = "") -> set[str]:
    """Keys of settings as the reference spells them."""
    found = set()
    for name, field in model.model_fields.items():
        key = field.alias or name
        inner = sections(model).get(key)
        if inner is None:
            found.add(f"{section_of} {key}".strip())
        else:
            path = f"{section_of.strip('[]')}.{key}".lstrip(".")
            several = "tuple" in str(field.annotation)
            found |= _settings_keys(inner, f"[[{path}]]" if several else f"[{path}]")
    return found


def test_every_setting_of_a_plan_is_documented_and_in_the_example() -> None:
    keys = _settings_keys(PlanSettings)
    assert set(_first_cells("Settings of a plan")) == keys
    example = read("docs/examples/plan.toml")
    for key in keys:
        assert re.search(rf"^(# )?{key.split()[-1]} = ", example, re.MULTILINE), key


def test_the_example_of_the_documents_is_the_one_that_is_printed() -> None:
    assert read("docs/examples/plan.toml") == example_plan()


def test_the_example_stays_a_plan_with_all_that_it_leaves_out() -> None:
    lines = read("docs/examples/plan.toml").split("# [[overlays]]", 1)
    more = re.sub(r"^# ?", "", "[[overlays]]" + lines[1], flags=re.MULTILINE)
    plan = upswell.load_plan(tomllib.loads(lines[0] + more))
    assert [overlay.kind for overlay in plan.overlays] == ["multiply", "cap"]


def test_rules_and_flags_are_documented() -> None:
    assert _first_cells("Rules of commitment") == list(RULES)
    flags = {codes(row[0])[0]: row[1] for row in rows(section(TEXT, "Flags of a plan"))}
    assert flags == FLAGS


def test_every_forecaster_is_documented() -> None:
    assert sorted(_first_cells("Forecasters")) == sorted((*names(), "auto"))


def test_every_status_is_documented() -> None:
    assert _first_cells("Statuses and codes") == [str(status) for status in Status]


@pytest.mark.parametrize("name", PUBLIC_FUNCTIONS)
def test_the_signatures_are_those_of_the_code(name: str) -> None:
    signature = inspect.signature(getattr(upswell, name))
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    assert f"`upswell.{name}{inspect.Signature(plain)}`" in TEXT


def test_every_public_name_is_documented() -> None:
    text = section(TEXT, "Python API")
    assert all(f"`upswell.{name}" in text for name in upswell.__all__)


def test_the_names_documented_exist() -> None:
    from upswell.forecasting.adaptation import AdaptedPanel
    from upswell.forecasting.backtest import Backtest
    from upswell.forecasting.comparing import Comparison
    from upswell.forecasting.explaining import Explanation
    from upswell.forecasting.result import Forecast
    from upswell.forecasting.training import TrainedPanel

    known = (
        *(upswell.Panel, Forecast, Backtest, Comparison, Explanation),
        *(AdaptedPanel, TrainedPanel, Plan),
    )
    kinds = {kind.__name__: kind for kind in known}
    for row in rows(section(TEXT, "Python API")):
        kind = kinds[codes(row[0])[0]]
        for name in codes(row[1]):
            plain = name.split("(")[0]
            assert hasattr(kind, plain) or plain in kind.__dataclass_fields__, name
            if "(" in name:
                wanted = re.findall(r"\w+", name.split("(")[1])
                assert set(wanted) <= set(inspect.signature(getattr(kind, plain)).parameters)


def test_the_header_words_play_their_roles() -> None:
    ranks = {
        "day": _columns.time_rank,
        "views": _columns.value_rank,
        "category": _columns.group_rank,
        "creator": lambda word: 0 if _columns.item_candidates([word]) else None,
    }
    table = rows(section(TEXT, "Header words"))
    assert {row[0] for row in table} == set(ranks)
    for role, words in table:
        for word in codes(words):
            assert ranks[role](word) is not None, f"{word} does not name the {role}"
    assert split_words("release_date") == ("release", "date")
