"""The figures of a model of sentences that always belong together: its bound alone is best where the code is not used at all."""

import math

import numpy as np
import torch
from torch import Generator, Tensor

from vae_core.axes.token_ids import PAD
from vae_core.data import Dataset
from vae_core.data.text.sentences import grammar_of
from vae_core.data.text.vocabulary import Vocabulary
from vae_core.metrics.confidence_intervals import Estimate, jackknife, mean_of, share_of_true
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.text.self_bleu import self_bleu
from vae_core.models.posteriors import sample
from vae_core.models.vae import VAE, evaluation

MADE_UP = 1000  # sentences decoded from samples of the prior


def of_reconstructions(encoded: Encoded) -> dict[str, Estimate]:
    """`exact_match`: share of sentences whose greedy decode at the mean of q(z|x) is the sentence itself; `token_accuracy`: mean
    share of a sentence's tokens, its end included, that the decode has at the same place.
    """
    exact, right = [], []
    for made, x in encoded.reconstructions():
        is_token = x != PAD
        exact.append((made == x).all(1))
        right.append(((made == x) & is_token).sum(1) / is_token.sum(1))
    return {"exact_match": share_of_true(torch.cat(exact)), "token_accuracy": mean_of(torch.cat(right))}


def perplexity(encoded: Encoded) -> Estimate:
    """exp of -ELBO in nats per token, ends included: an upper bound of the perplexity exp(-ln p(x) / tokens)."""
    nats = encoded.bound.loss.numpy()
    tokens = np.concatenate([(x != PAD).sum(1).numpy() for x, _ in encoded.inputs()])
    return jackknife(lambda rows: math.exp(min(50.0, nats[rows].sum() / tokens[rows].sum())), len(nats), encoded.seed)


def of_made_up(vae: VAE, data: Dataset, seed: int = 0, count: int = MADE_UP) -> dict[str, Estimate]:
    """Of sentences decoded from samples of the prior: `unique_greedy`, the share of different ones among the greedy decodes;
    `self_bleu` of sentences sampled from p(x|z), and `self_bleu_real` of as many test sentences; and for data with a grammar the
    shares `grammatical_greedy` and `grammatical_sampled` of decodes that it allows.
    """
    assert data.vocabulary is not None
    greedy, sampled = made_up(vae, count, seed)
    real = data.test.x[torch.linspace(0, len(data.test) - 1, min(count, len(data.test))).long()]
    found = {
        "unique_greedy": share_of_true(_is_first(greedy)),
        "self_bleu": _repeated(data.vocabulary, sampled, seed),
        "self_bleu_real": _repeated(data.vocabulary, real, seed),
    }
    if (grammar := grammar_of(data)) is not None:
        for name, ids in (("greedy", greedy), ("sampled", sampled)):
            found[f"grammatical_{name}"] = share_of_true(grammar.parse(ids.numpy()) >= 0)
    return found


def made_up(vae: VAE, count: int, seed: int) -> tuple[Tensor, Tensor]:
    """Greedy decodes and samples of p(x|z) at `count` samples z of the prior, ids (count, T) each; labels take turns."""
    generator = Generator().manual_seed(seed)
    y = torch.arange(count) % vae.config.classes if vae.config.classes else None
    with evaluation(vae):
        p = vae.decode(vae.sample_prior(count, generator), y)
        return p.mean, sample(p, generator)


def _is_first(ids: Tensor) -> Tensor:
    """Whether each row of ids (N, T) is the first of its kind, (N,)."""
    _, kinds = torch.unique(ids, dim=0, return_inverse=True)
    first = torch.full((int(kinds.max()) + 1,), len(ids)).scatter_reduce(0, kinds, torch.arange(len(ids)), "amin")
    return first[kinds] == torch.arange(len(ids))


def _repeated(vocabulary: Vocabulary, ids: Tensor, seed: int) -> Estimate:
    words = vocabulary.words_of(ids.numpy())
    return jackknife(lambda rows: float(self_bleu([words[row] for row in rows]).mean()), len(words), seed)
