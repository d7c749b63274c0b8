"""A picture completed from one of its quadrants (Sohn, Lee and Yan 2015, sec. 5.2, in the setting of Pyro's tutorial).

The bottom left quadrant is given, grey; a conditional VAE is told its pixels as others are told a label, and what it pays
for the other three quadrants is measured: -ln p(missing|given) with a Bernoulli likelihood on grey pixels, by importance sampling.
"""

import math
import time

import torch
from torch import Generator, Tensor

from benchmarks.studies.base import Found, Setting, Study, at_most
from vae_core.arithmetic import fast_products
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.datasets import Split, load, to_input
from vae_core.knobs import learning_rate
from vae_core.metrics.bounds import nll_each
from vae_core.objectives import Elbo, Moment
from vae_core.optim import Adam
from vae_core.vae import VAE, build

SAMPLES = 100
TRAIN = TrainConfig(epochs=60, batch_size=128, lr=2e-3, betas=(0.9, 0.99))


def quadrants(split: Split) -> Split:
    """The three missing quadrants, one below the other, (N, 1, 3H/2, W/2), and the given one's pixels, (N, HW/4) in [0, 1]."""
    high, wide = (side // 2 for side in split.x.shape[-2:])
    x = split.x
    missing = torch.cat([x[..., :high, :wide], x[..., :high, wide:], x[..., high:, wide:]], -2)
    return Split(missing, to_input(x[..., high:, :wide]).flatten(1), None)


def train(vae: VAE, missing: Tensor, given: Tensor, config: TrainConfig) -> None:
    """The bound, given the quadrant: the data sets' `fit` knows labels alone."""
    vae.start_at(to_input(missing[:5000]).mean(0))
    vae.train()
    objective, adam = Elbo(), Adam(vae.parameters(), config.betas)
    noise = Generator().manual_seed(config.seed)
    assert config.epochs is not None
    steps = config.epochs * math.ceil(len(missing) / config.batch_size)
    step = 0
    for _ in range(config.epochs):
        for rows in torch.randperm(len(missing), generator=noise).split(config.batch_size):
            with fast_products():
                now = Moment(step / steps, noise, len(missing))
                objective(vae, to_input(missing[rows]), given[rows], now).loss.backward()
            adam.step(learning_rate(config, config.lr, step, step / steps, steps))
            step += 1
    vae.eval()


def completion(setting: Setting) -> Found:
    """-ln p(missing|given) on the test split."""
    data = load(DataConfig(dataset="digits" if setting.quick else "mnist"), setting.data_dir)
    known, asked = quadrants(data.train), quadrants(data.test)
    shape = tuple(known.x.shape[1:])
    model = ModelConfig(shape=shape, hidden=(500, 500), latent_dim=50, activation="silu", classes=known.labels.shape[1])
    vae = build(model, setting.seed)
    config = TRAIN.but(seed=setting.seed, **({"epochs": 5} if setting.quick else {}))
    began = time.process_time()
    train(vae, known.x, known.labels, config)
    minutes = (time.process_time() - began) / 60
    found = nll_each(vae, asked, samples=SAMPLES)
    return Found({"-ln p(missing, given the rest)": found.mean().item()}, minutes, f"{config.epochs} epochs")


STUDIES = [
    Study(
        "completion",
        "CVAE completing MNIST digits of which one quadrant is given",
        "nats per image",
        "72",
        "71.8, a plain network 100.4 (Sohn et al. 2015, as rerun in Pyro's tutorial)",
        completion,
        at_most(72, "-ln p(missing, given the rest)"),
    )
]
