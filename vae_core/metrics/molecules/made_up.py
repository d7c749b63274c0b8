"""Figures of molecules that a model makes up, as in MOSES (Polykovskiy et al. 2020, arXiv:1811.12823), and of reconstructions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import torch

from vae_core.data import Dataset
from vae_core.metrics.confidence_intervals import Estimate, jackknife, share_of_true, without_interval
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.text.sentences import MADE_UP, made_up
from vae_core.models.vae import VAE
from vae_core.molecules.fingerprints import similarities
from vae_core.molecules.structures import PROPERTIES, Numbers, Structure, canonical, measured, structure


class Batch:
    """Some SMILES, of which not every one need be a molecule: structures, canonical SMILES and properties, each found once."""

    def __init__(self, smiles: Sequence[str]) -> None:
        self.smiles = smiles

    @cached_property
    def structures(self) -> list[Structure | None]:
        """The structure of each, (N,), None where it is no molecule."""
        return [structure(one) for one in self.smiles]

    @cached_property
    def valid(self) -> list[Structure]:
        """Those that are molecules."""
        return [one for one in self.structures if one is not None]

    @cached_property
    def names(self) -> list[str]:
        """The canonical SMILES of those that are molecules."""
        return [canonical(one) for one in self.valid]

    @cached_property
    def properties(self) -> dict[str, Numbers]:
        """Each property of those that are molecules."""
        return {name: measured(self.valid, name) for name in PROPERTIES}


def figures(made: Batch, training: Batch, test: Batch, seed: int = 0) -> dict[str, Estimate]:
    """`valid`: share of molecules; `unique_molecules`: share of different ones among the valid; `novel`: share of those different ones
    that are no training molecule; `molecule_diversity` and that of the test molecules: mean Tanimoto distance of two of them; and the
    Wasserstein distance of each property's distribution to that of the test molecules, in the property's unit.

    Where fewer than two are valid, `valid` alone is known.
    """
    found = {"valid": _share(one is not None for one in made.structures)}
    if len(made.valid) < 2:
        return found
    different = list(dict.fromkeys(made.names))
    known = {*training.names}
    found |= {
        "unique_molecules": _share(made.names.index(name) == place for place, name in enumerate(made.names)),
        "novel": _share(name not in known for name in different),
        "molecule_diversity": diversity(made.valid, seed),
        "molecule_diversity_real": diversity(test.valid, seed),
    }
    return found | {
        f"{name}_distance": distance(made.properties[name], test.properties[name], seed) for name in PROPERTIES
    }


def diversity(found: Sequence[Structure], seed: int = 0) -> Estimate:
    """The mean Tanimoto distance of two different ones of some structures, 0 where all have one fingerprint."""
    if len(found) < 2:
        return without_interval(float("nan"))
    apart = 1 - similarities(found)

    def mean(rows: np.ndarray) -> float:
        count = len(rows)
        return float(apart[np.ix_(rows, rows)].sum() / (count * (count - 1)))

    return jackknife(mean, len(found), seed)


def distance(made: Numbers, real: Numbers, seed: int = 0) -> Estimate:
    """The Wasserstein distance of two samples of numbers: how far values must move on average for one to become the other."""
    from scipy.stats import wasserstein_distance

    return jackknife(lambda rows: float(wasserstein_distance(made[rows], real)), len(made), seed)


def of_molecules(vae: VAE, data: Dataset, encoded: Encoded, seed: int = 0, count: int = MADE_UP) -> dict[str, Estimate]:
    """All figures of a model of molecules: `figures` of samples of p(x|z) at samples z of the prior, the share `valid_greedy` of greedy
    decodes there, and `same_molecule`, the share of test molecules whose greedy decode at the mean of q(z|x) is the same molecule.
    """
    greedy, sampled = made_up(vae, count, seed)
    training, test = (of_ids(data, part.x) for part in (data.train, data.test))
    again = of_ids(data, torch.cat([made for made, _ in encoded.reconstructions()]))
    given = of_ids(data, torch.cat([x for _, x in encoded.reconstructions()]))
    same = [
        one is not None and other is not None and canonical(one) == canonical(other)
        for one, other in zip(again.structures, given.structures, strict=True)
    ]
    return {
        "same_molecule": _share(same),
        "valid_greedy": _share(one is not None for one in of_ids(data, greedy).structures),
        **figures(of_ids(data, sampled), training, test, seed),
    }


def of_ids(data: Dataset, ids: torch.Tensor) -> Batch:
    """The molecules of rows of ids (N, T)."""
    assert data.vocabulary is not None
    return Batch(data.vocabulary.smiles(ids.numpy()))


def _share(right: Iterable[bool]) -> Estimate:
    return share_of_true(np.array([*right]))
