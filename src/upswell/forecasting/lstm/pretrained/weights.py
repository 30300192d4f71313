"""The weights that the package ships, and the card that says where they come from."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError, Place
from upswell.forecasting.lstm.pretrained.inference import PretrainedNetwork
from upswell.forecasting.lstm.pretrained.layout import FEATURES, LEVELS

__all__ = [
    "Card",
    "build_network",
    "read_weights",
    "shipped_card",
    "shipped_network",
    "shipped_weights",
]

T = TypeVar("T")

CARD_FORMAT = 1
FOLDER, WEIGHTS, CARD = "weights", "audiences.safetensors", "card.json"
FIX = "install upswell again"


@dataclass(frozen=True)
class Card:
    """What is known of shipped weights.

    Parameters
    ----------
    sha256, size
        Of the file of weights; the size in bytes.
    units, layers, residual
        The network: numbers of each layer of the LSTM, how many layers, and whether each after
        the first adds its input.
    horizon
        The most days ahead that it was taught.
    about
        Everything else that the card says: data, seed, time, commit, scores, limits.
    """

    sha256: str
    size: int
    units: int
    layers: int
    residual: bool
    horizon: int
    about: Mapping[str, Any]

    @classmethod
    def from_json(cls, data: bytes) -> Card:
        """Read a card.

        Raises
        ------
        BundleError
            When it is no card of this version.

        Examples
        --------
        >>> network = {"units": 4, "layers": 1, "residual": False}
        >>> card = {"format": 1, "sha256": "ab", "bytes": 2, "network": network, "horizon": 35}
        >>> Card.from_json(json.dumps({**card, "seed": 1}).encode()).about
        {'seed': 1}
        """
        try:
            read = dict(json.loads(data))
            if read.pop("format") != CARD_FORMAT:
                raise BundleError("the card of the weights is of another version")
            network = read.pop("network")
            card = cls(
                sha256=read.pop("sha256"),
                size=read.pop("bytes"),
                units=network["units"],
                layers=network["layers"],
                residual=network["residual"],
                horizon=read.pop("horizon"),
                about=read,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise BundleError(f"the card of the weights cannot be read: {error!r}") from error
        numbers = (card.size, card.units, card.layers, card.horizon)
        if not all(type(n) is int and n > 0 for n in numbers) or type(card.residual) is not bool:
            raise BundleError("the card of the weights has sizes that make no sense")
        return card


@functools.cache
def shipped_card() -> Card:
    """Return the card of the shipped weights.

    Raises
    ------
    BundleError
        When it is missing or damaged.

    Examples
    --------
    >>> shipped_card().horizon >= 30
    True
    """
    return _in_place(lambda: Card.from_json(_read(CARD)), CARD)


@functools.cache
def shipped_network() -> PretrainedNetwork:
    """Return the shipped network; it is read once, on the first call.

    Raises
    ------
    BundleError
        When the weights are missing, damaged or of another network than the card says.

    Examples
    --------
    >>> shipped_network().features
    73
    """
    card = shipped_card()
    return _in_place(lambda: build_network(_read(WEIGHTS), card), WEIGHTS)


def shipped_weights() -> dict[str, NDArray[np.float32]]:
    """Return the shipped weights by torch's names; a training may start from them.

    Raises
    ------
    BundleError
        When they are missing or damaged.
    """
    card = shipped_card()
    return _in_place(lambda: read_weights(_read(WEIGHTS), card), WEIGHTS)


def read_weights(data: bytes, card: Card) -> dict[str, NDArray[np.float32]]:
    """Return the weights of a file, checked against its card before it is parsed.

    Parameters
    ----------
    data
        A safetensors file of float32 or float16.
    card
        Its card.

    Raises
    ------
    BundleError
        When size or SHA-256 are not those of the card, or it is no such file. Reading cannot run
        code.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    from upswell.store import sha256_bytes

    if len(data) != card.size or sha256_bytes(data) != card.sha256:
        raise BundleError("the weights are not those of their card: size or SHA-256 differs")
    try:
        return {name: _single(name, weight) for name, weight in load(data).items()}
    except SafetensorError as error:
        raise BundleError(f"the weights cannot be read: {error}") from error


def build_network(data: bytes, card: Card) -> PretrainedNetwork:
    """Return the network of a file of weights; see `read_weights`.

    Raises
    ------
    BundleError
        When the weights are damaged, or not of the network that the card says.
    """
    network = PretrainedNetwork(read_weights(data, card), card.residual)
    said = (card.units, card.layers, FEATURES, len(LEVELS))
    found = (network.units, network.layers, network.features, network.levels)
    if found != said:
        raise BundleError(
            f"the weights have units, layers, features and levels {found}, and not {said}"
        )
    return network


def _single(name: str, weight: NDArray[Any]) -> NDArray[np.float32]:
    if weight.dtype not in {np.dtype(np.float16), np.dtype(np.float32)}:
        raise BundleError(f"weight {name} is {weight.dtype}, not float32 or float16")
    return weight.astype(np.float32, copy=False)


def _read(name: str) -> bytes:
    try:
        return resources.files(__package__).joinpath(FOLDER, name).read_bytes()
    except OSError as error:
        raise BundleError(f"the package lacks a file: {error}") from error


def _in_place(make: Callable[[], T], name: str) -> T:
    """Do something with a shipped file, and name the file in its error."""
    try:
        return make()
    except BundleError as error:
        where = Place(f"{__package__}/{FOLDER}/{name}")
        raise BundleError(error.what, where=where, fix=FIX) from error
