"""From what each feature adds to reasons: grouped, ranked, in words, with look-alikes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from upswell.releases.frames import FeatureTable
from upswell.releases.gate import slugs
from upswell.releases.models.expert import Expert
from upswell.releases.models.lesson import features_of
from upswell.releases.reasons._scene import Scene
from upswell.releases.reasons.contributions import Contributions, contributions_of
from upswell.releases.reasons.lookalikes import lookalikes_of
from upswell.releases.reasons.result import Reasons
from upswell.releases.reasons.themes import SIZE, themes_of
from upswell.releases.reasons.usual import COMPLETE, SHORT, Usual, headline_of
from upswell.releases.reasons.words import Speaker, speakers_of

if TYPE_CHECKING:
    import polars as pl

    from upswell.releases.scoring import ScoredReleases
    from upswell.releases.trained import TrainedReleases

__all__ = ["MOST", "reasons_of"]

Floats = NDArray[np.float64]

MOST = 3
"""Reasons of a release beside its size."""

_DULL = 0.2
"""Weight of a feature, among those that might be named, whose value is near the usual one."""

_LAST_RESORT = 0.3
_NEAR = 0.25
_NO_HISTORY = "_no_history"


def reasons_of(trained: TrainedReleases, scored: ScoredReleases, *, most: int = MOST) -> Reasons:
    """Return why each scored release is said to come to what it is said to come to.

    Explained are the expected log streams at the longest horizon and the log odds of the highest
    tier, by the Shapley values of the trees; see `upswell.releases.reasons.contributions`. Effects
    of features are summed by group. The size of the first days, in the first metric of the signals,
    is where an answer starts; the others are ranked by how far they move it from what releases of
    that size come to.

    Parameters
    ----------
    trained
        The bundle.
    scored
        What it said.
    most
        Reasons of a release beside its size.

    Raises
    ------
    ColumnError
        When a feature is missing or of another kind than in training.
    """
    import polars as pl

    table, window = scored.table, trained.config.window
    whole = table.keys["age"].to_numpy() == window
    kept = trained.kept.get("usual")
    parts = []
    for kind, expert, rows in (
        (COMPLETE, trained.complete, whole),
        (SHORT, trained.short, ~whole),
    ):
        if expert is None or not rows.any():
            continue
        usual = None if kept is None else Usual.of(kept, kind, window)
        parts.append(_of_kind(expert, table.take(rows), usual, window, most))
    codes = [*(["no-usual"] if kept is None else [])]
    codes += [] if "alike" in trained.kept and kept is not None else ["no-alike"]
    order = scored.frame.select("release").unique(maintain_order=True).with_row_index("#place")
    frame, groups, starts = (
        pl.concat([part[place] for part in parts])
        .join(order, on="release", how="left", maintain_order="left")
        .sort("#place", maintain_order=True)
        .drop("#place")
        for place in range(3)
    )
    return Reasons(frame, groups, starts, lookalikes_of(trained, scored), tuple(codes))


@dataclass(frozen=True)
class _Effects:
    """Effects of features with the offset among them, and what they are relative to."""

    names: tuple[str, ...]
    effects: Floats
    odds: Floats
    baseline: float
    odds_baseline: float
    themes: tuple[str, ...]


def _of_kind(
    expert: Expert, table: FeatureTable, usual: Usual | None, window: int, most: int
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return reasons, groups and starts of releases with one kind of window."""
    import polars as pl

    found = _with_offset(contributions_of(expert, table), expert, table, usual)
    themes = sorted(set(found.themes))
    member = np.array([[theme == own for theme in themes] for own in found.themes], dtype=float)
    effects, odds = found.effects @ member, found.odds @ member
    releases = table.keys["release"]
    twice = np.repeat(np.arange(len(table)), len(themes))
    groups = pl.DataFrame(
        {
            "release": releases[pl.Series(twice, dtype=pl.UInt32)],
            "group": pl.Series(themes * len(table), dtype=pl.String),
            "effect": effects.ravel(),
            "odds_effect": odds.ravel(),
        }
    )
    starts = pl.DataFrame(
        {
            "release": releases,
            "baseline": np.full(len(table), found.baseline),
            "expected": found.baseline + effects.sum(axis=1),
            "odds_baseline": np.full(len(table), found.odds_baseline),
            "odds": found.odds_baseline + odds.sum(axis=1),
        }
    )
    frame = _said(found, themes, effects, odds, table, expert, usual, window, most)
    return frame, groups, starts


def _with_offset(
    raw: Contributions, expert: Expert, table: FeatureTable, usual: Usual | None
) -> _Effects:
    """Share out what the log ratio is added to: to the size, and to what makes the base of it.

    The first metric says the size. Where outcomes are divided by another one, what that has beside
    the first is a reason of its own: shares beside views. Of short windows, the size is beside that
    of others of the same age, and the rest goes to the days not yet seen.
    """
    names, effects = list(raw.names), raw.effects.copy()
    themes = list(themes_of(names, table.catalogue, table.metrics))
    offset, headline = raw.offset, headline_of(table)
    base = expert.ratio.base
    place = {name: position for position, name in enumerate(names)}
    slug = dict(zip(table.metrics, slugs(table.metrics), strict=True))
    size_name = f"{slug[headline]}_log_total"
    ratio_name = f"{slug[headline]}_per_{slug[base]}_log_total"
    if usual is None:
        middle = float(offset.mean())
        effects[:, place[size_name]] += offset - middle
        return _Effects(
            tuple(names), effects, raw.odds, raw.baseline + middle, raw.odds_baseline, tuple(themes)
        )
    size = offset - usual.offset
    if headline != base and ratio_name in place:
        size = np.log1p(table.window_total(headline)) - usual.headline
        effects[:, place[ratio_name]] += offset - usual.offset - size
    ages = table.keys["age"].to_numpy()
    late = np.where(ages < len(usual.days), usual.days[ages - 1] - usual.headline, 0.0)
    effects[:, place[size_name]] += size - late
    effects[:, place[names[-1]]] += late
    return _Effects(
        tuple(names),
        effects,
        raw.odds,
        raw.baseline + usual.offset,
        raw.odds_baseline,
        tuple(themes),
    )


def _said(
    found: _Effects,
    themes: list[str],
    effects: Floats,
    odds: Floats,
    table: FeatureTable,
    expert: Expert,
    usual: Usual | None,
    window: int,
    most: int,
) -> pl.DataFrame:
    """Return the reasons of each release in words, the size first, then by what they move."""
    import polars as pl

    features = features_of(table).select(found.names)
    numbers = _numbers(features)
    speakers = speakers_of(
        found.names,
        table.metrics,
        expert.ratio.base,
        [note.name for note in table.catalogue if note.category],
    )
    named = _named(found, themes, effects, numbers, speakers, usual)
    scenes = _scenes(table, features, window)
    ranked = _ranked(themes, effects, most)
    rows: list[dict[str, Any]] = []
    releases = table.keys["release"].to_list()
    middles = {} if usual is None else usual.middle
    for row, release in enumerate(releases):
        for rank, theme in ranked[row]:
            feature = named[theme][row]
            name = found.names[feature]
            figure, normal, sentence = speakers[feature].sentence(
                numbers[row, feature], middles.get(name), scenes[row]
            )
            effect = effects[row, theme]
            rows.append(
                {
                    "release": release,
                    "rank": rank,
                    "group": themes[theme],
                    "direction": "raises" if effect >= 0 else "lowers",
                    "factor": float(np.exp(effect)),
                    "odds_factor": float(np.exp(odds[row, theme])),
                    "sentence": sentence,
                    "feature": name,
                    "value": figure,
                    "usual": normal,
                }
            )
    texts = ("release", "group", "direction", "sentence", "feature")
    schema: dict[str, Any] = {
        name: pl.String if name in texts else pl.Int64 if name == "rank" else pl.Float64
        for name in (
            *("release", "rank", "group", "direction", "factor", "odds_factor"),
            *("sentence", "feature", "value", "usual"),
        )
    }
    return pl.DataFrame(rows, schema=schema).with_columns(
        pl.col("value", "usual").fill_nan(None)
    )


def _numbers(features: pl.DataFrame) -> Floats:
    """Return features as numbers, NaN where unknown; texts are NaN."""
    import polars as pl

    columns = [
        pl.lit(np.nan).alias(name) if kind == pl.String else pl.col(name).cast(pl.Float64)
        for name, kind in features.schema.items()
    ]
    return np.asarray(features.select(columns).fill_null(np.nan).to_numpy(), dtype=np.float64)


def _named(
    found: _Effects,
    themes: list[str],
    effects: Floats,
    numbers: Floats,
    speakers: tuple[Speaker, ...],
    usual: Usual | None,
) -> list[NDArray[np.int64]]:
    """Return, of each theme, the feature by which each release names it.

    It is the one that moves the answer most the way its theme does; one whose value is near the
    usual, is not known or is hard to say comes after others that move it almost as much.
    """
    ease = np.array([_LAST_RESORT if each.clause.plain else 1.0 for each in speakers])
    texts = np.isnan(numbers)
    weight = np.where(texts, _DULL, ease)
    if usual is not None:
        middle = np.array([usual.middle.get(name, np.nan) for name in found.names])
        spread = np.array([usual.spread.get(name, np.nan) for name in found.names])
        with np.errstate(invalid="ignore"):
            dull = np.abs(numbers - middle) < _NEAR * spread
        weight = np.where(dull, weight * _DULL, weight)
    answer = []
    for place, theme in enumerate(themes):
        own = np.array([k for k, each in enumerate(found.themes) if each == theme])
        if theme == SIZE:
            lead = next(k for k in own if found.names[k].endswith("_log_total"))
            answer.append(np.full(len(effects), lead))
            continue
        sign = np.where(effects[:, place] >= 0, 1.0, -1.0)[:, None]
        pull = found.effects[:, own] * sign * weight[:, own]
        answer.append(own[pull.argmax(axis=1)])
    return answer


def _ranked(themes: list[str], effects: Floats, most: int) -> list[list[tuple[int, int]]]:
    """Return rank and place of the themes that are named of each release."""
    size = themes.index(SIZE)
    others = np.array([place for place in range(len(themes)) if place != size], dtype=np.int64)
    order = np.argsort(-np.abs(effects[:, others]), axis=1, kind="stable")[:, :most]
    return [
        [(0, size), *((rank, int(others[k])) for rank, k in enumerate(row, start=1))]
        for row in order
    ]


def _scenes(table: FeatureTable, features: pl.DataFrame, window: int) -> list[Scene]:
    """Return what may be mentioned of each release."""
    import polars as pl

    attributes = [name for name, kind in features.schema.items() if kind == pl.String]
    owners = [name for name in features.columns if name.endswith(_NO_HISTORY)]
    texts = features.select(attributes).to_dicts() if attributes else [{}] * len(table)
    fresh = features.select(pl.col(owners).fill_null(0.0) > 0).rows() if owners else None
    labels = [name.removesuffix(_NO_HISTORY) for name in owners]
    months = table.keys["release_date"].dt.month().to_list()
    return [
        Scene(
            age=int(age),
            window=window,
            month=int(month),
            texts=texts[row],
            fresh=frozenset()
            if fresh is None
            else frozenset(
                label for label, new in zip(labels, fresh[row], strict=True) if new
            ),
        )
        for row, (age, month) in enumerate(zip(table.keys["age"].to_list(), months, strict=True))
    ]
