"""EXPERIMENTS: id -> the models to set side by side, which differ in one setting: bundled, or trained in seconds on 8x8 digits."""

from dataclasses import dataclass
from typing import Any

from vae_core.config import DataConfig
from vae_core.data.digits import DIGITS
from vae_core.messages import Message
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig

EPOCHS, BATCH, IMAGES = 60, 64, 1257  # of a training on all images: 1,200 steps, some seconds on one core
STEPS = EPOCHS * -(-IMAGES // BATCH)
FEW = 100  # images of the arm that trains on few


@dataclass(frozen=True)
class Arm:
    """One of the models: the checkpoint `bundled` of that name, or a run of a preset with `settings` on digits.

    `images`: how many training images it may use; None: all. It then takes as many steps as the others.
    """

    title: Message
    preset: str = "vae"
    settings: tuple[tuple[str, Any], ...] = ()
    images: int | None = None
    bundled: str = ""

    def run(self, experiment: str) -> RunConfig:
        """The settings of its training; `experiment` is the title of the experiment."""
        data = DataConfig(dataset=DIGITS.name, training_images=self.images)
        epochs = EPOCHS if self.images is None else STEPS // -(-self.images // BATCH)
        fixed = {
            "epochs": epochs,
            "batch_size": BATCH,
            "precision": "fp32",
            "title": f"{experiment}: {self.title}"[:80],
        }
        assert DIGITS.shape is not None
        return build_run(self.preset, data, DIGITS.shape, 10, **{**fixed, **dict(self.settings)})


@dataclass(frozen=True)
class Experiment:
    """Models to set side by side, and the `figures` of which the sentence speaks: keys of sentence.WORDS.

    `ordered`: the arms are steps of one setting, from low to high, so that the sentence goes from the first to the last.
    """

    title: Message
    question: Message
    arms: tuple[Arm, ...]
    figures: tuple[str, ...]
    ordered: bool = False

    @property
    def bundled(self) -> bool:
        """Whether all its models come with the app, so that it opens at once."""
        return all(arm.bundled for arm in self.arms)


EXPERIMENTS: dict[str, Experiment] = {
    "autoencoder": Experiment(
        Message("Autoencoder and VAE"),
        Message("What does a VAE give up in its reconstructions, and what does it gain for its samples?"),
        (
            Arm(Message("Plain autoencoder"), bundled="mnist-ae-2d"),
            Arm(Message("VAE"), bundled="mnist-vae-2d"),
        ),
        ("distortion", "prior_coverage"),
    ),
    "chance": Experiment(
        Message("With chance and without"),
        Message("Is it the chance or the pull to the middle that orders the codes?"),
        (
            Arm(Message("Plain autoencoder"), "autoencoder"),
            Arm(Message("VAE without chance (RAE)"), "rae-l2"),
            Arm(Message("VAE")),
        ),
        ("distortion", "prior_coverage"),
    ),
    "beta": Experiment(
        Message("Beta"),
        Message("What does a higher weight of the rate cost?"),
        tuple(
            Arm(Message("beta {beta:g}", beta=beta), "beta-vae", (("beta", beta), ("latent_dim", 10)))
            for beta in (0.1, 1.0, 4.0, 10.0)
        ),
        ("rate", "distortion", "used"),
        ordered=True,
    ),
    "code-size": Experiment(
        Message("Size of the code"),
        Message("How many numbers does a digit need?"),
        tuple(Arm(Message("code of {size}", size=size), settings=(("latent_dim", size),)) for size in (1, 2, 5, 20)),
        ("distortion", "rate", "used"),
        ordered=True,
    ),
    "warm-up": Experiment(
        Message("KL warm-up"),
        Message("Does a rate that is charged later keep more numbers in use?"),
        (
            Arm(Message("no warm-up"), settings=(("latent_dim", 20),)),
            Arm(Message("warm-up"), "kl-warm-up", (("latent_dim", 20),)),
        ),
        ("rate", "distortion", "used"),
        ordered=True,
    ),
    "few-images": Experiment(
        Message("Few training images"),
        Message("What is lost when there are only a hundred images to learn from?"),
        (
            Arm(Message("{count:,} images", count=FEW), images=FEW),
            Arm(Message("{count:,} images", count=IMAGES)),
        ),
        ("distortion", "rate"),
        ordered=True,
    ),
    "likelihood": Experiment(
        Message("Bernoulli and Gaussian"),
        Message("What does the distribution of a pixel change?"),
        (
            Arm(Message("Bernoulli")),
            Arm(Message("Gaussian with sigma 1"), settings=(("likelihood", "gaussian"), ("sigma", 1.0))),
            Arm(Message("Gaussian with learnt sigma"), settings=(("likelihood", "gaussian_learned"), ("sigma", 0.3))),
        ),
        ("mse", "used"),
    ),
    "prior": Experiment(
        Message("Priors"),
        Message("Does a prior that is learnt lie closer to the codes?"),
        (
            Arm(Message("normal")),
            Arm(Message("mixture of 20 normals"), "gm-vae"),
            Arm(Message("VampPrior"), "vamp-vae"),
        ),
        ("distortion", "rate", "prior_coverage"),
    ),
}
