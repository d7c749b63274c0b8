"""How few bytes a .vae file of MNIST takes, of a model trained for ten or twenty minutes on one core, beside other lossless formats.

A file of grey levels may be smaller than -ELBO: the coder gives each level a probability of at least 2^-24, and a network that is too
sure of its pixels gives a few of them less, which costs it 3 bits a picture.
"""

import math
from collections.abc import Callable

import torch
from torch import Generator

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, at_most
from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint
from vae_core.compression.codec import compress
from vae_core.compression.other_formats import FORMATS
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import Split, load, to_input
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.objectives import Elbo
from vae_core.objectives.importance_weighted import Dreg
from vae_core.presets.run_config import RunConfig
from vae_core.utils.arrays import UInt8

FILE, BOUND = "file", "-ELBO"
OBJECTIVES = {
    "along the code": Dreg(samples=1),
    "usual": Elbo(),
}  # the gradient of the same bound, by `gradient` of a recipe


def of(likelihood: str, target: str) -> Callable[[Setting, Recipe], Found]:
    """What measures a recipe with a likelihood of so many levels; `target` is how a training sees the pictures."""

    def measure(setting: Setting, recipe: Recipe) -> Found:
        config = DataConfig(dataset="digits" if setting.quick else "mnist", target=target)
        data = load(config, setting.data_dir)
        settings = {name: value for name, value in recipe.items() if name not in (*MODEL, "gradient")}
        run = RunConfig(
            data=config,
            model=ModelConfig(shape=data.shape, likelihood=likelihood, **{name: recipe[name] for name in MODEL}),
            objective=OBJECTIVES[recipe["gradient"]],
            train=TrainConfig(**{**settings, "seed": setting.seed, **({"epochs": 3} if setting.quick else {})}),
        )
        _, done, minutes = setting.train(run, data)
        checkpoint = checkpoints.load(setting.folder(run))
        scores = setting.scores(lambda split: figures(checkpoint, split, peers=not setting.trial), data)
        return Found(recipe, scores["val"], scores["test"], minutes, f"{done.epoch} epochs")

    return measure


def figures(checkpoint: Checkpoint, split: Split, peers: bool) -> Figures:
    """Bits a pixel of the file and of -ELBO, and of the other formats of the same levels."""
    two = checkpoint.vae.likelihood.levels == 2
    levels = to_input(split.x, "dynamic", Generator().manual_seed(0)).byte() if two else split.x
    pictures = levels * 255 if two else levels
    found = {FILE: bits(compress(checkpoint, pictures.numpy()), levels.numpy()), BOUND: bound(checkpoint, pictures)}
    beside = {
        name: bits(make(levels.numpy(), 2 if two else 256), levels.numpy()) for name, make in FORMATS.items() if peers
    }
    return found | beside


def bits(file: bytes, levels: UInt8) -> float:
    return 8 * len(file) / levels.size


def bound(checkpoint: Checkpoint, pictures: torch.Tensor) -> float:
    """-ELBO in bits a pixel, by the float network."""
    elbo = terms_of(checkpoint.vae, Split(pictures, torch.zeros(len(pictures)).long()), "grey", 0).elbo
    assert elbo is not None
    return -elbo.mean().item() / math.log(2) / pictures[0].numel()


MODEL = ("hidden", "latent_dim", "activation")
SMALL = {"hidden": (200, 200), "latent_dim": 20, "activation": "tanh", "gradient": "along the code"}
TWO = {**SMALL, "epochs": 290, "batch_size": 400, "precision": "fp32", "lr": 5e-3, "betas": (0.9, 0.999)}
GREY = {**TWO, "hidden": (512, 512), "latent_dim": 50, "epochs": 50, "batch_size": 100, "lr": 3e-3}
STUDIES = [
    Study(
        "lossless-binary",
        "The MNIST pictures, drawn black or white by their grey levels, in one .vae file, beside other formats",
        "bits a pixel",
        "0.17 after 10 minutes on one core",
        "0.19 (Townsend, Bird and Barber 2019)",
        [TWO, {**TWO, "gradient": "usual"}],
        of("bernoulli", "dynamic"),
        at_most(0.17, FILE, digits=4),
        FILE,
        seeds=1,
        shortened={"epochs": 40},
    ),
    Study(
        "lossless-grey",
        "The same pictures with their 256 grey levels",
        "bits a pixel",
        "1.38 after 20 minutes on one core",
        "1.41 (Townsend, Bird and Barber 2019)",
        [GREY, {**GREY, "batch_size": 200}, {**GREY, "hidden": (200, 200), "batch_size": 400, "lr": 5e-3}],
        of("beta_binomial", "grey"),
        at_most(1.38, FILE, digits=3),
        FILE,
        seeds=1,
        shortened={"epochs": 12},
    ),
]
