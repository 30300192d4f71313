"""The bundle of the release job: read back whole, or refused before native code sees it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import polars as pl
import pytest
from catboost import CatBoostRegressor

from releases.models.tiers_world import world
from upswell.errors import BundleError
from upswell.releases.frames import FeatureNote
from upswell.releases.models.bundle import KIND, Parts, pack, unpack
from upswell.releases.models.catboost_bytes import catboost_bytes
from upswell.releases.models.classifier import CLASSIFIER_SPACE, TierModel
from upswell.releases.models.schema import FeatureSchema
from upswell.releases.models.space import defaults
from upswell.store import Bundle, bundle_bytes, parse_bundle


def parts() -> Parts:
    features, tiers = world(150, 1)
    settings = defaults(CLASSIFIER_SPACE) | {"rounds": 3}
    model = TierModel.fit(features, tiers, 3, settings, seed=1)
    regressor = CatBoostRegressor(
        iterations=3, verbose=False, allow_writing_files=False, thread_count=1
    ).fit(np.arange(20.0)[:, None], np.arange(20.0))
    table = io.BytesIO()
    pl.DataFrame({"release": ["a"]}).write_parquet(table)
    notes = tuple(FeatureNote(name, "views", f"About {name}.") for name in features.columns)
    return Parts(
        schema=FeatureSchema(notes, ("views",)),
        models={
            **model.entries(),
            "number/quantiles.cbm": catboost_bytes(regressor),
            "reference.parquet": table.getvalue(),
        },
        facts={"window": 7, "tuning": {"best_value": 0.5}},
    )


PARTS = parts()
WHOLE = bundle_bytes(KIND, *pack(PARTS))


def test_parts_are_read_back_and_packed_to_the_same_bytes():
    assert unpack(parse_bundle(WHOLE, KIND)) == PARTS
    assert bundle_bytes(KIND, *pack(parts())) == WHOLE


def test_versions_of_the_native_packages_are_recorded():
    from importlib.metadata import version

    meta = pack(PARTS)[1]
    assert meta["versions"] == {name: version(name) for name in ("catboost", "lightgbm")}
    few = Parts(PARTS.schema, {"a.json": b"{}"}, {})
    assert pack(few)[1]["versions"] == {}


def test_any_changed_byte_is_refused_before_a_model_is_read(monkeypatch: pytest.MonkeyPatch):
    def never(*_arguments: object, **_options: object) -> None:
        raise AssertionError("native code was asked to read a damaged bundle")

    monkeypatch.setattr("lightgbm.Booster", never)
    monkeypatch.setattr("upswell.releases.models._boosters.TextBooster", never)
    monkeypatch.setattr(CatBoostRegressor, "load_model", never)
    random = np.random.default_rng(1)
    content = parse_bundle(WHOLE, KIND)
    refused = 0
    for position in np.linspace(0, len(WHOLE) - 1, 700).astype(int):
        data = bytearray(WHOLE)
        data[position] ^= 1 << random.integers(8)
        try:
            found = parse_bundle(bytes(data), KIND)
        except BundleError:
            refused += 1
        else:
            # Some bits of a zip archive say nothing, such as the time of an entry.
            assert unpack(found) == PARTS
            assert found.entries == content.entries
    assert refused > 680


def test_each_missing_entry_is_named():
    entries, meta = pack(PARTS)
    for name in entries:
        bundle = changed(entries={k: v for k, v in entries.items() if k != name})
        if name == "features.json":
            with pytest.raises(BundleError, match=r"no entry 'features\.json'"):
                unpack(bundle)
        elif name.startswith("tiers/"):
            with pytest.raises(BundleError, match=name):
                TierModel.from_entries(unpack(bundle).models)
    assert meta["layout"] == 1


def changed(entries: dict[str, bytes] | None = None, **meta: Any) -> Bundle:
    own, facts = pack(PARTS)
    given = {key: value for key, value in (facts | meta).items() if value is not ...}
    return parse_bundle(bundle_bytes(KIND, own if entries is None else entries, given), KIND)


def test_a_later_layout_says_to_upgrade():
    with pytest.raises(BundleError, match="layout 2, and this program knows 1") as caught:
        unpack(changed(layout=2, facts="another form"))
    assert caught.value.fix == "upgrade upswell"
    for wrong in (0, True, "1", None, ...):
        with pytest.raises(BundleError, match="laid out"):
            unpack(changed(layout=wrong))


def test_facts_that_are_none_are_refused():
    for change in ({"facts": []}, {"facts": ...}, {"versions": 3}):
        with pytest.raises(BundleError, match="facts are damaged"):
            unpack(changed(**change))


def test_a_model_of_a_later_package_is_refused_by_name():
    own = pack(PARTS)[1]["versions"]
    for package in ("catboost", "lightgbm"):
        with pytest.raises(BundleError, match=f"written with {package} 99.0") as caught:
            unpack(changed(versions=own | {package: "99.0.1"}))
        assert package in str(caught.value.fix)
        for silent in ({}, own | {package: "new"}, own | {package: None}):
            with pytest.raises(BundleError, match="does not say which"):
                unpack(changed(versions=silent))
    unpack(changed(versions={"catboost": "1.0.1", "lightgbm": "3.3.5"}))


def test_a_bundle_of_another_kind_is_refused():
    with pytest.raises(BundleError, match="holds 'lstm', and 'releases' is needed"):
        parse_bundle(bundle_bytes("lstm", {}, {}), KIND)
