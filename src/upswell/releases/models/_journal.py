"""A study on disk: one line of JSON for each event, in Optuna's format, held by one training.

The file itself carries the lock of the operating system (``flock``), which ends with the process:
a training that was killed leaves nothing behind that blocks the next one.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from upswell.errors import OutputError, Place, SettingError
from upswell.releases.models._suggestion import State, TrialRecord, running_mean
from upswell.releases.models.space import Space, describe

if TYPE_CHECKING:
    from optuna.storages import JournalStorage
    from optuna.trial import FrozenTrial

_IDENTITY = "upswell"
_FORMAT = 1
# All that replaying a journal of another program is known to raise.
_REPLAY_ERRORS = (ValueError, KeyError, TypeError, AttributeError, AssertionError, IndexError)


@dataclass(frozen=True)
class Identity:
    """What makes two studies the same study.

    Parameters
    ----------
    name
        Name of the study.
    space
        What it may try.
    seed
        Its seed.
    batch
        Number of trials that do not know of each other.
    fingerprint
        A text that changes with the data and with all other settings.
    """

    name: str
    space: Space
    seed: int
    batch: int
    fingerprint: str

    def facts(self) -> dict[str, Any]:
        """Return the identity as JSON has it."""
        return {
            "format": _FORMAT,
            "space": describe(self.space),
            "seed": self.seed,
            "batch": self.batch,
            "fingerprint": self.fingerprint,
        }


class Journal:
    """The trials of one study, on disk.

    Parameters
    ----------
    storage
        Optuna's storage on the file.
    identity
        The study.
    place
        The file, for errors.
    """

    def __init__(self, storage: JournalStorage, identity: Identity, place: Place) -> None:
        self._storage = storage
        self._place = place
        self._study = _study_number(storage, identity, place)
        self._distributions = {name: entry.distribution() for name, entry in identity.space.items()}
        self.interrupted = self._fail_running()

    def _fail_running(self) -> int:
        """Mark trials that a killed training left running; return how many were ever left so."""
        from optuna.trial import TrialState

        for trial in self._storage.get_all_trials(self._study):
            if not trial.state.is_finished():
                number = self._number(trial)
                self._storage.set_trial_user_attr(number, "interrupted", value=True)
                self._storage.set_trial_state_values(number, TrialState.FAIL)
        trials = self._storage.get_all_trials(self._study)
        return sum("interrupted" in trial.user_attrs for trial in trials)

    def _number(self, trial: FrozenTrial) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._study, trial.number)

    def records(self) -> list[TrialRecord]:
        """Return the trials that ended, by index."""
        trials = self._storage.get_all_trials(self._study)
        ended = [trial for trial in trials if "interrupted" not in trial.user_attrs]
        return sorted(map(_record, ended), key=lambda record: record.index)

    def start(self, index: int, params: Mapping[str, Any]) -> int:
        """Write that a trial starts; return the number under which it is written."""
        import optuna
        from optuna.trial import TrialState

        trial = optuna.create_trial(
            state=TrialState.RUNNING,
            params=dict(params),
            distributions=self._distributions,
            user_attrs={"index": index},
        )
        with _disk_errors(self._place):
            return int(self._storage.create_new_trial(self._study, trial))

    def report(self, number: int, scores: list[float]) -> None:
        """Write the mean of a trial's scores so far."""
        step, mean = len(scores) - 1, running_mean(scores)
        with _disk_errors(self._place):
            self._storage.set_trial_intermediate_value(number, step, mean)

    def finish(self, number: int, record: TrialRecord) -> None:
        """Write how a trial ended."""
        from optuna.trial import TrialState

        facts = {"scores": record.scores, "seconds": record.seconds, "error": record.error}
        states = {
            "complete": TrialState.COMPLETE,
            "pruned": TrialState.PRUNED,
            "failed": TrialState.FAIL,
        }
        mean = running_mean(record.scores) if record.state != "failed" else None
        values = None if mean is None else [mean]
        with _disk_errors(self._place):
            self._storage.set_trial_user_attr(number, "result", facts)
            self._storage.set_trial_state_values(number, states[record.state], values)


def _record(trial: FrozenTrial) -> TrialRecord:
    from optuna.trial import TrialState

    states: dict[TrialState, State] = {
        TrialState.COMPLETE: "complete",
        TrialState.PRUNED: "pruned",
        TrialState.FAIL: "failed",
    }
    result = trial.user_attrs["result"]
    return TrialRecord(
        index=trial.user_attrs["index"],
        params=dict(trial.params),
        state=states[trial.state],
        scores=tuple(result["scores"]),
        seconds=result["seconds"],
        error=result["error"],
    )


@contextlib.contextmanager
def open_journal(path: Path, identity: Identity, *, resume: bool) -> Iterator[Journal]:
    """Hold a journal: a new one, or with `resume` also one of the same study.

    Raises
    ------
    SettingError
        When a journal is there and `resume` is not set, when another training holds it, or when it
        is no journal or that of another study.
    OutputError
        When the file cannot be written.
    """
    place = Place(str(path))
    with _held(path, place) as handle:
        size = os.fstat(handle).st_size
        if size and not resume:
            raise SettingError(
                "the journal of an earlier training is there",
                where=place,
                fix="resume that training, or delete its journal, or name another",
            )
        if size:
            _check_lines(path, place)
        try:
            journal = Journal(_storage(path), identity, place)
            journal.records()
        except _REPLAY_ERRORS as error:
            raise _foreign(place) from error
        yield journal


@contextlib.contextmanager
def _disk_errors(place: Place) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the journal cannot be written: {error.strerror}",
            where=place,
            fix="free some space, or name another journal",
        ) from error


@contextlib.contextmanager
def _held(path: Path, place: Place) -> Iterator[int]:
    """Open a file, created when missing, and hold its lock."""
    import fcntl

    if path.exists() and not path.is_file():
        raise OutputError("the journal is not a plain file", where=place, fix="name another")
    with _disk_errors(place):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise SettingError(
                "another training is at work on this journal",
                where=place,
                fix="wait until it ends, or name another journal",
            ) from error
        yield handle
    finally:
        os.close(handle)


def _check_lines(path: Path, place: Place) -> None:
    """Raise unless each line is an event; cut off a last line that was not written to its end."""
    data = path.read_bytes()
    end = data.rfind(b"\n") + 1
    try:
        for line in data[:end].splitlines():
            if not isinstance(json.loads(line)["op_code"], int):
                raise _foreign(place)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _foreign(place) from error
    if end == 0:
        raise _foreign(place)
    if end < len(data):
        os.truncate(path, end)


class _NoLock:
    """Stands for Optuna's own lock, whose link would outlive a killed process for 30 seconds."""

    def acquire(self) -> bool:
        return True

    def release(self) -> None:
        return None


def _storage(path: Path) -> JournalStorage:
    from optuna.storages import JournalStorage
    from optuna.storages.journal import JournalFileBackend

    return JournalStorage(JournalFileBackend(str(path), lock_obj=_NoLock()))  # type: ignore[arg-type]


def _study_number(storage: JournalStorage, identity: Identity, place: Place) -> int:
    """Return the number of the study, created when the journal is empty; check its identity."""
    from optuna.study import StudyDirection

    studies = storage.get_all_studies()
    if not studies:
        number = storage.create_new_study([StudyDirection.MINIMIZE], identity.name)
    elif len(studies) == 1 and studies[0].study_name == identity.name:
        number = storage.get_study_id_from_name(identity.name)
    else:
        raise _other("another name", place)
    found = storage.get_study_user_attrs(number).get(_IDENTITY)
    own = identity.facts()
    if found is None and not storage.get_all_trials(number):
        storage.set_study_user_attr(number, _IDENTITY, own)
    elif found != own:
        words = {
            "format": "another version of this program",
            "space": "other settings to search",
            "seed": "another seed",
            "batch": "another number of trials at once",
            "fingerprint": "other data or other settings",
        }
        differing = [key for key in words if not found or found.get(key) != own[key]]
        raise _other(words[differing[0]], place)
    return number


def _other(why: str, place: Place) -> SettingError:
    return SettingError(
        f"the journal is that of another training, with {why}",
        where=place,
        fix="name another journal, or delete this one, to train anew",
    )


def _foreign(place: Place) -> SettingError:
    return SettingError(
        "the file is not a journal of a training", where=place, fix="name another journal"
    )
