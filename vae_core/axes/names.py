"""The names on each axis of a model, in the order in which lists show them, and the few facts about them that rules need.

The classes behind these names are in `models`; a test compares both lists.
"""

NETWORKS = ("mlp", "conv", "tied", "residual", "grid", "gru", "transformer")
POSTERIORS = (
    "normal",
    "point",
    "planar",
    "autoregressive",
    "ladder",
    "von_mises_fisher",
    "discrete",
    "quantised",
)
PRIORS = ("normal", "mixture", "vamp", "flow", "sphere", "discrete", "codebook", "two_levels")
LIKELIHOODS = (
    "bernoulli",
    "continuous_bernoulli",
    "gaussian",
    "gaussian_learned",
    "gaussian_diagonal",
    "gaussian_optimal",
    "laplace",
    "log_cosh",
    "pixelcnn",
    "beta_binomial",
    "discretised_logistic",
    "columns",
    "tokens",
)
AXES = {"likelihood": LIKELIHOODS, "posterior": POSTERIORS, "prior": PRIORS, "network": NETWORKS}

CONVOLUTIONAL = ("conv", "residual", "grid")  # networks that need pictures
SEQUENTIAL = ("gru", "transformer")  # networks that need tokens
LOGISTICS = 3  # in the mixture of the likelihood 'discretised_logistic'
RAW_NUMBERS = {"beta_binomial": 2, "discretised_logistic": 3 * LOGISTICS}  # of the decoder for each pixel; elsewhere 1
ON_LEVELS = tuple(RAW_NUMBERS)  # likelihoods that are probability masses on the 256 levels of stored pixels
UNIT_INTERVAL = ("bernoulli", "continuous_bernoulli", "pixelcnn", *ON_LEVELS)  # likelihoods of pixels in [0, 1]
LEARNT_SIGMA = (
    "gaussian_learned",
    "gaussian_diagonal",
    "columns",
)  # likelihoods whose sigma is a parameter of the model
WITH_SIGMA = ("gaussian", *LEARNT_SIGMA, "laplace", "log_cosh")  # likelihoods that read the setting `sigma`
PARTNERS = {"von_mises_fisher": "sphere", "discrete": "discrete", "quantised": "codebook"}  # posterior: its only prior
