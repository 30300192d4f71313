"""Settings are checked, and an error names the key as the file spells it."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from upswell.errors import SettingError, SourceError
from upswell.releases.config import ReleasesConfig, config_record, load_config

WHOLE = """
window = 5
horizons = [7, 14, 28]
step = 1_000
rounding = "up"
as_of = 2024-03-01
timezone = "Europe/Berlin"

[releases]
source = "releases.csv"
date = "out"
attributes = ["label"]

[signals]
source = ["signals/a.csv", "/data/b.csv"]
metrics = ["views"]
cumulative = true

[outcomes]
source = "sqlite:///db/streams.db?table=daily"
streams = "n"

[tiers]
names = ["small", "big"]
bounds = [10_000]

[evaluation]
first = 2023-01-01
every = "month"
final_from = 2023-12-01
budget = [5]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE))
    assert (config.window, config.horizons, config.step) == (5, (7, 14, 28), 1000.0)
    assert config.as_of == dt.date(2024, 3, 1)
    assert config.releases.source == str(tmp_path / "releases.csv")
    assert config.releases.attributes == ("label",)
    assert config.signals.source == [str(tmp_path / "signals/a.csv"), "/data/b.csv"]
    assert config.signals.cumulative
    assert config.outcomes.source == f"sqlite:///{tmp_path}/db/streams.db?table=daily"
    assert config.tiers.bounds == (10_000.0,)
    assert config.evaluation.first == dt.date(2023, 1, 1)


def test_the_path_may_be_text_and_settings_pass_through(tmp_path: Path) -> None:
    config = load_config(str(written(tmp_path, "window = 3")))
    assert config.window == 3
    assert load_config(config) is config


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfwindow = 3\r\n")
    assert load_config(path).window == 3


def test_relative_paths_start_at_the_folder_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "in [1] %41"
    odd.mkdir()
    (odd / "a[2].csv").write_text("x")
    text = """
    [releases]
    source = "a[2].csv"
    [signals]
    source = "*.parquet"
    [outcomes]
    source = "sqlite:///b.db?table=t"
    """
    config = load_config(written(odd, text))
    assert config.releases.source == str(odd / "a[2].csv")
    assert config.signals.source == f"{tmp_path}/in [[]1] %41/*.parquet"
    assert config.outcomes.source == f"sqlite:///{tmp_path}/in%20%5B1%5D%20%2541/b.db?table=t"
    monkeypatch.chdir(odd)
    assert load_config("config.toml").releases.source == "a[2].csv"


def test_other_addresses_stay_as_they_are(tmp_path: Path) -> None:
    for address in (
        "postgresql://ana@host/db?table=daily",
        "sqlite:////data/b.db?table=daily",
        "/data/a.csv",
    ):
        config = load_config(written(tmp_path, f'[signals]\nsource = "{address}"'))
        assert config.signals.source == address


def test_a_mapping_may_hold_frames_and_dates_as_text() -> None:
    frame = pl.DataFrame({"a": [1]})
    config = load_config({"signals": {"source": frame}, "as_of": "2024-01-03"})
    assert config.signals.source is frame
    assert config.as_of == dt.date(2024, 1, 3)


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"windw": 7}, 'no setting "windw"', "did you mean window?"),
    ({"signals": {"metric": ["a"]}}, r"\[signals\] metric\b", r"did you mean \[signals\] metrics"),
    ({"tiers": {"window": 3}}, r"\[tiers\] window", "above the first section"),
    ({"metrics": ["a"]}, '"metrics"', r"belongs under \[signals\]"),
    ({"tiers": {"colour": 1}}, r"\[tiers\] colour", "names, bounds"),
    ({"window": "seven"}, "window must be a whole number, got 'seven'", ""),
    ({"window": True}, "window must be a whole number", ""),
    ({"window": 7.5}, "window must be a whole number", ""),
    ({"window": 0}, "window must be greater than or equal to 1", ""),
    ({"window": 61}, "window must be less than or equal to 60", ""),
    ({"horizons": []}, "horizons must have at least one", ""),
    ({"horizons": [30, 14]}, "horizons must ascend", ""),
    ({"horizons": [14, 14]}, "horizons must ascend", ""),
    ({"horizons": [5, 14]}, "horizons must not be shorter than window: 5 is less than 7", ""),
    ({"horizons": [True]}, "horizons must be a whole number", ""),
    ({"horizons": 14}, "horizons must be a list", ""),
    ({"horizons": [10**9]}, "horizons must be at most", ""),
    ({"step": 0}, "step must be greater than 0", ""),
    ({"step": float("nan")}, "step must be a finite number", ""),
    ({"step": float("inf")}, "step must be a finite number", ""),
    ({"rounding": "down"}, "rounding must be 'nearest' or 'up', got 'down'", ""),
    ({"as_of": "2024-02-30"}, "as_of must be a date", ""),
    ({"timezone": "Mars"}, 'timezone has no zone "Mars"', ""),
    ({"signals": 3}, r"\[signals\] must be a section", ""),
    ({"signals": {"source": 3}}, r"\[signals\] source names nothing", ""),
    ({"signals": {"source": []}}, r"\[signals\] source names nothing", ""),
    ({"signals": {"source": " "}}, r"\[signals\] source is empty", ""),
    ({"signals": {"source": ["a.csv", 3]}}, r"\[signals\] source must list paths", ""),
    ({"signals": {"date": ""}}, r"\[signals\] date must be the name of a column", ""),
    ({"signals": {"metrics": "views"}}, r"\[signals\] metrics must be a list", ""),
    ({"signals": {"metrics": []}}, r"\[signals\] metrics must be at least one name", ""),
    ({"signals": {"cumulative": "perhaps"}}, r"\[signals\] cumulative must be true or false", ""),
    ({"tiers": {"bounds": [5, 1]}}, r"\[tiers\] bounds must ascend", ""),
    ({"tiers": {"bounds": [0, 1]}}, r"\[tiers\] bounds must be above 0", ""),
    ({"tiers": {"bounds": [1, "b"]}}, r"\[tiers\] bounds must be a number, got 'b'", ""),
    ({"tiers": {"bounds": [1]}}, r"\[tiers\] bounds must be one fewer than \[tiers\] names", ""),
    ({"tiers": {"names": ["a b", "c", "d"]}}, r'\[tiers\] names has "a b"', ""),
    ({"tiers": {"names": ["", "c", "d"]}}, r'\[tiers\] names has ""', ""),
    ({"tiers": {"names": ["Hit", "hit", "d"]}}, r"\[tiers\] names must not have a name twice", ""),
    ({"tiers": {"names": ["all"], "bounds": []}}, r"\[tiers\] names must have at least two", ""),
    ({"evaluation": {"every": "day"}}, r"\[evaluation\] every must be 'week'", ""),
    ({"evaluation": {"budget": [0]}}, r"\[evaluation\] budget must be whole numbers", ""),
    ({"evaluation": {"final_days": -1}}, r"\[evaluation\] final_days must be greater", ""),
    (
        {"evaluation": {"first": "2024-02-01", "final_from": "2024-01-01"}},
        r"\[evaluation\] first must not be after \[evaluation\] final_from",
        "",
    ),
]


@pytest.mark.parametrize(("data", "what", "fix"), BAD)
def test_a_setting_that_makes_no_sense_is_named(data: dict[str, Any], what: str, fix: str) -> None:
    with pytest.raises(SettingError, match=what) as caught:
        load_config(data)
    assert caught.value.fix
    assert re.search(fix, caught.value.fix)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, "[tiers]\nbounds = [3, 2]")
    with pytest.raises(SettingError, match=r"\[tiers\] bounds") as caught:
        load_config(path)
    assert caught.value.where is not None
    assert caught.value.where.file == str(path)


@pytest.mark.parametrize(
    ("text", "line"),
    [("window = 3\nhorizons = [14\n\nstep = 1", 4), ("window 3", 1), ('a = "x', 1), ("a = [", 1)],
)
def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SettingError, match="no TOML") as caught:
        load_config(written(tmp_path, text))
    assert caught.value.where is not None
    assert caught.value.where.row == line
    assert "(at " not in caught.value.what


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="No such file"):
        load_config(tmp_path / "absent.toml")
    with pytest.raises(SourceError, match="directory"):
        load_config(tmp_path)
    (tmp_path / "config.toml").write_bytes(b"a = '\xff'")
    with pytest.raises(SourceError, match="not UTF-8"):
        load_config(tmp_path / "config.toml")


def test_something_else_is_refused() -> None:
    with pytest.raises(SettingError, match="from the type int"):
        load_config(3)  # type: ignore[arg-type]


def test_a_record_is_json_and_reads_back_to_the_same(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, WHOLE))
    record = json.loads(json.dumps(config_record(config), allow_nan=False))
    assert load_config(record) == config
    assert list(record) == list(ReleasesConfig.model_fields)


def test_a_record_has_neither_frames_nor_passwords() -> None:
    config = load_config(
        {
            "signals": {"source": pl.DataFrame({"a": [1]})},
            "releases": {"source": Path("in/a.csv")},
            "outcomes": {"source": ["postgresql://ana:hush@host/db?table=t&sslpassword=hush"]},
        }
    )
    record = config_record(config)
    assert record["signals"]["source"] is None
    assert record["releases"]["source"] == str(Path("in/a.csv"))
    assert record["outcomes"]["source"] == ["postgresql://ana@host/db?table=t"]
    assert "hush" not in json.dumps(record)
