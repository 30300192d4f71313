"""From effects to reasons in words: which themes are named of a release, and by which feature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.models.lesson import features_of
from upswell.releases.models.ratio import silent_releases
from upswell.releases.reasons.effects import Effects
from upswell.releases.reasons.result import REASON_COLUMNS
from upswell.releases.reasons.themes import SIZE, START
from upswell.releases.reasons.usual import Usual
from upswell.releases.reasons.words import Scene, Speaker, speakers_of

if TYPE_CHECKING:
    import polars as pl

__all__ = ["named_reasons"]

Floats = NDArray[np.float64]

_LEAST = float(np.log(1.02))
"""Effects below which nothing is named."""

_DULL, _PLAIN = 0.2, 0.3
"""Weights of features, among those that might be named, whose value is near the usual one, and of
those that are hard to say."""

_NEAR = 0.25
_NO_HISTORY, _MATURE = "_no_history", "_log_mature_"
_FEW = 30
_TEXTS = ("release", "group", "direction", "sentence", "feature")


@dataclass(frozen=True)
class _Case:
    """Effects, the numbers behind them, and words for them."""

    effects: Effects
    numbers: Floats
    speakers: tuple[Speaker, ...]
    scenes: list[Scene]
    middle: Floats
    spread: Floats


def named_reasons(
    effects: Effects,
    table: FeatureTable,
    base: str,
    usual: Usual | None,
    *,
    window: int,
    most: int,
) -> pl.DataFrame:
    """Return the reasons of each release in words, its start first, then by what they move.

    Parameters
    ----------
    effects
        Of the features of ``N`` releases.
    table
        The releases.
    base
        The metric that outcomes are divided by.
    usual
        What is usual for their kind of window, if that is known.
    window
        Days of a complete window.
    most
        Reasons of a release beside its start.

    Returns
    -------
    polars.DataFrame
        The columns of `upswell.releases.reasons.result.REASON_COLUMNS`.
    """
    import polars as pl

    case = _case(effects, table, base, usual, window)
    moves = effects.by_theme(effects.each)
    odds = effects.by_theme(effects.odds)
    features = _named(case, moves)
    themes = effects.themes
    rows = [
        {
            "release": release,
            "rank": rank,
            **_said(case, row, int(features[row, theme])),
            "group": themes[theme],
            "direction": "raises" if moves[row, theme] >= 0 else "lowers",
            "factor": float(np.exp(moves[row, theme])),
            "odds_factor": float(np.exp(odds[row, theme])),
        }
        for row, release in enumerate(table.keys["release"].to_list())
        for rank, theme in _ranked(themes, moves[row], most)
    ]
    schema: dict[str, Any] = {
        name: pl.String if name in _TEXTS else pl.Int64 if name == "rank" else pl.Float64
        for name in REASON_COLUMNS
    }
    return pl.DataFrame(rows, schema=schema).with_columns(pl.col("value", "usual").fill_nan(None))


def _case(
    effects: Effects, table: FeatureTable, base: str, usual: Usual | None, window: int
) -> _Case:
    features = features_of(table).select(effects.names)
    texts = [note.name for note in table.catalogue if note.category]
    unknown = dict.fromkeys(effects.names, np.nan)
    middle = unknown if usual is None else unknown | dict(usual.middle)
    spread = unknown if usual is None else unknown | dict(usual.spread)
    return _Case(
        effects,
        _numbers(features),
        speakers_of(effects.names, table.metrics, base, texts),
        _scenes(table, features, window),
        np.array([middle[name] for name in effects.names]),
        np.array([spread[name] for name in effects.names]),
    )


def _said(case: _Case, row: int, feature: int) -> dict[str, Any]:
    """Return what is said of one feature of one release."""
    figure, usual, sentence = case.speakers[feature].sentence(
        case.numbers[row, feature], float(case.middle[feature]), case.scenes[row]
    )
    return {
        "sentence": sentence,
        "feature": case.effects.names[feature],
        "value": float(figure),
        "usual": None if usual is None else float(usual),
    }


def _named(case: _Case, moves: Floats) -> NDArray[np.int64]:
    """Return the feature by which each release names each theme, shape ``(N, T)``.

    It is the one that moves the answer most the way its theme does; one whose value is near the
    usual, is not known or is hard to say comes after others that move it almost as much.
    """
    effects = case.effects
    ease = np.array([_PLAIN if each.clause.plain else 1.0 for each in case.speakers])
    with np.errstate(invalid="ignore"):
        dull = np.abs(case.numbers - case.middle) < _NEAR * case.spread
    texts = np.array([each.clause.pattern == "" for each in case.speakers])
    weight = np.where(dull | (np.isnan(case.numbers) & ~texts), _DULL * ease, ease)
    owners = np.array(effects.owners)
    answer = np.empty(moves.shape, dtype=np.int64)
    for place, theme in enumerate(effects.themes):
        own = np.flatnonzero(owners == theme)
        if theme == SIZE:
            # The window total of the first metric, which is the first of its kind.
            answer[:, place] = next(k for k in own if effects.names[k].endswith("_log_total"))
            continue
        way = np.where(moves[:, place] >= 0, 1.0, -1.0)[:, None]
        answer[:, place] = own[(effects.each[:, own] * way * weight[:, own]).argmax(axis=1)]
    return answer


def _ranked(themes: tuple[str, ...], moves: Floats, most: int) -> list[tuple[int, int]]:
    """Return rank and place of the themes that are named of one release."""
    order = np.argsort(-np.abs(moves), kind="stable").tolist()
    strong = [place for place in order if abs(moves[place]) >= _LEAST]
    told = [place for place in strong if themes[place] not in START]
    others = [place for place in strong if themes[place] in START and themes[place] != SIZE]
    return [(0, place) for place in (themes.index(SIZE), *others)] + [*enumerate(told[:most], 1)]


def _numbers(features: pl.DataFrame) -> Floats:
    """Return features as numbers, NaN where unknown; texts are NaN."""
    import polars as pl

    columns = [
        pl.lit(np.nan).alias(name)
        if kind == pl.String
        else pl.col(name).cast(pl.Float64).fill_null(np.nan)
        for name, kind in features.schema.items()
    ]
    return np.asarray(features.select(columns).to_numpy(), dtype=np.float64)


def _scenes(table: FeatureTable, features: pl.DataFrame, window: int) -> list[Scene]:
    """Return what may be mentioned of each release."""
    import polars as pl

    nothing: list[dict[str, Any]] = [{}] * len(table)
    texts = features.select(pl.col(pl.String)).to_dicts() or nothing
    owners = [name for name in features.columns if name.endswith(_NO_HISTORY)]
    fresh = features.select(pl.col(owners).fill_null(0.0) > 0).to_dicts() or nothing
    counts = [name for name in features.columns if _MATURE in name]
    few = features.select(pl.col(counts).fill_null(0.0) < np.log1p(_FEW)).to_dicts() or nothing
    ages, months = table.keys["age"].to_list(), table.keys["release_date"].dt.month().to_list()
    silent = silent_releases(table).tolist()
    return [
        Scene(
            age=age,
            window=window,
            month=month,
            texts=text,
            fresh=frozenset(name.removesuffix(_NO_HISTORY) for name, new in news.items() if new),
            few=frozenset(name.split(_MATURE)[0] for name, short in shorts.items() if short),
            silent=mute,
        )
        for age, month, text, news, shorts, mute in zip(
            ages, months, texts, fresh, few, silent, strict=True
        )
    ]
