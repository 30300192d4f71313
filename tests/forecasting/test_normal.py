"""Normal scores agree with scipy's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from upswell.forecasting._normal import even_scores, normal_scores


def test_scores_are_those_of_scipy():
    probabilities = np.array([[1e-6, 0.025, 0.3], [0.5, 0.9, 1 - 1e-6]])
    np.testing.assert_allclose(normal_scores(probabilities), ndtri(probabilities), atol=1e-9)


def test_even_scores_are_symmetric_and_cannot_be_changed():
    scores = even_scores(1000)
    np.testing.assert_allclose(scores, -scores[::-1], atol=1e-9)
    with pytest.raises(ValueError, match="read-only"):
        scores[0] = 0.0
