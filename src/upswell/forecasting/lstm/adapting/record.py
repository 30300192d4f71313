"""What an adaptation decided, and why."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["Choice", "StepReport"]


@dataclass(frozen=True, slots=True)
class StepReport:
    """How far a fine-tuning is.

    Parameters
    ----------
    step, steps
        Steps taken, and steps in all.
    loss
        Pinball loss of the step's windows, on the network's scale.
    """

    step: int
    steps: int
    loss: float


@dataclass(frozen=True, slots=True)
class Choice:
    """Whether a panel's windows speak for fine-tuning.

    Parameters
    ----------
    steps
        Steps of the fine-tuning; 0 when zero-shot is kept.
    weight
        Weight of the tuned network beside the untouched one; 0 when zero-shot is kept.
    zero_shot_loss, loss
        Scaled pinball loss on the validation windows: of the shipped weights, and of the best that
        was tried. NaN when nothing was tried.
    windows
        Cutoffs of the validation.
    days
        Days known when it was decided.

    Examples
    --------
    >>> Choice(60, 0.5, 0.50, 0.48, 5, 300).why
    'adapted: on 5 validation windows, 60 steps and weight 0.5 lowered the scaled pinball loss \
by 4.0%'
    >>> Choice(0, 0.0, 0.50, 0.499, 5, 300).why
    'kept zero-shot: on 5 validation windows, the best fine-tuning changed the scaled pinball \
loss by -0.2%, which is too little'
    >>> Choice(0, 0.0, math.nan, math.nan, 0, 20).why
    'kept zero-shot: 20 days are too few to teach and to validate'
    """

    steps: int
    weight: float
    zero_shot_loss: float
    loss: float
    windows: int
    days: int

    @property
    def adapted(self) -> bool:
        """Whether the tuned network has a say."""
        return self.weight > 0

    @property
    def gain(self) -> float:
        """Share by which the best that was tried lowered the loss; NaN when nothing was."""
        return 1.0 - self.loss / self.zero_shot_loss

    @property
    def why(self) -> str:
        """Say in one sentence what was decided."""
        if math.isnan(self.loss):
            return f"kept zero-shot: {self.days} days are too few to teach and to validate"
        windows = f"{self.windows} validation window{'' if self.windows == 1 else 's'}"
        if not self.adapted:
            return (
                f"kept zero-shot: on {windows}, the best fine-tuning changed the scaled pinball "
                f"loss by {-self.gain:+.1%}, which is too little"
            )
        return (
            f"adapted: on {windows}, {self.steps} steps and weight {self.weight:g} lowered the "
            f"scaled pinball loss by {self.gain:.1%}"
        )
