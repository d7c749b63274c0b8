"""What a smaller model costs: `python -m benchmarks.slim`, of the bundled models on their test splits.

The first table rounds each model as `vae_core slim --bits 8` does, with the bits of each layer chosen on validation data. The second is
the model in the browser, whose bits are chosen on pictures that the model makes itself, and the sizes of its block before and after.
With `--finetune SECONDS` half of the weights, or half of the units, of some models are pruned, and the model is trained further for so
many seconds of processor time on one thread. With `--choose` both kinds of pruning are tried with several recipes of that training, and
compared on validation data. Losses are -ELBO in nats per image, or the distortion of a plain autoencoder; grey levels are means over
pixels, of 255.
"""

import argparse
import math
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from vae_core import checkpoints
from vae_core.checkpoints import Checkpoint
from vae_core.data import Dataset, load
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.export.browser import browser_model
from vae_core.export.eight_bit_weights import in_browser_weights
from vae_core.metrics.encoded_split import Encoded
from vae_core.models.vae import VAE
from vae_core.slim.fine_tuning import RECIPE, Recipe
from vae_core.slim.rounding_choice import mean_loss
from vae_core.slim.slimming import Slimmed, SlimSettings, slim
from vae_core.utils.paths import data_dir
from vae_ui.stage.payload import model_block

COST, GREY, PRUNED = 0.1, 0.5, 1.0  # the bars: nats, grey levels, and nats after pruning and fine-tuning
PRUNABLE = ("mnist-vae-2d", "mnist-vae-20d")
KINDS = ("prune", "units")
# Recipes of fine-tuning that are compared: the one in use, and what each of its parts does.
RECIPES = (
    RECIPE,
    Recipe(lr=1.0, batch=1, decay=0.0),
    Recipe(lr=1.0),
    Recipe(lr=3.0),
    Recipe(batch=1),
    Recipe(decay=0.0),
)
MINUTE = 60.0  # of fine-tuning, where they are compared


def opened(names: list[str], folder: Path) -> Iterator[tuple[str, Checkpoint, Dataset]]:
    for name in names:
        checkpoint = checkpoints.load(checkpoints.bundled() / name)
        yield name, checkpoint, load(checkpoint.info.run.data, folder)


def made(checkpoint: Checkpoint, data: Dataset, settings: SlimSettings, recipe: Recipe = RECIPE) -> Slimmed:
    (slimmed,) = deque(slim(checkpoint, data, settings, recipe=recipe, clock=time.process_time), 1)
    assert isinstance(slimmed, Slimmed)
    return slimmed


def verdict(value: float, bar: float) -> str:
    return f"{'yes' if value <= bar else 'NO'} (at most {bar:g})"


def rounding(name: str, checkpoint: Checkpoint, data: Dataset) -> None:
    found = made(checkpoint, data, SlimSettings(bits=8))
    layers = ", ".join(each.removesuffix(".weight") for each in found.in_half_precision) or "-"
    sizes = f"{found.bytes_before:9,} {found.bytes:9,}"
    print(
        f"{name:16} {found.loss_before:9.3f} {found.loss:9.3f} {found.cost:+7.3f} {verdict(found.cost, COST):18} {sizes}  {layers}",
        flush=True,
    )


def in_browser(name: str, checkpoint: Checkpoint, data: Dataset) -> None:
    target, (rounded, _) = checkpoint.info.run.data.target, in_browser_weights(checkpoint.vae, checkpoint.latents)
    cost = mean_loss(rounded, data.test, target) - mean_loss(checkpoint.vae, data.test, target)
    grey = grey_levels(checkpoint.vae, rounded, data) if checkpoint.vae.config.kind == "picture" else 0.0
    before, after = len(model_block(browser_model(checkpoint.vae)).blob), block_bytes(checkpoint)
    print(
        f"{name:16} {cost:+7.3f} {verdict(cost, COST):18} {grey:6.2f} {verdict(grey, GREY):18} {before:9,} {after:9,}",
        flush=True,
    )


def block_bytes(checkpoint: Checkpoint) -> int:
    return len(model_block(Explorer(checkpoint).exported()).blob)


def grey_levels(full: VAE, rounded: VAE, data: Dataset) -> float:
    """The mean difference of two models' reconstructions of the test split, in grey levels."""
    pairs = zip(Encoded(full, data.test).reconstructions(), Encoded(rounded, data.test).reconstructions(), strict=True)
    each = [(255 * (one - other).abs().mean().item(), len(one)) for (one, _), (other, _) in pairs]
    return sum(mean * count for mean, count in each) / len(data.test)


def pruning(name: str, checkpoint: Checkpoint, data: Dataset, seconds: float) -> None:
    for what in KINDS:
        raw = made(checkpoint, data, SlimSettings(bits=8, **{what: 0.5}))
        found = made(checkpoint, data, SlimSettings(bits=8, seconds=seconds, **{what: 0.5}))
        costs = f"{raw.cost:+9.2f} {found.cost:+7.2f} {verdict(found.cost, PRUNED):18}"
        print(f"{name:16} {what:6} {costs} {found.bytes_before:9,} {found.bytes:9,}", flush=True)


def choose(name: str, checkpoint: Checkpoint, data: Dataset, seconds: float) -> None:
    """What half of the weights, and half of the units, cost on validation data after fine-tuning by each recipe."""
    judged = replace(data, test=data.val)  # the split on which `slim` measures
    for what in KINDS:
        settings = SlimSettings(bits=8, seconds=seconds, **{what: 0.5})
        costs = [_cost(checkpoint, judged, settings, recipe) for recipe in RECIPES]
        best = RECIPES[costs.index(min(costs))]
        row = " ".join(f"{cost:+10.2f}" for cost in costs)
        print(f"{name:16} {what:6} {row}   best {_shown(best)}, used {_shown(RECIPE)}", flush=True)


def _shown(recipe: Recipe) -> str:
    return f"{recipe.lr:g}/{recipe.batch}/{recipe.decay:g}"


def _cost(checkpoint: Checkpoint, data: Dataset, settings: SlimSettings, recipe: Recipe) -> float:
    """The cost in nats; infinite where training by this recipe fails."""
    try:
        return made(checkpoint, data, settings, recipe).cost
    except UserError:
        return math.inf


def main() -> None:
    names = sorted(path.name for path in checkpoints.bundled().iterdir())
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--finetune", type=float, metavar="SECONDS", default=0.0)
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--data-dir")
    options = parser.parse_args()
    torch.set_num_threads(1)
    folder = data_dir(options.data_dir)
    prunable = [name for name in options.only if name in PRUNABLE]
    if options.choose:
        seconds = options.finetune or MINUTE
        head = " ".join(f"{_shown(recipe):>10}" for recipe in RECIPES)
        print(
            f"nats on validation data, half pruned, {seconds:g} s, by learning rate / batch / weight decay\n{'':23} {head}"
        )
        for each in opened(prunable, folder):
            choose(*each, seconds)
        return
    print(f"{'8 bits':16} {'before':>9} {'after':>9} {'cost':>7} {'':18} {'bytes':>9} {'after':>9}  in 16 bits")
    for each in opened(options.only, folder):
        rounding(*each)
    print(f"\n{'in the browser':16} {'cost':>7} {'':18} {'grey':>6} {'':18} {'bytes':>9} {'after':>9}")
    for each in opened(options.only, folder):
        in_browser(*each)
    if options.finetune:
        print(f"\n{'half pruned':16} {'':6} {'at once':>9} {'tuned':>7} {'':18} {'bytes':>9} {'after':>9}")
        for each in opened(prunable, folder):
            pruning(*each, options.finetune)


if __name__ == "__main__":
    main()
