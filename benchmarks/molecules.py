"""Molecules: whether the code of a VAE is used, what it makes up beside a floor, and whether properties rise where they should.

python -m benchmarks.molecules [--seconds 300] [--seed 0] [--notation selfies smiles] [--file mine.smi] [--set latent_dim=64 ...]

The preset molecule-vae is trained for so many seconds on one thread, once on SELFIES and once on SMILES of the same molecules: those
that come with RDKit, or those of a file. The floor are as many rows of tokens, each drawn given the two before it. Walks begin at the
codes of 100 test molecules and lead along a direction that is learnt from the codes of training molecules; beside it stands a random
direction, as long and from the same starts. With --validation the validation molecules take the place of the test molecules
everywhere: to choose a recipe.

Where `pip install fcd_torch` was run by hand, the Frechet ChemNet distance to the test molecules (Preuer et al. 2018, arXiv:1803.09518)
is printed too, of as many samples, trigrams and training molecules: the fewer there are, the larger it is, so none is compared with
a distance of another number.
"""

import argparse
from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

import numpy as np
import torch

from benchmarks.names import setting
from benchmarks.sentences import Bar, trained
from vae_core.config import DataConfig
from vae_core.data import Dataset, load
from vae_core.edits.uphill import STRENGTH, uphill
from vae_core.explore.nearest_codes import Codes
from vae_core.metrics.active_units import active_units
from vae_core.metrics.confidence_intervals import Estimate
from vae_core.metrics.encoded_split import Encoded, means_of
from vae_core.metrics.figures import FIGURES
from vae_core.metrics.molecules.made_up import figures, of_ids, of_molecules
from vae_core.metrics.molecules.trigrams import trigram_samples
from vae_core.metrics.text.sentences import MADE_UP, made_up
from vae_core.models.vae import VAE, evaluation
from vae_core.molecules.notation import NOTATIONS
from vae_core.molecules.structures import PROPERTIES, Numbers
from vae_core.presets.build_run import build_run
from vae_core.utils.memory import keep_freed_memory

PRESET = "molecule-vae"
# Chosen on validation molecules among three, each of 150 seconds: the less a step takes, the more steps there are, and the nearer to
# the data are samples. Wasserstein distance of logP: 0.37 with 192 units and no word dropout, 0.33 with the preset's 128 units in
# batches of 128, 0.24 in batches of 48.
RECIPE: dict[str, object] = {"precision": "fp32", "batch_size": 48}
VALID, UNIQUE, NOVEL, R2, UP, EXACT = 1.0, 0.97, 0.95, 0.7, 0.7, 0.4  # bars
PENALTIES = np.logspace(
    -2, 4, 13
)  # of the ridge regression, of which the best by cross-validation on training codes is taken


def written(found: Estimate) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def show_figures(vae: VAE, data: Dataset, encoded: Encoded, exact: bool) -> list[Bar]:
    """Each figure of the model beside the floor's, and their bars; `exact`: reconstructions have one too."""
    bound = encoded.bound
    assert bound.rate is not None
    used = active_units(encoded.mean).sum().item()
    print(f"  -ELBO {bound.loss.mean():.2f}, rate {bound.rate.mean():.2f} nats per molecule, {used:.0f} active units")
    drawn = of_ids(data, torch.from_numpy(trigram_samples(data.train.x.numpy(), MADE_UP)))
    floor = figures(drawn, of_ids(data, data.train.x), of_ids(data, data.test.x))
    made = of_molecules(vae, data, encoded)
    for name, found in made.items():
        below = f"   trigrams {written(floor[name])}" if name in floor else ""
        print(f"  {FIGURES[name].title:36} {written(found)}{below}", flush=True)
    limits = {"valid": VALID, "unique_molecules": UNIQUE, "novel": NOVEL} | ({"same_molecule": EXACT} if exact else {})
    bars = [Bar(FIGURES[name].title, made[name].value, limit, True) for name, limit in limits.items() if name in made]
    for name in ("logp_distance", "weight_distance"):
        if name in made:
            bars.append(at_most_half(FIGURES[name].title, made[name].value, floor[name].value))
    return bars


def at_most_half(what: str, value: float, floor: float) -> Bar:
    return Bar(f"{what}, half of the trigrams'", value, floor / 2, False)


def show_fcd(vae: VAE, data: Dataset) -> list[Bar]:
    """The Frechet ChemNet distance of as many samples, trigrams and training molecules, and its bar."""
    distance = import_module("fcd_torch").FCD()
    order = torch.randperm(len(data.train), generator=torch.Generator().manual_seed(0))
    made = {
        "samples": made_up(vae, MADE_UP, 0)[1],
        "trigrams": torch.from_numpy(trigram_samples(data.train.x.numpy(), MADE_UP)),
        "training molecules": data.train.x[order[:MADE_UP]],
    }
    names = {what: of_ids(data, ids).names for what, ids in made.items()}
    count = min(len(found) for found in names.values())
    known = distance.precalc(of_ids(data, data.test.x).names)
    far = {what: float(distance(pref=known, gen=found[:count])) for what, found in names.items()}
    said = ", ".join(f"{what} {value:.2f}" for what, value in far.items())
    print(f"  Frechet ChemNet distance of {count:,} to {len(data.test):,} held-out molecules: {said}", flush=True)
    return [at_most_half("Frechet ChemNet distance", far["samples"], far["trigrams"])]


def show_properties(vae: VAE, data: Dataset, encoded: Encoded) -> list[Bar]:
    """How well each property can be read from the code, how often it rises on a walk, and the bars of both."""
    from sklearn.linear_model import RidgeCV

    def measured(codes: Codes, name: str) -> Numbers:
        with evaluation(vae):
            made = of_ids(data, vae.decode(torch.from_numpy(codes)).mean)
        return np.array([np.nan if one is None else PROPERTIES[name].of(one) for one in made.structures])

    learn, test = means_of(vae, data.train).numpy(), encoded.mean.numpy()
    known = [of_ids(data, part.x).properties for part in (data.train, data.test)]
    bars = []
    for name in PROPERTIES:
        r2 = RidgeCV(PENALTIES).fit(learn, known[0][name]).score(test, known[1][name])
        print(f"  {name}: R2 {r2:.2f} from the mean of q(z|x), ridge regression")
        found = uphill(
            test, known[1][name], lambda codes, name=name: measured(codes, name), learnt=(learn, known[0][name])
        )
        print(
            f"    of {found.starts} starts {written(found.up)} rise at strength {STRENGTH:g}, {written(found.beside)} in a random "
            f"direction, difference {written(found.difference)}; mean change {found.change:+.2f} and {found.change_beside:+.2f}",
            flush=True,
        )
        if name == "logp":
            bars += [Bar("R2 of logP", r2, R2, True), Bar("share of walks up logP", found.up.value, UP, True)]
            bars.append(Bar("that share above a random direction's", found.difference.low, 0, True))
    return bars


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--notation", choices=NOTATIONS, nargs="+", default=NOTATIONS)
    parser.add_argument("--file", default="", help="a .smi or .csv file in place of the molecules of RDKit")
    parser.add_argument("--preset", default=PRESET)
    parser.add_argument("--set", action="append", type=setting, default=[], metavar="NAME=VALUE")
    parser.add_argument("--validation", action="store_true", help="measure on validation molecules: to choose a recipe")
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    for notation in options.notation:
        config = DataConfig(dataset="molecules", variant=notation, path=options.file)
        data = load(config)
        if options.validation:
            data = replace(data, test=data.val)
        length = {"epochs": None, "seconds": options.seconds, "seed": options.seed}
        settings = {**data.layout_settings, **RECIPE, **length, **dict(options.set)}
        run = build_run(options.preset, config, data.shape, len(data.classes), **settings)
        vae, words = trained(run, data)
        print(f"{notation}, {len(data.train):,} molecules to learn from: {words}", flush=True)
        encoded = Encoded(vae, data.test)
        bars = show_figures(vae, data, encoded, bool(options.file)) + show_properties(vae, data, encoded)
        if find_spec("fcd_torch"):
            bars += show_fcd(vae, data)
        if notation == "selfies":  # SMILES stands beside it as a contrast, with no bars of its own
            print("\n".join(bar.line() for bar in bars), flush=True)


if __name__ == "__main__":
    main()
