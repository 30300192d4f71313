"""Level: how many views a day a series has, from one to a hundred million."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from upswell.simulate.audiences.frame import Frame
from upswell.simulate.audiences.priors import LogNormal, LogUniform

__all__ = ["LevelPrior", "log_level"]


@dataclass(frozen=True)
class LevelPrior:
    """Priors of the level."""

    views: LogUniform = LogUniform(
        1.0,
        1e8,
        means="typical views a day of a panel's series at the cutoff",
        why="no order of magnitude is preferred: view counts are highly skewed and most are "
        "very small (Zhou and others 2011), while a platform's total may reach 100 million a day",
    )
    spread: LogNormal = LogNormal(
        2.5,
        1.5,
        1.2,
        8.0,
        means="factor between the typical and a series one deviation above, in one panel",
        why="attention is heavy-tailed across the items of any system (Miotto and Altmann "
        "2014); a judgement for the factor, since a panel is often cut to similar sizes",
    )


def log_level(rng: Generator, prior: LevelPrior, frame: Frame) -> NDArray[np.float64]:
    """Draw the log level of each series, shape ``(S, 1)``.

    Series of a panel scatter around its own level; one that stands alone has that level itself.
    """
    sizes = np.bincount(frame.panel)
    center = np.log(prior.views.draw(rng, frame.panels))
    spread = np.log(prior.spread.draw(rng, frame.panels)) * (sizes > 1)
    logs = center[frame.panel] + spread[frame.panel] * rng.standard_normal(frame.size)
    return np.clip(logs, 0.0, np.log(1e9))[:, None]
