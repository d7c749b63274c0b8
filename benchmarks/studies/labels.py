"""How well digits are read when 100 labels are told and the others hidden (Kingma et al. 2014, table 1)."""

from benchmarks.studies.base import Found, Setting, Study, at_most
from vae_core.config import DataConfig
from vae_core.datasets import load, to_input
from vae_core.presets import preset
from vae_core.vae import evaluation


def error(setting: Setting, name: str, **recipe: object) -> Found:
    """Share of test pictures that the classifier of a preset names wrongly; the seed also chooses which labels are told."""
    config = DataConfig(
        dataset="digits" if setting.quick else "mnist",
        target="grey" if setting.quick else "dynamic",
        labelled=100,
        seed=setting.seed,
    )
    data = load(config, setting.data_dir)
    quick = {"epochs": 3} if setting.quick else {}
    run = preset(name, config, data.shape, len(data.classes), **{**recipe, "seed": setting.seed, **quick})
    vae, done, minutes = setting.train(run, data)
    with evaluation(vae):
        wrong = vae.classify(to_input(data.test.x)).argmax(1) != data.test.labels
    return Found({"error": 100 * wrong.double().mean().item()}, minutes, f"{done.epoch} epochs")


STUDIES = [
    Study(
        "m2",
        "MNIST read with 100 labels, M2",
        "% wrong",
        "12",
        "11.97 (Kingma et al. 2014, table 1)",
        lambda setting: error(setting, "m2", latent_dim=20, hidden=(300, 300), epochs=40, batch_size=100, lr=2e-3),
        at_most(12, "error"),
    ),
    Study(
        "m1-m2",
        "The same, M1+M2",
        "% wrong",
        "5",
        "3.33 (Kingma et al. 2014, table 1)",
        lambda setting: error(
            setting, "m1-m2", first=20, latent_dim=15, hidden=(600, 600), epochs=200, share=0.12, lr=5e-3
        ),
        at_most(5, "error"),
    ),
]
