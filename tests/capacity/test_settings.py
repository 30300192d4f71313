"""Settings of a plan from a file or a mapping."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity.futures import plan_of
from upswell.capacity import load_plan, settings_record
from upswell.capacity._settings import PlanSettings
from upswell.capacity.settings import example_plan
from upswell.errors import SettingError, SourceError
from upswell.settings import sections

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 10**30)
    | st.floats()
    | st.text(max_size=5)
    | st.dates()
    | st.datetimes()
    | st.sampled_from(["multiply", "cap", "throttle", "2025-03-01", "all-units", "category"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@st.composite
def plans(draw: st.DrawFn) -> dict[str, Any]:
    """Draw settings whose keys are right and whose values are anything."""

    def of(model: Any) -> dict[str, Any]:
        inner = sections(model)
        keys = [field.alias or name for name, field in model.model_fields.items()]
        found: dict[str, Any] = {}
        for key in draw(st.sets(st.sampled_from(keys))):
            if key in inner and draw(st.booleans()):
                several = key in ("tiers", "overlays")
                found[key] = [of(inner[key])] if several else of(inner[key])
            else:
                found[key] = draw(values)
        return found

    return plan_of(**of(PlanSettings))


@given(plan=plans())
@settings(max_examples=150)
def test_any_mapping_is_a_plan_or_an_error_that_says_what_to_do(plan: dict[str, Any]) -> None:
    try:
        found = load_plan(plan)
    except SettingError as error:
        said = str(error)
    else:
        assert load_plan(settings_record(found)) == found
        return
    assert "what to do: " in said


def test_a_file_a_mapping_and_checked_settings_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(example_plan(), encoding="utf-8")
    found = load_plan(path)
    assert load_plan(str(path)) == found
    assert load_plan(found) is found
    assert load_plan(settings_record(found)) == found


def test_days_of_overlays_may_be_dates_texts_and_numbers() -> None:
    def days(first: Any, last: Any) -> tuple[Any, Any]:
        keys = {"name": "a", "kind": "cap", "views": 1.0, "from": first, "to": last}
        overlay = load_plan(plan_of(overlays=[keys])).overlays[0]
        return overlay.first, overlay.last

    day = dt.date(2025, 3, 1)
    assert days(day, day) == days("2025-03-01", "2025-03-01") == (day, day)
    assert days(3, 4) == (3, 4)
    for first, last in [(3, day), (True, True), (dt.datetime(2025, 3, 1), day), ("soon", day)]:  # noqa: DTZ001
        with pytest.raises(SettingError, match="overlays"):
            days(first, last)


def test_what_cannot_be_settings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="type int"):
        load_plan(3)  # type: ignore[arg-type]
    with pytest.raises(SourceError, match="cannot be read"):
        load_plan(tmp_path)
