"""The training loop in torch: AdamW with warmup and decay, averaged weights, checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from upswell.errors import UpswellError
from upswell.forecasting.lstm._checkpoint import Checkpoint
from upswell.forecasting.lstm._device import find_device
from upswell.forecasting.lstm.pretraining._hardware import cores, hardware
from upswell.forecasting.lstm.pretraining._judging import Judge
from upswell.forecasting.lstm.pretraining._loss import pinball
from upswell.forecasting.lstm.pretraining._network import AudienceNetwork, file_name
from upswell.forecasting.lstm.pretraining._stream import Place, batches_from
from upswell.forecasting.lstm.pretraining.lessons import Batch
from upswell.forecasting.lstm.pretraining.report import Pretrained, PretrainingReport, Scores
from upswell.forecasting.lstm.pretraining.settings import PretrainingSettings

__all__ = ["learn"]

BETAS = (0.9, 0.98)
# The step size does not fall below this part of its height.
LEAST_RATE = 0.005

Weights = dict[str, NDArray[np.float32]]
Progress = Callable[[PretrainingReport], None]


def learn(
    settings: PretrainingSettings,
    *,
    progress: Progress | None = None,
    checkpoint: Checkpoint | None = None,
) -> Pretrained:
    """Train a network; torch's global state is left as it was."""
    device = find_device(settings.device)
    workers = settings.workers
    if workers is None:
        workers = 1 if device.type == "cpu" else max(cores() - 1, 1)
    threads = settings.threads or max(cores() - workers, 1)
    with _torch_state(device, threads):
        loop = _Loop.begin(settings, device)
        if checkpoint is not None:
            loop.restore(checkpoint)
        with batches_from(settings.seed, settings.batch_size, loop.place, workers) as batches:
            loop.run(batches, progress, checkpoint)
    return Pretrained(
        weights=loop.kept(),
        reports=tuple(loop.reports),
        device=device.type,
        hardware=hardware(device),
        threads=threads,
        chapters=loop.place.chapter + (loop.place.batch > 0),
    )


@contextmanager
def _torch_state(device: torch.device, threads: int) -> Iterator[None]:
    before = torch.get_num_threads()
    devices = [torch.cuda.current_device()] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=devices):
        torch.set_num_threads(threads)
        try:
            yield
        finally:
            torch.set_num_threads(before)


@dataclass
class _Loop:
    """The state of a training between two steps."""

    settings: PretrainingSettings
    device: torch.device
    judge: Judge
    network: AudienceNetwork
    averaged: AudienceNetwork
    optimiser: torch.optim.AdamW
    steps: int | None
    step: int = 0
    seconds: float = 0.0
    examples: int = 0
    place: Place = field(default_factory=Place)
    reports: list[PretrainingReport] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)

    @classmethod
    def begin(cls, settings: PretrainingSettings, device: torch.device) -> _Loop:
        torch.manual_seed(settings.seed)
        network = AudienceNetwork(settings).to(device)
        averaged = AudienceNetwork(settings).to(device)
        averaged.load_state_dict(network.state_dict())
        optimiser = torch.optim.AdamW(
            network.parameters(),
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            betas=BETAS,
            fused=True,
        )
        return cls(
            settings=settings,
            device=device,
            judge=Judge.of(settings.validation_lessons),
            network=network,
            averaged=averaged,
            optimiser=optimiser,
            steps=settings.steps,
        )

    def run(
        self,
        batches: Iterator[tuple[Batch, Place]],
        progress: Progress | None,
        checkpoint: Checkpoint | None,
    ) -> None:
        """Learn until all steps are done; report and keep the state now and then."""
        begun = time.monotonic() - self.seconds
        kept = self.seconds
        while self.steps is None or self.step < self.steps:
            batch, place = next(batches)
            loss = self.learn_from(batch)
            self.place = place
            self.seconds = time.monotonic() - begun
            self.decide_end()
            last = self.step == self.steps
            if last:
                self.round()
            self.losses.append(loss)
            if last or self.step % self.settings.report_steps == 0:
                self.report(progress)
            if checkpoint is not None and (
                last or self.seconds - kept >= 60 * self.settings.checkpoint_minutes
            ):
                checkpoint.save(*self.state())
                kept = self.seconds

    def decide_end(self) -> None:
        """Fix the number of steps once the part of the time that is stable is over.

        The same number asked for at the start would have led to the same weights.
        """
        stable = 1 - self.settings.decay
        if self.steps is None and self.seconds >= 60 * self.settings.minutes * stable:
            self.steps = max(math.ceil(self.step / stable), self.step + 1)

    def rate(self) -> float:
        """Return the part of the step size: it rises, stays, and falls over the last steps.

        Hu et al. (2024, MiniCPM) call this warmup, stable, decay.
        """
        rate = min(1.0, (self.step + 1) / max(self.settings.warmup, 1))
        if self.steps is not None and self.settings.decay > 0:
            left = (self.steps - self.step) / (self.settings.decay * self.steps)
            rate *= min(1.0, max(left, LEAST_RATE))
        return rate

    def learn_from(self, batch: Batch) -> float:
        """Take one step; return the loss."""
        settings = self.settings
        for group in self.optimiser.param_groups:
            group["lr"] = settings.learning_rate * self.rate()
        past, future, truth = (
            torch.from_numpy(part).to(self.device)
            for part in (batch.past, batch.future, batch.targets)
        )
        self.network.train()
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=settings.bfloat16):
            said = self.network(past, future)
        heads = torch.tensor([1.0, settings.sum_weight, settings.peak_weight], device=self.device)
        loss = (pinball(said.float(), truth) * heads).sum(dim=1).mean()
        self.optimiser.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), settings.clip)
        self.optimiser.step()
        self.average()
        self.step += 1
        self.examples += len(batch)
        found = loss.item()
        if not math.isfinite(found):
            raise UpswellError(
                f"the loss of step {self.step} is not finite",
                fix="use a smaller --learning-rate",
            )
        return found

    def average(self) -> None:
        """Take the newest weights into the running mean (Polyak and Juditsky 1992)."""
        stays = min(self.settings.averaging, (self.step + 1) / (self.step + 20))
        with torch.no_grad():
            pairs = zip(self.averaged.parameters(), self.network.parameters(), strict=True)
            for mean, newest in pairs:
                mean.lerp_(newest, 1 - stays)

    def round(self) -> None:
        """Round the averaged weights to what the file can hold, so that they are judged as kept."""
        if self.settings.precision == "float16":
            with torch.no_grad():
                for weight in self.averaged.parameters():
                    weight.copy_(weight.half().float())

    def report(self, progress: Progress | None) -> None:
        scores = self.judge.scores(self.averaged, self.device)
        told = PretrainingReport(
            step=self.step,
            steps=self.steps,
            seconds=self.seconds,
            examples=self.examples,
            train_loss=float(np.mean(self.losses)),
            scores=scores,
        )
        self.losses = []
        self.reports.append(told)
        if progress is not None:
            progress(told)

    def kept(self) -> dict[str, NDArray[np.floating[Any]]]:
        """Return the averaged weights by the names of the file."""
        dtype = np.dtype(self.settings.precision)
        return {
            file_name(name): array.astype(dtype) for name, array in _weights(self.averaged).items()
        }

    def state(self) -> tuple[Weights, dict[str, Any]]:
        """Return all that the next steps depend on, as arrays and plain data."""
        arrays = {f"now.{name}": array for name, array in _weights(self.network).items()}
        arrays |= {f"mean.{name}": array for name, array in _weights(self.averaged).items()}
        for name, parameter in self.network.named_parameters():
            for key, value in self.optimiser.state[parameter].items():
                arrays[f"adam.{key}.{name}"] = value.detach().cpu().numpy().copy()
        plain = {
            "steps": self.steps,
            "step": self.step,
            "seconds": self.seconds,
            "examples": self.examples,
            "place": [self.place.chapter, self.place.batch],
            "losses": self.losses,
            "reports": [{**_plain(told), "scores": _plain(told.scores)} for told in self.reports],
        }
        return arrays, plain

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go on from a checkpoint, when there is one."""
        found = checkpoint.load()
        if found is None:
            return
        arrays, plain = found
        for prefix, network in (("now", self.network), ("mean", self.averaged)):
            network.load_state_dict(
                {
                    name: torch.from_numpy(arrays[f"{prefix}.{name}"])
                    for name in network.state_dict()
                }
            )
        for name, parameter in self.network.named_parameters():
            # The count of steps stays where the fused optimiser keeps it.
            self.optimiser.state[parameter] = {
                key: torch.from_numpy(arrays[f"adam.{key}.{name}"]).to(self.device)
                for key in ("step", "exp_avg", "exp_avg_sq")
            }
        self.steps = plain["steps"]
        self.step, self.examples = int(plain["step"]), int(plain["examples"])
        self.seconds = float(plain["seconds"])
        self.place = Place(*plain["place"])
        self.losses = list(plain["losses"])
        self.reports = [
            PretrainingReport(**{**told, "scores": Scores(**told["scores"])})
            for told in plain["reports"]
        ]


def _plain(record: Scores | PretrainingReport) -> dict[str, Any]:
    return {name: getattr(record, name) for name in type(record).__slots__}


def _weights(network: AudienceNetwork) -> Weights:
    return {name: tensor.cpu().numpy().copy() for name, tensor in network.state_dict().items()}
