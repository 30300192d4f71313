import numpy as np
import torch

from upswell.forecasting.lstm.adapting._tuning import masked_pinball, tune
from upswell.forecasting.lstm.adapting.windows import teaching_windows
from upswell.forecasting.lstm.pretraining._loss import pinball


def random_answers():
    draw = np.random.default_rng(1)
    said = torch.from_numpy(np.sort(draw.normal(size=(4, 14, 3, 13)).astype(np.float32)))
    return said, torch.from_numpy(draw.normal(size=(4, 10, 3)).astype(np.float32))


def test_where_all_is_known_the_loss_is_that_of_pretraining():
    said, truth = random_answers()
    torch.testing.assert_close(masked_pinball(said, truth), pinball(said, truth).mean(dim=0))


def test_what_is_not_known_has_no_say_and_no_gradient():
    said, truth = random_answers()
    truth[0, 3:] = torch.nan
    said.requires_grad_()
    masked_pinball(said, truth).sum().backward()
    assert (said.grad[0, 3:] == 0).all()
    assert torch.isfinite(said.grad).all()
    assert (said.grad[1, 3:10] != 0).any()


def test_weights_after_some_steps_do_not_depend_on_those_that_follow(history, base, quick):
    windows = teaching_windows(history, 7)
    seen = []
    few = tune(base, windows, quick, (3,), seed=0)
    more = tune(base, windows, quick, (3, 5), seed=0, progress=seen.append)
    assert all((few[3][name] == more[3][name]).all() for name in base)
    assert any((more[5][name] != more[3][name]).any() for name in base)
    assert [(r.step, r.steps) for r in seen] == [(k, 5) for k in range(1, 6)]


def test_torch_and_the_weights_given_are_left_as_they_were(history, base, quick):
    before = {name: weight.copy() for name, weight in base.items()}
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    tune(base, teaching_windows(history, 7), quick, (2,), seed=0)
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.get_num_threads() == threads
    assert all((base[name] == before[name]).all() for name in base)
