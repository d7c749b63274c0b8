"""How likely test pictures are: MNIST drawn black or white anew for each batch, 784-200-200-50 tanh (Burda et al. 2016, table 1)."""

from benchmarks.studies.base import Found, Setting, Study, at_most
from vae_core.arithmetic import bf16_is_fast
from vae_core.config import DataConfig, ModelConfig, RunConfig, TrainConfig
from vae_core.datasets import load
from vae_core.metrics.bounds import nll_each
from vae_core.metrics.estimates import mean_of
from vae_core.objectives.importance import Dreg

SAMPLES = 5000
PRECISION = "bf16" if bf16_is_fast() else "fp32"


def _measure(setting: Setting, objective: Dreg, train: TrainConfig) -> Found:
    data_config = DataConfig(dataset="digits" if setting.quick else "mnist", target="dynamic")
    data = load(data_config, setting.data_dir)
    run = RunConfig(
        data=data_config,
        model=ModelConfig(shape=data.shape, hidden=(200, 200), latent_dim=50, activation="tanh"),
        objective=objective,
        train=train.but(seed=setting.seed, **({"epochs": 15} if setting.quick else {})),
    )
    vae, done, minutes = setting.train(run, data)
    found = nll_each(vae, data.test, "dynamic", samples=50 if setting.quick else SAMPLES)
    figures = {"NLL": mean_of(found).value, "-ELBO": -float(done.figures["elbo"])}  # type: ignore[arg-type]
    return Found(figures, minutes, f"{done.epoch} epochs")


def vae(setting: Setting) -> Found:
    """The plain bound; the gradient of one sample goes through the code alone (Roeder et al. 2017)."""
    train = TrainConfig(epochs=280, batch_size=200, lr=3e-3, betas=(0.9, 0.999), precision=PRECISION)
    return _measure(setting, Dreg(samples=1), train)


def iwae(setting: Setting) -> Found:
    """The bound of 50 samples; the encoder's gradient without the noise that grows with their number (Tucker et al. 2019)."""
    train = TrainConfig(epochs=160, batch_size=20, lr=1e-3, betas=(0.9, 0.999), precision=PRECISION)
    return _measure(setting, Dreg(samples=50), train)


MISSING = "of the paper's epochs, on 55,000 of its 60,000 pictures"
STUDIES = [
    Study(
        "vae",
        "VAE, NLL at k = 5000 on dynamically binarised MNIST, one layer of 50; gradient along the code alone",
        "nats per image",
        "87.5 after 10 minutes on one core",
        "86.76, by the usual gradient, after 3,280 epochs (Burda et al. 2016, table 1)",
        vae,
        at_most(87.5, "NLL"),
        f"a twelfth {MISSING}",
    ),
    Study(
        "iwae",
        "The same, IWAE with 50 samples; doubly reparameterised gradient",
        "nats per image",
        "86.5 after an hour on two cores",
        "84.78, by the usual gradient, after 3,280 epochs (Burda et al. 2016, table 1)",
        iwae,
        at_most(86.5, "NLL"),
        f"a twentieth {MISSING}",
        seeds=1,
    ),
]
