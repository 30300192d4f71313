"""An audit read back is the audit that was written; anything else is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from releases.auditing.light import CONFIG, light_world, line
from upswell.errors import OutputError, SourceError
from upswell.releases import AuditedReleases, ReleasesConfig
from upswell.releases.auditing import read_audit, save_audit
from upswell.releases.auditing.run import audit_periods
from upswell.releases.auditing.subjects import cleaning_rules


def _audited(config: ReleasesConfig = CONFIG) -> AuditedReleases:
    world = light_world(2)
    subjects = [*world.groups, *cleaning_rules()]
    return audit_periods(
        world.periods, subjects, world.names, config, line, instead={}, seeds=2, seed=1
    )


@pytest.fixture(scope="module")
def audited() -> AuditedReleases:
    return _audited()


def test_what_is_read_back_is_what_was_written(audited: AuditedReleases, tmp_path: Path) -> None:
    record = save_audit(audited, tmp_path / "a", page=b"<p>", timings={"audit": 1.23456})
    assert {path.name for path in (tmp_path / "a").iterdir()} == {
        *("audit.csv", "audit.json", "audit.html")
    }
    assert record["timings"] == {"audit": 1.235}
    for path in (tmp_path / "a", tmp_path / "a" / "audit.json"):
        again = read_audit(path)
        assert again.frame.equals(audited.frame, null_equal=True)
        assert again.sentences() == audited.sentences()
        assert again.record() == audited.record()


def test_without_a_hit_it_is_kept_as_well(tmp_path: Path) -> None:
    config = ReleasesConfig.model_validate({"tiers": {"bounds": [1.0, 1e12]}})
    found = _audited(config)
    save_audit(found, tmp_path / "a")
    again = read_audit(tmp_path / "a")
    assert again.facts["scores"]["hit_recall"] == {"base": None, "constant_ratio": None}
    rows = [each for each in again.findings if each.measure == "hit_recall"]
    assert {each.verdict for each in rows} == {"unclear"}
    assert all({"few-hits", "few-weeks"} <= set(each.codes) for each in rows)


def test_without_a_folder_nothing_is_written(audited: AuditedReleases, tmp_path: Path) -> None:
    save_audit(audited, None, page=b"x")
    assert not list(tmp_path.iterdir())
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(OutputError):
        save_audit(audited, tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        lambda record: record.update(command="releases evaluate"),
        lambda record: record.pop("findings"),
        lambda record: record["findings"][0].update(verdict="<script>"),
        lambda record: record["findings"][0].update(gain="much"),
        lambda record: record["findings"][0].update(low=[1]),
        lambda record: record["findings"][0].update(subject=3),
        lambda record: record["findings"][0].update(codes=["unheard"]),
        lambda record: record["findings"][0].update(subject="nobody"),
        lambda record: record["findings"][-1].update(subject="sweep"),
        lambda record: record["findings"].append(None),
        lambda record: record.pop("cost"),
        lambda record: record["cost"].update(unit=3),
    ],
)
def test_what_is_no_audit_is_refused(
    audited: AuditedReleases, tmp_path: Path, damage: object
) -> None:
    record = json.loads(json.dumps(save_audit(audited, None)))
    damage(record)  # type: ignore[operator]
    path = tmp_path / "audit.json"
    path.write_text(json.dumps(record))
    for given in (path, tmp_path):
        with pytest.raises(SourceError, match="is not as upswell releases audit writes it"):
            read_audit(given)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"{", b"[]", b"\xff{", b"[" * 100_000),
        *(b'{"findings": 3}', b'{"command": "releases audit", "groups": [], "findings": [3]}'),
    ],
)
def test_what_is_no_record_at_all_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "audit.json").write_bytes(data)
    with pytest.raises(SourceError, match="is not as upswell releases audit writes it"):
        read_audit(tmp_path)


def test_where_there_is_none_the_command_is_named(tmp_path: Path) -> None:
    for given in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(SourceError, match=r"holds no audit\.json") as caught:
            read_audit(given)
        assert caught.value.fix == "give the folder that upswell releases audit wrote to"
