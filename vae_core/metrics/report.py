"""All figures of a trained model: GROUPS holds the functions that measure them, `measure` runs them, `figures` describes each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.config import Target
from vae_core.data import Dataset, Split
from vae_core.data.text.grammar import FACTORS
from vae_core.errors import UserError, entry
from vae_core.messages import Message
from vae_core.metrics.classification import classifier_error, knn_accuracy, probe_accuracy
from vae_core.metrics.codebook_usage import entry_indices, perplexity
from vae_core.metrics.compression import compression
from vae_core.metrics.confidence_intervals import Estimate, mean_of, without_interval
from vae_core.metrics.elbo_nll_bits_per_dim import bits_per_dim
from vae_core.metrics.encoded_split import Encoded, means_of
from vae_core.metrics.factors.dci import dci
from vae_core.metrics.factors.factor_vae_score import betavae, factorvae
from vae_core.metrics.factors.mig_sap_modularity import mig, modularity, sap
from vae_core.metrics.factors.mutual_information import Matrix, entropies, nearest_neighbour_information
from vae_core.metrics.figures import BOOSTED
from vae_core.metrics.molecules.made_up import of_molecules
from vae_core.metrics.pairs.agreements import agreements
from vae_core.metrics.rate_decomposition import decompose
from vae_core.metrics.samples.features import features
from vae_core.metrics.samples.precision_recall_kid import diversity, manifolds, mmd
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.metrics.ssim_psnr import psnr, ssim
from vae_core.metrics.text.sentences import of_made_up, of_reconstructions
from vae_core.metrics.text.sentences import perplexity as perplexity_of_sentences
from vae_core.models.pairs.pair_vae import PairVAE
from vae_core.models.posteriors import QuantisedPosterior
from vae_core.models.vae import VAE

Progress = Callable[[float], None] | None


LEARN, SOME = 10_000, 2000  # training images for neighbours, images beside samples
UNORDERED = ("shape", *FACTORS)  # true factors whose values are in no order


@dataclass(frozen=True)
class Subject:
    """A model and the data on which it is measured; results shared by several groups are cached."""

    vae: VAE
    data: Dataset
    target: Target = "grey"
    seed: int = 0

    @cached_property
    def encoded(self) -> Encoded:
        """The test split."""
        return Encoded(self.vae, self.data.test, self.target, self.seed)


Group = Callable[[Subject, Progress], dict[str, Estimate]]


@dataclass(frozen=True)
class Measured:
    """One figure of `group`; where the group does not apply, `figure` and `estimate` are None and `left_out` is the reason."""

    group: str
    figure: str | None = None
    estimate: Estimate | None = None
    left_out: str = ""


def measure(subject: Subject, groups: tuple[str, ...] = (), progress: Progress = None) -> Iterator[Measured]:
    """Measure the figures of `groups` (all GROUPS by default) in order; `progress` is called with the share done, in [0, 1].

    Raises UserError for an unknown group.
    """
    chosen = groups or tuple(GROUPS)
    for name in chosen:
        entry(GROUPS, name, Message("group of figures"))
    for done, name in enumerate(chosen):

        def inner(share: float, done: int = done) -> None:
            if progress:
                progress((done + share) / len(chosen))

        try:
            for figure, estimate in GROUPS[name](subject, inner).items():
                yield Measured(name, figure, estimate)
        except UserError as reason:
            yield Measured(name, left_out=reason.message)
        inner(1.0)


def _bound(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    found = subject.encoded.bound
    of_numbers = subject.vae.config.kind != "tokens"
    terms = {"distortion": mean_of(found.distortion)}
    terms |= {"mse": mean_of(subject.encoded.squared_errors)} if of_numbers else {}
    if found.elbo is None or found.rate is None:
        return terms
    elbo = mean_of(found.elbo)
    bits = {"bits_per_dim": bits_per_dim(elbo, subject.vae)} if of_numbers else {}
    return {"elbo": elbo, "rate": mean_of(found.rate), **bits, **terms}


def _prior(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    posterior = subject.vae.posterior
    if isinstance(posterior, QuantisedPosterior):  # its codes are made of the prior's own entries
        choices = entry_indices(subject.encoded)
        return {"codebook_perplexity": perplexity(choices, len(posterior.codebook.entries), subject.seed)}
    return {"prior_coverage": coverage(subject.vae, subject.encoded.z, subject.seed)}


def _split(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    found = decompose(subject.encoded, progress=progress)
    names = ("mutual_information", "total_correlation", "dimension_wise", "marginal")
    return {name: getattr(found, name) for name in names}


def factor_map(subject: Subject) -> Matrix:
    """The normalised mutual information I(z_j; v_k) / H(v_k) of each dimension and factor, (L, F), for a heat map.

    For samples of q(z|x), with negative estimates set to zero. Raises UserError for data without true factors.
    """
    factors = _factors(subject.data).numpy()
    found = nearest_neighbour_information(subject.encoded.z.numpy(), factors, subject.seed)
    return np.asarray(found.clip(min=0) / np.maximum(entropies(factors), 1e-12))


def _factors(data: Dataset) -> Tensor:
    if data.test.factors is None or not data.factor_names:
        raise UserError(
            "The data set '{name}' has no true factors, which these figures need; 'shapes' has.", name=data.name
        )
    return data.test.factors


def _disentanglement(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    factors, seed = _factors(subject.data).numpy(), subject.seed
    means, drawn = subject.encoded.mean.numpy(), subject.encoded.z.numpy()
    kinds = tuple(k for k, name in enumerate(subject.data.factor_names) if name in UNORDERED)
    found = {
        "mig": mig(drawn, factors, seed),
        "factorvae": factorvae(means, factors, seed=seed),
        "betavae": betavae(means, factors, seed=seed),
        "sap": sap(means, factors, kinds),
        "modularity": modularity(means, factors, seed),
    }
    return {**found, **_dci(subject, progress)}


def _dci(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    """The slowest figures: their classifiers learn from BOOSTED training images and are tested on the test images."""
    learn = _rows(subject.data.train, BOOSTED)
    codes = means_of(subject.vae, learn, subject.target, subject.seed)
    test = subject.encoded.mean.numpy(), _factors(subject.data).numpy()
    assert learn.factors is not None
    found = dci(codes.numpy(), learn.factors.numpy(), *test, seed=subject.seed, progress=progress)
    names = ("disentanglement", "completeness", "informativeness")
    return {f"dci_{name}": getattr(found, name) for name in names}


def _samples(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if subject.vae.config.kind == "tokens":
        raise UserError("These figures measure distances, and words have none: see those of sentences.")
    test = _rows(subject.data.test, SOME)
    generator = Generator().manual_seed(subject.seed)
    labels = test.labels if subject.vae.config.classes else None
    real = features(test.x)
    made = features(subject.vae.generate(len(test), labels, generator=generator))
    found = manifolds(real, made)
    return {
        "precision": found.precision,
        "recall": found.recall,
        "density": found.density,
        "coverage": found.coverage,
        "kid": mmd(real, made),
        "diversity": diversity(made),
        "diversity_real": diversity(real),
    }


def _reconstruction(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if subject.vae.config.kind != "picture":
        raise UserError("SSIM and PSNR compare images, and these data are none.")
    made, real = map(torch.cat, zip(*subject.encoded.reconstructions(), strict=True))
    return {"ssim": mean_of(ssim(made.clamp(0, 1), real)), "psnr": mean_of(psnr(made.clamp(0, 1), real))}


def _use(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if len(subject.data.classes) < 2:
        raise UserError("The data set '{name}' has no labels to classify.", name=subject.data.name)
    learn, test = _rows(subject.data.train, LEARN), subject.data.test
    codes = means_of(subject.vae, learn, subject.target, subject.seed)
    arrays = (codes, learn.labels, subject.encoded.mean, test.labels)
    found = {"knn": knn_accuracy(*arrays), "probe": probe_accuracy(*arrays)}
    if subject.vae.config.classifier == "none":
        return found
    return {**found, "error": classifier_error(subject.vae, test, subject.target, subject.seed)}


def _compression(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    found = compression(subject.vae, _rows(subject.data.test, SOME), subject.seed)
    return {
        "bits_model": found.model,
        "bits_png": found.png,
        "bits_gzip": found.gzip,
        "bits_png_sheet": without_interval(found.png_sheet),
        "bits_gzip_together": without_interval(found.gzip_together),
    }


def _sentences(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if subject.vae.config.kind != "tokens":
        raise UserError("These figures are of sentences, and these data are none.")
    found = of_reconstructions(subject.encoded)
    if subject.vae.posterior.has_density:
        found["perplexity"] = perplexity_of_sentences(subject.encoded)
    return {**found, **of_made_up(subject.vae, subject.data, subject.seed)}


def _molecules(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    words = subject.data.vocabulary
    if words is None or not words.notation:
        raise UserError("These figures are of molecules, and these data are none.")
    return of_molecules(subject.vae, subject.data, subject.encoded, subject.seed)


def _pairs(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if not isinstance(subject.vae, PairVAE):
        raise UserError("These figures are of a picture and its words, and this model has no words.")
    return agreements(subject.vae, subject.data, subject.seed, progress)


def _rows(part: Split, count: int) -> Split:
    rows = torch.linspace(0, len(part) - 1, min(count, len(part))).long()
    return Split(part.x[rows], part.labels[rows], None if part.factors is None else part.factors[rows])


GROUPS: dict[str, Group] = {
    "bound": _bound,
    "prior": _prior,
    "split": _split,
    "disentanglement": _disentanglement,
    "samples": _samples,
    "reconstruction": _reconstruction,
    "use": _use,
    "compression": _compression,
    "sentences": _sentences,
    "molecules": _molecules,
    "pairs": _pairs,
}
