"""First names: nats of a name under a VAE, beside a trigram model and a GRU without a code, and whether its code tells the sex.

python -m benchmarks.names [--seconds 100] [--seed 0] [--set hidden=[128] ...]

All three learn from the training names of one split and are measured on its test names; what each has to choose is chosen on the
validation names. The VAE's nats are -ln p(x) by importance sampling, which is at least the true value in expectation. The sex is read
from the mean of q(z|x) by logistic regression, and its accuracy is balanced: the mean of the shares that are right of each sex.
"""

import argparse
import json
import os
import time
from itertools import product

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from benchmarks.sentences import Bar, trained
from vae_core.axes.token_ids import PAD
from vae_core.config import DataConfig
from vae_core.data import Dataset, load
from vae_core.data.text.vocabulary import lengths
from vae_core.metrics.active_units import active_units
from vae_core.metrics.elbo_nll_bits_per_dim import nll_each
from vae_core.metrics.encoded_split import Encoded, means_of
from vae_core.metrics.text.sentences import of_made_up
from vae_core.models.vae import VAE
from vae_core.presets.build_run import build_run
from vae_core.utils.memory import keep_freed_memory

PRESET = "rnn-vae"
# Chosen on validation names among nine. More free bits say more of the sex and cost nats: 0.5 came to 0.81 and 14.25 nats, 0.4 to 0.77
# and 13.61, and 16 dimensions in place of 32 to 0.73 and 13.11. The learning rate falls to 0 within the seconds: trainings that stopped
# once validation names no longer gained, long before that, came to at most 0.76, with more nats.
RECIPE: dict[str, object] = {
    "precision": "fp32",
    "latent_dim": 32,
    "free_bits": 0.4,
    "kl_warmup": 0.3,
    "word_dropout": 0.3,
}
SAMPLES = 1000
PARTS = (0.02, 0.1, 0.3, 0.5, 0.7, 0.9)  # weights of the longer context, of which the best on validation names is taken
WIDTH, LR, BATCH, WAIT = 128, 3e-3, 128, 5  # of the GRU without a code; epochs without a better validation loss

Numbers = NDArray[np.float64]


class Trigrams:
    """p(token given the two before it), mixed with shorter contexts (Jelinek and Mercer 1980); validation names choose the weights."""

    def __init__(self, train: NDArray[np.int64], val: NDArray[np.int64], size: int) -> None:
        self.size, self.counts = size, np.zeros((size, size, size))
        np.add.at(self.counts, tuple(_triples(train)), 1)
        self.weights = min(product(PARTS, PARTS, PARTS), key=lambda weights: self.nats(val, weights).mean())

    def nats(self, ids: NDArray[np.int64], weights: tuple[float, float, float] | None = None) -> Numbers:
        """-ln p of each row of ids (N, T), with its end."""
        one, two, three = weights or self.weights
        shares = np.full(self.size, 1 / self.size)
        shares = (1 - one) * shares + one * _shares(self.counts.sum((0, 1)))
        pairs = (1 - two) * shares + two * _shares(self.counts.sum(0), shares)
        triples = (1 - three) * pairs + three * _shares(self.counts, pairs)
        first, second, third = _triples(ids)
        each = -np.log(triples[first, second, third])
        return np.add.reduceat(each, np.cumsum([0, *(lengths(ids)[:-1] + 1)]))


def _triples(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each token with the two before it, (3, all tokens): padding stands before a name, and its end belongs to it."""
    rows = np.concatenate([np.full((len(ids), 2), PAD), ids], 1)
    there = np.arange(ids.shape[1]) <= lengths(ids)[:, None]
    return np.stack([rows[:, :-2][there], rows[:, 1:-1][there], ids[there]])


def _shares(counts: Numbers, shorter: Numbers | None = None) -> Numbers:
    """The shares of the last axis; where a context was never seen, those of the shorter one."""
    total = counts.sum(-1, keepdims=True)
    shares = counts / np.maximum(total, 1)
    return shares if shorter is None else np.where(total > 0, shares, shorter)


class Language(nn.Module):
    """A GRU that writes names letter by letter, with no code."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(size, 32)
        self.gru = nn.GRU(32, WIDTH, batch_first=True)
        self.head = nn.Linear(WIDTH, size)

    def forward(self, ids: Tensor) -> Tensor:
        """-ln p of each row of ids (N, T), (N,)."""
        before = torch.cat([torch.full_like(ids[:, :1], PAD), ids[:, :-1]], 1)
        logits = self.head(self.gru(self.embed(before))[0])
        return cross_entropy(logits.transpose(1, 2), ids, ignore_index=PAD, reduction="none").sum(1)


def language(data: Dataset, size: int, seed: int) -> tuple[float, int]:
    """The mean nats of a test name under the GRU that was best on validation names, and after how many epochs it was."""
    torch.manual_seed(seed)
    train, val, test = (part.x.long() for part in (data.train, data.val, data.test))
    model = Language(size)
    adam = torch.optim.Adam(model.parameters(), LR)
    best, found, epoch, at = np.inf, np.inf, 0, 0
    while epoch < at + WAIT:
        epoch += 1
        for rows in torch.randperm(len(train)).split(BATCH):
            adam.zero_grad()
            model(train[rows]).mean().backward()
            adam.step()
        with torch.no_grad():
            if (loss := model(val).mean().item()) < best:
                best, found, at = loss, model(test).mean().item(), epoch
    return found, at


def sex_from_code(vae: VAE, data: Dataset) -> tuple[float, float]:
    """The balanced accuracies on validation and on test names; the strength of the penalty is chosen on validation names."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import balanced_accuracy_score

    codes = [means_of(vae, part).numpy() for part in (data.train, data.val, data.test)]
    labels = [part.labels.numpy() for part in (data.train, data.val, data.test)]

    def learnt(penalty: float) -> "LogisticRegression":
        return LogisticRegression(C=penalty, class_weight="balanced", max_iter=2000).fit(codes[0], labels[0])

    tried = [learnt(penalty) for penalty in (0.01, 0.1, 1.0, 10.0)]
    right = [[float(balanced_accuracy_score(labels[i], one.predict(codes[i]))) for i in (1, 2)] for one in tried]
    on_validation, on_test = max(right, key=lambda pair: pair[0])
    return on_validation, on_test


def setting(text: str) -> tuple[str, object]:
    """NAME=VALUE of the command line, the value as JSON."""
    name, value = text.split("=", 1)
    return name, json.loads(value)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--preset", default=PRESET)
    parser.add_argument("--set", action="append", type=setting, default=[], metavar="NAME=VALUE")
    parser.add_argument(
        "--validation", action="store_true", help="measure the VAE on validation names: to choose its recipe"
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    config = DataConfig(dataset="names")
    data = load(config)
    assert data.vocabulary is not None
    size = len(data.vocabulary)
    measured = data.val if options.validation else data.test
    print(f"{len(data.train):,} names to learn from, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    settings = {**data.layout_settings, **RECIPE, "epochs": None, "seconds": options.seconds, "seed": options.seed}
    run = build_run(options.preset, config, data.shape, len(data.classes), **(settings | dict(options.set)))
    vae, words = trained(run, data)
    print(words)
    encoded = Encoded(vae, measured)
    assert encoded.bound.rate is not None
    nll = nll_each(vae, measured, samples=SAMPLES).mean().item()
    print(
        f"  -ELBO {encoded.bound.loss.mean():.2f}, rate {encoded.bound.rate.mean():.2f} nats a name, "
        f"{active_units(encoded.mean).sum():.0f} active units, NLL {nll:.2f}"
    )
    on_validation, on_test = sex_from_code(vae, data)
    if options.validation:
        print(f"  sex from the code, balanced accuracy {on_validation:.3f}")
        return
    print("  " + ", ".join(f"{name} {found.value:.3f}" for name, found in of_made_up(vae, data).items()))
    train, val, test = (part.x.numpy().astype(np.int64) for part in (data.train, data.val, data.test))
    trigrams = Trigrams(train, val, size).nats(test).mean()
    began = time.process_time()
    without, epochs = language(data, size, options.seed)
    print(
        f"  trigrams {trigrams:.2f}; GRU without a code {without:.2f}, best on validation names after {epochs} epochs, "
        f"{time.process_time() - began:.0f} s"
    )
    bars = [
        Bar("nats a name, below the trigrams'", nll, trigrams, False),
        Bar("nats a name, within 5 % of the GRU's", nll, 1.05 * without, False),
        Bar("sex from the code, balanced accuracy", on_test, 0.7, True),
    ]
    print("\n".join(bar.line() for bar in bars))


if __name__ == "__main__":
    main()
