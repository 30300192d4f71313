import numpy as np
import pytest

from upswell.errors import BundleError
from upswell.forecasting.lstm.adapting import AdaptedLstm, Choice
from upswell.forecasting.lstm.adapting.model import averaged, network_of
from upswell.forecasting.lstm.pretrained import forecast_quantiles


def test_answers_are_averaged_on_the_log_scale(adaptation, history):
    model = adaptation.adapted
    mixed = AdaptedLstm(model.untouched, model.tuned, Choice(9, 0.5, 1.0, 0.9, 5, 120), 14)
    said = mixed.quantiles(history, 10)
    one, other = (
        forecast_quantiles(history.values, 10, network=network_of(weights))
        for weights in (model.untouched, model.tuned)
    )
    for head in ("day", "sum", "peak"):
        wanted = np.sqrt((1 + getattr(one, head)) * (1 + getattr(other, head))) - 1
        np.testing.assert_allclose(getattr(said, head), wanted)
    assert (np.diff(said.day, axis=0) >= 0).all()
    assert (said.peak >= said.day - 1e-9 * said.day).all()
    assert averaged(one, other, 0.0) is one
    assert averaged(one, other, 1.0) is other


def test_without_its_tuned_part_it_is_the_network_that_it_started_from(adaptation, history, base):
    plain = forecast_quantiles(history.values, 7, network=network_of(base)).median
    np.testing.assert_array_equal(adaptation.adapted.zero_shot().predict(history, 7), plain)


def test_tuned_weights_and_their_weight_must_agree(base):
    with pytest.raises(BundleError, match="do not agree"):
        AdaptedLstm(base, base, Choice(0, 0.0, 1.0, 1.0, 5, 120), 14)
