"""The public API, held; and importing it loads nothing heavy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import upswell

HEAVY = (
    *("polars", "pandas", "pyarrow", "torch", "scipy", "statsforecast"),
    *("catboost", "lightgbm", "altair", "jinja2", "vl_convert", "rich", "typer", "safetensors"),
)


def test_the_public_names_are_these():
    assert upswell.__all__ == [
        "InputError",
        "Panel",
        "RefusalError",
        "UpswellError",
        "__version__",
        "backtest",
        "compare",
        "explain",
        "forecast",
        "load_plan",
        "plan_capacity",
        "read_forecast",
        "read_panel",
        "save_forecast",
        "train",
        "write_report",
    ]
    assert dir(upswell) == upswell.__all__


@pytest.mark.parametrize("name", upswell.__all__)
def test_every_public_name_is_there_and_says_what_it_does(name: str):
    found = getattr(upswell, name)
    if name != "__version__":
        assert found.__name__ == name
        assert len(found.__doc__.splitlines()[0]) > 20
    else:
        assert found.count(".") >= 2


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="forecsat"):
        upswell.forecsat  # noqa: B018


def run_alone(code: str) -> str:
    """Run code in a Python of its own, with this source."""
    source = str(Path(upswell.__file__).parents[1])
    program = f"import sys; sys.path.insert(0, {source!r}); {code}"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_importing_the_package_loads_nothing_heavy():
    show = f"print([m for m in {HEAVY!r} if m in sys.modules])"
    assert run_alone(f"import upswell; {show}") == "[]"


def test_the_names_can_be_looked_at_without_loading_what_they_need_to_run():
    heavy = tuple(name for name in HEAVY if name != "polars")
    show = f"print([m for m in {heavy!r} if m in sys.modules])"
    names = "upswell.Panel, upswell.RefusalError, upswell.forecast"
    assert run_alone(f"import upswell; {names}; {show}") == "[]"


def test_the_function_forecast_survives_an_import_of_its_room():
    code = "import upswell, upswell.forecasting.paths; print(callable(upswell.forecast))"
    assert run_alone(code) == "True"
