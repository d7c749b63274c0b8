"""How well digits are read when 100 labels are told and the others hidden (Kingma et al. 2014, table 1).

The candidates are compared by the labels of 5,000 validation pictures, which nobody with 100 labels has: the paper does not say
how its own settings were chosen.
"""

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, at_most
from vae_core.config import DataConfig
from vae_core.data import Split, load
from vae_core.metrics.classification import classifier_error
from vae_core.presets.build_run import build_run


def error(setting: Setting, name: str, recipe: Recipe) -> Found:
    """Share of pictures that the classifier of a preset names wrongly; the seed also chooses which labels are told."""
    config = DataConfig(
        dataset="digits" if setting.quick else "mnist",
        target="grey" if setting.quick else "dynamic",
        labelled=100,
        seed=setting.seed,
    )
    data = load(config, setting.data_dir)
    quick = {"epochs": 3} if setting.quick else {}
    run = build_run(name, config, data.shape, len(data.classes), **{**recipe, "seed": setting.seed, **quick})
    vae, done, minutes = setting.train(run, data)

    def figures(split: Split) -> Figures:
        return {"error": 100 * classifier_error(vae, split).value}

    return Found(recipe, **setting.scores(figures, data), minutes=minutes, trained=f"{done.epoch} epochs")


M2 = {"latent_dim": 20, "hidden": (300, 300), "epochs": 40, "batch_size": 100, "lr": 2e-3, "precision": "fp32"}
BOTH = {"first": 20, "latent_dim": 15, "hidden": (600, 600), "share": 0.12, "epochs": 200, "precision": "fp32"}
STUDIES = [
    Study(
        "m2",
        "MNIST read with 100 labels, M2",
        "% wrong",
        "12",
        "11.97 (Kingma et al. 2014, table 1)",
        [M2, {**M2, "lr": 1e-3}, {**M2, "hidden": (500,)}, {**M2, "latent_dim": 50}],
        lambda setting, recipe: error(setting, "m2", recipe),
        at_most(12, "error"),
        "error",
    ),
    Study(
        "m1-m2",
        "The same, M1+M2",
        "% wrong",
        "5",
        "3.33 (Kingma et al. 2014, table 1)",
        [{**BOTH, "lr": 3e-3}, {**BOTH, "lr": 5e-3}, {**BOTH, "lr": 5e-3, "hidden": (300, 300)}],
        lambda setting, recipe: error(setting, "m1-m2", recipe),
        at_most(5, "error"),
        "error",
        seeds=1,  # one takes more than twenty minutes
    ),
]
