"""Missing cells of scikit-learn's tables: `python -m benchmarks.imputation`, the VAE beside scikit-learn's imputers on the same splits.

A fifth of the cells of number columns is hidden at random in all splits; every method learns from the holed training rows. Printed is
the RMSE over the hidden cells of test rows, in standard deviations of each column, the mean over seeds of holes, splits and trainings.
The bar: at most 5 % above IterativeImputer. With `--choose` the recipes are compared on the hidden cells of validation rows.
"""

import argparse
from statistics import mean
from typing import Any

import torch

from vae_core.completion.imputation import IMPUTERS, holed, imputed, imputed_by, imputing_run, rmse, trained
from vae_core.config import DataConfig
from vae_core.data import Dataset, load
from vae_core.data.tables.dataset import read_table

TABLES = ("breast-cancer", "wine", "iris", "diabetes", "digits")
SLACK = 1.05
USUAL: dict[str, Any] = {"batch_size": 64, "lr": 1e-2, "epochs": 300}
RECIPES: tuple[dict[str, Any], ...] = (
    {**USUAL, "hidden": (), "latent_dim": 16},
    {**USUAL, "hidden": (), "latent_dim": 8},
    {**USUAL, "hidden": (64,), "latent_dim": 8, "lr": 5e-3},
)


def table(name: str, seed: int) -> Dataset:
    """A table of scikit-learn by its name; the pixels of its digits as 64 columns."""
    if name != "digits":
        return load(DataConfig(dataset=name, seed=seed))
    from sklearn.datasets import load_digits

    return read_table(load_digits(as_frame=True).data, seed=seed)


def ours(name: str, recipe: dict[str, Any], seed: int, split: str) -> float:
    """The RMSE of a VAE on the hidden cells of a split."""
    holes = holed(table(name, seed), seed=seed)
    vae = trained(imputing_run(holes.data, seed, **recipe), holes.data)
    return rmse(imputed(vae, getattr(holes.data, split).x, holes.number_places, seed), *holes.truth(split))


def peers(name: str, seed: int, split: str) -> dict[str, float]:
    """The RMSE of each imputer of scikit-learn on the same cells."""
    holes = holed(table(name, seed), seed=seed)
    return {one: rmse(imputed_by(one, holes, split, seed), *holes.truth(split)) for one in IMPUTERS}


def report(name: str, seeds: int) -> None:
    each = [peers(name, seed, "test") for seed in range(seeds)]
    means = {one: mean(found[one] for found in each) for one in IMPUTERS}
    found, bar = mean(ours(name, RECIPES[0], seed, "test") for seed in range(seeds)), SLACK * means["IterativeImputer"]
    beside = "  ".join(f"{one} {value:.3f}" for one, value in means.items())
    print(f"{name:14} VAE {found:.3f}  {beside}  {'yes' if found <= bar else 'NO'} (at most {bar:.3f})", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=TABLES, default=TABLES)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--choose", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for name in options.only:
        if not options.choose:
            report(name, options.seeds)
            continue
        for recipe in RECIPES:
            print(f"{name:14} {ours(name, recipe, 0, 'val'):.3f}  {recipe}", flush=True)


if __name__ == "__main__":
    main()
