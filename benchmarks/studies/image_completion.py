"""A picture completed from one, two or three of its quadrants (Sohn, Lee and Yan 2015, sec. 5.2, in the setting of Pyro's tutorial).

The given quadrants are grey; a conditional VAE is told their pixels as others are told a label, and what it pays for the missing
ones is measured, in nats of a Bernoulli likelihood on grey pixels. Pyro's table prints -ELBO for its CVAE and the cross-entropy
for its plain network, each kept at the epoch that was best on the test pictures themselves. Here both kinds of figure are printed,
-ELBO and -ln p by importance sampling, and the plain network is kept at the epoch that was best on validation pictures.
"""

import copy
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, at_most
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import Dataset, Split, load, to_input
from vae_core.metrics.elbo_nll_bits_per_dim import nll_each, terms_of
from vae_core.models.vae import VAE
from vae_core.presets.run_config import RunConfig
from vae_core.training.events import Done, Event
from vae_core.training.live_controls import LiveControls
from vae_core.training.precision import fast_products
from vae_core.training.saved_state import STATE
from vae_core.training.trainer import Trainer
from vae_core.utils.optimisers import Adam

SAMPLES = 100
PATIENCE = 3  # epochs, as in the tutorial


def parted(split: Split, given: int) -> Split:
    """The missing quadrants of pictures (N, 1, H, W), one below the other, (N, 1, (4 - given) H/2, W/2), and the pixels of the
    `given` ones as labels, (N, given HW/4) in [0, 1]: bottom left, then top left, then top right, as in the tutorial."""
    high, wide = (side // 2 for side in split.x.shape[-2:])
    left, right = split.x[..., :wide], split.x[..., wide:]
    quadrants = [left[..., high:, :], left[..., :high, :], right[..., :high, :], right[..., high:, :]]
    told = torch.cat([to_input(quadrant).flatten(1) for quadrant in quadrants[:given]], 1)
    return Split(torch.cat(quadrants[given:], -2), told, None)


def by_epochs(vae: VAE, data: Dataset, run: RunConfig, *, folder: Path, resume: bool) -> Iterator[Event]:
    """`fit` without what it shows of each label, for here no label is told but pixels; it goes on from the last whole epoch."""
    trainer = Trainer(vae, data, run, LiveControls())
    if resume and (folder / STATE).exists():
        trainer.restore(folder / STATE)
    else:
        vae.init_from_mean(to_input(data.train.x[:5000]).mean(0))
    vae.train()
    while trainer.progress < 1:
        for rows in trainer.order().split(run.train.batch_size):
            trainer.step(rows)
        trainer.end_epoch()
        yield trainer.save(folder)
    at = trainer.at
    yield Done("epochs", at.epoch, at.step, at.seconds, {}, None)


def plain(data: Dataset, seed: int, quick: bool) -> nn.Module:
    """A network that guesses each missing pixel from the given ones, 500-500, kept at its best epoch on validation pictures."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        told, missing = data.train.labels.shape[1], data.train.x[0].numel()
        network = nn.Sequential(
            nn.Linear(told, 500), nn.ReLU(), nn.Linear(500, 500), nn.ReLU(), nn.Linear(500, missing)
        )
    adam, noise = Adam(network.parameters(), (0.9, 0.999)), Generator().manual_seed(seed)
    best, kept, waited = float("inf"), network, 0
    while waited < PATIENCE and not (quick and kept is not network):
        for rows in torch.randperm(len(data.train), generator=noise).split(128):
            with fast_products():
                cost(network, Split(data.train.x[rows], data.train.labels[rows])).mean().backward()
            adam.step(1e-3)
        with torch.no_grad():
            found = cost(network, data.val).mean().item()
        best, kept, waited = (found, copy.deepcopy(network), 0) if found < best else (best, kept, waited + 1)
    return kept


def cost(network: nn.Module, split: Split) -> Tensor:
    """Cross-entropy of each image's missing pixels, (N,) nats."""
    guess, truth = network(split.labels), to_input(split.x).flatten(1)
    return binary_cross_entropy_with_logits(guess, truth, reduction="none").sum(1)


def completion(setting: Setting, recipe: Recipe, given: int) -> Found:
    """What a conditional VAE and a plain network pay for the missing quadrants."""
    whole = load(DataConfig(dataset="digits" if setting.quick else "mnist"), setting.data_dir)
    train, val, test = (parted(split, given) for split in (whole.train, whole.val, whole.test))
    data = Dataset(whole.name, whole.title, train, val, test, tuple(map(str, range(train.labels.shape[1]))))
    settings = {**recipe, **({"epochs": 10} if setting.quick else {}), "seed": setting.seed}
    model = {name: settings.pop(name) for name in ("hidden", "latent_dim")}
    run = RunConfig(
        title=f"{given} given",
        model=ModelConfig(shape=data.shape, activation="silu", classes=len(data.classes), **model),
        train=TrainConfig(**settings),
    )
    vae, done, minutes = setting.train(run, data, by_epochs)
    began = time.process_time()
    network = plain(data, setting.seed, setting.quick)
    minutes += (time.process_time() - began) / 60

    def figures(split: Split) -> Figures:
        with torch.no_grad():
            guessed = cost(network, split)
        each = {"-ELBO": terms_of(vae, split).loss, f"-ln p at k = {SAMPLES}": nll_each(vae, split, samples=SAMPLES)}
        return {name: values.mean().item() for name, values in {**each, "plain network": guessed}.items()}

    return Found(recipe, **setting.scores(figures, data), minutes=minutes, trained=f"{done.epoch} epochs")


DENSE = {"hidden": (500, 500), "latent_dim": 50, "batch_size": 128, "precision": "fp32"}
RECIPES = [
    {**DENSE, "epochs": 60, "lr": 1e-3},
    {**DENSE, "epochs": 60, "lr": 2e-3},
    {**DENSE, "epochs": 30, "lr": 2e-3},
]
PAPER = "(Sohn et al. 2015, as rerun in Pyro's tutorial, epochs chosen on test pictures)"


def study(given: int, cvae: float, network: float) -> Study:
    """The row of a number of given quadrants, with the tutorial's figures."""
    return Study(
        "completion" if given == 1 else f"completion-{given}",
        f"CVAE completing MNIST digits, quadrants given: {given}",
        "nats per image",
        f"{cvae} by -ELBO",
        f"-ELBO {cvae}, a plain network {network} {PAPER}",
        RECIPES,
        partial(completion, given=given),
        at_most(cvae, "-ELBO"),
        "-ELBO",
        like="" if given == 1 else "completion",
    )


STUDIES = [study(1, 71.8, 100.4), study(2, 51.0, 61.9), study(3, 24.2, 25.4)]
