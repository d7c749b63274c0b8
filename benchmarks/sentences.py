"""Sentences: how near a model comes to the known entropy, and whether its code is used, beside the bars.

python -m benchmarks.sentences [--seconds 300] [--seed 0]

Two models of the data set `sentences` are trained for so many seconds each, on one thread: a GRU whose posterior has collapsed (the
ELBO as it stands, no word dropout), and the preset transformer-vae. The entropy of a sentence is known exactly, so that a bound can be
compared with it. Seconds are those of the clock: on a processor that other work shares the models see less, so the processor's own
seconds are printed too.
"""

import argparse
import os
import time
from collections import deque
from dataclasses import dataclass

import torch

from vae_core.config import DataConfig
from vae_core.data import Dataset, Split, load
from vae_core.data.text.sentences import grammar
from vae_core.metrics.active_units import active_units
from vae_core.metrics.elbo_nll_bits_per_dim import nll_each
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.text.sentences import of_made_up, of_reconstructions, perplexity
from vae_core.models.build import build
from vae_core.models.vae import VAE
from vae_core.objectives import Elbo
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.fit import fit
from vae_core.utils.memory import keep_freed_memory

SAMPLES, RATED, LIKELY = (
    1000,
    2000,
    300,
)  # importance samples; test sentences for figures, and for the importance samples


@dataclass(frozen=True)
class Bar:
    """A figure, whether it should be at least or at most `limit`, and what it came to."""

    what: str
    value: float
    limit: float
    at_least: bool

    def line(self) -> str:
        off = self.value - self.limit if self.at_least else self.limit - self.value
        sign, said = (">=", "reached") if self.at_least else ("<=", "reached")
        if off < 0:
            said = f"missed by {-off:.3f}"
        return f"  {self.what:52} {self.value:8.3f}   bar {sign} {self.limit:<6g} {said}"


def trained(run: RunConfig, data: Dataset) -> tuple[VAE, str]:
    """The model of a run, and how long it was trained in words."""
    vae, began = build(run.model, run.train.seed), time.process_time()
    (done,) = deque(fit(vae, data, run), 1)  # of two hours, all snapshots would take gigabytes
    seconds = time.process_time() - began
    return vae.eval(), f"{done.step:,} steps in {done.seconds:.0f} s, {seconds:.0f} s of the processor's time"


def some(split: Split, count: int) -> Split:
    rows = torch.linspace(0, len(split) - 1, min(count, len(split))).long()
    return Split(split.x[rows], split.labels[rows])


def figures(vae: VAE, data: Dataset) -> dict[str, float]:
    """The figures that belong together, on test sentences."""
    encoded = Encoded(vae, some(data.test, RATED))
    found = {**of_reconstructions(encoded), "perplexity": perplexity(encoded), **of_made_up(vae, data)}
    bound = encoded.bound
    assert bound.rate is not None
    return {
        "-ELBO": bound.loss.mean().item(),
        "rate": bound.rate.mean().item(),
        "active units": active_units(encoded.mean).sum().item(),
        "NLL": nll_each(vae, some(data.test, LIKELY), samples=SAMPLES).mean().item(),
        **{name: estimate.value for name, estimate in found.items()},
    }


def show(title: str, words: str, found: dict[str, float], bars: list[Bar]) -> None:
    print(f"{title}: {words}")
    print("  " + ", ".join(f"{name} {value:.3f}" for name, value in found.items()))
    print("\n".join(bar.line() for bar in bars), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    keep_freed_memory()
    config = DataConfig(dataset="sentences")
    data, entropy = load(config), grammar(config.variant).entropy
    print(f"entropy {entropy:.3f} nats, one thread, load {os.getloadavg()[0]:.1f} before the start", flush=True)
    length = {"epochs": None, "seconds": options.seconds, "seed": options.seed, "precision": "fp32"}
    common = {**data.layout_settings, **length}
    run = build_run("rnn-vae", config, data.shape, len(data.classes), **common, word_dropout=0.0)
    vae, words = trained(run.replace(objective=Elbo().model_dump()), data)
    found = figures(vae, data)
    show("collapsed GRU", words, found, [Bar("-ELBO above the entropy", found["-ELBO"] - entropy, 0.15, False)])
    vae, words = trained(build_run("transformer-vae", config, data.shape, len(data.classes), **common), data)
    found = figures(vae, data)
    bars = [
        Bar("rate", found["rate"], 10, True),
        Bar("exact match", found["exact_match"], 0.6, True),
        Bar("greedy grammatical", found["grammatical_greedy"], 0.99, True),
        Bar("sampled grammatical", found["grammatical_sampled"], 0.9, True),
        Bar("unique among greedy", found["unique_greedy"], 0.95, True),
        Bar(f"NLL ({SAMPLES} samples) above the entropy", found["NLL"] - entropy, 1.5, False),
    ]
    show("transformer-vae", words, found, bars)


if __name__ == "__main__":
    main()
