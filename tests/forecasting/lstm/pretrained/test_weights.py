"""The shipped weights: small, checked before they are parsed, read once."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from upswell.errors import BundleError
from upswell.forecasting.lstm.pretrained import weights as module
from upswell.forecasting.lstm.pretrained.weights import (
    Card,
    build_network,
    shipped_card,
    shipped_network,
    shipped_weights,
)
from upswell.store import sha256_bytes

CARD: dict[str, Any] = {
    "format": 1,
    "sha256": "0" * 64,
    "bytes": 9,
    "network": {"units": 4, "layers": 1, "residual": False},
    "horizon": 35,
}


def card_of(data: bytes, units: int, layers: int) -> Card:
    return Card(sha256_bytes(data), len(data), units, layers, False, 35, {})


def test_the_package_ships_weights_of_at_most_8_mb_and_says_what_they_are():
    card = shipped_card()
    assert card.size <= 8_000_000
    assert card.horizon >= 30
    assert {"data", "limits"} <= set(card.about)


def test_the_network_is_read_once():
    assert shipped_network() is shipped_network()


def test_weights_of_half_precision_are_read_as_single():
    halves = {name: weight.astype(np.float16) for name, weight in shipped_weights().items()}
    data = save(halves)
    card = shipped_card()
    network = build_network(data, card_of(data, card.units, card.layers))
    assert network.units == card.units


@pytest.mark.parametrize("change", [lambda d: d[:-1], lambda d: d + b"0", lambda d: b"1" + d[1:]])
def test_a_file_that_is_not_that_of_the_card_is_never_parsed(
    change: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
):
    data = save({"inp.weight": np.zeros((4, 66), np.float32)})
    monkeypatch.setattr("safetensors.numpy.load", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(BundleError, match="not those of their card"):
        build_network(change(data), card_of(data, 4, 1))


def test_a_file_of_another_format_is_an_error():
    data = b"no safetensors at all"
    with pytest.raises(BundleError, match="cannot be read"):
        build_network(data, card_of(data, 4, 1))


def test_weights_of_another_type_are_an_error():
    data = save({"inp.weight": np.zeros((4, 66))})
    with pytest.raises(BundleError, match="float64"):
        build_network(data, card_of(data, 4, 1))


def test_a_network_that_is_not_the_cards_is_an_error():
    data = save(shipped_weights())
    with pytest.raises(BundleError, match="and not"):
        build_network(data, card_of(data, 4, 1))


@pytest.mark.parametrize(
    "card",
    [
        b"",
        b"[]",
        b"{}",
        json.dumps({**CARD, "format": 2}).encode(),
        json.dumps({**CARD, "bytes": -1}).encode(),
        json.dumps({**CARD, "horizon": True}).encode(),
        json.dumps({**CARD, "network": {"units": 4}}).encode(),
        json.dumps({**CARD, "network": {"units": 4, "layers": 1, "residual": 1}}).encode(),
    ],
)
def test_a_card_that_makes_no_sense_is_an_error(card: bytes):
    with pytest.raises(BundleError, match="card"):
        Card.from_json(card)


def test_a_missing_file_names_the_file_and_what_to_do(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "FOLDER", "nowhere")
    with pytest.raises(BundleError, match=r"card\.json") as caught:
        shipped_card.__wrapped__()
    assert "install upswell again" in str(caught.value)
