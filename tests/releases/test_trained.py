"""A trained job as a bundle: the same scores after reading, or a clear refusal."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from releases.teaching import AS_OF, World, distinct_parts
from upswell.errors import BundleError
from upswell.releases import score
from upswell.releases.models.bundle import KIND, LAYOUT
from upswell.releases.trained import TrainedReleases, load_trained
from upswell.store import bundle_bytes, parse_bundle
from upswell.store.hashing import sha256_bytes

DAY = AS_OF + dt.timedelta(days=9)


@pytest.fixture(scope="module")
def whole(trained: TrainedReleases) -> bytes:
    return trained.to_bytes()


def rewritten(
    data: bytes,
    *,
    meta: Callable[[dict[str, Any]], None] | None = None,
    entries: Callable[[dict[str, bytes]], None] | None = None,
) -> bytes:
    """Return a bundle with other facts or entries, whose hashes are right."""
    bundle = parse_bundle(data, KIND)
    facts: dict[str, Any] = json.loads(json.dumps(bundle.meta))
    files = dict(bundle.entries)
    if meta:
        meta(facts)
    if entries:
        entries(files)
    return bundle_bytes(KIND, files, facts, created_by=bundle.created_by)


def test_a_bundle_on_disk_scores_as_what_was_trained(
    world: World, trained: TrainedReleases, tmp_path: Path
) -> None:
    path = tmp_path / "model.upswell"
    digest = trained.save(path)
    assert digest == sha256_bytes(path.read_bytes())
    loaded = load_trained(path)
    assert loaded.sha256 == digest
    assert loaded.facts == json.loads(json.dumps(dict(trained.facts)))
    assert loaded.schema == trained.schema
    given = {"signals": world.signals, "releases": world.releases, "as_of": DAY}
    own, other, third = (score(each, **given) for each in (trained, loaded, path))
    assert own.frame["status"].n_unique() > 1
    assert other.frame.equals(own.frame)
    assert third.frame.equals(own.frame)
    assert third.record["bundle"]["sha256"] == digest


def test_what_was_trained_gives_the_same_bytes_each_time(
    trained: TrainedReleases, whole: bytes
) -> None:
    assert trained.to_bytes() == whole


def test_a_changed_byte_anywhere_is_refused(whole: bytes) -> None:
    for position in distinct_parts(whole, 60):
        data = bytearray(whole)
        data[position] ^= 0x21
        try:
            found = parse_bundle(bytes(data), KIND)
        except BundleError:
            continue
        # Some bytes of an archive say nothing of what it holds.
        assert found.entries == parse_bundle(whole, KIND).entries
        assert found.meta == parse_bundle(whole, KIND).meta


def test_a_cut_bundle_is_refused(whole: bytes) -> None:
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        with pytest.raises(BundleError):
            load_trained(whole[:length])


def test_nothing_changed_is_read(whole: bytes, trained: TrainedReleases) -> None:
    assert load_trained(rewritten(whole)).as_of == trained.as_of


def put(name: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Return a change of one fact, named by a path with slashes."""

    def change(meta: dict[str, Any]) -> None:
        *path, last = name.split("/")
        place = meta
        for step in path:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        put("layout", LAYOUT + 1),
        put("layout", "new"),
        put("versions/catboost", "99.0"),
        put("versions/lightgbm", None),
        put("facts/as_of", "soon"),
        put("facts/config", None),
        put("facts/memory", {}),
        put("facts/memory/window", "many"),
        put("facts/memory/metrics", None),
        put("facts/training", 5),
    ],
)
def test_facts_of_another_layout_or_damaged_are_refused(
    whole: bytes, change: Callable[[dict[str, Any]], None]
) -> None:
    with pytest.raises(BundleError):
        load_trained(rewritten(whole, meta=change))


@pytest.mark.parametrize(
    "name",
    [
        "complete/expert.json",
        "memory/records.parquet",
        "memory/platform.parquet",
        "features.json",
        "complete/tiers-1/classifier.json",
        "complete/center/catboost/horizon-1.cbm",
        "complete/center/lightgbm/horizon-2.txt",
    ],
)
def test_a_missing_entry_is_refused(whole: bytes, name: str) -> None:
    def without(files: dict[str, bytes]) -> None:
        hit = [each for each in files if each == name or each.endswith(name)]
        if not hit:
            pytest.skip(f"no entry {name}")
        del files[hit[0]]

    with pytest.raises(BundleError):
        load_trained(rewritten(whole, entries=without))


@pytest.mark.parametrize("data", [b"{}", b"[]", b"5", b'{"weights": 3}', b'{"weights": [0.5]}'])
def test_a_damaged_head_of_an_expert_is_refused(whole: bytes, data: bytes) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["short/expert.json"] = data

    with pytest.raises(BundleError):
        load_trained(rewritten(whole, entries=change))


def test_heads_of_an_expert_that_do_not_agree_are_refused(whole: bytes) -> None:
    for name, value in (
        ("bounds", [1.0]),
        ("bounds", [3_000.0, 40_000.0]),
        ("calibrators", []),
        ("reach", [1.0]),
        ("weights", [0.25, 0.25, 0.25]),
        ("ratio", {"base": "views", "silent": [1.0], "low": [0.0], "high": [1.0]}),
    ):

        def change(files: dict[str, bytes], name: str = name, value: Any = value) -> None:
            head = json.loads(files["complete/expert.json"])
            files["complete/expert.json"] = json.dumps({**head, name: value}).encode()

        with pytest.raises(BundleError):
            load_trained(rewritten(whole, entries=change))


def test_a_foreign_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.upswell"
    for data in (b"", b"PK\x03\x04", b"\x80\x04\x95pickle", bundle_bytes("lstm", {}, {})):
        path.write_bytes(data)
        with pytest.raises(BundleError):
            load_trained(path)
    with pytest.raises(BundleError):
        load_trained(tmp_path / "missing")
