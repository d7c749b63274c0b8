"""A training of the program on 8x8 digits, with the curves that it reports itself."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Generator, Tensor

from vae_core.data import Dataset, load, to_input
from vae_core.messages import Message
from vae_core.metrics.diagnosis.finding_and_evidence import Finding
from vae_core.mistakes.program import Forward, Program
from vae_core.mistakes.right_lines import Lines
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.failure_causes import FailureContext, NotANumber, find_cause

EPOCHS, BATCH = 60, 128


@dataclass
class Curves:
    """What the program reports: the loss of each step, and the mean terms of each epoch with the loss of validation images."""

    steps: list[float] = field(default_factory=list)
    distortion: list[float] = field(default_factory=list)
    rate: list[float] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    val_loss: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Training:
    """A finished training: its program and settings, its curves, and the finding on the loss that became NaN or infinite."""

    program: Program
    run: RunConfig
    data: Dataset
    curves: Curves
    broken: Finding | None


def settings(lines: Lines, likelihood: str, seed: int) -> RunConfig:
    """The run that trains the same network with the library: a VAE with a code of two numbers on 8x8 digits."""
    data = {"likelihood": likelihood, "latent_dim": 2, "batch_size": BATCH, "epochs": EPOCHS}
    run = build_run("vae", RunConfig().data, (1, 8, 8), 10, **data, seed=seed)
    return run.replace(train=run.train.replace(lr=lines.learning_rate(), precision="fp32", schedule="constant"))


def train(lines: Lines, likelihood: str, seed: int, progress: Callable[[float], None] = lambda share: None) -> Training:
    """Train the program; `seed` fixes the weights, the order of the images and eps, whichever line is faulty."""
    run = settings(lines, likelihood, seed)
    data = load(run.data)
    vae = build(run.model, seed=seed)
    vae.init_from_mean(to_input(data.train.x).mean(0))
    program, curves = Program.of(lines, vae, seed), Curves()
    for epoch in range(EPOCHS):
        if broken := _epoch(program, data, curves, run, epoch):
            return Training(program, run, data, curves, broken)
        progress((epoch + 1) / EPOCHS)
    return Training(program, run, data, curves, None)


def _epoch(program: Program, data: Dataset, curves: Curves, run: RunConfig, epoch: int) -> Finding | None:
    """One pass over the training images; the finding where the loss is no longer a number."""
    order = torch.randperm(len(data.train), generator=Generator().manual_seed(run.train.seed * 1_000_003 + epoch))
    terms = []
    for rows in order.split(BATCH):
        found = program.step(data.train.x[rows])
        curves.steps.append(found.loss.item())
        if not math.isfinite(curves.steps[-1]):
            return _broken(program, found, run, len(curves.steps))
        terms.append((found.distortion.item(), found.rate.item(), found.loss.item()))
    distortion, rate, loss = (sum(each) / len(terms) for each in zip(*terms, strict=True))
    curves.distortion.append(distortion)
    curves.rate.append(rate)
    curves.loss.append(loss)
    curves.val_loss.append(_loss(program, data.val.x))
    return None


def _broken(program: Program, found: Forward, run: RunConfig, step: int) -> Finding:
    return NotANumber(
        step, Message("loss"), find_cause(FailureContext(program.vae, found.x, None, run.train.lr))
    ).finding


def _loss(program: Program, images: Tensor) -> float:
    """The loss of images, with noise that leaves the training's own as it is."""
    before = program.generator.get_state()
    with torch.no_grad():
        loss = program.forward(images).loss.item()
    program.generator.set_state(before)
    return loss
