"""FIGURES: what each figure of a model is called, its unit, which direction is better, and how its 95 % interval is found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from vae_core.metrics.factors.mig_sap_modularity import FLOOR

INTERVALS = {
    "mean": "Student's t over images",
    "pairs": "normal, over pairs of images",
    "share": "Wilson's for a share",
    "jackknife": "a jackknife over images",
    "": "none that is known to hold",
}


@dataclass(frozen=True)
class Figure:
    """What a figure is: `unit`, in which direction it is `better` ("" where neither is), and the paper it is from.

    `interval` is a key of INTERVALS. `group` is the one of `report.GROUPS` that measures it, "" for what is known once a
    training has ended. `form` writes it in a short table.
    """

    title: str
    unit: str
    better: Literal["higher", "lower", ""]
    source: str
    interval: Literal["mean", "pairs", "share", "jackknife", ""] = ""
    group: str = ""
    form: str = "{:.1f}"

    @property
    def about(self) -> str:
        """Unit and direction: "nats per image, lower is better"."""
        return f"{self.unit}, {self.better} is better" if self.better else self.unit


NATS, BITS, SHARE = "nats per image", "bits per dimension", "share"
KINGMA, ALEMI = "Kingma and Welling 2014, arXiv:1312.6114", "Alemi et al. 2018, arXiv:1711.00464"
BURDA, HOFFMAN = "Burda et al. 2016, arXiv:1509.00519", "Hoffman and Johnson 2016"
CHEN, TOWNSEND = "Chen et al. 2018, arXiv:1802.04942", "Townsend et al. 2019, arXiv:1901.04866"
OVERLAP, NAEEM = "Kynkaanniemi et al. 2019, arXiv:1904.06991", "Naeem et al. 2020, arXiv:2002.09797"
BOWMAN, TEXYGEN = "Bowman et al. 2016, arXiv:1511.06349", "Zhu et al. 2018, arXiv:1802.01886"
GOMEZ, MOSES = "Gomez-Bombarelli et al. 2018, arXiv:1610.02415", "Polykovskiy et al. 2020, arXiv:1811.12823"
SHI = "Shi et al. 2019, arXiv:1911.03393; a classifier trained apart judges the pictures"
TANIMOTO, WASSERSTEIN = "mean Tanimoto distance", "Wasserstein"
BOOSTED = 5000  # training images that gradient boosting learns from
DCI = f"Eastwood and Williams 2018, ICLR; gradient boosting learns from {BOOSTED:,} training images, arXiv:1811.12359 from 10,000"
NEAR = "by nearest neighbours, Ross 2014, PLoS ONE 9(2)"
TOLD = f"Modularity of dimensions with {FLOOR} nats or more"
RIDGEWAY = f"Ridgeway and Mozer 2018, arXiv:1802.05312; {NEAR}"
FIGURES: dict[str, Figure] = {
    "elbo": Figure("ELBO", NATS, "higher", KINGMA, "mean", "bound"),
    "distortion": Figure("Distortion", NATS, "lower", ALEMI, "mean", "bound"),
    "rate": Figure("Rate", NATS, "", ALEMI, "mean", "bound"),
    "bits_per_dim": Figure("Bits per dimension", BITS, "lower", "Theis et al. 2016, arXiv:1511.01844", "mean", "bound"),
    "mse": Figure("Squared error", "per pixel", "lower", "", "mean", "bound", "{:.4f}"),
    "mutual_information": Figure("Index-code mutual information", NATS, "", HOFFMAN, "jackknife", "split"),
    "total_correlation": Figure("Total correlation", NATS, "", CHEN, "jackknife", "split"),
    "dimension_wise": Figure("Dimension-wise KL", NATS, "lower", CHEN, "jackknife", "split"),
    "marginal": Figure("KL of the aggregate posterior to the prior", NATS, "lower", HOFFMAN, "jackknife", "split"),
    "prior_coverage": Figure("Coverage of codes by the prior", SHARE, "higher", NAEEM, "share", "prior"),
    "codebook_perplexity": Figure("Codebook perplexity", "equally used entries", "higher", "", "jackknife", "prior"),
    "mig": Figure("Mutual information gap", SHARE, "higher", f"{CHEN}; {NEAR}", "jackknife", "disentanglement"),
    "factorvae": Figure(
        "FactorVAE score", SHARE, "higher", "Kim and Mnih 2018, arXiv:1802.05983", group="disentanglement"
    ),
    "betavae": Figure("beta-VAE score", SHARE, "higher", "Higgins et al. 2017, ICLR", group="disentanglement"),
    "sap": Figure("SAP", SHARE, "higher", "Kumar et al. 2018, arXiv:1711.00848", group="disentanglement"),
    "modularity": Figure(TOLD, SHARE, "higher", RIDGEWAY, "jackknife", "disentanglement"),
    "dci_disentanglement": Figure("DCI disentanglement", SHARE, "higher", DCI, group="disentanglement"),
    "dci_completeness": Figure("DCI completeness", SHARE, "higher", DCI, group="disentanglement"),
    "dci_informativeness": Figure("DCI informativeness", SHARE, "higher", DCI, "share", "disentanglement"),
    "precision": Figure("Precision of samples", SHARE, "higher", OVERLAP, "share", "samples"),
    "recall": Figure("Recall of samples", SHARE, "higher", OVERLAP, "share", "samples"),
    "density": Figure("Density of samples", "1 for real images", "higher", NAEEM, "jackknife", "samples"),
    "coverage": Figure("Coverage by samples", SHARE, "higher", NAEEM, "share", "samples"),
    "kid": Figure(
        "Kernel distance of samples",
        "squared MMD",
        "lower",
        "Binkowski et al. 2018, arXiv:1801.01401",
        "jackknife",
        "samples",
    ),
    "diversity": Figure("Diversity of samples", "mean distance", "", "", "pairs", "samples"),
    "diversity_real": Figure("Diversity of real pictures", "mean distance", "", "", "pairs", "samples"),
    "ssim": Figure("Structural similarity", "1 for equal", "higher", "Wang et al. 2004", "mean", "reconstruction"),
    "psnr": Figure("Peak signal-to-noise ratio", "dB", "higher", "", "mean", "reconstruction"),
    "knn": Figure("Nearest neighbours' accuracy", SHARE, "higher", "", "share", "use"),
    "probe": Figure(
        "Linear probe's accuracy", SHARE, "higher", "Alain and Bengio 2016, arXiv:1610.01644", "share", "use"
    ),
    "error": Figure(
        "Errors of its own classifier", SHARE, "lower", "Kingma et al. 2014, arXiv:1406.5298", "share", "use"
    ),
    "bits_model": Figure("Coding by the model", BITS, "lower", TOWNSEND, "mean", "compression"),
    "bits_png": Figure("As PNG files", BITS, "lower", "", "mean", "compression"),
    "bits_gzip": Figure("As gzip files", BITS, "lower", "", "mean", "compression"),
    "bits_png_sheet": Figure("All as one PNG file", BITS, "lower", "", group="compression"),
    "bits_gzip_together": Figure("All as one gzip file", BITS, "lower", "", group="compression"),
    "exact_match": Figure("Sentences reconstructed exactly", SHARE, "higher", BOWMAN, "share", "sentences", "{:.3f}"),
    "token_accuracy": Figure("Tokens reconstructed", SHARE, "higher", "", "mean", "sentences", "{:.3f}"),
    "perplexity": Figure(
        "Perplexity, at most", "equally likely tokens", "lower", BOWMAN, "jackknife", "sentences", "{:.2f}"
    ),
    "unique_greedy": Figure("Different ones among greedy decodes", SHARE, "higher", "", "share", "sentences", "{:.3f}"),
    "self_bleu": Figure("Self-BLEU of samples", "1 for equal", "", TEXYGEN, "jackknife", "sentences", "{:.3f}"),
    "self_bleu_real": Figure(
        "Self-BLEU of real sentences", "1 for equal", "", TEXYGEN, "jackknife", "sentences", "{:.3f}"
    ),
    "grammatical_greedy": Figure("Grammatical greedy decodes", SHARE, "higher", "", "share", "sentences", "{:.3f}"),
    "grammatical_sampled": Figure("Grammatical samples", SHARE, "higher", "", "share", "sentences", "{:.3f}"),
    "same_molecule": Figure("Molecules reconstructed", SHARE, "higher", GOMEZ, "share", "molecules", "{:.3f}"),
    "valid_greedy": Figure("Valid greedy decodes", SHARE, "higher", MOSES, "share", "molecules", "{:.3f}"),
    "valid": Figure("Valid samples", SHARE, "higher", MOSES, "share", "molecules", "{:.3f}"),
    "unique_molecules": Figure(
        "Different ones among valid samples", SHARE, "higher", MOSES, "share", "molecules", "{:.3f}"
    ),
    "novel": Figure("New ones among different samples", SHARE, "higher", MOSES, "share", "molecules", "{:.3f}"),
    "molecule_diversity": Figure("Diversity of molecules", TANIMOTO, "", MOSES, "jackknife", "molecules", "{:.3f}"),
    "molecule_diversity_real": Figure(
        "Diversity of real molecules", TANIMOTO, "", MOSES, "jackknife", "molecules", "{:.3f}"
    ),
    "logp_distance": Figure("Distance of logP", WASSERSTEIN, "lower", MOSES, "jackknife", "molecules", "{:.3f}"),
    "qed_distance": Figure("Distance of QED", WASSERSTEIN, "lower", MOSES, "jackknife", "molecules", "{:.3f}"),
    "weight_distance": Figure(
        "Distance of weights", "Wasserstein, g/mol", "lower", MOSES, "jackknife", "molecules", "{:.1f}"
    ),
    "words_right": Figure("Words read from pictures", SHARE, "higher", SHI, "share", "pairs", "{:.3f}"),
    "pictures_right": Figure("Pictures drawn from words", SHARE, "higher", SHI, "share", "pairs", "{:.3f}"),
    "samples_agree": Figure("Samples whose parts agree", SHARE, "higher", SHI, "share", "pairs", "{:.3f}"),
    "sentences_exist": Figure("Samples whose words occur", SHARE, "higher", "", "share", "pairs", "{:.3f}"),
    "judge_right": Figure("Test pictures read by the judge", SHARE, "", "", "share", "pairs", "{:.3f}"),
    "minus_elbo": Figure("\N{MINUS SIGN}ELBO", NATS, "lower", KINGMA, "mean"),
    "nll": Figure("\N{MINUS SIGN}log p(x), from importance samples", NATS, "lower", BURDA, "mean"),
    "active_units": Figure("Active units", "dimensions in use", "", BURDA, form="{:.0f}"),
    "latent_dim": Figure("Code size", "dimensions", "", "", form="{:.0f}"),
    "parameters": Figure("Weights", "count", "", "", form="{:,.0f}"),
    "seconds": Figure("Training", "seconds", "", "", form="{:.0f}"),
}


def margin_key(name: str) -> str:
    """Under which name a checkpoint keeps half the width of a figure's 95 % interval."""
    return f"{name}_margin"


def score(known: Mapping[str, float | int | None]) -> tuple[Figure, float]:
    """The one figure by which models of the same data are compared, lower is better: -ELBO, or a plain autoencoder's distortion."""
    elbo, distortion = known.get("elbo"), known["distortion"]
    if isinstance(elbo, int | float):
        return FIGURES["minus_elbo"], -elbo
    assert isinstance(distortion, int | float)
    return FIGURES["distortion"], distortion
