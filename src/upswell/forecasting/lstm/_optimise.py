"""The training loop in torch: Adam, averaged weights, early stopping on the validation tail."""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from upswell.forecasting.lstm._checkpoint import Checkpoint
from upswell.forecasting.lstm._device import find_device
from upswell.forecasting.lstm._network import ViewsNetwork
from upswell.forecasting.lstm._teaching import Teaching
from upswell.forecasting.lstm.record import EpochReport
from upswell.forecasting.lstm.settings import LstmSettings

__all__ = ["Optimised", "deterministic", "optimise"]

Weights = dict[str, NDArray[np.float32]]
Inputs = NDArray[np.float32]

# Share of the newest epoch in the averaged weights, once there are five epochs.
AVERAGE_RATE = 0.2


@dataclass(frozen=True)
class Optimised:
    """The best weights, by torch's names, and the losses by epoch."""

    weights: Weights
    train_loss: tuple[float, ...]
    validation_loss: tuple[float, ...]
    best_epoch: int
    device: str


def optimise(
    teaching: Teaching,
    settings: LstmSettings,
    outputs: int,
    seed: int,
    *,
    progress: Callable[[EpochReport], None] | None,
    checkpoint: Checkpoint | None,
) -> Optimised:
    """Train a network on what `teaching` gives; torch's global state is left as it was."""
    device = find_device(settings.device)
    with deterministic(device):
        loop = _Loop.begin(teaching, settings, outputs, seed, device)
        if checkpoint is not None:
            loop.restore(checkpoint)
        while not loop.finished():
            loop.run_epoch()
            if checkpoint is not None:
                checkpoint.save(*loop.state())
            if progress is not None:
                progress(loop.report())
        return Optimised(
            weights=loop.best_weights,
            train_loss=tuple(loop.train_loss),
            validation_loss=tuple(loop.validation_loss),
            best_epoch=loop.best_epoch,
            device=device.type,
        )


@contextmanager
def deterministic(device: torch.device) -> Iterator[None]:
    """Make results repeat bit for bit, and leave torch as it was found.

    One thread: sums in another order differ in their last bits, and small networks gain nothing
    from more.
    """
    threads = torch.get_num_threads()
    cuda = device.type == "cuda"
    with ExitStack() as stack:
        stack.enter_context(
            torch.random.fork_rng(devices=[torch.cuda.current_device()] if cuda else [])
        )
        stack.callback(torch.set_num_threads, threads)
        torch.set_num_threads(1)
        if cuda:
            _deterministic_cuda(stack)
        yield


def _deterministic_cuda(stack: ExitStack) -> None:
    name = "CUBLAS_WORKSPACE_CONFIG"
    before = os.environ.get(name)
    if before is None:
        os.environ[name] = ":4096:8"
        stack.callback(os.environ.pop, name, None)
    stack.callback(torch.use_deterministic_algorithms, torch.are_deterministic_algorithms_enabled())
    torch.use_deterministic_algorithms(True)
    stack.enter_context(torch.backends.cudnn.flags(deterministic=True, benchmark=False))


def _weights(network: ViewsNetwork) -> Weights:
    state = network.state_dict()
    return {name: tensor.cpu().numpy().copy() for name, tensor in state.items()}


@dataclass
class _Loop:
    """The state of a training between two epochs."""

    teaching: Teaching
    settings: LstmSettings
    seed: int
    device: torch.device
    network: ViewsNetwork
    averaged: ViewsNetwork
    optimiser: torch.optim.Adam
    best_weights: Weights
    train_loss: list[float]
    validation_loss: list[float]
    best_epoch: int = 0

    @classmethod
    def begin(
        cls,
        teaching: Teaching,
        settings: LstmSettings,
        outputs: int,
        seed: int,
        device: torch.device,
    ) -> _Loop:
        torch.manual_seed(seed)
        network = ViewsNetwork(settings.layers, settings.units, settings.dropout, outputs)
        network.to(device)
        optimiser = torch.optim.Adam(network.parameters(), lr=settings.learning_rate, fused=True)
        loop = cls(
            teaching=teaching,
            settings=settings,
            seed=seed,
            device=device,
            network=network,
            averaged=copy.deepcopy(network),
            optimiser=optimiser,
            best_weights={},
            train_loss=[],
            validation_loss=[],
        )
        loop.best_weights = _weights(loop.averaged)
        loop.validation_loss.append(loop.validate())
        return loop

    @property
    def epoch(self) -> int:
        return len(self.train_loss)

    def finished(self) -> bool:
        waited = self.epoch - self.best_epoch
        return self.epoch >= self.settings.epochs or waited >= self.settings.patience

    def run_epoch(self) -> None:
        # Every epoch has seeds of its own, so that a resumed training needs no generator's state.
        torch.manual_seed(int(np.random.SeedSequence([self.seed, self.epoch]).generate_state(1)[0]))
        lesson = self.teaching.lesson(self.epoch)
        inputs, values, weights = (
            torch.from_numpy(array).to(self.device)
            for array in (lesson.inputs, lesson.targets.values, lesson.targets.weights)
        )
        size = self.settings.batch_size
        losses = []
        self.network.train()
        for start in range(0, len(inputs), size):
            batch = slice(start, start + size)
            self.optimiser.zero_grad(set_to_none=True)
            away = (self.network(inputs[batch]) - values[batch]).abs() * weights[batch]
            loss = away.sum() / weights[batch].sum()
            loss.backward()
            self.optimiser.step()
            losses.append(loss.detach())
        self.train_loss.append(float(torch.stack(losses).mean()))
        self.average()
        self.validation_loss.append(self.validate())
        if self.validation_loss[-1] < self.validation_loss[self.best_epoch]:
            self.best_epoch = self.epoch
            self.best_weights = _weights(self.averaged)

    def average(self) -> None:
        """Take the newest weights into the running mean of the epochs' weights.

        The mean of the weights along the way is steadier than the last ones (Polyak and Juditsky
        1992), above all with batches as small as the default.
        """
        rate = max(AVERAGE_RATE, 1 / self.epoch)
        with torch.no_grad():
            pairs = zip(self.averaged.parameters(), self.network.parameters(), strict=True)
            for mean, newest in pairs:
                mean.lerp_(newest, rate)

    def validate(self) -> float:
        return self.teaching.validation_loss(self.answer)

    def answer(self, inputs: Inputs) -> Inputs:
        """Return what the averaged network says, without dropout."""
        self.averaged.eval()
        with torch.no_grad():
            said = self.averaged(torch.from_numpy(inputs).to(self.device))
        return np.asarray(said.cpu().numpy(), dtype=np.float32)

    def report(self) -> EpochReport:
        return EpochReport(
            epoch=self.epoch,
            epochs=self.settings.epochs,
            train_loss=self.train_loss[-1],
            validation_loss=self.validation_loss[-1],
            best_epoch=self.best_epoch,
        )

    def state(self) -> tuple[Weights, dict[str, Any]]:
        """Return all that the next epochs depend on, as arrays and plain data."""
        arrays = {f"now.{name}": array for name, array in _weights(self.network).items()}
        arrays |= {f"mean.{name}": array for name, array in _weights(self.averaged).items()}
        arrays |= {f"best.{name}": array for name, array in self.best_weights.items()}
        for name, parameter in self.network.named_parameters():
            for key, value in self.optimiser.state[parameter].items():
                arrays[f"adam.{key}.{name}"] = value.cpu().numpy().copy()
        plain = {
            "train_loss": self.train_loss,
            "validation_loss": self.validation_loss,
            "best_epoch": self.best_epoch,
        }
        return arrays, plain

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint, when there is one."""
        found = checkpoint.load()
        if found is None:
            return
        arrays, plain = found
        own = list(self.best_weights)
        for prefix, network in (("now", self.network), ("mean", self.averaged)):
            network.load_state_dict(
                {name: torch.from_numpy(arrays[f"{prefix}.{name}"]) for name in own}
            )
        self.best_weights = {name: arrays[f"best.{name}"] for name in own}
        for name, parameter in self.network.named_parameters():
            self.optimiser.state[parameter] = {
                key: torch.from_numpy(arrays[f"adam.{key}.{name}"]).to(self.device)
                for key in ("step", "exp_avg", "exp_avg_sq")
            }
        self.train_loss = list(plain["train_loss"])
        self.validation_loss = list(plain["validation_loss"])
        self.best_epoch = int(plain["best_epoch"])
