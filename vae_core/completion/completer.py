"""Completer: a checkpoint that fills in the hidden parts of pictures or the missing cells of rows, numpy in and numpy out."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from vae_core.axes.table_layout import TableLayout
from vae_core.checkpoints import Checkpoint
from vae_core.completion.code_posterior import MANY, unsuited
from vae_core.completion.hidden_parts import Hidden
from vae_core.completion.methods import Task, log_likelihood_of_visible, optimised
from vae_core.completion.missing_nats import SAMPLES, missing_nats
from vae_core.completion.weighted_codes import Mixture, drawn_in_turn, weighted_codes
from vae_core.data import to_input
from vae_core.errors import UserError
from vae_core.models.vae import evaluation

Images = NDArray[np.float32]
EXAMPLES = 1000  # codes of the test split whose decoded mean fills the hidden part for the encoder
AT_ONCE = 250  # examples that are completed together


@dataclass(frozen=True)
class Completion:
    """Completions of N examples: `draws` (K, N, *shape), each decoded from one code, and `mean` (N, *shape) over many.

    What is visible is as it was. `mean` minimises the expected squared error.
    """

    draws: Images
    mean: Images


class Completer:
    """A checkpoint in evaluation mode; raises UserError for a model that cannot complete."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        if (why := unsuited(checkpoint.vae.config)) is not None:
            raise UserError(why)
        self._vae, self._latents = checkpoint.vae.eval(), checkpoint.latents
        self._means: dict[int, Tensor] = {}

    def complete(
        self,
        x: NDArray[np.generic],
        hidden: Hidden,
        label: int = 0,
        *,
        draws: int = 6,
        steps: int = MANY,
        seed: int = 0,
    ) -> Completion:
        """Completions of x (N, *shape), of which `hidden` is to be filled: pixels (N, 1, H, W), or columns of rows (N, C)."""
        parts = []
        for first in range(0, len(x), AT_ONCE):
            task = self.task(x[first : first + AT_ONCE], hidden[first : first + AT_ONCE], label)
            parts.append(self._filled(task, optimised(self._vae, task, steps, seed), draws, seed))
        return Completion(np.concatenate([one.draws for one in parts], 1), np.concatenate([one.mean for one in parts]))

    def nats(
        self, x: NDArray[np.generic], hidden: Hidden, label: int = 0, *, steps: int = MANY, seed: int = 0
    ) -> Images:
        """The nats of the true hidden part of each example (N,), see `missing_nats`."""
        parts = []
        for first in range(0, len(x), AT_ONCE):
            task = self.task(x[first : first + AT_ONCE], hidden[first : first + AT_ONCE], label)
            codes = drawn_in_turn(optimised(self._vae, task, steps, seed), SAMPLES, seed)
            parts.append(missing_nats(self._vae, task, codes)[0])
        return torch.cat(parts).float().numpy()

    def task(self, x: NDArray[np.generic], hidden: Hidden, label: int = 0) -> Task:
        """The task of these examples, the hidden part filled with the mean of what the model draws."""
        examples = to_input(torch.from_numpy(np.array(x))).reshape(-1, *self._vae.config.shape)
        parts = torch.from_numpy(np.array(hidden, bool))
        y = torch.full((len(examples),), label) if self._vae.config.classes else None
        if self._vae.config.kind != "row":
            return Task(examples, parts, parts, torch.where(parts, self.mean_example(label), examples), y)
        layout = TableLayout.of(self._vae.config)
        filled = torch.where(in_row(parts, layout, True), self.mean_example(label), examples)
        filled[..., layout.flags] = torch.maximum(parts[:, list(layout.missing)].float(), examples[..., layout.flags])
        flagged = in_row(parts & _has_flag(layout), layout, False)
        return Task(examples, in_row(parts, layout, True), parts, filled.masked_fill(flagged, 0.0), y)

    def mean_example(self, label: int = 0) -> Tensor:
        """The mean of what is decoded from the codes of the test split, (*shape): of one class for a conditional model."""
        if label not in self._means:
            with evaluation(self._vae):
                codes = torch.from_numpy(self._latents.mean[:EXAMPLES])
                y = torch.full((len(codes),), label) if self._vae.config.classes else None
                self._means[label] = self._vae.decode(codes, y).mean.mean(0)
        return self._means[label]

    def _filled(self, task: Task, mixture: Mixture, draws: int, seed: int) -> Completion:
        def decoded(z: Tensor) -> Tensor:
            return self._vae.decode(z, task.y).mean

        with evaluation(self._vae):
            known = log_likelihood_of_visible(self._vae, task)
            mean = task.with_hidden(weighted_codes(self._vae, mixture, known, task.y, seed=seed).mean(decoded)).numpy()
            shown = [task.with_hidden(decoded(z)).numpy() for z in drawn_in_turn(mixture, draws, seed)]
        return Completion(np.stack(shown) if shown else np.empty((0, *mean.shape), np.float32), mean)


def in_row(columns: Tensor, layout: TableLayout, with_flags: bool) -> Tensor:
    """Truth values by column (N, C) as truth values by the numbers of a row (N, D); those of the flags too where asked for."""
    wide = columns.repeat_interleave(torch.tensor(layout.widths), -1)
    flags = columns[:, list(layout.missing)]
    return torch.cat([wide, flags if with_flags else torch.zeros_like(flags)], -1)


def _has_flag(layout: TableLayout) -> Tensor:
    """Which columns have a number behind the columns that says that their value is missing, (C,)."""
    found = torch.zeros(len(layout.widths), dtype=torch.bool)
    found[list(layout.missing)] = True
    return found
