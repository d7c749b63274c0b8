"""A step that was asked for by itself: the loss of its batch and the codes of some validation images, before it and after it."""

import torch
from torch import Tensor

from vae_core.data import Split
from vae_core.metrics.encoded_split import means_of
from vae_core.objectives import StepContext
from vae_core.training.batches import balanced_indices
from vae_core.training.events import GradientStep
from vae_core.training.trainer import Trainer

PROBES = 40  # validation images whose codes are measured


class WatchedStep:
    """Made before the step on the images at `indices` (B,); `event`, after it, gives what it changed.

    The loss is computed with the noise that the step itself draws, and the state of the noise is put back: a training that is
    watched has the same weights as one that is not.
    """

    def __init__(self, trainer: Trainer, indices: Tensor) -> None:
        self.trainer, self.indices = trainer, indices
        self.noise, self.progress, self.lr = trainer.noise.get_state(), trainer.progress, trainer.lr
        self.loss, self.codes = self._loss(), self._codes()

    def event(self) -> GradientStep:
        """The measured step; call it once the step has been taken."""
        at, labels = self.trainer.at, self.trainer.data.val.labels
        return GradientStep(
            at.step,
            at.epoch,
            at.seconds,
            self.lr,
            self.loss,
            self._loss(),
            self.codes,
            self._codes(),
            labels[self._rows].tolist(),
        )

    def _loss(self) -> float:
        """The loss of the batch in nats per image, in evaluation mode: nothing is learnt, and no running scale is updated."""
        trainer, now = self.trainer, self.trainer.noise.get_state()
        critic = None if trainer.critic_trainer is None else trainer.critic_trainer.module
        trainer.noise.set_state(self.noise)
        trainer.vae.eval()
        context = StepContext(self.progress, trainer.noise, len(trainer.data.train), critic, trainer.batches.labelled())
        total = 0.0
        for part in self.indices.split(trainer.config.batch_size):
            total += trainer.objective(trainer.vae, *trainer.batches.take(part), context).loss.item() * len(part)
        trainer.vae.train()
        trainer.noise.set_state(now)
        return total / len(self.indices)

    @property
    def _rows(self) -> Tensor:
        return balanced_indices(self.trainer.data.val.labels, PROBES)

    def _codes(self) -> list[list[float]]:
        trainer, val = self.trainer, self.trainer.data.val
        if trainer.run.model.latent_dim > 2:
            return []
        with torch.no_grad():
            codes = means_of(
                trainer.vae, Split(val.x[self._rows], val.labels[self._rows], None), trainer.run.data.target
            )
        return [[float(v) for v in code] for code in codes]
