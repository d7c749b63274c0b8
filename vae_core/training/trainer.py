"""The trainer: one training step, the end of an epoch, a snapshot, saving and resuming.

The data stay one tensor in memory, a batch is a tensor of indices into it, and the optimiser is torch's fused kernel.
"""

import math
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from torch import Generator, Tensor, nn

from vae_core import checkpoints
from vae_core.checkpoints import checks
from vae_core.data import Dataset, Split, to_input
from vae_core.devices import noise
from vae_core.devices.choice import chosen, numbers
from vae_core.devices.processes import ALONE, Processes
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.metrics.elbo_nll_bits_per_dim import bound, figures_of
from vae_core.metrics.encoded_split import BATCH, Encoded, means_of
from vae_core.models.vae import VAE
from vae_core.objectives import Objective, StepContext, Terms, with_dial_value
from vae_core.presets.run_config import RunConfig
from vae_core.training.batches import Batches, balanced_indices
from vae_core.training.critic_training import critic_trainer
from vae_core.training.data_checks import check_fit, check_processes
from vae_core.training.events import Done, Epoch, Numbers, Saved, Snapshot, Started, TrainStep
from vae_core.training.failure_causes import WEIGHTS, Cause, FailureContext, NotANumber, find_cause, name_of
from vae_core.training.live_controls import LiveControls
from vae_core.training.lr_schedule import learning_rate
from vae_core.training.precision import ComputeSettings, Precision, choose_settings
from vae_core.training.running_means import RunningMeans
from vae_core.training.saved_state import STATE, Counters, Progress, grouped, joined, read_state, write_state
from vae_core.utils.optimisers import Adam

CHECKED = ("adam", "critic", "critic_adam")  # groups of a saved state, beside the model's, that must be finite
# Of a snapshot: validation images with their codes, and those with their reconstructions.
PROBE_IMAGES, STRIP_IMAGES = 1000, 10


class Trainer:
    """The state of one training and its operations; `fit` decides when each of them runs."""

    def __init__(
        self, vae: VAE, data: Dataset, run: RunConfig, controls: LiveControls, processes: Processes = ALONE
    ) -> None:
        check_fit(run, data)
        check_processes(run, processes.count)
        self.processes, self.uncounted = processes, 0.0
        self.data, self.run, self.controls, self.config = data, run, controls, run.train
        self.device = processes.own(chosen(self.config.device))
        self.devices = [self.device.type]
        self.vae = vae.to(self.device)
        decoupled = self.config.optimizer == "adamw"
        self.adam = Adam(vae.parameters(), self.config.betas, self.config.weight_decay, decoupled)
        self.critic_trainer = critic_trainer(run.objective, vae, self.config.seed)
        self.noise = (noise.seeded if processes.count == 1 else processes.noise)(self.device, self.config.seed)
        self.batches = Batches(data, run, self.noise, self.device)
        self.at = Progress()
        self.epoch_means = self._new_means()
        self.recent_means = self._new_means()
        self.steps_per_epoch = math.ceil(len(data.train) / (self.config.batch_size * self.config.accumulate))
        self.best = math.inf
        self.best_weights: dict[str, Tensor] = {}
        self.waited = 0

    @cached_property
    def compute(self) -> ComputeSettings:
        """Precision and threads: as set, as restored from a saved state, or else the fastest for models of this kind.

        Several processes must agree, so for them "auto" is fp32.
        """
        given = self.config.precision
        if given != "auto" or self.processes.count > 1:
            precision: Precision = "bf16" if given == "bf16" else "fp32"
            return ComputeSettings(precision=precision, threads=torch.get_num_threads())
        model, plain = self.run.model, {"latent_dim", "sigma", "temperature"}
        kind = model.model_dump_json(exclude=plain), self.run.objective.name, self.config.batch_size
        return choose_settings(kind, self._trial_step, self.device)

    def _trial_step(self) -> Callable[[ComputeSettings], None]:
        """A function that takes one training step with given compute settings, on a copy of the model, to measure its time."""
        trial = Trainer(deepcopy(self.vae).train(), self.data, self.run, LiveControls())
        batch = trial.order()[: self.config.batch_size]

        def step(choice: ComputeSettings) -> None:
            trial.compute = choice
            with torch.random.fork_rng(devices=[]):
                trial.step(batch)

        return step

    @property
    def steps(self) -> int | None:
        return None if self.config.epochs is None else self.config.epochs * self.steps_per_epoch

    @property
    def progress(self) -> float:
        """Completed share of the training in [0, 1], by epochs or by seconds, whichever is larger."""
        by_steps = self.at.step / self.steps if self.steps else 0.0
        by_time = self.at.seconds / self.config.seconds if self.config.seconds else 0.0
        return min(1.0, max(by_steps, by_time))

    @property
    def objective(self) -> Objective:
        return (
            self.run.objective
            if self.controls.dial_value is None
            else with_dial_value(self.run.objective, self.controls.dial_value)
        )

    def order(self) -> Tensor:
        """This epoch's permutation of the training images; it depends only on the seed and the epoch, so a resumed run repeats it."""
        seed = self.config.seed * 1_000_003 + self.at.epoch
        return torch.randperm(len(self.data.train), generator=Generator().manual_seed(seed))

    def step(self, indices: Tensor) -> None:
        """One optimiser step on the images at `indices` (B,); raises NotANumber when a term is NaN or infinite."""
        with self.compute.applied():
            self._accumulate(indices)
        if self.config.clip is not None:
            nn.utils.clip_grad_norm_(self.adam.parameters, self.config.clip)
        lr = self.lr
        self.adam.step(lr)
        if self.critic_trainer is not None:
            self.critic_trainer.step(lr / self.base_lr)
        self.at.step += 1

    def _accumulate(self, indices: Tensor) -> None:
        critic = None if self.critic_trainer is None else self.critic_trainer.module
        now = StepContext(self.progress, self.noise, len(self.data.train), critic, self.batches.labelled())
        objective = self.objective
        seen: list[tuple[int, dict[str, float]]] = []
        for part in indices.split(self.config.batch_size):
            (x, y), share = self.batches.take(part), len(part) / len(indices)
            if self.processes.count > 1:
                x, y, share = self._own_rows(x, y, share)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.compute.precision == "bf16"):
                terms = objective(self.vae, x, y, now)
            means = _means(terms)
            if self.processes.count == 1:
                self._refuse_non_finite(means, x, y, now)
            seen.append((len(part), means))
            if self.critic_trainer is None:
                (terms.loss if share == 1 else terms.loss * share).backward()
            else:
                self.critic_trainer.backward(terms, share, self.adam.parameters)
        if self.processes.count > 1:
            seen = self._summed(seen)
            for _, means in seen:
                self._refuse_non_finite(means, x, y, now)
        for images, means in seen:
            self.epoch_means.add(means, images)
            self.recent_means.add(means, images)

    def _own_rows(self, x: Tensor, y: Tensor | None, share: float) -> tuple[Tensor, Tensor | None, float]:
        """The rows of a batch that this process computes, and how much they count; its noise is limited to them."""
        assert isinstance(self.noise, noise.OfRows)
        rows, images = self.processes.rows(len(x)), len(x)
        self.noise.rows, self.noise.images = rows, images
        return x[rows], None if y is None else y[rows], share * self.processes.share(images)

    def _summed(self, seen: list[tuple[int, dict[str, float]]]) -> list[tuple[int, dict[str, float]]]:
        """Sum the gradients over all processes, and the means of the whole batches; the first one's clock counts for all."""
        assert isinstance(self.noise, noise.OfRows)
        self.noise.rows = None
        own = [value * self.processes.share(images) for images, means in seen for value in means.values()]
        clock = self.at.seconds + self.uncounted if self.processes.is_first else 0.0
        *values, self.at.seconds = self.processes.summed(self.adam.parameters, [*own, clock])
        self.uncounted, found = 0.0, iter(values)
        return [(images, {name: next(found) for name in means}) for images, means in seen]

    def took(self, seconds: float) -> None:
        """Count time as training; of several processes, all learn the first one's with the next step, so that they end together."""
        if self.processes.count == 1:
            self.at.seconds += seconds
        else:
            self.uncounted += seconds

    @property
    def base_lr(self) -> float:
        return self.controls.lr or self.config.lr

    @property
    def lr(self) -> float:
        return learning_rate(self.config, self.base_lr, self.at.step, self.progress, self.steps)

    def _refuse_non_finite(self, means: Mapping[str, float], x: Tensor, y: Tensor | None, now: StepContext) -> None:
        bad = next((name for name, value in means.items() if not math.isfinite(value)), None)
        if bad is not None:
            context = replace(now, noise=noise.seeded(self.device, 0))
            raise NotANumber(
                self.at.step + 1, name_of(bad), self._cause(x, y, lambda: self.objective(self.vae, x, y, context))
            )

    def _cause(self, x: Tensor, y: Tensor | None, recompute: Callable[[], Terms] | None = None) -> Cause:
        in_bf16 = self.compute.precision == "bf16"
        return find_cause(FailureContext(self.vae, x, y, self.base_lr, in_bf16, recompute))

    def _check_weights(self) -> None:
        """Raise NotANumber where the last step left a weight that is NaN or infinite: it must not be saved or shown."""
        if not all(p.isfinite().all() for p in self.vae.parameters()):
            raise NotANumber(self.at.step, WEIGHTS, self._cause(*self._first_chunk(self.data.train)))

    def _check_figures(self, figures: Mapping[str, object], split: Split, name: str) -> None:
        for term, value in figures.items():
            if isinstance(value, float) and not math.isfinite(value):
                raise NotANumber(self.at.step, name_of(term, name), self._cause(*self._first_chunk(split)))

    def _first_chunk(self, split: Split) -> tuple[Tensor, Tensor | None]:
        x = to_input(split.x[:BATCH].to(self.device), "grey", None)
        return x, split.labels[:BATCH].to(self.device) if self.vae.config.classes else None

    def _new_means(self) -> RunningMeans:
        return RunningMeans(has_rate=self.run.model.posterior != "point")

    def started(self) -> Started:
        parameters = sum(p.numel() for p in self.vae.parameters())
        return Started(len(self.data.train), parameters, self.steps, **self.compute.model_dump(), devices=self.devices)

    def step_event(self, seconds: float) -> TrainStep:
        recent, self.recent_means = self.recent_means, self._new_means()
        objective = self.objective
        return TrainStep(
            self.at.step,
            self.at.epoch,
            self.at.seconds,
            self.progress,
            recent.means(),
            self.lr,
            None if objective.dial is None else getattr(objective, objective.dial, None),
            recent.images / max(seconds, 1e-9),
        )

    def end_epoch(self) -> Epoch:
        """End the epoch: its mean terms, and the bound on the validation split with the same noise in every epoch."""
        self.at.epoch, self.at.batch = self.at.epoch + 1, 0
        event = self.evaluated()
        self.epoch_means = self._new_means()
        self._update_best(event.val_loss)
        return event

    def evaluated(self) -> Epoch:
        """The mean terms of this epoch until now, and the bound on the validation split."""
        self._check_weights()
        distortion, kl = bound(self.vae, self.data.val, self.run.data.target)
        rate = None if kl is None else kl.sum().item()
        loss = distortion + (rate or 0.0)
        val: Numbers = {"loss": loss, "elbo": None if rate is None else -loss, "distortion": distortion, "rate": rate}
        self._check_figures(val, self.data.val, "validation")
        parts = None if kl is None else kl.tolist()
        return Epoch(self.at.epoch, self.at.step, self.at.seconds, self.epoch_means.means(), val, parts)

    def _update_best(self, loss: float) -> None:
        self.waited = 0 if loss < self.best else self.waited + 1
        if self.config.patience and loss < self.best:
            self.best_weights = {name: tensor.clone() for name, tensor in self.vae.state_dict().items()}
        self.best = min(self.best, loss)

    def snapshot(self) -> Snapshot:
        """The codes of the probe set, and reconstructions of a few of its images, under the current weights."""
        self._check_weights()
        val, target = self.data.val, self.run.data.target
        rows = torch.linspace(
            0, len(val) - 1, min(PROBE_IMAGES, len(val))
        ).long()  # evenly spaced, in case the split is sorted
        probe = Split(val.x[rows], val.labels[rows], None)
        codes = means_of(self.vae, probe, target)
        chosen = balanced_indices(probe.labels, STRIP_IMAGES)
        x = to_input(probe.x[chosen], "grey" if target == "dynamic" else target, None)
        labels = probe.labels[chosen].to(self.device) if self.vae.config.classes else None
        shown = self.vae.reconstruct(x.to(self.device), labels).cpu()
        pair, words = (shown.numpy(), x.numpy()), self.data.vocabulary
        texts = ([], []) if words is None else tuple(map(words.readable, pair))
        return Snapshot(
            self.at.step, self.at.epoch, self.at.seconds, codes.numpy(), probe.labels.numpy(), *pair, *texts
        )

    def save(self, folder: Path) -> Saved:
        """Write everything that an exact resume needs."""
        self._check_weights()
        groups = {"model": self.vae.state_dict(), "adam": self.adam.state(), "best": self.best_weights}
        groups |= {"noise": {"": self.noise.get_state()}}
        groups |= {} if self.critic_trainer is None else self.critic_trainer.state()
        means = self.epoch_means
        settings = self.compute.model_dump()
        counters = Counters(means.sums, means.images, self.best, self.waited, settings, self.devices)
        write_state(folder / STATE, joined(groups), self.at, counters)
        return Saved(folder / STATE, self.at.step)

    def restore(self, path: Path) -> None:
        """Resume from what `save` wrote; raises UserError when it is damaged, or belongs to another model or other data.

        A generator of one kind of device has no state for another: there the noise begins anew, and `devices` says so.
        """
        tensors, at, counters = read_state(path)
        groups = grouped(tensors)
        try:
            checks.weights(groups["model"], self.vae.state_dict())
            if not all(t.isfinite().all() for name in CHECKED for t in groups[name].values()):
                raise ValueError(Message("a moment or a critic's weight is NaN or infinite"))
            self.vae.load_state_dict(groups["model"])
            self.adam.load(groups["adam"])
            if self.critic_trainer is not None:
                self.critic_trainer.load(groups["critic"], groups["critic_adam"])
            if groups["best"]:
                checks.weights(groups["best"], self.vae.state_dict())
            is_same_device = counters.devices[-1] == self.device.type
            if is_same_device:
                self.noise.set_state(groups["noise"][""])
            else:
                self.noise.manual_seed(self.config.seed + at.step)
            compute = ComputeSettings.parse(counters.compute)
        except (KeyError, RuntimeError, TypeError, ValueError):
            raise UserError("{path} does not fit this run's model: start the run again.", path=path) from None
        if at.batch > self.steps_per_epoch:
            raise UserError(
                "{path} is at batch {batch}, but an epoch has {steps_per_epoch}: start the run again.",
                path=path,
                batch=at.batch,
                steps_per_epoch=self.steps_per_epoch,
            )
        self.at, self.best_weights = at, groups["best"]
        self.epoch_means.sums, self.epoch_means.images = counters.epoch_sums, counters.epoch_images
        self.best, self.waited = counters.best, counters.waited
        self.devices = counters.devices if is_same_device else [*counters.devices, self.device.type]
        if self.config.precision == "auto" and is_same_device:
            self.compute = compute

    def halted(self, reason: Any) -> Done:
        """The end of this part of a training that can resume."""
        return Done(reason, self.at.epoch, self.at.step, self.at.seconds, {}, None)

    def finish(self, reason: Any, folder: Path | None) -> Done:
        """Evaluate on the test split, and write the checkpoint where there is a folder."""
        if self.best_weights:
            self.vae.load_state_dict(self.best_weights)
        self._check_weights()
        encoded = Encoded(self.vae, self.data.test, self.run.data.target)
        figures = figures_of(encoded)
        self._check_figures(figures, self.data.test, "test")
        if folder is not None:
            data, codes = self.data, (encoded.mean.numpy(), encoded.scale.numpy())
            latents = checkpoints.Latents(*codes, data.test.labels.numpy())
            training = {
                "epochs": self.at.epoch,
                "steps": self.at.step,
                "seconds": round(self.at.seconds, 2),
                "ended": reason,
                **self.compute.model_dump(),
                "devices": ", ".join(self.devices),
                "processes": self.processes.count,
            }
            named = data.classes, training, data.columns, data.vocabulary, data.own_caption
            checkpoints.save(folder, self.vae, self.run, figures, latents, *named)
        return Done(reason, self.at.epoch, self.at.step, self.at.seconds, figures, folder)


def _means(terms: Terms) -> dict[str, float]:
    """The terms of a batch as numbers, by name; those that come first are named first where several are not finite."""
    found = {"rate": terms.rate, "distortion": terms.distortion, "critic's loss": terms.critic_loss, "loss": terms.loss}
    given = {name: term for name, term in found.items() if term is not None}
    return dict(zip(given, numbers([*given.values()]), strict=True))
