"""PRESETS: a paper's name -> a point on the axes."""

from dataclasses import dataclass
from typing import Any

from vae_core.objectives import Autoencoder, BetaVae, CapacityVae, Elbo, Objective
from vae_core.objectives.adversarial import AdversarialAutoencoder, FactorVae, VaeGan
from vae_core.objectives.discrete import JointVae, VqVae
from vae_core.objectives.disentanglement import BetaTcVae, DipVae
from vae_core.objectives.importance_weighted import Ciwae, Dreg, Iwae, Miwae, Piwae
from vae_core.objectives.infovae_wae_mmd import InfoVae, SlicedWae, Wae
from vae_core.objectives.rae_ms_ssim import MsSsim, Rae
from vae_core.objectives.semi_supervised import M1M2Objective, M2Objective


@dataclass(frozen=True)
class Preset:
    """`objective` and the fields of ModelConfig and TrainConfig in which it differs from the plain VAE."""

    title: str
    paper: str
    summary: str
    objective: Objective = Elbo()
    changes: tuple[tuple[str, Any], ...] = ()
    conditional: bool = False


PRESETS: dict[str, Preset] = {
    "vae": Preset("VAE", "Kingma and Welling 2014, arXiv:1312.6114", "The evidence lower bound, nothing else."),
    "autoencoder": Preset(
        "Plain autoencoder",
        "Hinton and Salakhutdinov 2006",
        "One code per image and no prior: sharp pictures, a map with holes.",
        Autoencoder(),
        (("posterior", "point"),),
    ),
    "tied-autoencoder": Preset(
        "Tied autoencoder",
        "Hinton and Salakhutdinov 2006",
        "A plain autoencoder whose decoder is its encoder transposed.",
        Autoencoder(),
        (("posterior", "point"), ("network", "tied")),
    ),
    "beta-vae": Preset(
        "beta-VAE",
        "Higgins et al. 2017",
        "The rate costs beta times as much: a tidier code, blurrier pictures.",
        BetaVae(beta=4.0),
    ),
    "capacity-vae": Preset(
        "Capacity VAE", "Burgess et al. 2018, arXiv:1804.03599", "The rate is held to a rising capacity.", CapacityVae()
    ),
    "cvae": Preset(
        "Conditional VAE",
        "Sohn, Lee and Yan 2015",
        "Encoder and decoder are told the label, the code keeps the rest: style.",
        conditional=True,
    ),
    "sigma-vae": Preset(
        "sigma-VAE",
        "Rybkin, Daniilidis and Levine 2021, arXiv:2006.13202",
        "A Gaussian decoder whose sigma is optimal: it finds its own balance of distortion and rate.",
        changes=(("likelihood", "gaussian_optimal"), ("sigma", 0.3)),
    ),
    "cb-vae": Preset(
        "Continuous Bernoulli VAE",
        "Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845",
        "A density that grey pixels really have.",
        changes=(("likelihood", "continuous_bernoulli"),),
    ),
    "kl-warm-up": Preset(
        "VAE with KL warm-up",
        "Bowman et al. 2016, arXiv:1511.06349",
        "The rate's weight rises from zero, so that codes are used before they are paid for.",
        Elbo(kl_schedule="linear"),
    ),
    "cyclical-vae": Preset(
        "VAE with cyclical warm-up",
        "Fu et al. 2019, arXiv:1903.10145",
        "The rate's weight rises again and again.",
        Elbo(kl_schedule="cyclical", kl_warmup=0.5),
    ),
    "free-bits": Preset(
        "VAE with free bits",
        "Kingma et al. 2016, arXiv:1606.04934",
        "Each dimension has some nats for free, so that none is given up.",
        Elbo(free_bits=0.25),
    ),
    "beta-tcvae": Preset(
        "beta-TCVAE",
        "Chen et al. 2018, arXiv:1802.04942",
        "Only the dependence between dimensions costs beta times as much.",
        BetaTcVae(),
    ),
    "dip-vae-1": Preset(
        "DIP-VAE I",
        "Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848",
        "The covariance of the posterior means is held to the identity.",
        DipVae(kind="I", diagonal=100.0),
    ),
    "dip-vae-2": Preset(
        "DIP-VAE II",
        "Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848",
        "The covariance of all codes together is held to the identity.",
        DipVae(kind="II"),
    ),
    "info-vae": Preset(
        "InfoVAE",
        "Zhao, Song and Ermon 2019, arXiv:1706.02262",
        "The bound, with all codes held to the prior.",
        InfoVae(),
    ),
    "mmd-vae": Preset(
        "MMD-VAE",
        "Zhao, Song and Ermon 2019, arXiv:1706.02262",
        "No rate: only all codes together are held to the prior.",
        InfoVae(alpha=1.0),
    ),
    "wae-mmd": Preset(
        "WAE-MMD",
        "Tolstikhin et al. 2018, arXiv:1711.01558",
        "One code per image, all codes together held to the prior by a sum of kernels with long tails, of seven widths.",
        Wae(),
        (("posterior", "point"),),
    ),
    "wae-mmd-rbf": Preset(
        "WAE-MMD, RBF",
        "Tolstikhin et al. 2018, arXiv:1711.01558",
        "The same with a sum of Gaussian kernels of seven widths.",
        Wae(kernel="rbf"),
        (("posterior", "point"),),
    ),
    "swae": Preset(
        "Sliced Wasserstein autoencoder",
        "Kolouri et al. 2019, arXiv:1804.01947",
        "One code per image, all codes together held to the prior along random lines.",
        SlicedWae(),
        (("posterior", "point"),),
    ),
    "iwae": Preset(
        "IWAE",
        "Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519",
        "Several codes per image, the best count most: a tighter bound.",
        Iwae(),
    ),
    "miwae": Preset(
        "MIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "A mean of IWAE bounds: steadier for the encoder.", Miwae()
    ),
    "ciwae": Preset("CIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "Part bound, part IWAE.", Ciwae()),
    "piwae": Preset(
        "PIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "IWAE teaches the decoder, MIWAE the encoder.", Piwae()
    ),
    "dreg": Preset(
        "DReG-IWAE",
        "Tucker et al. 2019, arXiv:1810.04152",
        "IWAE whose encoder's gradient gets better, not worse, with more samples.",
        Dreg(),
    ),
    "rae-l2": Preset(
        "RAE, L2",
        "Ghosh et al. 2020, arXiv:1903.12436",
        "A plain autoencoder with small codes and small decoder weights.",
        Rae(),
        (("posterior", "point"),),
    ),
    "rae-gp": Preset(
        "RAE, gradient penalty",
        "Ghosh et al. 2020, arXiv:1903.12436",
        "A plain autoencoder with small codes whose pictures change slowly with them.",
        Rae(penalty="gradient"),
        (("posterior", "point"),),
    ),
    "log-cosh": Preset(
        "Log-cosh VAE",
        "Chen, Chen and Chen 2018",
        "Small errors cost their square, large ones their size.",
        changes=(("likelihood", "log_cosh"), ("sigma", 0.1)),
    ),
    "ms-ssim": Preset(
        "MS-SSIM VAE",
        "Snell et al. 2017, arXiv:1511.06409",
        "Pictures are compared by their structure, at several scales.",
        MsSsim(),
    ),
    "factor-vae": Preset(
        "FactorVAE",
        "Kim and Mnih 2018, arXiv:1802.05983",
        "A second network sees how much the dimensions depend on each other, and that costs gamma times as much.",
        FactorVae(),
    ),
    "aae": Preset(
        "Adversarial autoencoder",
        "Makhzani et al. 2016, arXiv:1511.05644",
        "One code per image; a second network tells codes from the prior until it no longer can.",
        AdversarialAutoencoder(),
        (("posterior", "point"),),
    ),
    "vae-gan": Preset(
        "VAE-GAN",
        "Larsen et al. 2016, arXiv:1512.09300",
        "Pictures are compared by what a second network sees in them, and must fool it.",
        VaeGan(critic_depth=1),  # features of a first layer, which no quarrel of deeper ones can turn over
    ),
    "gm-vae": Preset(
        "VAE with a mixture prior",
        "Dilokthanakul et al. 2016, arXiv:1611.02648",
        "The prior is a mixture of normals that is learnt with the model.",
        changes=(("prior", "mixture"), ("components", 20)),
    ),
    "vamp-vae": Preset(
        "VampPrior VAE",
        "Tomczak and Welling 2018, arXiv:1705.07120",
        "The prior is where the codes of some learnt pictures lie.",
        changes=(("prior", "vamp"),),
    ),
    "flow-prior": Preset(
        "VAE with a flow prior",
        "Rezende and Mohamed 2015, arXiv:1505.05770; Durkan et al. 2019, arXiv:1906.04032",
        "The prior is a normal bent to the shape that the codes have.",
        changes=(("prior", "flow"),),
    ),
    "iaf-vae": Preset(
        "VAE with inverse autoregressive flows",
        "Kingma et al. 2016, arXiv:1606.04934",
        "Each image's cloud may be bent, each dimension by those before it.",
        changes=(("posterior", "autoregressive"),),
    ),
    "planar-vae": Preset(
        "VAE with planar flows",
        "Rezende and Mohamed 2015, arXiv:1505.05770",
        "Each image's cloud may be bent along a few planes.",
        changes=(("posterior", "planar"), ("flow_steps", 8)),
    ),
    "s-vae": Preset(
        "Hyperspherical VAE",
        "Davidson et al. 2018, arXiv:1804.00891",
        "Codes lie on a sphere, which has no centre for them to fall into.",
        changes=(("posterior", "von_mises_fisher"), ("prior", "sphere"), ("latent_dim", 3)),
    ),
    "residual-vae": Preset(
        "VAE with residual networks",
        "He et al. 2016, arXiv:1603.05027; Kingma et al. 2016, arXiv:1606.04934",
        "Deeper convolutions, each of which adds to what is there.",
        changes=(("network", "residual"), ("hidden", (16, 32))),
    ),
    "gumbel-vae": Preset(
        "Categorical VAE",
        "Jang, Gu and Poole 2017, arXiv:1611.01144; Maddison, Mnih and Teh 2017, arXiv:1611.00712",
        "A code of choices, softened while training so that a gradient goes through them.",
        changes=(("posterior", "discrete"), ("prior", "discrete"), ("discrete", 3), ("latent_dim", 30)),
    ),
    "joint-vae": Preset(
        "JointVAE",
        "Dupont 2018, arXiv:1804.00104",
        "One choice and some numbers, each with a capacity of its own: which digit, and how it is written.",
        # with the paper's 30 all pictures take one choice, which costs as much as any, before it says anything
        JointVae(gamma=2.0),
        (("posterior", "discrete"), ("prior", "discrete"), ("latent_dim", 12)),
    ),
    "vq-vae": Preset(
        "VQ-VAE",
        "van den Oord, Vinyals and Kavukcuoglu 2017, arXiv:1711.00937",
        "A grid of places, each with an entry from one learnt codebook: nothing between them.",
        VqVae(),
        (("network", "grid"), ("posterior", "quantised"), ("prior", "codebook"), ("categories", 64)),
    ),
    "two-level-vae": Preset(
        "Two-level VAE",
        "Sonderby et al. 2016, arXiv:1602.02282; Maaloe et al. 2019, arXiv:1902.02102",
        "Half of the code says where the other half is likely to be.",
        changes=(("prior", "two_levels"), ("latent_dim", 4)),
    ),
    "ladder-vae": Preset(
        "Ladder VAE",
        "Sonderby et al. 2016, arXiv:1602.02282",
        "A code drawn level by level: the picture corrects what the upper half expects of the lower one.",
        Elbo(kl_schedule="linear", kl_warmup=0.5),  # as the paper: levels must be used before they are paid for
        (("posterior", "ladder"), ("prior", "two_levels"), ("latent_dim", 4)),
    ),
    "pixel-vae": Preset(
        "PixelVAE",
        "Gulrajani et al. 2017, arXiv:1611.05013",
        "Each pixel is told given those before it: strokes come out whole, and the code keeps only the large.",
        changes=(("likelihood", "pixelcnn"),),
    ),
    "m2": Preset(
        "M2, semi-supervised",
        "Kingma et al. 2014, arXiv:1406.5298",
        "A few labels are told; a classifier guesses the others, and the model says which guess explains the picture.",
        M2Objective(),
        (("classifier", "mlp"),),
        conditional=True,
    ),
    "m1-m2": Preset(
        "M1+M2, semi-supervised",
        "Kingma et al. 2014, arXiv:1406.5298",
        "A plain VAE learns codes of all pictures, then M2 learns these codes in place of pixels: fewer labels do.",
        M1M2Objective(alpha=2.0, head_start=0.0),  # codes tell digits apart well enough for both to begin at once
        (("classifier", "mlp"), ("first", 20), ("latent_dim", 10)),
        conditional=True,
    ),
}
