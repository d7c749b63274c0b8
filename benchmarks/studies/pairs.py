"""A picture and its words: whether each can be made of the other, and both of one code, after five minutes of one core.

The word is read at the mean of q(z|picture); a picture is drawn from a sample of q(z|words), and a classifier that was trained apart
says what it shows. `joint`: picture and words from one sample of the prior agree; `exist`: its words are a sentence of the data. All
in percent of the pictures, with every word right; +- is half the width of Wilson's 95 % interval over them.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from torch import Generator

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, Values, Verdict
from vae_core.config import DataConfig
from vae_core.data import Dataset, Split, load
from vae_core.metrics.confidence_intervals import Estimate, share_of_true
from vae_core.metrics.pairs.bounds import conditional_bound, joint_bound
from vae_core.metrics.pairs.coherence import joint_samples, pictures_from_words, words_from_pictures
from vae_core.metrics.pairs.judge import Judge
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig

READ, DRAWN, JOINT, EXIST = "words from picture", "picture from words", "joint", "exist"
SAMPLES = 2000  # of the prior
JUDGE_EPOCHS = {"mnist": 4, "shapes": 16}
QUICK: dict[str, Any] = {"epochs": 1, "hidden": (32,), "network": "mlp"}


def run_of(setting: Setting, recipe: Recipe, dataset: str) -> tuple[RunConfig, Dataset]:
    """The run of a recipe and its data; quick: 8x8 digits in place of MNIST, and few shapes."""
    quick = {"mnist": {"dataset": "digits"}, "shapes": {"dataset": "shapes", "training_images": 1000}}
    config = DataConfig.parse(quick[dataset] if setting.quick else {"dataset": dataset})
    data = load(config, setting.data_dir)
    settings = {name: value for name, value in recipe.items() if name != "preset"} | {"seed": setting.seed}
    settings |= {**data.layout_settings, **(QUICK if setting.quick else {})}
    return build_run(recipe["preset"], config, data.shape, len(data.classes), **settings), data


def measure(setting: Setting, recipe: Recipe, dataset: str) -> Found:
    """Coherence and bounds of one recipe."""
    run, data = run_of(setting, recipe, dataset)
    trained = setting.train(run, data)
    assert isinstance(trained.vae, PairVAE)
    judge = Judge(data.train.x, data.words_of(data.train), data.words, 1 if setting.quick else JUDGE_EPOCHS[dataset])
    scores = setting.scores(partial(figures, trained.vae, data, judge, setting.seed), data)
    return Found(recipe, scores["val"], scores["test"], trained.minutes, f"{trained.done.epoch} epochs")


def figures(vae: PairVAE, data: Dataset, judge: Judge, seed: int, split: Split) -> Figures:
    """Both ways, jointly, by word, and the bounds in nats."""
    noise, x, y = Generator().manual_seed(seed), split.x / 255, data.words_of(split)
    known = data.words_of(data.train).unique(dim=0).tolist()
    read, drawn = words_from_pictures(vae, x, y), pictures_from_words(vae, y, judge, noise)
    joint = joint_samples(vae, SAMPLES, judge, known, noise)
    found = {"judge": share_of_true((judge(x) == y).all(1)), READ: read.all, DRAWN: drawn.all}
    found |= {JOINT: joint.agreement.all, EXIST: share_of_true(joint.exists)}
    if data.caption is not None and len(data.words) > 1:
        for place, word in enumerate(data.caption.words):
            found |= {f"{READ}, {word.name}": read.each[place], f"{DRAWN}, {word.name}": drawn.each[place]}
    parts = {"picture": x, "words": y}
    bounds = {
        "-joint bound": -joint_bound(vae, parts, ("picture", "words"), noise).mean().item(),
        "-joint bound by the picture": -joint_bound(vae, parts, ("picture",), noise).mean().item(),
        "-ln p(picture given words)": -conditional_bound(vae, parts, ("words",), noise).mean().item(),
        "-ln p(words given picture)": -conditional_bound(vae, parts, ("picture",), noise).mean().item(),
    }
    return {name: number for title, share in found.items() for name, number in _percent(title, share).items()} | bounds


def _percent(title: str, share: Estimate) -> Figures:
    return {title: 100 * share.value, f"{title} +-": 100 * share.margin}


def reached(bars: Mapping[str, float]) -> Callable[[Values], Verdict]:
    """Judge the means over seeds of several figures, in percent; the distance says that of each."""

    def judge(values: Values) -> Verdict:
        off = {name: sum(values[name]) / len(values[name]) - bar for name, bar in bars.items()}
        said = ", ".join(f"{name} {abs(gap):.1f} {'above' if gap >= 0 else 'below'}" for name, gap in off.items())
        return Verdict(min(off.values()) >= 0, said)

    return judge


def _bar(bars: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {bar:g}" for name, bar in bars.items())


MNIST_BARS = {READ: 95.0, DRAWN: 95.0, EXIST: 98.0}
SHAPES_BARS = {READ: 80.0, DRAWN: 40.0}
RECIPES: dict[str, Recipe] = {
    "mnist": {"preset": "mopoe", "precision": "fp32", "epochs": 25},
    "shapes": {
        "preset": "mopoe",
        "precision": "fp32",
        "hidden": (256, 256),
        "word_weight": 5.0,
        "batch_size": 128,
        "epochs": 80,
        "lr": 3e-3,
    },
}
STUDIES = [
    Study(
        "pairs-mnist",
        "MNIST and its word, 16-D code, MoPoE: the word from the picture, the picture from the word, and words of prior samples",
        "% right",
        _bar(MNIST_BARS),
        "-",
        [RECIPES["mnist"]],
        partial(measure, dataset="mnist"),
        reached(MNIST_BARS),
        DRAWN,
        max,
        seeds=1,
    ),
    Study(
        "pairs-shapes",
        "Shapes and a sentence of five words, MoPoE: all five from the picture, and in the picture from the sentence",
        "% right",
        _bar(SHAPES_BARS),
        "-",
        [RECIPES["shapes"]],
        partial(measure, dataset="shapes"),
        reached(SHAPES_BARS),
        DRAWN,
        max,
        seeds=1,
    ),
]
