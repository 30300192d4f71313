"""Charts of a study: how its best value fell, and which settings mattered."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np

from upswell.releases.models._result import TuningResult
from upswell.releases.models._suggestion import TrialRecord, running_mean

if TYPE_CHECKING:
    import altair as alt

__all__ = ["history_chart", "importance_chart", "study_charts"]

_WIDTH, _HEIGHT = 560, 260
_BEST, _TRIAL, _PRUNED, _FAILED = "#1b5e8c", "#7fa8c9", "#b9bdc1", "#c8452f"


def history_chart(result: TuningResult) -> alt.LayerChart | alt.FacetChart:
    """Return a chart of each trial's mean score and of the best up to then.

    A trial that was given up stands where it would have ended with the usual change from the folds
    that it saw to all, since folds are not equally hard. What is far worse than most stands at the
    upper edge, and so does what failed.

    Parameters
    ----------
    result
        The study.
    """
    import altair as alt
    import polars as pl

    scores = [_expected_score(row, result) for row in result.records]
    frame = pl.DataFrame(
        {
            "trial": [row.index + 1 for row in result.records],
            "score": scores,
            "ended": [row.state for row in result.records],
            "best": result.history,
        },
        schema_overrides={"score": pl.Float64, "best": pl.Float64},
    )
    low, high = _range(result)
    scale = alt.Scale(domain=[low, high], clamp=True, nice=False)
    x = alt.X("trial:Q", title="trial", axis=alt.Axis(tickMinStep=1), scale=alt.Scale(nice=False))
    colours = alt.Scale(domain=["complete", "pruned", "failed"], range=[_TRIAL, _PRUNED, _FAILED])
    shapes = alt.Scale(domain=["complete", "pruned", "failed"], range=["circle", "cross", "square"])
    points = (
        alt.Chart(frame.with_columns(pl.col("score").fill_null(high)))
        .mark_point(filled=True, size=45, opacity=0.9)
        .encode(
            x=x,
            y=alt.Y("score:Q", title="mean score (lower is better)", scale=scale),
            color=alt.Color("ended:N", scale=colours, title="trial"),
            shape=alt.Shape("ended:N", scale=shapes, title="trial"),
        )
    )
    line = (
        alt.Chart(frame.filter(pl.col("best").is_not_null()))
        .mark_line(interpolate="step-after", color=_BEST, strokeWidth=2.5)
        .encode(x=x, y=alt.Y("best:Q", scale=scale))
    )
    return alt.layer(points, line).properties(
        width=_WIDTH,
        height=_HEIGHT,
        title=alt.Title(
            f"Tuning of {result.name}",
            subtitle=_subtitle(result),
            anchor="start",
        ),
    )


def _expected_score(record: TrialRecord, result: TuningResult) -> float | None:
    """Return the score of a trial, foreseen when it was given up; None when it failed."""
    if record.state != "pruned":
        return record.value
    folds = len(record.scores)
    changes = [
        other.value - running_mean(other.scores[:folds])
        for other in result.records
        if other.value is not None
    ]
    return running_mean(record.scores) + float(np.median(changes))


def _range(result: TuningResult) -> tuple[float, float]:
    """Return the scores between which the picture shows differences."""
    values = np.array([row.value for row in result.records if row.value is not None])
    low, high = float(values.min()), float(np.quantile(values, 0.9))
    room = (high - low) or abs(low) or 1.0
    return low - 0.1 * room, high + 0.25 * room


def _subtitle(result: TuningResult) -> str:
    words = f"best {result.best_value:.4g} in trial {result.best.index + 1}"
    if result.default_value is not None:
        words += f"; defaults {result.default_value:.4g}"
    return f"{words} (line: best so far)"


def importance_chart(result: TuningResult) -> alt.Chart:
    """Return a chart of the share of each setting in what set the best quarter of trials apart.

    Parameters
    ----------
    result
        The study.
    """
    import altair as alt
    import polars as pl

    found = result.importance()
    names = [name.replace("_", " ") for name in found]
    frame = pl.DataFrame(
        {"setting": names, "share": list(found.values())},
        schema={"setting": pl.String, "share": pl.Float64},
    )
    subtitle = "share in what set the best quarter of trials apart"
    if not found:
        subtitle = "too few trials to tell"
    chart: alt.Chart = (
        alt.Chart(frame)
        .mark_bar(color=_BEST, height={"band": 0.7})
        .encode(
            x=alt.X("share:Q", axis=alt.Axis(format="%", tickCount=5), title=None),
            y=alt.Y("setting:N", sort=names, title=None),
        )
        .properties(
            width=_WIDTH,
            height=max(60, 26 * len(names)),
            title=alt.Title(
                f"Which settings of {result.name} mattered", subtitle=subtitle, anchor="start"
            ),
        )
    )
    return chart


def study_charts(result: TuningResult) -> dict[str, bytes]:
    """Return the charts of a study as SVG: ``history.svg`` and ``importance.svg``.

    The same study gives the same bytes.

    Parameters
    ----------
    result
        The study.
    """
    return {
        "history.svg": _svg(history_chart(result)),
        "importance.svg": _svg(importance_chart(result)),
    }


def _svg(chart: alt.TopLevelMixin) -> bytes:
    text = io.StringIO()
    chart.save(text, format="svg")
    return text.getvalue().encode()
