"""The table of compatibility over the whole product of axes: RunConfig, `build` and the form's choices say the same."""

import random
from itertools import product

import pytest
import torch
from torch import Generator

from tests.helpers.preset_helpers import WORDS, batch
from vae_core.axes import names
from vae_core.axes.compatibility import choices, refusal
from vae_core.config import DataConfig, ModelConfig
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.models.likelihoods import LIKELIHOODS
from vae_core.models.networks import NETWORKS
from vae_core.models.posteriors import POSTERIORS
from vae_core.models.priors import PRIORS
from vae_core.objectives import OBJECTIVES, StepContext
from vae_core.presets.run_config import RunConfig
from vae_core.training.critic_training import critic_trainer

SMALL = {"latent_dim": 8, "hidden": (4, 4), "components": 2, "discrete": 4, "categories": 2, "flow_width": 8}
DATA = ({"shape": (1, 8, 8)}, {"shape": (2,)}, WORDS)
LABELS = ({}, {"classes": 3}, {"classes": 3, "classifier": "mlp"}, {"classes": 3, "classifier": "mlp", "first": 4})
LABELS += ({"words": (3,)}, {"words": (3,), "joint_posterior": "network"}, {"joint_posterior": "network"})
SOME_NETWORKS, SOME_LIKELIHOODS = (
    ("mlp", "grid", "gru"),
    ("bernoulli", "gaussian_learned", "tokens"),
)  # enough beside labels


def models():
    for data, labels, posterior, prior in product(DATA, LABELS, names.POSTERIORS, names.PRIORS):
        networks, likelihoods = (SOME_NETWORKS, SOME_LIKELIHOODS) if labels else (names.NETWORKS, names.LIKELIHOODS)
        for network, likelihood in product(networks, likelihoods):
            axes = {"network": network, "posterior": posterior, "prior": prior, "likelihood": likelihood}
            yield ModelConfig(**SMALL, **labels, **axes, **data)


MODELS = list(models())


def refused(make, *given, **named):
    try:
        make(*given, **named)
    except UserError as error:
        return str(error)
    return None


@pytest.fixture(scope="module")
def trained():
    """Every model and objective that RunConfig accepts."""
    everything = product(MODELS, [kind() for kind in OBJECTIVES.values()])
    return {(model, run) for model, run in everything if accepts(model, run)}


def some(trained, count):
    return random.Random(0).sample(sorted(trained, key=repr), count)


def accepts(model, objective):
    return not refused(RunConfig, model=model, objective=objective)


def test_the_names_are_those_of_the_classes():
    registries = {"network": NETWORKS, "posterior": POSTERIORS, "prior": PRIORS, "likelihood": LIKELIHOODS}
    assert {axis: list(known) for axis, known in names.AXES.items()} == {
        axis: list(registry) for axis, registry in registries.items()
    }


def test_build_refuses_what_the_table_refuses_and_nothing_else():
    for model in MODELS:
        assert refused(build, model) == refusal(model), model


@pytest.mark.slow
def test_run_config_refuses_what_the_table_refuses_and_nothing_else(trained):
    objectives = [kind() for kind in OBJECTIVES.values()]
    assert trained == {(model, one) for model, one in product(MODELS, objectives) if not refusal(model, one)}
    assert {model for model, _ in trained} <= {model for model in MODELS if not refusal(model)}
    assert {one.name for _, one in trained} == set(OBJECTIVES)


def test_the_form_offers_what_run_config_accepts_and_nothing_else(trained):
    for model, objective in some(trained, 300):
        offered = choices(model, objective)
        for axis, known in names.AXES.items():
            accepted = [name for name in known if accepts(model.replace(**{axis: name}), objective)]
            assert offered[axis] == accepted, (axis, model, objective)


def test_what_the_table_accepts_can_be_trained(trained):
    for model, objective in some(trained, 150):
        vae = build(model, 0).train()
        critic = critic_trainer(objective, vae, 0)
        x, y = batch(model), torch.arange(6) % 3
        context = StepContext(0.9, Generator().manual_seed(0), critic=None if critic is None else critic.module)
        loss = objective(vae, x, y if model.classes or model.words else None, context).loss
        loss.backward()
        assert loss.isfinite(), (model, objective)


@pytest.mark.parametrize(
    ("model", "objective", "says"),
    [
        ({"posterior": "{model}"}, "elbo", r"no posterior '\{model\}'"),
        ({"network": "conv", "shape": (1, 1, 1)}, "elbo", "at most 0 layers"),
        ({"classes": 3, "classifier": "mlp", "first": 3, "network": "grid"}, "stacked", "multiple of 4"),
    ],
)
def test_a_refusal_names_the_models_own_values(model, objective, says):
    with pytest.raises(UserError, match=says):
        RunConfig(model=ModelConfig(**{**SMALL, "shape": (1, 8, 8), **model}), objective=OBJECTIVES[objective]())


def test_hidden_labels_are_refused_where_no_classifier_learns_them():
    with pytest.raises(UserError, match="leave it empty"):
        RunConfig(data=DataConfig(labelled=5))
