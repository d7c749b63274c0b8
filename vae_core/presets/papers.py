"""PRESETS: the name of a paper's model -> its objective and the settings in which it differs from the plain VAE."""

from dataclasses import dataclass
from typing import Any

from vae_core.config import Kind
from vae_core.objectives import Autoencoder, BetaVae, CapacityVae, Elbo, Objective
from vae_core.objectives.betatcvae_dipvae import BetaTcVae, DipVae
from vae_core.objectives.factorvae_aae_vaegan import AdversarialAutoencoder, FactorVae, VaeGan
from vae_core.objectives.importance_weighted import Ciwae, Dreg, Iwae, Miwae, Piwae
from vae_core.objectives.infovae_wae_mmd import InfoVae, SlicedWae, Wae
from vae_core.objectives.jointvae_vqvae import JointVae, VqVae
from vae_core.objectives.pairs.mvae_mmvae_mopoe_jmvae import Jmvae, Mmvae, Mopoe, Mvae
from vae_core.objectives.rae_ms_ssim import MsSsim, Rae
from vae_core.objectives.semi_supervised import M1M2Objective, M2Objective


@dataclass(frozen=True)
class Preset:
    """`objective` and the fields of ModelConfig and TrainConfig in which it differs from the plain VAE.

    `kind` is the only kind of data that it is for; None where it is for any that its settings allow.
    """

    title: str
    paper: str
    summary: str
    objective: Objective = Elbo()
    changes: tuple[tuple[str, Any], ...] = ()
    conditional: bool = False
    kind: Kind | None = None


GRU = (("network", "gru"), ("likelihood", "tokens"), ("latent_dim", 16))
PRESETS: dict[str, Preset] = {
    "vae": Preset("VAE", "Kingma and Welling 2014, arXiv:1312.6114", "The evidence lower bound (ELBO), nothing added."),
    "autoencoder": Preset(
        "Plain autoencoder",
        "Hinton and Salakhutdinov 2006",
        "One code per image, no prior and no noise: sharp reconstructions, but samples of a prior decode badly.",
        Autoencoder(),
        (("posterior", "point"),),
    ),
    "tied-autoencoder": Preset(
        "Tied autoencoder",
        "Hinton and Salakhutdinov 2006",
        "A plain autoencoder whose decoder has the encoder's weights, transposed.",
        Autoencoder(),
        (("posterior", "point"), ("network", "tied")),
    ),
    "beta-vae": Preset(
        "beta-VAE",
        "Higgins et al. 2017",
        "The rate has weight beta: more independent dimensions of the code, blurrier images.",
        BetaVae(beta=4.0),
    ),
    "capacity-vae": Preset(
        "Capacity VAE", "Burgess et al. 2018, arXiv:1804.03599", "The rate is held to a rising capacity.", CapacityVae()
    ),
    "cvae": Preset(
        "Conditional VAE",
        "Sohn, Lee and Yan 2015",
        "Encoder and decoder are given the label, so that the code holds what the label does not: the style.",
        conditional=True,
    ),
    "sigma-vae": Preset(
        "sigma-VAE",
        "Rybkin, Daniilidis and Levine 2021, arXiv:2006.13202",
        "A Gaussian likelihood whose sigma is the best one for each batch, which sets the balance of distortion and rate.",
        changes=(("likelihood", "gaussian_optimal"), ("sigma", 0.3)),
    ),
    "cb-vae": Preset(
        "Continuous Bernoulli VAE",
        "Loaiza-Ganem and Cunningham 2019, arXiv:1907.06845",
        "A likelihood that is a density on [0, 1], for grey pixels.",
        changes=(("likelihood", "continuous_bernoulli"),),
    ),
    "bb-vae": Preset(
        "VAE with beta-binomial pixels",
        "Townsend, Bird and Barber 2019, arXiv:1901.04866",
        "A probability for each of the 256 grey levels, so that -ELBO is the size of a compressed file.",
        changes=(("likelihood", "beta_binomial"),),
    ),
    "kl-warm-up": Preset(
        "VAE with KL warm-up",
        "Bowman et al. 2016, arXiv:1511.06349",
        "The weight of the rate rises from 0 to 1 during training, against posterior collapse.",
        Elbo(kl_schedule="linear"),
    ),
    "cyclical-vae": Preset(
        "VAE with cyclical warm-up",
        "Fu et al. 2019, arXiv:1903.10145",
        "The weight of the rate rises from 0 to 1 in each of several cycles.",
        Elbo(kl_schedule="cyclical", kl_warmup=0.5),
    ),
    "free-bits": Preset(
        "VAE with free bits",
        "Kingma et al. 2016, arXiv:1606.04934",
        "The first nats of each dimension's rate are not charged, so that no dimension is left unused.",
        Elbo(free_bits=0.25),
    ),
    "beta-tcvae": Preset(
        "beta-TCVAE",
        "Chen et al. 2018, arXiv:1802.04942",
        "Only the total correlation, the dependence between dimensions, has weight beta.",
        BetaTcVae(),
    ),
    "dip-vae-1": Preset(
        "DIP-VAE I",
        "Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848",
        "A penalty holds the covariance of the posterior means close to the identity.",
        DipVae(kind="I", diagonal=100.0),
    ),
    "dip-vae-2": Preset(
        "DIP-VAE II",
        "Kumar, Sattigeri and Balakrishnan 2018, arXiv:1711.00848",
        "A penalty holds the covariance of the aggregate posterior close to the identity.",
        DipVae(kind="II"),
    ),
    "info-vae": Preset(
        "InfoVAE", "Zhao, Song and Ermon 2019, arXiv:1706.02262", "The ELBO, and the MMD to the prior.", InfoVae()
    ),
    "mmd-vae": Preset(
        "MMD-VAE",
        "Zhao, Song and Ermon 2019, arXiv:1706.02262",
        "The MMD between aggregate posterior and prior takes the place of the rate.",
        InfoVae(alpha=1.0),
    ),
    "wae-mmd": Preset(
        "WAE-MMD",
        "Tolstikhin et al. 2018, arXiv:1711.01558",
        "One code per image, with the MMD between all codes and the prior: inverse multiquadric kernels of seven widths.",
        Wae(),
        (("posterior", "point"),),
    ),
    "wae-mmd-rbf": Preset(
        "WAE-MMD, RBF",
        "Tolstikhin et al. 2018, arXiv:1711.01558",
        "WAE-MMD with Gaussian (RBF) kernels of seven widths.",
        Wae(kernel="rbf"),
        (("posterior", "point"),),
    ),
    "swae": Preset(
        "Sliced Wasserstein autoencoder",
        "Kolouri et al. 2019, arXiv:1804.01947",
        "One code per image, with the sliced Wasserstein distance between all codes and the prior.",
        SlicedWae(),
        (("posterior", "point"),),
    ),
    "iwae": Preset(
        "IWAE",
        "Burda, Grosse and Salakhutdinov 2016, arXiv:1509.00519",
        "Several samples of each posterior, importance-weighted: a tighter bound.",
        Iwae(),
    ),
    "miwae": Preset("MIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "The mean of several IWAE bounds.", Miwae()),
    "ciwae": Preset(
        "CIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "A weighted sum of ELBO and IWAE bound.", Ciwae()
    ),
    "piwae": Preset(
        "PIWAE", "Rainforth et al. 2018, arXiv:1802.04537", "IWAE trains the decoder, MIWAE the encoder.", Piwae()
    ),
    "dreg": Preset(
        "DReG-IWAE",
        "Tucker et al. 2019, arXiv:1810.04152",
        "IWAE with a gradient of the encoder whose signal-to-noise ratio rises with the number of samples.",
        Dreg(),
    ),
    "rae-l2": Preset(
        "RAE, L2",
        "Ghosh et al. 2020, arXiv:1903.12436",
        "A plain autoencoder with penalties on the squared codes and the squared weights of the decoder.",
        Rae(),
        (("posterior", "point"),),
    ),
    "rae-gp": Preset(
        "RAE, gradient penalty",
        "Ghosh et al. 2020, arXiv:1903.12436",
        "A plain autoencoder with penalties on the squared codes and on the gradient of the image with respect to the code.",
        Rae(penalty="gradient"),
        (("posterior", "point"),),
    ),
    "log-cosh": Preset(
        "Log-cosh VAE",
        "Chen, Chen and Chen 2018",
        "The log-cosh likelihood: small errors cost their square, large errors their absolute value.",
        changes=(("likelihood", "log_cosh"), ("sigma", 0.1)),
    ),
    "ms-ssim": Preset(
        "MS-SSIM VAE",
        "Snell et al. 2017, arXiv:1511.06409",
        "The distortion is mostly structural dissimilarity at several scales (1 - MS-SSIM).",
        MsSsim(),
    ),
    "factor-vae": Preset(
        "FactorVAE",
        "Kim and Mnih 2018, arXiv:1802.05983",
        "A critic estimates the total correlation, the dependence between dimensions, which has weight gamma.",
        FactorVae(),
    ),
    "aae": Preset(
        "Adversarial autoencoder",
        "Makhzani et al. 2016, arXiv:1511.05644",
        "One code per image; a critic classifies codes against prior samples, and the encoder learns to fool it.",
        AdversarialAutoencoder(),
        (("posterior", "point"),),
    ),
    "vae-gan": Preset(
        "VAE-GAN",
        "Larsen et al. 2016, arXiv:1512.09300",
        "Images are compared by the features of a critic, which the decoder also learns to fool.",
        VaeGan(critic_depth=1),  # the features of a deeper critic changed too much during training
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
        "The prior is a mixture of the posteriors of learnt inputs (pseudo-inputs).",
        changes=(("prior", "vamp"),),
    ),
    "flow-prior": Preset(
        "VAE with a flow prior",
        "Rezende and Mohamed 2015, arXiv:1505.05770; Durkan et al. 2019, arXiv:1906.04032",
        "The prior is a normalising flow (neural spline) learnt with the model.",
        changes=(("prior", "flow"),),
    ),
    "iaf-vae": Preset(
        "VAE with inverse autoregressive flows",
        "Kingma et al. 2016, arXiv:1606.04934",
        "The posterior is an inverse autoregressive flow: each dimension is transformed given those before it.",
        changes=(("posterior", "autoregressive"),),
    ),
    "planar-vae": Preset(
        "VAE with planar flows",
        "Rezende and Mohamed 2015, arXiv:1505.05770",
        "The posterior is a normal transformed by planar flows.",
        changes=(("posterior", "planar"), ("flow_steps", 8)),
    ),
    "s-vae": Preset(
        "Hyperspherical VAE",
        "Davidson et al. 2018, arXiv:1804.00891",
        "Codes lie on a sphere: von Mises-Fisher posteriors and a uniform prior.",
        changes=(("posterior", "von_mises_fisher"), ("prior", "sphere"), ("latent_dim", 3)),
    ),
    "residual-vae": Preset(
        "VAE with residual networks",
        "He et al. 2016, arXiv:1603.05027; Kingma et al. 2016, arXiv:1606.04934",
        "A convolutional network with residual blocks.",
        changes=(("network", "residual"), ("hidden", (16, 32))),
    ),
    "gumbel-vae": Preset(
        "Categorical VAE",
        "Jang, Gu and Poole 2017, arXiv:1611.01144; Maddison, Mnih and Teh 2017, arXiv:1611.00712",
        "A code of categorical variables, relaxed during training (Gumbel-softmax) so that they have a gradient.",
        changes=(("posterior", "discrete"), ("prior", "discrete"), ("discrete", 3), ("latent_dim", 30)),
    ),
    "joint-vae": Preset(
        "JointVAE",
        "Dupont 2018, arXiv:1804.00104",
        "One categorical variable and some continuous ones, with a capacity for each kind: which digit, and how it is written.",
        JointVae(gamma=2.0),  # with the paper's 30 every image takes the same category
        (("posterior", "discrete"), ("prior", "discrete"), ("latent_dim", 12)),
    ),
    "vq-vae": Preset(
        "VQ-VAE",
        "van den Oord, Vinyals and Kavukcuoglu 2017, arXiv:1711.00937",
        "A code that is a grid of discrete entries from one learnt codebook.",
        VqVae(),
        (("network", "grid"), ("posterior", "quantised"), ("prior", "codebook"), ("categories", 64)),
    ),
    "two-level-vae": Preset(
        "Two-level VAE",
        "Sonderby et al. 2016, arXiv:1602.02282; Maaloe et al. 2019, arXiv:1902.02102",
        "A hierarchical prior: the distribution of one half of the code depends on the other half.",
        changes=(("prior", "two_levels"), ("latent_dim", 4)),
    ),
    "ladder-vae": Preset(
        "Ladder VAE",
        "Sonderby et al. 2016, arXiv:1602.02282",
        "A two-level posterior: the lower half combines the encoder's estimate with the prior given the upper half.",
        Elbo(kl_schedule="linear", kl_warmup=0.5),  # as in the paper, against posterior collapse of the upper level
        (("posterior", "ladder"), ("prior", "two_levels"), ("latent_dim", 4)),
    ),
    "pixel-vae": Preset(
        "PixelVAE",
        "Gulrajani et al. 2017, arXiv:1611.05013",
        "Each pixel is modelled conditionally on the earlier pixels (PixelCNN), so that the code holds global structure only.",
        changes=(("likelihood", "pixelcnn"),),
    ),
    "m2": Preset(
        "M2, semi-supervised",
        "Kingma et al. 2014, arXiv:1406.5298",
        "Few images have labels: a classifier predicts the others, and a conditional VAE scores each possible label.",
        M2Objective(),
        (("classifier", "mlp"),),
        conditional=True,
    ),
    "m1-m2": Preset(
        "M1+M2, semi-supervised",
        "Kingma et al. 2014, arXiv:1406.5298",
        "A plain VAE learns from all images without labels, then M2 learns from its codes: fewer labels are enough.",
        M1M2Objective(alpha=2.0, head_start=0.0),  # the codes of M1 separate digits well enough for no head start
        (("classifier", "mlp"), ("first", 20), ("latent_dim", 10)),
        conditional=True,
    ),
    "rnn-vae": Preset(
        "RNN-VAE of sentences",
        "Bowman et al. 2016, arXiv:1511.06349",
        "A GRU reads a sentence and another writes it, with KL warm-up and word dropout, so that the code is not ignored.",
        Elbo(kl_schedule="linear", kl_warmup=0.5),
        (*GRU, ("word_dropout", 0.25)),
        kind="tokens",
    ),
    "transformer-vae": Preset(
        "Transformer VAE of sentences",
        "Li et al. 2020 (Optimus), arXiv:2004.04092",
        "A transformer reads a sentence and another writes it, with the code as its memory; the rate counts half, so that the code is "
        "used.",
        BetaVae(
            beta=0.5, kl_schedule="linear", kl_warmup=0.5
        ),  # with a weight of 1 the decoder learns to do without the code
        (("network", "transformer"), ("likelihood", "tokens"), ("latent_dim", 16)),
        kind="tokens",
    ),
    "text-cyclical": Preset(
        "RNN-VAE with cyclical warm-up",
        "Fu et al. 2019, arXiv:1903.10145",
        "The weight of the rate rises from 0 to 1 in each of several cycles, as the paper does for sentences.",
        Elbo(kl_schedule="cyclical", kl_warmup=0.5),
        GRU,
        kind="tokens",
    ),
    "text-free-bits": Preset(
        "RNN-VAE with free bits",
        "Kingma et al. 2016, arXiv:1606.04934; Li et al. 2019, arXiv:1909.00868",
        "The first nats of each dimension of a sentence's code are not charged, so that a GRU cannot do without it.",
        Elbo(free_bits=0.75),
        GRU,
        kind="tokens",
    ),
    "text-cvae": Preset(
        "Conditional RNN-VAE",
        "Sohn, Lee and Yan 2015; Hu et al. 2017, arXiv:1703.00955",
        "The GRUs are given the label of a sentence, such as its tense, so that the code holds the rest.",
        Elbo(kl_schedule="linear", kl_warmup=0.5, free_bits=0.5),
        GRU,
        conditional=True,
        kind="tokens",
    ),
    "molecule-vae": Preset(
        "VAE of molecules",
        "Gomez-Bombarelli et al. 2018, arXiv:1610.02415; Krenn et al. 2020, arXiv:1905.13741",
        "A GRU reads the tokens of a molecule and another writes them; KL warm-up, free bits and word dropout keep its code in use.",
        Elbo(kl_schedule="linear", kl_warmup=0.3, free_bits=0.5),
        (*GRU, ("latent_dim", 32), ("word_dropout", 0.1)),
        kind="tokens",
    ),
    "mvae": Preset(
        "MVAE",
        "Wu and Goodman 2018, arXiv:1802.05335",
        "A picture and its words: q(z) given both is the product of that given each, and each part also learns alone.",
        Mvae(),
        (("latent_dim", 16),),
    ),
    "mmvae": Preset(
        "MMVAE",
        "Shi et al. 2019, arXiv:1911.03393",
        "A picture and its words: the code of either part alone must explain both.",
        Mmvae(),
        (("latent_dim", 16),),
    ),
    "mopoe": Preset(
        "MoPoE-VAE",
        "Sutter, Daunhawer and Vogt 2021, arXiv:2105.02470",
        "A picture and its words: the code of any set of parts must explain all; each example draws one set at random.",
        Mopoe(),
        (("latent_dim", 16),),
    ),
    "jmvae": Preset(
        "JMVAE",
        "Suzuki, Nakayama and Matsuo 2017, arXiv:1611.01891",
        "A picture and its words: a network encodes both, and that of each part is drawn to it by its KL.",
        Jmvae(),
        (("latent_dim", 16), ("joint_posterior", "network")),
    ),
}
