"""How good the release job is: folds in time, trivial neighbours, the scorecard."""

from upswell.releases.judging.folds import (
    FINAL,
    Fold,
    final_fold,
    folds_of,
    rows_that_teach,
    rows_to_test,
)
from upswell.releases.judging.inner import InnerFold, inner_folds
from upswell.releases.judging.neighbours import (
    NEIGHBOURS,
    ArtistMean,
    Constant,
    LogLinear,
    MedianRatio,
    MultivariateLinear,
    Neighbour,
    base_metric,
    fit_neighbours,
)
from upswell.releases.judging.scorecard import ReleaseScorecard, judge
from upswell.releases.judging.summary import summary
from upswell.releases.judging.trivial import TrivialRules, tiers_of

__all__ = [
    "FINAL",
    "NEIGHBOURS",
    "ArtistMean",
    "Constant",
    "Fold",
    "InnerFold",
    "LogLinear",
    "MedianRatio",
    "MultivariateLinear",
    "Neighbour",
    "ReleaseScorecard",
    "TrivialRules",
    "base_metric",
    "final_fold",
    "fit_neighbours",
    "folds_of",
    "inner_folds",
    "judge",
    "rows_that_teach",
    "rows_to_test",
    "summary",
    "tiers_of",
]
