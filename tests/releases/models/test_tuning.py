"""A study ends the same however it ran: in one go, killed, by one worker or two."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import pytest

import upswell
from releases.models import bowl as bowl_program
from releases.models.bowl import SPACE, TRIALS, bowl, study
from upswell.errors import OutputError, SettingError, UpswellError
from upswell.releases.models._suggestion import TrialRecord, should_prune, suggest_batch, trial_seed
from upswell.releases.models.space import Choice, FloatRange, defaults
from upswell.releases.models.tuning import TuningResult


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> TuningResult:
    """The study, run in one go."""
    return study(tmp_path_factory.mktemp("study") / "journal")


def timeless(result: TuningResult) -> list[TrialRecord]:
    return [replace(record, seconds=0.0) for record in result.records]


def test_the_first_trial_tries_the_defaults_and_the_best_is_no_worse(whole: TuningResult):
    assert whole.records[0].params == defaults(SPACE)
    assert whole.records[0].state == "complete"
    assert whole.default_value == pytest.approx(
        np.mean(list(bowl(defaults(SPACE), trial_seed(11, 0, 1))))
    )
    assert whole.best_value < whole.default_value - 1.0
    assert whole.best_value == min(r.value for r in whole.records if r.value is not None)
    assert whole.stopped == "trials"
    assert (whole.resumed, whole.interrupted, len(whole.records)) == (0, 0, TRIALS)


def test_every_trial_stays_in_the_space(whole: TuningResult):
    for record in whole.records:
        assert -3 <= record.params["x"] <= 3
        assert 0.001 <= record.params["rate"] <= 1
        assert record.params["depth"] in range(1, 10)
        assert record.params["way"] in {"plain", "other"}
    assert len({record.params["x"] for record in whole.records}) == TRIALS


def test_the_same_seed_gives_the_same_study_and_another_seed_another(
    whole: TuningResult, tmp_path: Path
):
    assert timeless(study(tmp_path / "again")) == timeless(whole)
    assert study(tmp_path / "again", resume=True, trials=1).facts() == whole.facts()
    other = study(tmp_path / "other", seed=12, trials=4)
    assert timeless(other)[1:] != timeless(whole)[1:4]


def test_two_workers_do_the_same_as_one(whole: TuningResult, tmp_path: Path):
    assert timeless(study(tmp_path / "journal", workers=2)) == timeless(whole)


@pytest.mark.parametrize("first", [1, 7, 20])
def test_a_study_in_two_parts_is_the_study_in_one(whole: TuningResult, tmp_path: Path, first: int):
    study(tmp_path / "journal", trials=first)
    both = study(tmp_path / "journal", resume=True)
    assert timeless(both) == timeless(whole)
    assert both.resumed == first


def test_a_killed_training_goes_on_as_if_nothing_had_happened(whole: TuningResult, tmp_path: Path):
    journal = tmp_path / "journal"
    paths = [str(Path(upswell.__file__).parents[1]), str(Path(__file__).parents[2])]
    program = subprocess.Popen(
        [sys.executable, bowl_program.__file__, str(journal)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        text=True,
    )
    with program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == "in the sixth trial\n"
            before = journal.read_bytes()
            with pytest.raises(SettingError, match="another training is at work"):
                study(journal, resume=True)
            assert journal.read_bytes() == before
        finally:
            program.kill()
    resumed = study(journal, resume=True)
    assert timeless(resumed) == timeless(whole)
    assert resumed.facts() == whole.facts()
    assert (resumed.resumed, resumed.interrupted) == (5, 1)
    states = [trial.state.name for trial in as_optuna_sees_it(journal).trials]
    assert states.count("FAIL") == 1
    assert states[5] == "FAIL"
    assert len(states) == TRIALS + 1


def as_optuna_sees_it(journal: Path) -> optuna.Study:
    """Read the journal with Optuna's own means."""
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return optuna.load_study(
        study_name="bowl", storage=JournalStorage(JournalFileBackend(str(journal)))
    )


def test_the_journal_is_one_that_optuna_reads(whole: TuningResult, tmp_path: Path):
    study(tmp_path / "journal")
    seen = as_optuna_sees_it(tmp_path / "journal")
    assert seen.best_value == whole.best_value
    assert seen.best_params == whole.best_params
    assert [trial.number for trial in seen.trials] == list(range(TRIALS))


def test_a_journal_that_is_there_is_not_written_to_without_resume(tmp_path: Path):
    journal = tmp_path / "journal"
    study(journal, trials=3)
    before = journal.read_bytes()
    with pytest.raises(SettingError, match="earlier training") as caught:
        study(journal, trials=3)
    assert str(journal) in str(caught.value)
    assert "resume" in str(caught.value.fix)
    assert journal.read_bytes() == before


def test_resuming_where_nothing_is_starts_anew(tmp_path: Path):
    result = study(tmp_path / "deep" / "journal", trials=2, resume=True)
    assert (len(result.records), result.resumed) == (2, 0)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fingerprint": "other"}, "other data or other settings"),
        ({"seed": 12}, "another seed"),
        ({"space": {"x": FloatRange(0.0, 1.0, default=0.5)}}, "other settings to search"),
        ({"name": "number"}, "another name"),
    ],
)
def test_the_journal_of_another_study_is_refused(tmp_path: Path, changes: dict[str, Any], why: str):
    journal = tmp_path / "journal"
    study(journal, trials=2)
    before = journal.read_bytes()
    with pytest.raises(SettingError, match=why):
        study(journal, resume=True, **changes)
    assert journal.read_bytes() == before


@pytest.mark.parametrize(
    "data",
    [
        b"release,date\nr1,2024-01-01\n",
        b"[1, 2]\n",
        b'{"op_code": "x"}\n',
        b'{"op_code": 4}\n',
        b"not a line",
        b"\xff\xfe\n",
        b"[" * 100_000 + b"\n",
        b'{"op_code":0,"worker_id":"a","study_name":"bowl","directions":[1]}\n{"op_code":99}\n',
    ],
)
def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path: Path, data: bytes):
    journal = tmp_path / "journal"
    journal.write_bytes(data)
    with pytest.raises(SettingError, match="not a journal"):
        study(journal, resume=True)
    assert journal.read_bytes() == data


def test_a_line_that_was_cut_off_is_dropped(whole: TuningResult, tmp_path: Path):
    journal = tmp_path / "journal"
    study(journal, trials=6)
    data = journal.read_bytes()
    for cut in (1, 40, 400):
        journal.write_bytes(data[:-cut])
        assert timeless(study(journal, resume=True, trials=6)) == timeless(whole)[:6]


def test_a_journal_cut_anywhere_can_be_resumed(whole: TuningResult, tmp_path: Path):
    journal = tmp_path / "journal"
    study(journal, trials=4)
    data = journal.read_bytes()
    first = data.index(b"\n") + 1
    for cut in np.linspace(first, len(data), 25).astype(int):
        journal.write_bytes(data[:cut])
        assert timeless(study(journal, resume=True, trials=4)) == timeless(whole)[:4]


def test_two_trainings_in_one_process_cannot_share_a_journal(tmp_path: Path):
    journal = tmp_path / "journal"
    seen = []

    def nested(params: Mapping[str, Any], seed: int) -> Iterator[float]:
        with pytest.raises(SettingError, match="at work"):
            study(journal, resume=True, trials=1)
        seen.append(seed)
        return bowl(params, seed)

    study(journal, nested, trials=1)
    assert len(seen) == 1


def test_a_journal_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(OutputError, match="plain file"):
        study(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        study(tmp_path / "file" / "journal")


def test_a_failed_trial_is_counted_and_the_study_goes_on(tmp_path: Path):
    def fragile(params: Mapping[str, Any], seed: int) -> Iterator[float]:
        for fold, score in enumerate(bowl(params, seed)):
            if params["x"] < 0 and fold == 1:
                raise ZeroDivisionError("x is negative")
            yield score

    result = study(tmp_path / "journal", fragile, trials=16)
    failed = [record for record in result.records if record.state == "failed"]
    assert failed
    assert all(record.params["x"] < 0 for record in failed)
    assert {record.error for record in failed} == {"ZeroDivisionError: x is negative"}
    assert result.count("failed") == len(failed) == result.facts()["failed"]
    assert result.count("complete") + result.count("pruned") == 16 - len(failed)
    again = study(tmp_path / "journal", fragile, trials=16, resume=True)
    assert again.records == result.records
    table = result.table()
    assert table.filter(table["state"] == "failed")["value"].null_count() == len(failed)


@pytest.mark.parametrize(
    ("scores", "why"),
    [
        ([float("nan")], "the score is nan"),
        ([1.0, float("inf")], "the score is inf"),
        ([], "gave no score"),
        (["a"], "could not convert"),
    ],
)
def test_scores_that_are_none_fail_and_when_all_fail_so_does_the_study(
    tmp_path: Path, scores: list[Any], why: str
):
    with pytest.raises(UpswellError, match=f"all 3 trials.*{why}") as caught:
        study(tmp_path / "journal", lambda _params, _seed: iter(scores), trials=3)
    assert not isinstance(caught.value, SettingError)
    assert caught.value.exit_code == 1


def test_trials_worse_than_the_median_are_given_up(tmp_path: Path):
    seen: dict[int, int] = {}

    def counted(params: Mapping[str, Any], seed: int) -> Iterator[float]:
        for fold, score in enumerate(bowl(params, seed)):
            seen[seed] = fold + 1
            yield score

    result = study(tmp_path / "journal", counted)
    pruned = [record for record in result.records if record.state == "pruned"]
    assert len(pruned) >= 5
    assert min(record.index for record in pruned) >= 5
    for record in pruned:
        assert len(record.scores) == seen[trial_seed(11, record.index, 1)] < 3
        others = [
            r.scores[0] for r in result.records if r.state == "complete" and r.index < record.index
        ]
        assert record.scores[0] > np.percentile(others, 25)
    assert result.best.state == "complete"


def test_a_trial_is_never_given_up_after_its_last_fold_or_among_few():
    past = [TrialRecord(i, {}, "complete", (1.0, 2.0, 3.0), 0.0) for i in range(5)]
    assert should_prune([2.0], past)
    assert should_prune([1.0, 2.1], past)
    assert not should_prune([1.0, 2.0], past)
    assert not should_prune([9.0, 9.0, 9.0], past)
    assert not should_prune([9.0], past[:4])
    assert not should_prune([9.0], [replace(record, state="failed") for record in past])


def test_the_time_is_up_after_the_trial_that_runs(tmp_path: Path):
    result = study(tmp_path / "journal", timeout=1e-9)
    assert (len(result.records), result.stopped) == (1, "timeout")
    result = study(tmp_path / "journal", timeout=1e-9, resume=True)
    assert (len(result.records), result.stopped) == (1, "timeout")
    result = study(tmp_path / "journal", timeout=600.0, resume=True, trials=4)
    assert (len(result.records), result.stopped) == (4, "trials")


def test_progress_hears_of_each_trial_in_this_thread(tmp_path: Path):
    import threading

    heard: list[tuple[Any, ...]] = []

    def progress(*facts: Any) -> None:
        heard.append((*facts, threading.current_thread().name))

    result = study(tmp_path / "journal", trials=12, progress=progress, workers=2)
    assert sorted(facts[0] for facts in heard) == list(range(12))
    assert {facts[1] for facts in heard} == {12}
    assert {facts[5] for facts in heard} == {"MainThread"}
    assert [facts[2] for facts in sorted(heard)] == [record.value for record in result.records]
    assert heard[-1][3] == result.best_value
    assert all(facts[4] >= 0 for facts in heard)


def test_an_interrupt_in_a_progress_bar_leaves_a_journal_that_goes_on(
    whole: TuningResult, tmp_path: Path
):
    def stop(index: int, *_others: object) -> None:
        if index == 5:
            raise KeyboardInterrupt

    for workers in (1, 2):
        journal = tmp_path / f"journal{workers}"
        with pytest.raises(KeyboardInterrupt):
            study(journal, progress=stop, workers=workers)
        assert timeless(study(journal, resume=True)) == timeless(whole)


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupt_in_a_trial_leaves_it_to_be_repeated(
    whole: TuningResult, tmp_path: Path, workers: int
):
    calls = 0

    def interrupted(params: Mapping[str, Any], seed: int) -> Iterator[float]:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        yield from bowl(params, seed)

    with pytest.raises(KeyboardInterrupt):
        study(tmp_path / "journal", interrupted, workers=workers)
    result = study(tmp_path / "journal", resume=True)
    assert timeless(result) == timeless(whole)
    assert result.interrupted in {1, workers}


def test_a_full_disk_ends_the_study_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from optuna.storages.journal import JournalFileBackend

    write = JournalFileBackend.append_logs
    room = 60

    def append(self: JournalFileBackend, logs: list[dict[str, Any]]) -> None:
        nonlocal room
        room -= 1
        if room < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(self, logs)

    monkeypatch.setattr(JournalFileBackend, "append_logs", append)
    with pytest.raises(OutputError, match="No space left"):
        study(tmp_path / "journal")
    monkeypatch.undo()
    assert len(study(tmp_path / "journal", resume=True).records) == TRIALS


def test_the_log_and_the_random_numbers_of_others_are_left_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
):
    before = optuna.logging.get_verbosity()
    np.random.seed(3)  # noqa: NPY002
    expected = np.random.RandomState(3).random_sample()
    optuna.logging.set_verbosity(optuna.logging.DEBUG)
    try:
        study(tmp_path / "journal", trials=14)
        assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
        with pytest.raises(UpswellError):
            study(tmp_path / "other", lambda _params, _seed: iter([]), trials=1)
        assert optuna.logging.get_verbosity() == optuna.logging.DEBUG
    finally:
        optuna.logging.set_verbosity(before)
    assert np.random.random_sample() == expected  # noqa: NPY002
    assert capfd.readouterr() == ("", "")


def test_the_table_says_all_of_each_trial(whole: TuningResult):
    table = whole.table()
    assert table.columns == [
        *("index", "state", "value", "best", "seconds", "folds", "params", "error")
    ]
    assert table["index"].to_list() == list(range(TRIALS))
    assert table["best"].to_list() == whole.history
    assert (
        whole.history
        == np.minimum.accumulate(
            [np.inf if r.value is None else r.value for r in whole.records]
        ).tolist()
    )
    assert table["params"].to_list() == [record.params for record in whole.records]
    assert table["folds"].to_list() == [list(record.scores) for record in whole.records]


def test_facts_are_plain_json_without_times(whole: TuningResult):
    facts = whole.facts()
    assert json.loads(json.dumps(facts, allow_nan=False)) == facts
    assert facts["best_params"] == whole.best_params
    assert "seconds" not in json.dumps(facts)


def test_importance_names_what_mattered(whole: TuningResult, tmp_path: Path):
    found = whole.importance()
    assert next(iter(found)) == "x"
    assert sum(found.values()) == pytest.approx(1.0)
    assert set(found) == set(SPACE)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    few = study(tmp_path / "few", trials=3)
    assert few.importance() == {}
    flat = study(tmp_path / "flat", lambda _params, _seed: iter([1.0, 1.0]), trials=14)
    assert flat.importance() == {}
    assert flat.best.index == 0


def test_numbers_that_make_no_sense_are_refused_before_a_journal_is_made(tmp_path: Path):
    for changes in (
        {"trials": 0},
        {"seed": -1},
        {"timeout": 0.0},
        {"timeout": float("nan")},
        {"workers": 0},
        {"space": {}},
    ):
        with pytest.raises(SettingError):
            study(tmp_path / "journal", **changes)
    assert list(tmp_path.iterdir()) == []


def test_suggestions_follow_what_was_good():
    # Nothing but x matters, and it should be near 1: later draws must come closer than a blind
    # draw, whose mean distance is 1.67.
    space = {"x": FloatRange(-3.0, 3.0, default=2.0)}
    records: list[TrialRecord] = []
    for start in range(0, 40, 2):
        batch = suggest_batch(space, 5, range(start, start + 2), records)
        for index, params in enumerate(batch, start=start):
            records.append(TrialRecord(index, params, "complete", ((params["x"] - 1) ** 2,), 0.0))
    distance = [abs(record.params["x"] - 1) for record in records[20:]]
    assert np.mean(distance) < 0.9


def test_seeds_of_trials_differ_and_fit_into_31_bits():
    seeds = {
        trial_seed(seed, index, use) for seed in (0, 1) for index in range(50) for use in (0, 1)
    }
    assert len(seeds) == 200
    assert max(seeds) < 2**31
    assert min(seeds) >= 0


def test_a_choice_of_one_option_is_no_obstacle(tmp_path: Path):
    space = {"x": FloatRange(0.0, 1.0, default=0.5), "only": Choice(("one",), default="one")}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = study(
            tmp_path / "journal", lambda p, _seed: iter([p["x"]]), space=space, trials=14
        )
    assert {record.params["only"] for record in result.records} == {"one"}
    assert result.importance()["only"] == 0.0
