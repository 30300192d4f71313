"""LightGBM's text read by its library alone: the same numbers, and no scikit-learn."""

from __future__ import annotations

import subprocess
import sys

import lightgbm
import numpy as np
import pytest

from upswell.releases.models._text_booster import TextBooster


def taught(objective: str, rows: int = 400) -> tuple[lightgbm.Booster, np.ndarray]:
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(rows, 6))
    matrix[:, 5] = rng.integers(0, 9, rows)
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    target = np.nan_to_num(matrix[:, 0] + np.sin(matrix[:, 5])) > 0
    data = lightgbm.Dataset(matrix, target.astype(float), categorical_feature=[5])
    settings = {"objective": objective, "verbosity": -1, "min_data_in_leaf": 5, "num_threads": 1}
    return lightgbm.train(settings, data, num_boost_round=20), matrix


@pytest.mark.parametrize("objective", ["binary", "huber"])
def test_it_predicts_what_lightgbm_predicts_bit_by_bit(objective: str) -> None:
    booster, matrix = taught(objective)
    text = booster.model_to_string()
    own, theirs = TextBooster(text), lightgbm.Booster(model_str=text)
    for threads in (1, 2):
        for rows in (matrix, matrix[:1], np.asfortranarray(matrix), matrix[::3]):
            found = own.predict(rows, num_threads=threads)
            assert found.tobytes() == theirs.predict(rows, num_threads=1).tobytes()


def test_text_and_gains_are_those_of_lightgbm() -> None:
    booster, _ = taught("binary")
    text = booster.model_to_string()
    own, theirs = TextBooster(text), lightgbm.Booster(model_str=text)
    assert own.model_to_string() == theirs.model_to_string()
    gains = own.feature_importance("gain")
    assert gains.tolist() == theirs.feature_importance("gain").tolist()


def test_a_matrix_of_another_width_is_refused() -> None:
    booster, matrix = taught("binary")
    with pytest.raises(ValueError, match="features"):
        TextBooster(booster.model_to_string()).predict(matrix[:, :3])


def test_text_that_is_no_model_is_refused() -> None:
    with pytest.raises(ValueError, match="label index"):
        TextBooster("tree\nversion=v4\nnum_class=1\n")


def test_the_package_stays_out(tmp_path) -> None:
    booster, matrix = taught("binary")
    (tmp_path / "model.txt").write_text(booster.model_to_string())
    np.save(tmp_path / "rows.npy", matrix)
    code = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from upswell.releases.models._text_booster import TextBooster\n"
        "found = TextBooster(Path(sys.argv[1], 'model.txt').read_text())\n"
        "found.predict(np.load(Path(sys.argv[1], 'rows.npy')))\n"
        "print(sorted({'lightgbm', 'sklearn', 'pandas'} & set(sys.modules)))\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert ran.stdout.strip() == "[]"
