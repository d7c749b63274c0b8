"""M2: the loss computed by hand, hidden labels, and a classifier that gains from unlabelled images."""

import math

import pytest
import torch
from torch import Generator

from vae_core.config import DataConfig, ModelConfig
from vae_core.data import load, to_input
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.objectives import Elbo, StepContext
from vae_core.objectives.semi_supervised import M2Objective
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_core.training.batches import mask_labels
from vae_core.training.events import Done
from vae_core.training.fit import fit

DIGITS = load(DataConfig())


def model():
    return build(ModelConfig(shape=(1, 4, 4), hidden=(8,), classes=3, classifier="mlp"), 0)


def test_the_loss_is_that_of_the_paper_computed_by_hand():
    vae, x = model(), torch.rand(5, 1, 4, 4, generator=Generator().manual_seed(0))
    with torch.no_grad():  # a code without noise, so that every way of drawing it gives the same
        vae.encoder.layers[-1].weight[2:].zero_()
        vae.encoder.layers[-1].bias[2:] = -100.0
    y = torch.tensor([2, -1, 0, -1, -1])

    def cost(row, label):
        q, z, p = vae.forward(x[row : row + 1], torch.tensor([label]), Generator().manual_seed(0))
        return -p.log_prob(x[row : row + 1]) + vae.kl(q, z).sum() + math.log(3)

    log_q, expected = vae.classify(x), 0.0
    for row, label in enumerate(y.tolist()):
        if label >= 0:
            expected += cost(row, label)
        else:
            expected += sum(log_q[row, k].exp() * (cost(row, k) + log_q[row, k]) for k in range(3))
    mistakes = -(log_q[0, 2] + log_q[2, 0]) / 2
    terms = M2Objective(alpha=7)(vae, x, y, StepContext(0.5, Generator().manual_seed(0)))
    assert terms.loss.item() == pytest.approx((expected / 5 + 7 * mistakes).item(), rel=1e-3)


def test_during_the_head_start_the_classifier_learns_from_labels_only():
    vae, x = model(), torch.rand(6, 1, 4, 4, generator=Generator().manual_seed(0))

    def moved(progress):
        terms = M2Objective(head_start=0.3)(
            vae, x, torch.full((6,), -1), StepContext(progress, Generator().manual_seed(0))
        )
        found = torch.autograd.grad(
            terms.loss, [*vae.classifier.parameters(), *vae.decoder.parameters()], allow_unused=True
        )
        return [slope is not None and bool(slope.abs().sum() > 0) for slope in (found[0], found[-1])]

    assert moved(0.1) == [False, True] and moved(0.5) == [True, True]


def test_leaving_out_improbable_labels_keeps_the_bound():
    """With a nearly certain classifier one label remains, and the loss is the bound of that label."""
    vae, x = model(), torch.rand(4, 1, 4, 4, generator=Generator().manual_seed(0))
    with torch.no_grad():
        vae.classifier.layers[-1].weight.zero_()
        vae.classifier.layers[-1].bias.copy_(torch.tensor([0.0, 20.0, 0.0]))
    seen = []
    vae.decoder.register_forward_hook(lambda module, given, raw: seen.append(len(raw)))
    told = (x[:1], torch.tensor([1]))
    sure, known = (
        M2Objective(alpha=0)(vae, x, torch.full((4,), y), StepContext(0.5, Generator().manual_seed(0), labelled=told))
        for y in (-1, 1)
    )
    assert seen == [4, 4] and sure.loss.item() == pytest.approx(known.loss.item(), abs=1e-5)


def test_hidden_labels_are_balanced_and_repeatable():
    shown = mask_labels(DIGITS.train.labels, DataConfig(labelled=40))
    told = shown >= 0
    assert told.sum() == 40 and torch.equal(shown[told], DIGITS.train.labels[told])
    assert shown[told].bincount().tolist() == [4] * 10
    assert torch.equal(shown, mask_labels(DIGITS.train.labels, DataConfig(labelled=40)))
    assert mask_labels(DIGITS.train.labels, DataConfig()) is DIGITS.train.labels


def test_fifty_labels_are_enough_to_classify_most_digits():
    config = DataConfig(labelled=50)
    run = build_run("m2", config, DIGITS.shape, 10, latent_dim=5, hidden=(128,), epochs=20, precision="fp32")
    vae = build(run.model, 0)
    assert isinstance([*fit(vae, DIGITS, run)][-1], Done)
    guesses = vae.classify(to_input(DIGITS.test.x, "grey", None)).argmax(1)
    assert (guesses == DIGITS.test.labels).float().mean() > 0.8


def test_incompatible_settings_are_refused():
    told = ModelConfig(classes=3, classifier="mlp")
    with pytest.raises(UserError, match="choose classifier='mlp'"):
        RunConfig(objective=M2Objective())
    with pytest.raises(UserError, match="choose classifier='none'"):
        RunConfig(model=told, objective=Elbo())
    with pytest.raises(UserError, match="leave it empty"):
        RunConfig(data=DataConfig(labelled=5))
    with pytest.raises(UserError, match="set classes"):
        build(ModelConfig(classifier="mlp"))
    with pytest.raises(UserError, match="no classifier"):
        build(ModelConfig()).classify(torch.rand(1, 1, 28, 28))
