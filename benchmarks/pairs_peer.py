"""Pairs beside the package multivae: `python -m benchmarks.pairs_peer mnist`, the same networks, data and minutes in one run.

Ours is trained by the recipe of the study of pairs, in the precision that is faster here, as the app does; then multivae's MoPoE is
trained on the same networks by its own trainer, which has fp32 alone, for as many minutes of the processor, with the same weight of the
words. Its q(z) given one part is the network's, as ours is, so that both are measured by the same code; the bound by both parts is left
out, because its product of experts is another one. The bar: no figure worse, and twice as many pictures a second. It is not part of the
tests' extra, because it brings matplotlib, nltk, torchvision and more: `pip install multivae`.
"""

import argparse
import tempfile
import time
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from benchmarks.studies.base import Figures, Setting
from benchmarks.studies.pairs import DRAWN, JOINT, JUDGE_EPOCHS, READ, RECIPES, figures, run_of
from vae_core.data import Dataset
from vae_core.data.torchvision_import import torchvision_datasets
from vae_core.errors import UserError
from vae_core.metrics.pairs.judge import Judge
from vae_core.models.build import build
from vae_core.models.pairs.distributions import Words
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.utils.paths import data_dir

COMPARED = {READ: 1, DRAWN: 1, JOINT: 1, "-joint bound by the picture": -1}  # 1: higher is better
LR = 1e-3  # Adam's usual, which multivae's trainer keeps throughout
TIMES_AS_FAST = 2.0


class OutOfTimeError(Exception):
    """Raised between two steps of multivae's trainer, which has no limit of time."""


def word_log_prob(sizes: tuple[int, ...], raw: Tensor, one_hot: Tensor) -> Tensor:
    """ln p of each value of each word that is there, (B, sum of sizes), as multivae sums it."""
    return torch.cat(Words(raw, sizes).log_shares, -1) * one_hot


def trained_by_multivae(vae: PairVAE, data: Dataset, batch: int, minutes: float, word_weight: float) -> int:
    """Train the networks of `vae` as multivae's MoPoE for so many minutes; the number of pictures that it took."""
    torchvision_datasets()  # declares what torchmetrics needs where torchvision was built for another torch
    try:
        models, datasets, trainers = (
            import_module(f"multivae.{part}") for part in ("models", "data.datasets", "trainers")
        )
    except ImportError as error:
        raise UserError("multivae cannot be imported ({error}): pip install multivae.", error=error) from None
    bases, outputs = import_module("pythae.models.nn"), import_module("pythae.models.base.base_utils")
    callbacks = import_module("multivae.trainers.base.callbacks")

    class Encoder(bases.BaseEncoder):  # type: ignore[misc, name-defined]
        def __init__(self, network: nn.Module) -> None:
            super().__init__()
            self.network, self.latent_dim = network, vae.config.latent_dim

        def forward(self, x: Tensor) -> Any:
            mean, log_variance = self.network(x).chunk(2, -1)
            return outputs.ModelOutput(embedding=mean, log_covariance=log_variance)

    class Decoder(bases.BaseDecoder):  # type: ignore[misc, name-defined]
        def __init__(self, network: nn.Module) -> None:
            super().__init__()
            self.network = network

        def forward(self, z: Tensor) -> Any:
            return outputs.ModelOutput(reconstruction=self.network(z))

    class Limit(callbacks.TrainingCallback):  # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            self.steps, self.end = 0, time.process_time() + 60 * minutes

        def on_train_step_end(self, training_config: Any, **told: Any) -> None:
            self.steps += 1
            if time.process_time() > self.end:
                raise OutOfTimeError

    config = models.MoPoEConfig(
        n_modalities=2,
        latent_dim=vae.config.latent_dim,
        input_dims={"picture": data.shape, "words": (sum(data.words),)},
        decoders_dist={"picture": "bernoulli", "words": "bernoulli"},
    )
    model = models.MoPoE(
        config,
        {"picture": Encoder(vae.encoder), "words": Encoder(vae.words.encoder)},
        {"picture": Decoder(vae.decoder), "words": Decoder(vae.words.decoder)},
    )
    # its own Bernoulli refuses grey pixels
    model.recon_log_probs["picture"] = lambda raw, x: -binary_cross_entropy_with_logits(raw, x, reduction="none")
    model.recon_log_probs["words"] = lambda raw, one_hot: word_log_prob(data.words, raw, one_hot)
    model.rescale_factors = {"picture": 1.0, "words": word_weight}
    parts = {"picture": data.train.x / 255, "words": vae.words.one_hot(data.words_of(data.train))}
    limit = Limit()
    with tempfile.TemporaryDirectory() as folder:
        settings = trainers.BaseTrainerConfig(
            output_dir=folder, per_device_train_batch_size=batch, num_epochs=10**6, learning_rate=LR, no_cuda=True
        )
        trainer = trainers.BaseTrainer(
            model, datasets.MultimodalBaseDataset(parts), training_config=settings, callbacks=[limit]
        )
        limit.end = time.process_time() + 60 * minutes
        with suppress(OutOfTimeError):
            trainer.train()
    vae.eval()
    return limit.steps * batch


def compared(setting: Setting, name: str, epochs: int | None) -> tuple[Figures, Figures, float]:
    """Our figures on test pictures, multivae's, and how many times as many pictures a second we train."""
    run, data = run_of(setting, RECIPES[name] | {"precision": "auto"} | ({"epochs": epochs} if epochs else {}), name)
    ours = setting.train(run, data)
    peer = build(run.model, setting.seed)
    assert isinstance(ours.vae, PairVAE) and isinstance(peer, PairVAE)
    peer.init_from_mean((data.train.x[:5000] / 255).mean(0))
    word_weight = float(RECIPES[name].get("word_weight", 1.0))
    taken = trained_by_multivae(peer, data, run.train.batch_size, ours.minutes, word_weight)
    judge = Judge(data.train.x, data.words_of(data.train), data.words, 1 if setting.quick else JUDGE_EPOCHS[name])
    mine, theirs = (figures(vae, data, judge, setting.seed, data.test) for vae in (ours.vae, peer))
    print(f"{ours.minutes:.1f} minutes each; pictures trained on: {ours.done.epoch * len(data.train):,} and {taken:,}")
    return mine, theirs, ours.done.epoch * len(data.train) / taken


def main(words: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pairs_peer")
    parser.add_argument("data", choices=RECIPES)
    parser.add_argument("--epochs", type=int, help="of our training, in place of the study's")
    parser.add_argument("--quick", action="store_true", help="small data: no figure to quote")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--data-dir")
    options = parser.parse_args(words)
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(data_dir(options.data_dir), Path(folder), options.seed, options.quick)
        mine, theirs, faster = compared(setting, options.data, options.epochs)
    for figure, sign in COMPARED.items():
        own, other, margin = mine[figure], theirs[figure], mine.get(f"{figure} +-", 0.0)
        better = sign * (own - other)
        said = "not worse" if better >= -margin else f"worse by {-better:.2f}, our 95 % interval is +- {margin:.2f}"
        print(f"{figure:30} ours {own:8.2f}  multivae {other:8.2f}  {said}")
    print(f"pictures a second: {faster:.1f} times as many  {'reached' if faster >= TIMES_AS_FAST else 'missed'}")


if __name__ == "__main__":
    main()
