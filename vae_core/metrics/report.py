"""All figures of a trained model: FIGURES describes each one, GROUPS holds the functions that measure them, `measure` runs them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.config import Target
from vae_core.data import Dataset, Split
from vae_core.errors import UserError
from vae_core.metrics.classification import classifier_error, knn_accuracy, probe_accuracy
from vae_core.metrics.codebook_usage import entry_indices, perplexity
from vae_core.metrics.compression import compression
from vae_core.metrics.confidence_intervals import Estimate, mean_of, without_interval
from vae_core.metrics.elbo_nll import Bound, bits_per_dim, means_of, posterior_of, squared_errors, terms_of
from vae_core.metrics.factors.dci import dci
from vae_core.metrics.factors.factor_vae_score import betavae, factorvae
from vae_core.metrics.factors.mig_sap_modularity import FLOOR, mig, modularity, sap
from vae_core.metrics.factors.mutual_information import Matrix, entropies, nearest_neighbour_information
from vae_core.metrics.image_similarity import psnr, reconstructions, ssim
from vae_core.metrics.rate_decomposition import decompose, samples_of
from vae_core.metrics.samples.features import features
from vae_core.metrics.samples.prior_coverage import coverage
from vae_core.metrics.samples.quality import diversity, manifolds, mmd
from vae_core.models.posteriors import QuantisedPosterior
from vae_core.models.vae import VAE

Progress = Callable[[float], None] | None


@dataclass(frozen=True)
class Figure:
    """The description of a figure: title, unit, the direction in which it is `better` ("" for neither), and its source."""

    title: str
    unit: str
    better: Literal["higher", "lower", ""]
    source: str


NATS, BITS, SHARE = "nats per image", "bits per dimension", "share"
CHEN, TOWNSEND = "Chen et al. 2018, arXiv:1802.04942", "Townsend et al. 2019, arXiv:1901.04866"
OVERLAP, NAEEM = "Kynkaanniemi et al. 2019, arXiv:1904.06991", "Naeem et al. 2020, arXiv:2002.09797"
LEARN, SOME, BOOSTED = (
    10_000,
    2000,
    5000,
)  # training images for neighbours, pictures beside samples, images for boosting
DCI = f"Eastwood and Williams 2018, ICLR; gradient boosting learns from {BOOSTED:,} training images, arXiv:1811.12359 from 10,000"
NEAR = "by nearest neighbours, Ross 2014, PLoS ONE 9(2)"
FIGURES: dict[str, Figure] = {
    "elbo": Figure("ELBO", NATS, "higher", "Kingma and Welling 2014, arXiv:1312.6114"),
    "distortion": Figure("Distortion", NATS, "lower", "Alemi et al. 2018, arXiv:1711.00464"),
    "rate": Figure("Rate", NATS, "", "Alemi et al. 2018, arXiv:1711.00464"),
    "bits_per_dim": Figure("Bits per dimension", BITS, "lower", "Theis et al. 2016, arXiv:1511.01844"),
    "mse": Figure("Squared error", "per pixel", "lower", ""),
    "mutual_information": Figure("Index-code mutual information", NATS, "", "Hoffman and Johnson 2016"),
    "total_correlation": Figure("Total correlation", NATS, "", CHEN),
    "dimension_wise": Figure("Dimension-wise KL", NATS, "lower", CHEN),
    "marginal": Figure("KL of the aggregate posterior to the prior", NATS, "lower", "Hoffman and Johnson 2016"),
    "prior_coverage": Figure("Coverage of codes by the prior", SHARE, "higher", NAEEM),
    "codebook_perplexity": Figure("Codebook perplexity", "equally used entries", "higher", ""),
    "mig": Figure("Mutual information gap", SHARE, "higher", f"{CHEN}; {NEAR}"),
    "factorvae": Figure("FactorVAE score", SHARE, "higher", "Kim and Mnih 2018, arXiv:1802.05983"),
    "betavae": Figure("beta-VAE score", SHARE, "higher", "Higgins et al. 2017, ICLR"),
    "sap": Figure("SAP", SHARE, "higher", "Kumar et al. 2018, arXiv:1711.00848"),
    "modularity": Figure(
        f"Modularity of dimensions with {FLOOR} nats or more",
        SHARE,
        "higher",
        f"Ridgeway and Mozer 2018, arXiv:1802.05312; {NEAR}",
    ),
    "dci_disentanglement": Figure("DCI disentanglement", SHARE, "higher", DCI),
    "dci_completeness": Figure("DCI completeness", SHARE, "higher", DCI),
    "dci_informativeness": Figure("DCI informativeness", SHARE, "higher", DCI),
    "precision": Figure("Precision of samples", SHARE, "higher", OVERLAP),
    "recall": Figure("Recall of samples", SHARE, "higher", OVERLAP),
    "density": Figure("Density of samples", "1 for real images", "higher", NAEEM),
    "coverage": Figure("Coverage by samples", SHARE, "higher", NAEEM),
    "kid": Figure("Kernel distance of samples", "squared MMD", "lower", "Binkowski et al. 2018, arXiv:1801.01401"),
    "diversity": Figure("Diversity of samples", "mean distance", "", ""),
    "diversity_real": Figure("Diversity of real pictures", "mean distance", "", ""),
    "ssim": Figure("Structural similarity", "1 for equal", "higher", "Wang et al. 2004"),
    "psnr": Figure("Peak signal-to-noise ratio", "dB", "higher", ""),
    "knn": Figure("Nearest neighbours' accuracy", SHARE, "higher", ""),
    "probe": Figure("Linear probe's accuracy", SHARE, "higher", "Alain and Bengio 2016, arXiv:1610.01644"),
    "error": Figure("Errors of its own classifier", SHARE, "lower", "Kingma et al. 2014, arXiv:1406.5298"),
    "bits_model": Figure("Coding by the model", BITS, "lower", TOWNSEND),
    "bits_png": Figure("As PNG files", BITS, "lower", ""),
    "bits_gzip": Figure("As gzip files", BITS, "lower", ""),
    "bits_png_sheet": Figure("All as one PNG file", BITS, "lower", ""),
    "bits_gzip_together": Figure("All as one gzip file", BITS, "lower", ""),
}


@dataclass(frozen=True)
class Subject:
    """A model and the data on which it is measured; results shared by several groups are cached."""

    vae: VAE
    data: Dataset
    target: Target = "grey"
    seed: int = 0

    @cached_property
    def bound(self) -> Bound:
        return terms_of(self.vae, self.data.test, self.target, self.seed)

    @cached_property
    def codes(self) -> tuple[Tensor, Tensor]:
        """Means and standard deviations of q(z|x) on the test split, (N, L) each."""
        return posterior_of(self.vae, self.data.test, self.target, self.seed)

    @cached_property
    def drawn(self) -> Tensor:
        """One code z ~ q(z|x) for each test image, (N, L)."""
        return samples_of(self.vae, self.data.test, self.target, self.seed)


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
        if name not in GROUPS:
            raise UserError(f"There is no group of figures '{name}'; known are {', '.join(GROUPS)}.")
    for done, name in enumerate(chosen):

        def inner(share: float, done: int = done) -> None:
            if progress:
                progress((done + share) / len(chosen))

        try:
            for figure, estimate in GROUPS[name](subject, inner).items():
                yield Measured(name, figure, estimate)
        except UserError as reason:
            yield Measured(name, left_out=str(reason))
        inner(1.0)


def _bound(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    found = subject.bound
    errors = mean_of(squared_errors(subject.vae, subject.data.test, subject.target, subject.seed))
    terms = {"distortion": mean_of(found.distortion), "mse": errors}
    if found.elbo is None or found.rate is None:
        return terms
    elbo = mean_of(found.elbo)
    return {"elbo": elbo, "rate": mean_of(found.rate), "bits_per_dim": bits_per_dim(elbo, subject.vae), **terms}


def _prior(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    posterior = subject.vae.posterior
    if isinstance(posterior, QuantisedPosterior):  # its codes are made of the prior's own entries
        choices = entry_indices(subject.vae, subject.data.test, subject.target, subject.seed)
        return {"codebook_perplexity": perplexity(choices, len(posterior.codebook.entries), subject.seed)}
    return {"prior_coverage": coverage(subject.vae, subject.drawn, subject.seed)}


def _split(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    found = decompose(subject.vae, subject.data.test, subject.target, seed=subject.seed, progress=progress)
    names = ("mutual_information", "total_correlation", "dimension_wise", "marginal")
    return {name: getattr(found, name) for name in names}


def factor_map(subject: Subject) -> Matrix:
    """The normalised mutual information I(z_j; v_k) / H(v_k) of each dimension and factor, (L, F), for a heat map.

    For samples of q(z|x), with negative estimates set to zero. Raises UserError for data without true factors.
    """
    factors = _factors(subject.data).numpy()
    found = nearest_neighbour_information(subject.drawn.numpy(), factors, subject.seed)
    return np.asarray(found.clip(min=0) / np.maximum(entropies(factors), 1e-12))


def _factors(data: Dataset) -> Tensor:
    if data.test.factors is None:
        raise UserError(f"The data set '{data.name}' has no true factors, which these figures need; 'shapes' has.")
    return data.test.factors


def _disentanglement(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    factors, seed = _factors(subject.data).numpy(), subject.seed
    means, drawn = subject.codes[0].numpy(), subject.drawn.numpy()
    shapes = tuple(k for k, name in enumerate(subject.data.factor_names) if name == "shape")
    found = {
        "mig": mig(drawn, factors, seed),
        "factorvae": factorvae(means, factors, seed=seed),
        "betavae": betavae(means, factors, seed=seed),
        "sap": sap(means, factors, shapes),
        "modularity": modularity(means, factors, seed),
    }
    return {**found, **_dci(subject, progress)}


def _dci(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    """The slowest figures: their classifiers learn from BOOSTED training images and are tested on the test images."""
    learn = _rows(subject.data.train, BOOSTED)
    codes = means_of(subject.vae, learn, subject.target, subject.seed)
    test = subject.codes[0].numpy(), _factors(subject.data).numpy()
    assert learn.factors is not None
    found = dci(codes.numpy(), learn.factors.numpy(), *test, seed=subject.seed, progress=progress)
    names = ("disentanglement", "completeness", "informativeness")
    return {f"dci_{name}": getattr(found, name) for name in names}


def _samples(subject: Subject, progress: Progress) -> dict[str, Estimate]:
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
    if subject.vae.config.is_points:
        raise UserError("SSIM and PSNR compare images, and these data are points.")
    made, real = reconstructions(subject.vae, subject.data.test, subject.target, subject.seed)
    return {"ssim": mean_of(ssim(made.clamp(0, 1), real)), "psnr": mean_of(psnr(made.clamp(0, 1), real))}


def _use(subject: Subject, progress: Progress) -> dict[str, Estimate]:
    if len(subject.data.classes) < 2:
        raise UserError(f"The data set '{subject.data.name}' has no labels to classify.")
    learn, test = _rows(subject.data.train, LEARN), subject.data.test
    codes = means_of(subject.vae, learn, subject.target, subject.seed)
    arrays = (codes, learn.labels, subject.codes[0], test.labels)
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
}
