"""How far outcomes lie from the expected ratio: quantile-loss CatBoost, calibrated out of fold.

The errors of predictions out of fold are what the ranges are made of. A CatBoost with quantile
loss says how wide they are for a release like this, below and above; the errors in these units,
pooled, give the shape. A quantile of that shape is split-conformal where scale and shape come from
different releases (Romano, Patterson and Candès 2019; Lei et al. 2018).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.errors import BundleError
from upswell.releases.models._bias import expected_error
from upswell.releases.models._error_shape import GRID, SIDES, shape_of
from upswell.releases.models.catboost_bytes import catboost_bytes, catboost_from_bytes
from upswell.releases.models.center import fit_catboost
from upswell.releases.models.encoding import FeatureEncoder

if TYPE_CHECKING:
    import catboost
    import polars as pl

__all__ = ["GRID", "SpreadModel"]

Floats = NDArray[np.float64]


_LEAST_TO_LEARN = 100
"""Errors below which the tenths are constants."""
_LEAST_SCALE, _LEAST_SHARE = 1e-3, 0.2
"""No release is more certain than a fifth of the usual reach says."""
_FEW = 200.0
"""Errors at which the scale of a release counts half, and the usual one the other half."""
_NUMBERS = ("usual", "most", "trust", "bias")


@dataclass(frozen=True)
class SpreadModel:
    """Quantiles of the error of a log outcome at ``H`` horizons.

    Parameters
    ----------
    encoder
        What the columns of the features are.
    boosters
        For each horizon, a CatBoost model of the tenth below and above, or two constants.
    shape
        Quantiles at `GRID` of the error in units of its scale, shape ``(G, H)``.
    usual
        Usual scale, below and above, shape ``(2, H)``.
    most
        How far a quantile lies from the bias at most, below and above, shape ``(2, H)``: few errors
        say little of the scale of one release, and a scale too large must not make a mean absurd.
    trust
        Weight of a release's own scale beside the usual one, shape ``(H,)``.
    bias
        Mean error to expect, shape ``(H,)``. The middle quantile lies there, so that it is the
        expected log outcome, which the squared log error asks for; the levels around it move along
        a little.
    threads
        Number of threads.
    """

    encoder: FeatureEncoder
    boosters: tuple[catboost.CatBoost | tuple[float, float], ...]
    shape: Floats
    usual: Floats
    most: Floats
    trust: Floats
    bias: Floats
    threads: int = 1

    @classmethod
    def fit(
        cls,
        features: pl.DataFrame,
        errors: Floats,
        blocks: Sequence[NDArray[np.int64]],
        *,
        seed: int,
        threads: int = 1,
    ) -> SpreadModel:
        """Learn from errors out of fold.

        Parameters
        ----------
        features
            ``N`` rows.
        errors
            Log outcome less expected log outcome, shape ``(N, H)``, NaN where unknown.
        blocks
            Positions of the rows of each block of time. Scale and shape are learned from different
            blocks where there are two or more.
        seed
            Seed of the draws of rows and features.
        threads
            Number of threads.
        """
        encoder = FeatureEncoder.fit(features)
        matrix = encoder.matrix(features)
        bias = np.array([expected_error(column, blocks) for column in errors.T])
        boosters, shapes, usuals, mosts, trusts = [], [], [], [], []
        every = np.concatenate(list(blocks))
        for column in (errors - bias).T:
            usual = _usual(column[np.isfinite(column)])
            units = []
            parted = _parted(blocks)
            # The shape is in units of these scales, so all of them are of one kind.
            plain = min(_known(column, rest).size for _, rest in parted) < _LEAST_TO_LEARN
            for block, rest in parted:
                booster = _taught(matrix, column, rest, seed, threads, plain=plain)
                scales = _scales(booster, matrix[block], usual, _trust(column[rest]), threads)
                units.append(_in_units(column[block], scales))
            shapes.append(shape_of(np.concatenate(units)))
            boosters.append(_taught(matrix, column, every, seed, threads, plain=plain))
            usuals.append(usual)
            mosts.append(_most(column[np.isfinite(column)], usual))
            trusts.append(_trust(column[every]))
        return cls(
            encoder,
            tuple(boosters),
            shape=np.array(shapes).T,
            usual=np.array(usuals).T,
            most=np.array(mosts).T,
            trust=np.array(trusts),
            bias=bias,
            threads=threads,
        )

    def quantiles(self, features: pl.DataFrame) -> Floats:
        """Return quantiles of the error at `GRID`, shape ``(G, N, H)``, ascending."""
        matrix = self.encoder.matrix(features)
        answer = np.empty((len(GRID), len(matrix), len(self.boosters)))
        for place, booster in enumerate(self.boosters):
            below, above = _scales(
                booster, matrix, self.usual[:, place], float(self.trust[place]), self.threads
            )
            units = self.shape[:, place][:, None]
            spread = np.where(units < 0, units * below, units * above)
            low, high = self.most[:, place]
            answer[:, :, place] = self.bias[place] + np.clip(spread, -low, high)
        return answer

    def entries(self, folder: str) -> tuple[dict[str, bytes], dict[str, Any]]:
        """Return the model as entries of a bundle, and a head of plain data."""
        files: dict[str, bytes] = {}
        named: list[Any] = []
        for place, booster in enumerate(self.boosters):
            if isinstance(booster, tuple):
                named.append(list(booster))
            else:
                name = f"{folder}/horizon-{place + 1}.cbm"
                named.append(name)
                files[name] = catboost_bytes(booster)
        head = {
            "features": self.encoder.to_json(),
            "boosters": named,
            "shape": self.shape.tolist(),
            **{name: getattr(self, name).tolist() for name in _NUMBERS},
        }
        return files, head

    @classmethod
    def from_entries(
        cls, entries: Mapping[str, bytes], head: Mapping[str, Any], threads: int = 1
    ) -> SpreadModel:
        """Return a model from the entries of a bundle whose hashes were checked.

        Raises
        ------
        BundleError
            When an entry is missing or not what it should be.
        """
        try:
            encoder = FeatureEncoder.from_json(head["features"])
            boosters = tuple(
                catboost_from_bytes(entries[each], "regressor")
                if isinstance(each, str)
                else (float(each[0]), float(each[1]))
                for each in head["boosters"]
            )
            shape = np.array(head["shape"], dtype=float)
            numbers = {name: np.array(head[name], dtype=float) for name in _NUMBERS}
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise BundleError("the bundle's ranges are damaged") from error
        count = len(boosters)
        shapes = [shape.shape, *(each.shape for each in numbers.values())]
        if shapes != [(len(GRID), count), (2, count), (2, count), (count,), (count,)]:
            raise BundleError("the bundle's ranges are damaged")
        return cls(encoder, boosters, shape, threads=threads, **numbers)


def _parted(
    blocks: Sequence[NDArray[np.int64]],
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return each block with the rows of all others; with itself where it is alone."""
    if len(blocks) == 1:
        return [(blocks[0], blocks[0])]
    return [
        (block, np.concatenate([other for j, other in enumerate(blocks) if j != i]))
        for i, block in enumerate(blocks)
    ]


def _known(errors: Floats, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.asarray(rows[np.isfinite(errors[rows])], dtype=np.int64)


def _taught(
    matrix: Floats,
    errors: Floats,
    rows: NDArray[np.int64],
    seed: int,
    threads: int,
    *,
    plain: bool,
) -> catboost.CatBoost | tuple[float, float]:
    """Return a model of the tenths of some errors; constants where there are too few to learn."""
    known = _known(errors, rows)
    if plain:
        low, high = np.quantile(errors[known], SIDES) if known.size else (-1.0, 1.0)
        return float(low), float(high)
    options = {
        "iterations": 100,
        "learning_rate": 0.1,
        "depth": 4,
        "l2_leaf_reg": 10.0,
        "rsm": 0.25,
        "subsample": 0.8,
        "random_seed": seed,
        "loss_function": f"MultiQuantile:alpha={SIDES[0]},{SIDES[1]}",
    }
    found = fit_catboost(matrix[known], errors[known], options, threads=threads)
    return (found, found) if isinstance(found, float) else found


def _scales(
    booster: catboost.CatBoost | tuple[float, float],
    matrix: Floats,
    usual: Floats,
    trust: float,
    threads: int,
) -> tuple[Floats, Floats]:
    """Return how far the errors of releases reach below and above, each shape ``(N,)``."""
    if isinstance(booster, tuple):
        low, high = (np.full(len(matrix), side) for side in booster)
    else:
        low, high = booster.predict(matrix, thread_count=threads).reshape(len(matrix), 2).T
    below, above = (
        np.maximum(trust * own + (1.0 - trust) * most, _LEAST_SHARE * most)
        for own, most in zip((-low, high), usual, strict=True)
    )
    return below, above


def _trust(errors: Floats) -> float:
    """Return the weight of a release's own scale, as learned from these errors.

    Examples
    --------
    >>> _trust(np.zeros(600)), _trust(np.array([np.nan]))
    (0.75, 0.0)
    """
    count = int(np.isfinite(errors).sum())
    return count / (count + _FEW)


def _usual(errors: Floats) -> Floats:
    """Return the usual reach of known errors, below and above."""
    low, high = np.quantile(errors, SIDES) if errors.size else (-1.0, 1.0)
    return np.asarray(np.maximum(np.array([-low, high]), _LEAST_SCALE), dtype=np.float64)


def _most(errors: Floats, usual: Floats) -> Floats:
    """Return how far errors are believed to reach: beyond all known ones, and as a normal would."""
    if not errors.size:
        return 4.0 * usual
    ends = np.array([-errors.min(), errors.max()])
    return np.asarray(np.maximum(1.25 * ends, 2.5 * usual))


def _in_units(errors: Floats, scales: tuple[Floats, Floats]) -> Floats:
    """Return known errors in units of their scale."""
    below, above = scales
    known = np.isfinite(errors)
    return np.where(errors < 0, errors / below, errors / above)[known]
