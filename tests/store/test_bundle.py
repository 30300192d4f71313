"""Bundles are read back as written, and nothing else is ever taken for one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from upswell.errors import BundleError, OutputError, SettingError
from upswell.store import (
    Bundle,
    bundle_bytes,
    parse_bundle,
    read_bundle,
    sha256_bytes,
    write_bundle,
)
from upswell.store import _bundle_checks as checks

ENTRIES = {"weights.safetensors": bytes(range(256)) * 3, "net/config.json": b'{"units": 50}'}
META = {"units": 50, "scores": [0.1, None], "name": "é"}
WHOLE = bundle_bytes("lstm", ENTRIES, META, created_by="upswell train")


def zipped(
    contents: dict[str, bytes], *, kind: int = zipfile.ZIP_STORED, twice: str | None = None
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", kind) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
        if twice is not None:
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr(twice, b"{}")
    return buffer.getvalue()


def head(**changes: Any) -> dict[str, Any]:
    found = json.loads(zipfile.ZipFile(io.BytesIO(WHOLE)).read("manifest.json"))
    return {key: value for key, value in (found | changes).items() if value is not ...}


def with_manifest(manifest: object, entries: dict[str, bytes] | None = None) -> bytes:
    text = manifest if isinstance(manifest, bytes) else json.dumps(manifest).encode()
    return zipped({"manifest.json": text} | (ENTRIES if entries is None else entries))


def test_a_bundle_is_read_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "model.upswell"
    write_bundle(path, "lstm", ENTRIES, META, created_by="upswell train")
    bundle = read_bundle(path, "lstm")
    assert (bundle.kind, bundle.meta, bundle.entries) == ("lstm", META, ENTRIES)
    assert (bundle.created_by, bundle.sha256) == ("upswell train", sha256_bytes(path.read_bytes()))
    assert bundle.entry("net/config.json") == b'{"units": 50}'
    assert path.read_bytes() == WHOLE


def test_same_content_gives_the_same_bytes_in_any_order() -> None:
    turned = dict(reversed(ENTRIES.items()))
    other = bundle_bytes("lstm", turned, dict(reversed(META.items())), created_by="upswell train")
    assert other == WHOLE


def test_a_bundle_is_a_plain_zip_with_the_manifest_first() -> None:
    archive = zipfile.ZipFile(io.BytesIO(WHOLE))
    assert archive.testzip() is None
    assert archive.namelist() == ["manifest.json", "net/config.json", "weights.safetensors"]
    assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())


def test_a_missing_entry_is_named() -> None:
    with pytest.raises(BundleError, match=r"no entry 'other\.json'"):
        parse_bundle(WHOLE, "lstm").entry("other.json")


def content(bundle: Bundle) -> tuple[object, ...]:
    return (bundle.kind, bundle.meta, bundle.entries, bundle.package_version, bundle.created_by)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_any_flipped_byte_is_found_or_changes_nothing(position: int, mask: int) -> None:
    data = bytearray(WHOLE)
    data[position] ^= mask
    try:
        bundle = parse_bundle(bytes(data), "lstm")
    except BundleError:
        return
    assert content(bundle) == content(parse_bundle(WHOLE, "lstm"))


def test_every_byte_of_the_archive_structure_flipped_is_found_or_changes_nothing() -> None:
    # The central directory at the end is where an archive can lie; every bit of it is tried.
    whole = content(parse_bundle(WHOLE, "lstm"))
    start = WHOLE.index(b"PK\x01\x02")
    found = 0
    for position in range(start, len(WHOLE)):
        for bit in range(8):
            data = bytearray(WHOLE)
            data[position] ^= 1 << bit
            try:
                bundle = parse_bundle(bytes(data), "lstm")
            except BundleError:
                found += 1
            else:
                assert content(bundle) == whole
    assert found > 500


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(WHOLE) - 1))
def test_a_truncated_bundle_is_an_error(length: int) -> None:
    with pytest.raises(BundleError):
        parse_bundle(WHOLE[:length], "lstm")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.binary(max_size=80).map(lambda tail: WHOLE[:-60] + tail))
def test_foreign_bytes_are_an_error(data: bytes) -> None:
    with pytest.raises(BundleError):
        parse_bundle(data, "lstm")


def test_a_changed_entry_with_a_right_checksum_is_found_by_its_hash() -> None:
    changed = ENTRIES | {"weights.safetensors": bytes(768)}
    with pytest.raises(BundleError, match=r"'weights\.safetensors' is not what"):
        parse_bundle(with_manifest(head(), changed), "lstm")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"manifest.json": json.dumps(head()).encode(), "a.json": bytes(10**7)}, kind=8)
    assert len(bomb) < 20_000
    with pytest.raises(BundleError, match="compressed"):
        parse_bundle(bomb, "lstm")


def test_overlapping_entries_are_refused_by_their_sum() -> None:
    # Two directory entries that point at the same large bytes.
    data = zipped({"manifest.json": b"{}", "a.json": bytes(5000)})
    start = data.index(b"PK\x01\x02", 5000)
    second = data.index(b"PK\x01\x02", start + 1)
    end = data.index(b"PK\x05\x06")
    copies = b"".join(data[second:end].replace(b"a.json", b"%c.json" % c) for c in b"bcd")
    directory = data[start:end] + copies
    tail = bytearray(data[end:])
    tail[8:10] = tail[10:12] = (5).to_bytes(2, "little")
    tail[12:16] = len(directory).to_bytes(4, "little")
    with pytest.raises(BundleError, match="more bytes than the file has"):
        parse_bundle(data[:start] + directory + bytes(tail), "lstm")


@pytest.mark.parametrize(
    "name",
    [
        "../a.json",
        "/etc/a.json",
        "a/../b.json",
        "a\\b.json",
        "C:a.json",
        ".a.json",
        "a.pkl",
        "é.json",
    ],
)
def test_unsafe_entry_names_are_refused_on_both_sides(name: str) -> None:
    with pytest.raises(BundleError):
        parse_bundle(with_manifest(head(), ENTRIES | {name: b"x"}), "lstm")
    with pytest.raises(SettingError):
        bundle_bytes("lstm", {name: b"x"}, {})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (zipped({"word/document.xml": b"<x/>"}), "no manifest"),
        (with_manifest({"format": "other"}), "another program"),
        (with_manifest([]), "another program"),
        (with_manifest(b"{"), "not JSON"),
        (with_manifest(b"\xff"), "not JSON"),
        (with_manifest(b"[" * 100_000), "not JSON"),
        (with_manifest(head(meta=float("nan"))), "not JSON"),
        (with_manifest(b" " * (1024**2 + 1)), "too large"),
        (with_manifest(head(format_version="1")), "format_version"),
        (with_manifest(head(format_version=True)), "format_version"),
        (with_manifest(head(format_version=0)), "format_version"),
        (with_manifest(head(kind=...)), "'kind'"),
        (with_manifest(head(meta=[])), "'meta'"),
        (with_manifest(head(entries={})), "'entries'"),
        (with_manifest(head(entries=["a"])), "another form"),
        (with_manifest(head(entries=[{"name": "a"}])), "another form"),
        (with_manifest(head(entries=[{"name": [], "size": 1, "sha256": ""}])), "not those"),
        (with_manifest(head(), {}), "not those of its manifest"),
        (with_manifest(head(), ENTRIES | {"more.json": b""}), "not those of its manifest"),
        (zipped({"manifest.json": b"{}"}, twice="manifest.json"), "one name"),
        (zipped({"manifest.json": b"{}"} | {f"{i}.json": b"" for i in range(300)}), "301 entries"),
    ],
)
def test_foreign_archives_and_manifests_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(BundleError, match=message) as caught:
        parse_bundle(data, "lstm", name="model.upswell")
    assert "model.upswell" in str(caught.value)
    assert caught.value.fix


def test_a_later_format_says_to_upgrade() -> None:
    with pytest.raises(BundleError, match="format version 2") as caught:
        parse_bundle(with_manifest(head(format_version=2, entries="new form")), "lstm")
    assert caught.value.fix == "upgrade upswell"


def test_another_kind_is_refused() -> None:
    with pytest.raises(BundleError, match="holds 'lstm', and 'tiers' is needed"):
        parse_bundle(WHOLE, "tiers")


def test_a_file_over_the_limit_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "model.upswell"
    with path.open("wb") as handle:
        handle.truncate(checks.MAXIMUM_BYTES + 1)
    with pytest.raises(BundleError, match="at most"):
        read_bundle(path, "lstm")
    monkeypatch.setattr(checks, "MAXIMUM_BYTES", 100)
    with pytest.raises(BundleError, match="more than 100"):
        parse_bundle(WHOLE, "lstm")


def test_what_is_not_a_file_is_refused(tmp_path: Path) -> None:
    for path, message in (
        (tmp_path, "folder"),
        (tmp_path / "absent", "No such file"),
        (Path("/dev/null"), "plain file"),
        (tmp_path / "a\0b", "cannot be read"),
    ):
        with pytest.raises(BundleError, match=message):
            read_bundle(path, "lstm")


@pytest.mark.parametrize("meta", [{"a": float("nan")}, {"a": b"x"}, {"a": {1, 2}}])
def test_facts_that_json_cannot_say_are_refused(meta: dict[str, object]) -> None:
    with pytest.raises(SettingError, match="plain JSON"):
        bundle_bytes("lstm", {}, meta)


@pytest.mark.parametrize("kind", ["", "LSTM", "a b", "-a"])
def test_a_kind_has_a_plain_name(kind: str) -> None:
    with pytest.raises(SettingError, match="kind"):
        bundle_bytes(kind, {}, {})


def test_too_much_content_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingError, match="300 entries"):
        bundle_bytes("lstm", {f"{i}.json": b"" for i in range(300)}, {})
    monkeypatch.setattr(checks, "MAXIMUM_BYTES", 1000)
    with pytest.raises(SettingError, match="more than 1000"):
        bundle_bytes("lstm", {"a.json": bytes(2000)}, {})


def test_a_bundle_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(SettingError):
        write_bundle(tmp_path / "model.upswell", "lstm", {"a.pkl": b""}, {})
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError):
        write_bundle(tmp_path, "lstm", {}, {})


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("model.cbm", b"CBM1 and more", [b"", b"CBM", b"cbm1", b"\x80\x04}."]),
        ("a/tier.txt", "tree\nversion=v4 é\n".encode(), [b"", b"tree", b"tree\n\xff", b"tree\n\0"]),
        ("a.parquet", b"PAR1....PAR1", [b"", b"PAR1", b"PAR1PAR1", b"PAR1........", b"....PAR1"]),
    ],
)
def test_native_files_must_start_as_their_names_say(
    name: str, right: bytes, wrong: list[bytes]
) -> None:
    data = bundle_bytes("lstm", {name: right}, {})
    assert parse_bundle(data, "lstm").entries == {name: right}
    for other in wrong:
        with pytest.raises(SettingError, match="does not hold what its name says"):
            bundle_bytes("lstm", {name: other}, {})


@pytest.mark.parametrize("name", ["a.pkl", "a.joblib", "a.onnx", "a.py", "a.so", "a", "a.CBM"])
def test_other_forms_are_refused_on_both_sides(name: str) -> None:
    with pytest.raises(SettingError, match="of no known form"):
        bundle_bytes("lstm", {name: b"x"}, {})
    entry = {"name": name, "size": 1, "sha256": sha256_bytes(b"x")}
    with pytest.raises(BundleError, match="of no known form"):
        parse_bundle(with_manifest(head(entries=[entry]), {name: b"x"}), "lstm")


def test_a_later_format_with_other_forms_says_to_upgrade() -> None:
    data = with_manifest(head(format_version=2), {"model.onnx": b"x"})
    with pytest.raises(BundleError) as caught:
        parse_bundle(data, "lstm")
    assert caught.value.fix == "upgrade upswell"
