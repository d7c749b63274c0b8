"""Classification from codes: accuracy of the nearest neighbours, of a linear probe, and of a model's own classifier."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Generator, Tensor

from vae_core.config import Target
from vae_core.data import Split
from vae_core.errors import UserError
from vae_core.metrics.confidence_intervals import Estimate, share_of_true
from vae_core.metrics.encoded_split import batches
from vae_core.models.vae import VAE, evaluation

Array = NDArray[np.generic] | Tensor


def knn_accuracy(codes: Array, labels: Array, test_codes: Array, test_labels: Array, k: int = 10) -> Estimate:
    """Accuracy of k-nearest-neighbour classification, weighted by distance: codes (N, L) predict the labels of test codes (M, L)."""
    from sklearn.neighbors import KNeighborsClassifier

    model = KNeighborsClassifier(min(k, len(codes)), weights="distance")
    model.fit(np.asarray(codes), np.asarray(labels))
    return share_of_true(model.predict(np.asarray(test_codes)) == np.asarray(test_labels))


def probe_accuracy(codes: Array, labels: Array, test_codes: Array, test_labels: Array) -> Estimate:
    """Accuracy on test codes (M, L) of a linear probe: logistic regression on standardised codes (N, L)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    if len(np.unique(np.asarray(labels))) < 2:
        raise UserError("A classifier needs at least two labels.")
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    model.fit(np.asarray(codes), np.asarray(labels))
    return share_of_true(model.predict(np.asarray(test_codes)) == np.asarray(test_labels))


def classifier_error(vae: VAE, split: Split, target: Target = "grey", seed: int = 0) -> Estimate:
    """Error rate of a semi-supervised model's own classifier; raises UserError for a model without one."""
    generator = Generator().manual_seed(seed)
    with evaluation(vae):
        guesses = [vae.classify(x).argmax(1) for x, _ in batches(vae, split, target, generator)]
    return share_of_true(torch.cat(guesses).cpu() != split.labels)
