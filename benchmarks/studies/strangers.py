"""A class that the model has not seen: how well its test pictures are told from the others' (An and Cho 2015)."""

import statistics

from benchmarks.studies.base import Found, Setting, Study, at_least
from vae_core.config import DataConfig
from vae_core.datasets import Dataset, load
from vae_core.metrics.use import held_out, without
from vae_core.presets import preset


def each_held_out(setting: Setting, dataset: str) -> Found:
    """The mean AUROC over ten classes, each held out of a training of its own: of -ELBO alone, and of `surprise`, which allows for
    how hard a picture is."""
    config = DataConfig(dataset="digits" if setting.quick else dataset)
    data: Dataset = load(config, setting.data_dir)
    labels = range(2 if setting.quick else len(data.classes))
    pace = {"epochs": 10} if setting.quick else {"epochs": 20}
    found, minutes = [], 0.0
    for label in labels:
        part = without(data, label)
        run = preset("vae", config, data.shape, len(data.classes), title=f"without {label}", seed=setting.seed, **pace)
        vae, _, spent = setting.train(run, part)
        minutes += spent
        found.append(held_out(vae, part, label))
    figures = {
        "AUROC of surprise": statistics.mean(one.corrected.value for one in found),
        "AUROC of -ELBO": statistics.mean(one.auroc.value for one in found),
    }
    return Found(figures, minutes, f"{len(found)} trainings of {pace['epochs']} epochs")


STUDIES = [
    Study(
        "held-out",
        "One MNIST digit held out of training, 2-D code, mean over the ten digits",
        "AUROC",
        "0.86",
        "0.855 by -ELBO, the reference figure of a thesis",
        lambda setting: each_held_out(setting, "mnist"),
        at_least(0.86, "AUROC of surprise"),
        "a 2-D code draws some digits it never saw well, and 1 is likely to any model",
    ),
    Study(
        "held-out-fashion",
        "The same on Fashion-MNIST, which had no part in choosing the score",
        "AUROC",
        "0.5, which is chance",
        "-",
        lambda setting: each_held_out(setting, "fashion-mnist"),
        at_least(0.5, "AUROC of surprise"),
        seeds=1,
    ),
]
