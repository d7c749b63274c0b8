"""Molecules: whether the code of a VAE is used, what it makes up beside a floor, and whether properties rise where they should.

python -m benchmarks.molecules [--seconds 300] [--seed 0] [--notation selfies smiles]

The preset molecule-vae is trained for so many seconds on one thread, once on SELFIES and once on SMILES of the same molecules. The
floor are as many rows of tokens, each drawn given the two before it. Walks begin at the codes of 100 test molecules and lead along a
direction that is learnt from the codes of training molecules; beside it stands a random direction, as long and from the same starts.
"""

import argparse
import time

import numpy as np
import torch

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
from vae_core.metrics.text.sentences import MADE_UP
from vae_core.models.build import build
from vae_core.models.vae import VAE, evaluation
from vae_core.molecules.notation import NOTATIONS
from vae_core.molecules.structures import PROPERTIES, Numbers
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_core.utils.memory import keep_freed_memory

PRESET = "molecule-vae"
PENALTIES = np.logspace(
    -2, 4, 13
)  # of the ridge regression, of which the best by cross-validation on training codes is taken


def trained(data: Dataset, config: DataConfig, seconds: float, seed: int) -> VAE:
    """The model of the preset after so many seconds, with a line on what the training came to."""
    length = {"epochs": None, "seconds": seconds, "seed": seed, "precision": "fp32"}
    run = build_run(PRESET, config, data.shape, len(data.classes), **data.layout_settings, **length)
    vae, began = build(run.model, seed), time.process_time()
    *_, done = fit(vae, data, run)
    used = time.process_time() - began
    print(
        f"{config.variant}: {done.step:,} steps in {done.seconds:.0f} s, {used:.0f} s of the processor's time",
        flush=True,
    )
    return vae.eval()


def written(found: Estimate) -> str:
    return f"{found.value:.3f} ({found.low:.3f} to {found.high:.3f})"


def show_figures(vae: VAE, data: Dataset, encoded: Encoded) -> None:
    """Each figure of the model beside the floor's."""
    bound = encoded.bound
    assert bound.rate is not None
    used = active_units(encoded.mean).sum().item()
    print(f"  -ELBO {bound.loss.mean():.2f}, rate {bound.rate.mean():.2f} nats per molecule, {used:.0f} active units")
    drawn = of_ids(data, torch.from_numpy(trigram_samples(data.train.x.numpy(), MADE_UP)))
    floor = figures(drawn, of_ids(data, data.train.x), of_ids(data, data.test.x))
    for name, found in of_molecules(vae, data, encoded).items():
        below = f"   trigrams {written(floor[name])}" if name in floor else ""
        print(f"  {FIGURES[name].title:36} {written(found)}{below}")


def show_properties(vae: VAE, data: Dataset, encoded: Encoded) -> None:
    """How well each property can be read from the code, and how often it rises on a walk."""
    from sklearn.linear_model import RidgeCV

    def measured(codes: Codes, name: str) -> Numbers:
        with evaluation(vae):
            made = of_ids(data, vae.decode(torch.from_numpy(codes)).mean)
        return np.array([np.nan if one is None else PROPERTIES[name].of(one) for one in made.structures])

    learn, test = means_of(vae, data.train).numpy(), encoded.mean.numpy()
    known = [of_ids(data, part.x).properties for part in (data.train, data.test)]
    for name in PROPERTIES:
        r2 = RidgeCV(PENALTIES).fit(learn, known[0][name]).score(test, known[1][name])
        print(f"  {name}: R2 {r2:.2f} from the mean of q(z|x), ridge regression, test molecules")
        found = uphill(
            test, known[1][name], lambda codes, name=name: measured(codes, name), learnt=(learn, known[0][name])
        )
        print(
            f"    of {found.starts} starts {written(found.up)} rise at strength {STRENGTH:g}, {written(found.beside)} in a random "
            f"direction, difference {written(found.difference)}; mean change {found.change:+.2f} and {found.change_beside:+.2f}",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--notation", choices=NOTATIONS, nargs="+", default=NOTATIONS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    for notation in options.notation:
        config = DataConfig(dataset="molecules", variant=notation)
        data = load(config)
        vae = trained(data, config, options.seconds, options.seed)
        encoded = Encoded(vae, data.test)
        show_figures(vae, data, encoded)
        show_properties(vae, data, encoded)


if __name__ == "__main__":
    main()
