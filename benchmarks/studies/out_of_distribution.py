"""A class that the model has not seen: how well its pictures are told from the others' (An and Cho 2015)."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from torch import Tensor

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, above, at_least
from vae_core.config import DataConfig
from vae_core.data import Dataset, Split, load
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.metrics.out_of_distribution import Array, auroc, complexity, complexity_corrected, leave_class_out
from vae_core.models.vae import VAE
from vae_core.presets.build_run import build_run

Score = Callable[[Array, Tensor, Array, Tensor], np.ndarray]


def rest(columns: Sequence[int]) -> Score:
    """What a line through some columns of `complexity` leaves of the loss; `complexity_corrected` also divides by the usual miss."""

    def score(loss: Array, x: Tensor, known_loss: Array, known_x: Tensor) -> np.ndarray:
        asked, known = (np.column_stack([np.ones(len(part)), complexity(part)[:, columns]]) for part in (x, known_x))
        line = np.linalg.lstsq(known, np.asarray(known_loss), rcond=None)[0]
        return np.asarray(loss) - asked @ line

    return score


FORMS: dict[str, Score] = {
    "ink and entropy, over the usual miss": complexity_corrected,
    "ink and entropy": rest([0, 1]),
    "ink": rest([0]),
    "entropy": rest([1]),
}


def each_held_out(setting: Setting, recipe: Recipe, dataset: str, in_a_trial: Sequence[int] = range(10)) -> Found:
    """The mean AUROC over ten classes, or those of a trial, each held out of a training of its own: of -ELBO alone, and of a form
    of `complexity_corrected`, which allows for how hard a picture is."""
    settings = dict(recipe)
    score = FORMS[settings.pop("form")]
    config = DataConfig(dataset="digits" if setting.quick else dataset)
    data = load(config, setting.data_dir)
    labels = range(2) if setting.quick else in_a_trial if setting.trial else range(len(data.classes))
    settings |= {"seed": setting.seed, **({"epochs": 10} if setting.quick else {})}
    each, minutes = [], 0.0
    for label in labels:
        part = leave_class_out(data, label)
        run = build_run("vae", config, data.shape, len(data.classes), title=f"without {label}", **settings)
        vae, done, spent = setting.train(run, part)
        minutes += spent
        judged = {"val": on_validation(data, label), **({} if setting.trial else {"test": part})}
        each.append({name: ranked(vae, pictures, label, score) for name, pictures in judged.items()})
    means = {name: mean([one[name] for one in each]) for name in each[0]}
    held = f", without {', '.join(map(str, labels))}" if len(labels) < len(data.classes) else ""
    trained = f"{len(each)} trainings of {done.epoch} epochs{held}"
    return Found(recipe, means["val"], means.get("test", {}), minutes, trained)


def on_validation(data: Dataset, label: int) -> Dataset:
    """The second half of the validation split to be judged, the label among it; the first half, without it, says what is usual."""
    middle = len(data.val) // 2
    first, second = (Split(data.val.x[rows], data.val.labels[rows]) for rows in (slice(middle), slice(middle, None)))
    return replace(leave_class_out(replace(data, val=first), label), test=second)


def ranked(vae: VAE, data: Dataset, label: int, score: Score) -> Figures:
    """How well the test split's pictures of a label are told from the others', where the validation split says what is usual; and the
    share of the variance of the others' -ELBO that a line through their hardness, which no model sets, explains."""
    loss, known = (terms_of(vae, part).loss for part in (data.test, data.val))
    strange = data.test.labels == label
    corrected, left = (form(loss, data.test.x, known, data.val.x) for form in (score, rest([0, 1])))
    usual = (~strange).numpy()
    return {
        "AUROC of -ELBO": auroc(loss, strange).value,
        "AUROC of surprise": auroc(corrected, strange).value,
        "R2 of hardness": float(1 - left[usual].var() / loss.numpy()[usual].var()),
    }


def mean(each: list[Figures]) -> Figures:
    return {name: statistics.mean(figures[name] for figures in each) for name in each[0]}


FORM = {"form": "ink and entropy, over the usual miss"}
WIDE: Recipe = {"hidden": (512, 256, 128), "lr": 3e-3, "precision": "fp32"}
SHORT: Recipe = {"epochs": 20, "precision": "fp32"}
RECIPE: Recipe = {**WIDE, "epochs": 40}
ALIKE = (4, 7, 9)  # digits that a 2-D code draws as one another: what a recipe is worth shows most in them
STUDIES = [
    Study(
        "held-out",
        "One MNIST digit held out of training, found by -ELBO; 2-D code, mean over the ten digits",
        "AUROC",
        "0.855 by -ELBO",
        "0.855 by -ELBO, a thesis's table",
        [{**recipe, **FORM} for recipe in (RECIPE, {**WIDE, "epochs": 20}, SHORT)],
        partial(each_held_out, dataset="mnist", in_a_trial=ALIKE),
        at_least(0.855, "AUROC of -ELBO"),
        "AUROC of -ELBO",
        max,
        reason="a picture's ink and entropy explain half of the spread of known digits (R2), whatever the model: see the next row",
    ),
    Study(
        "held-out-surprise",
        "The same models, by the `complexity_corrected` of their -ELBO, which allows for how hard a picture is",
        "AUROC",
        "above -ELBO's",
        "-",
        [{**RECIPE, "form": form} for form in FORMS],
        partial(each_held_out, dataset="mnist", in_a_trial=ALIKE),
        above("AUROC of surprise", than="AUROC of -ELBO"),
        "AUROC of surprise",
        max,
    ),
    Study(
        "held-out-fashion",
        "The same on Fashion-MNIST, which had no part in choosing the recipe or the score",
        "AUROC",
        "above -ELBO's",
        "-",
        [{**RECIPE, **FORM}],
        partial(each_held_out, dataset="fashion-mnist"),
        above("AUROC of surprise", than="AUROC of -ELBO"),
        "AUROC of surprise",
        max,
        like="held-out-surprise",
    ),
]
