"""Anomaly detection: classes that the model has not seen, found among those it was trained on, beside scikit-learn's detectors."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from benchmarks.studies.base import Figures, Found, Recipe, Setting, Study, Values, Verdict
from benchmarks.studies.out_of_distribution import mean
from vae_core.anomalies.peers import PEERS, peer_scores
from vae_core.anomalies.scores import TRUSTED, Detector
from vae_core.config import DataConfig
from vae_core.data import Dataset, Split, load
from vae_core.data.some_classes import of_named_classes, only, unseen
from vae_core.metrics.out_of_distribution import auroc
from vae_core.presets.build_run import build_run

OURS, MEDIAN, BEST = "ours", "median of the peers", "best peer"
SLACK = 0.02  # below the peers' median that still reaches the bar
LOWEST, MEAN = 0.7, 0.85  # bars of the pictures: of each absent class, and of their mean
IN_A_TRIAL = 3  # absent classes by which recipes are compared
Absent = Sequence[tuple[str, str]]  # data set, and the class that is absent from training


def found_unseen(setting: Setting, recipe: Recipe, absent: Absent) -> Found:
    """The AUROCs of the model's scores, and of the peers on the same splits, as means over the absent classes."""
    each: list[tuple[Figures, Figures]] = []
    minutes = 0.0
    asked = absent[:1] if setting.quick else absent[:IN_A_TRIAL] if setting.trial else absent
    for dataset, name in asked:
        *figures, spent = one_absent(setting, recipe, dataset, name)
        each.append((figures[0], figures[1]))
        minutes += spent
    count = len(each)
    val, test = (together(part, asked) for part in zip(*each, strict=True))
    return Found(recipe, val, {} if setting.trial else test, minutes, f"{count} training{'s' if count > 1 else ''}")


def together(each: Sequence[Figures], asked: Absent) -> Figures:
    """The means over the absent classes, and where there are several, ours of each."""
    if len(each) == 1 or not each[0]:
        return dict(each[0])
    return mean(list(each)) | {f"{dataset} {name}": one[OURS] for (dataset, name), one in zip(asked, each, strict=True)}


def one_absent(setting: Setting, recipe: Recipe, dataset: str, name: str) -> tuple[Figures, Figures, float]:
    """Figures with one class absent from training, on validation examples and, but in a trial, on the test split; and minutes."""
    start = DataConfig(dataset="digits" if setting.quick and "mnist" in dataset else dataset, seed=setting.seed)
    whole = load(start, setting.data_dir)
    absent = whole.classes[int(name)] if name.isdecimal() else name
    config = start.replace(only_classes=[each for each in whole.classes if each != absent])
    settings = {**whole.layout_settings, **recipe, "seed": setting.seed, **({"epochs": 5} if setting.quick else {})}
    run = build_run("vae", config, whole.shape, len(whole.classes), title=f"without {absent}", **settings)
    known, data = on_validation(whole, config), of_named_classes(whole, config)
    vae, _, minutes = setting.train(run, known if setting.trial else data)
    if setting.trial:
        return scored(Detector(vae, known), known, config), {}, minutes
    val, test = (scored(Detector(vae, one), one, config) | beside(one, config, setting.seed) for one in (known, data))
    return val, test, minutes


def on_validation(whole: Dataset, config: DataConfig) -> Dataset:
    """Half of each class's validation examples to be judged; the other half, without the absent class, says what is usual."""
    order = whole.val.labels.argsort(stable=True)
    first, second = (Split(whole.val.x[rows], whole.val.labels[rows]) for rows in (order[::2], order[1::2]))
    labels = [whole.classes.index(name) for name in config.only_classes]
    return replace(only(replace(whole, val=first), labels), test=second)


def scored(detector: Detector, data: Dataset, config: DataConfig) -> Figures:
    """The AUROC of each of the model's scores; OURS is that of the score to trust."""
    strange = unseen(data.classes, config, data.test.labels)
    assert strange is not None
    areas = {name: auroc(scores, strange).value for name, scores in detector(data.test).items()}
    return {OURS: areas[TRUSTED], **{name: area for name, area in areas.items() if name != TRUSTED}}


def beside(data: Dataset, config: DataConfig, seed: int) -> Figures:
    """The AUROC of each peer on the same splits, their median and the best."""
    strange = unseen(data.classes, config, data.test.labels)
    assert strange is not None
    areas = {name: auroc(peer_scores(name, data, seed), strange).value for name in PEERS}
    return {MEDIAN: statistics.median(areas.values()), BEST: max(areas.values()), **areas}


def near_the_median(values: Values) -> Verdict:
    """Whether the mean over seeds lies at most SLACK below the mean of the peers' medians."""
    off = statistics.mean(values[OURS]) - statistics.mean(values[MEDIAN])
    return Verdict(off >= -SLACK, f"{abs(off):.3f} {'above' if off >= 0 else 'below'} the median")


def high_on_each(absent: Absent) -> Callable[[Values], Verdict]:
    """Judge the mean over the absent classes, and the lowest of them."""

    def judge(values: Values) -> Verdict:
        each = [statistics.mean(values[name]) for name in (" ".join(one) for one in absent) if name in values]
        found = statistics.mean(values[OURS])
        lowest = min(each, default=found)
        return Verdict(found >= MEAN and lowest >= LOWEST, f"mean {found:.3f}, lowest {lowest:.3f}")

    return judge


def small(
    name: str,
    what: str,
    absent: Absent,
    recipes: Sequence[Recipe],
    reason: str = "",
    like: str = "",
    trial_seeds: int = 5,
) -> Study:
    """A study of small data, with five seeds of splits and trainings."""
    return Study(
        name,
        f"{what}: unseen examples told from others by the mean of ranks, beside six detectors of scikit-learn",
        "AUROC",
        f"the detectors' median - {SLACK}",
        "-",
        recipes,
        partial(found_unseen, absent=absent),
        near_the_median,
        OURS,
        max,
        reason=reason,
        seeds=5,
        trial_seeds=trial_seeds,
        like=like,
    )


ROWS: list[Recipe] = [{"latent_dim": size, "precision": "fp32"} for size in (8, 2, 4)]
PIXELS: list[Recipe] = [{"latent_dim": size, "precision": "fp32"} for size in (5, 20, 10)]
PHOTOS: Recipe = {"latent_dim": 20, "precision": "fp32", "epochs": 20}  # set beforehand, with other absent classes
PICTURES = (("mnist", "1"), ("mnist", "8"), ("fashion-mnist", "1"), ("fashion-mnist", "8"))
STUDIES = [
    small("anomalies-breast-cancer", "Malignant tumours, benign ones normal", [("breast-cancer", "malignant")], ROWS),
    small(
        "anomalies-wine",
        "Wines of one grower absent, mean over the three; too few rows for a choice of their own",
        [("wine", f"class_{i}") for i in range(3)],
        ROWS[:1],
        like="anomalies-breast-cancer",
    ),
    small(
        "anomalies-digits",
        "8x8 digits, one absent, mean over the ten",
        [("digits", f"{i}") for i in range(10)],
        PIXELS,
        trial_seeds=2,
    ),
    Study(
        "anomalies-pictures",
        "Pictures of one class absent from training, mean over MNIST 1 and 8 and Fashion-MNIST 1 and 8",
        "AUROC",
        f"{MEAN}, and {LOWEST} for each",
        "-",
        [PHOTOS],
        partial(found_unseen, absent=PICTURES),
        high_on_each(PICTURES),
        OURS,
        max,
        seeds=5,
    ),
]
