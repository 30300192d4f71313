"""The card says what was taught and how, and nothing of the machine's name or places."""

from __future__ import annotations

import dataclasses
import datetime as dt
import getpass
import json
import socket
import tempfile
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from documents import codes, read, rows, section
from upswell.errors import OutputError
from upswell.forecasting.lstm.pretrained.weights import Card, build_network
from upswell.forecasting.lstm.pretraining import CARD, WEIGHTS, card, pretrain, write_weights
from upswell.forecasting.lstm.pretraining.card import prior_fingerprint, repeated
from upswell.simulate.audiences import AudiencePrior
from upswell.store import sha256_file


@pytest.fixture(scope="module")
def result(tiny):
    return pretrain(tiny)


def test_weights_and_card_are_written_together(tiny, result, tmp_path):
    folder = tmp_path / "out"
    said = write_weights(result, tiny, folder, today=dt.date(2026, 1, 2))
    assert sorted(path.name for path in folder.iterdir()) == [WEIGHTS, CARD]
    assert json.loads((folder / CARD).read_text(encoding="utf-8")) == said
    assert said["sha256"] == sha256_file(folder / WEIGHTS)
    assert said["bytes"] == (folder / WEIGHTS).stat().st_size < 8_000_000
    with safe_open(folder / WEIGHTS, framework="numpy") as file:
        assert json.loads(file.metadata()["upswell.network"]) == said["network"]
        for name, array in result.weights.items():
            assert np.array_equal(file.get_tensor(name), array)


def test_what_is_written_can_be_shipped(tiny, result, tmp_path):
    write_weights(result, tiny, tmp_path / "made")
    kept = Card.from_json((tmp_path / "made" / CARD).read_bytes())
    network = build_network((tmp_path / "made" / WEIGHTS).read_bytes(), kept)
    assert (network.units, network.layers) == (tiny.units, tiny.layers)
    assert kept.about["data"]["seed"] == tiny.seed


def test_all_keys_of_the_card_are_documented(tiny, result, tmp_path):
    text = section(read("docs/pretraining.md"), "The card")
    documented = [code for row in rows(text) for code in codes(row[0])]
    assert documented == list(write_weights(result, tiny, tmp_path / "out"))


def test_the_card_says_how_to_repeat_the_training(tiny, result, tmp_path):
    said = write_weights(result, tiny, tmp_path / "out", today=dt.date(2026, 1, 2))
    assert said["created"] == "2026-01-02"
    assert said["data"]["prior"] == prior_fingerprint()
    assert said["data"]["simulated_series"] == 2 * 4 * 128
    assert said["data"]["examples"] == result.last.examples
    assert said["training"]["steps"] == 5
    assert said["training"]["settings"]["units"] == 4
    assert said["training"]["repeat"] == (
        "upswell pretrain --steps 5 --seed 0 --threads 1 --units 4 --batch-size 512"
    )
    assert said["scores"] == result.last.scores.to_json()
    assert said["limits"]
    assert [line["step"] for line in said["curve"]] == [2, 4, 5]


def test_the_card_names_no_machine_no_person_and_no_place(tiny, result, tmp_path):
    text = json.dumps(write_weights(result, tiny, tmp_path / "out"))
    words = [socket.gethostname(), str(Path(card.__file__).parents[5]), tempfile.gettempdir()]
    if getpass.getuser() != "root":  # a word of its own
        words.append(getpass.getuser())
    for word in words:
        assert len(word) < 3 or word not in text


def test_another_prior_has_another_fingerprint():
    prior = AudiencePrior()
    walk = dataclasses.replace(
        prior.walk,
        **{
            field.name: dataclasses.replace(getattr(prior.walk, field.name), why="said otherwise")
            for field in dataclasses.fields(prior.walk)
        },
    )
    assert prior_fingerprint(dataclasses.replace(prior, walk=walk)) == prior_fingerprint()
    alone = dataclasses.replace(prior.panels.alone, probability=0.5)
    panels = dataclasses.replace(prior.panels, alone=alone)
    assert prior_fingerprint(dataclasses.replace(prior, panels=panels)) != prior_fingerprint()


def test_options_that_differ_are_part_of_the_command(tiny):
    asked = dataclasses.replace(tiny, residual=True, bfloat16=False, learning_rate=0.01)
    assert repeated(asked, 9, 2).endswith(
        "--steps 9 --seed 0 --threads 2 --units 4 --batch-size 512 --learning-rate 0.01 "
        "--residual --float32"
    )


def test_a_folder_with_other_files_is_left_alone(tiny, result, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write_weights(result, tiny, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_no_commit_is_named_where_there_is_none(monkeypatch, tmp_path):
    elsewhere = tmp_path / "a" / "src" / "upswell" / "forecasting" / "lstm" / "pretraining"
    monkeypatch.setattr(card, "__file__", str(elsewhere / "card.py"))
    assert card.commit() is None
