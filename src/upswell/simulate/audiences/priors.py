"""The distributions that priors are made of: each knows its range, its meaning and its reason."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.errors import SettingError

__all__ = ["Chance", "Kinds", "LogNormal", "LogUniform", "Normal", "Prior", "Uniform"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Prior:
    """What all priors have: what the number means, and why it lies where it lies.

    Parameters
    ----------
    means
        What is drawn, with its unit.
    why
        The reason for the range: a source, or a plain judgement called such.
    """

    means: str
    why: str


@dataclass(frozen=True)
class Uniform(Prior):
    """All values from `low` to `high` alike.

    Examples
    --------
    >>> print(Uniform(0.1, 0.9, means="memory", why="a judgement"))
    uniform, 0.1 to 0.9
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check(self.low <= self.high, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> Floats:
        """Draw an array of that shape."""
        return self.low + (self.high - self.low) * rng.random(size)

    def __str__(self) -> str:
        return f"uniform, {_text(self.low)} to {_text(self.high)}"


@dataclass(frozen=True)
class LogUniform(Prior):
    """All orders of magnitude from `low` to `high` alike; `low` is above 0.

    Examples
    --------
    >>> print(LogUniform(1, 1e8, means="views a day", why="a judgement"))
    log-uniform, 1 to 100,000,000
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _check(0 < self.low <= self.high, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> Floats:
        """Draw an array of that shape."""
        return np.asarray(self.low * np.exp(math.log(self.high / self.low) * rng.random(size)))

    def __str__(self) -> str:
        return f"log-uniform, {_text(self.low)} to {_text(self.high)}"


@dataclass(frozen=True)
class Normal(Prior):
    """Normal around `mean`, cut to `low` and `high`.

    Examples
    --------
    >>> print(Normal(0, 0.4, -2, 2, means="size", why="a judgement"))
    normal, 0 give or take 0.4, cut to -2 and 2
    """

    mean: float
    deviation: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _check(self.low <= self.mean <= self.high and self.deviation >= 0, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> Floats:
        """Draw an array of that shape."""
        return np.clip(self.mean + self.deviation * rng.standard_normal(size), self.low, self.high)

    def __str__(self) -> str:
        mean, deviation = _text(self.mean), _text(self.deviation)
        ends = f"cut to {_text(self.low)} and {_text(self.high)}"
        return f"normal, {mean} give or take {deviation}, {ends}"


@dataclass(frozen=True)
class LogNormal(Prior):
    """Lognormal around `median`, give or take a `factor`, cut to `low` and `high`.

    Two thirds of the values lie between the median divided by the factor and times the factor.

    Examples
    --------
    >>> print(LogNormal(0.01, 2, 0.001, 0.06, means="step", why="a judgement"))
    lognormal, 0.01 give or take a factor of 2, cut to 0.001 and 0.06
    """

    median: float
    factor: float
    low: float
    high: float

    def __post_init__(self) -> None:
        _check(0 < self.low <= self.median <= self.high and self.factor >= 1, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> Floats:
        """Draw an array of that shape."""
        drawn = self.median * np.exp(math.log(self.factor) * rng.standard_normal(size))
        return np.clip(drawn, self.low, self.high)

    def __str__(self) -> str:
        median, factor = _text(self.median), _text(self.factor)
        ends = f"cut to {_text(self.low)} and {_text(self.high)}"
        return f"lognormal, {median} give or take a factor of {factor}, {ends}"


@dataclass(frozen=True)
class Chance(Prior):
    """Yes with some probability.

    Examples
    --------
    >>> print(Chance(0.25, means="no bursts at all", why="a judgement"))
    chance of 0.25
    """

    probability: float

    def __post_init__(self) -> None:
        _check(0 <= self.probability <= 1, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> NDArray[np.bool_]:
        """Draw an array of that shape."""
        return np.asarray(rng.random(size) < self.probability)

    def __str__(self) -> str:
        return f"chance of {_text(self.probability)}"


@dataclass(frozen=True)
class Kinds(Prior):
    """One of several kinds, each with its weight.

    Examples
    --------
    >>> kinds = Kinds({"flat": 1, "decline": 3}, means="kind", why="a judgement")
    >>> print(kinds)
    flat 25%, decline 75%
    >>> kinds.place("decline")
    1
    """

    weights: Mapping[str, float] = field(hash=False)

    def __post_init__(self) -> None:
        _check(min(self.weights.values(), default=-1) >= 0 and sum(self.weights.values()) > 0, self)

    def draw(self, rng: Generator, size: int | tuple[int, ...]) -> NDArray[np.int64]:
        """Draw an array of that shape: places of kinds."""
        edges = np.cumsum(list(self.weights.values()))
        return np.asarray(np.searchsorted(edges[:-1], edges[-1] * rng.random(size), side="right"))

    def place(self, name: str) -> int:
        """Return the place of a kind."""
        return list(self.weights).index(name)

    def __str__(self) -> str:
        whole = sum(self.weights.values())
        return ", ".join(f"{name} {weight / whole:.0%}" for name, weight in self.weights.items())


def _check(fits: bool, prior: Prior) -> None:
    if not fits:
        raise SettingError(f"the limits of this prior do not fit together: {prior!r}")


def _text(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"
