"""The drawings of the models: what is coloured is what the configuration changes in the plain VAE, and nothing else."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import torch

from tests.helpers.preset_helpers import WORDS, batch
from vae_core.config import ModelConfig
from vae_core.models.build import build
from vae_core.objectives import OBJECTIVES, BetaVae, Elbo, StepContext
from vae_core.presets.papers import PRESETS, Preset
from vae_core.presets.when_to_use import GROUPS, USES, groups_of
from vae_ui.base.palette import LANGUAGE
from vae_ui.models import loss_terms
from vae_ui.models.diagram import drawing
from vae_ui.models.differences import AXES, PARTS, TINTS, Configuration, coloured, differences, family

VAE = Configuration.of(PRESETS["vae"])
OTHERS = [name for name in PRESETS if name != "vae"]


def parts(found: Configuration) -> tuple[set[str], set[str]]:
    """The coloured parts of a drawing, and the grey ones; the loss is coloured where any of its terms is."""
    svg = ElementTree.fromstring(drawing(found, "a model"))
    hues, greys = set(), set()
    for group in svg:
        marks = [group] if group.tag == "g" else list(group)
        tinted = any(set(mark.get("class", "").split()) & {*LANGUAGE} for mark in marks)
        (hues if tinted else greys).add(group.get("data-part"))
    return hues, greys


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_model_changes_is_coloured_and_the_rest_is_grey(name):
    found = Configuration.of(PRESETS[name])
    hues, greys = parts(found)
    assert hues, "it differs, so something has a colour"
    assert hues <= coloured(found) and hues & greys == set()
    for difference in differences(found):
        drawn = {part for part in PARTS[difference.axis] if part in hues | greys}
        assert drawn <= hues and (drawn or difference.axis == "prior"), difference
    always = {"x", "out", "encoder", "decoder", "q", "eps", "z", "loss"}
    assert always <= hues | greys and "x" in greys and "out" in greys


def test_no_two_presets_look_the_same_and_none_like_the_plain_vae():
    drawn = {drawing(Configuration.of(preset), "a model") for preset in PRESETS.values()}
    assert len(drawn) == len(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_equal_configurations_look_the_same_whatever_their_names(name):
    other = replace(PRESETS[name], title="another name", paper="another paper", summary="another sentence")
    assert drawing(Configuration.of(other), "") == drawing(Configuration.of(PRESETS[name]), "")


def test_a_preset_that_is_added_is_drawn_by_its_configuration_alone():
    new = Preset("new", "paper", "summary", BetaVae(), (("prior", "flow"), ("likelihood", "laplace")), conditional=True)
    hues, _ = parts(Configuration.of(new))
    assert hues == {"prior", "likelihood", "label", "loss", "kl"}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"prior": "mixture"}, {"prior"}),
        ({"prior": "two_levels", "latent_dim": 4}, {"prior"}),
        ({"posterior": "planar"}, {"q", "flow"}),
        ({"likelihood": "pixelcnn"}, {"likelihood"}),
        ({"network": "residual"}, {"encoder", "decoder"}),
        ({"classes": 10}, {"label"}),
        ({"network": "conv"}, set()),  # which of the plain networks it is, the data decide
        ({"latent_dim": 20, "hidden": (5,), "activation": "tanh"}, set()),  # sizes change no part
    ],
)
def test_an_axis_colours_its_own_part(changes, wanted):
    found = Configuration(ModelConfig(**changes), Elbo())
    assert coloured(found) == wanted
    assert not wanted or parts(found)[0] == wanted


def test_the_plain_vae_is_the_key_with_all_parts_in_colour():
    assert differences(VAE) == () and coloured(VAE) == frozenset()
    hues, greys = parts(VAE)
    assert not greys and {"x", "q", "eps", "z", "prior", "kl", "out", "loss"} <= hues


def test_a_family_is_kept_by_other_sizes_and_weights_and_left_by_another_axis():
    beta = Configuration.of(PRESETS["beta-vae"])
    assert family(replace(beta, objective=BetaVae(beta=2.0), model=ModelConfig(latent_dim=7))) == family(beta)
    assert family(replace(beta, model=ModelConfig(prior="vamp"))) != family(beta) != family(VAE)
    families = [family(Configuration.of(preset)) for preset in PRESETS.values()]
    assert len({*families}) == len(PRESETS)


@pytest.mark.parametrize("name", PRESETS)
def test_the_loss_is_drawn_as_changed_where_it_is_another_number(name):
    """On one batch early in training, for the objectives that need no labels and no grid of codes."""
    objective = PRESETS[name].objective
    data = WORDS if PRESETS[name].kind == "tokens" else {"shape": (1, 8, 8)}
    words = {"words": (3,)} if objective.trains_words else {}
    model = ModelConfig(**{**data, "hidden": (8,), **words, **dict(PRESETS[name].changes)})
    drawn = any(term.tint for term in loss_terms.line(objective))
    if drawn != (objective != Elbo()):
        pytest.fail("only the ELBO as it stands is drawn without colour")
    if objective.trains_classifier or model.network == "grid":
        return
    vae = build(model, 0)
    noise = torch.Generator().manual_seed(0)
    x = batch(model)
    context = StepContext(0.1, noise, images=6, critic=objective.critic(vae))
    if name.startswith("rae"):
        vae.train()
    terms = objective(vae, x, torch.arange(6) % 3 if words else None, context)
    loss, distortion, rate = (0.0 if one is None else one.item() for one in (terms.loss, terms.distortion, terms.rate))
    if objective.name == "autoencoder":
        assert loss == pytest.approx(distortion), "its rate is struck out"
    else:
        assert drawn == (abs(loss - distortion - rate) > 1e-3), (loss, distortion, rate)


def test_every_objective_has_a_line_and_every_colour_a_place_in_the_palette():
    assert {*loss_terms.LINES} == {*OBJECTIVES}
    tints = {term.tint for kind in OBJECTIVES.values() for term in loss_terms.line(kind())} - {""}
    assert tints | {*TINTS.values()} <= {*LANGUAGE}
    assert {*PARTS} == {*AXES} and {part for all in PARTS.values() for part in all} <= {*TINTS}


def test_a_drawing_takes_few_kilobytes():
    assert max(len(drawing(Configuration.of(preset), "")) for preset in PRESETS.values()) < 4000


def test_each_preset_says_when_to_use_it_in_one_or_two_short_sentences():
    assert list(USES) == list(PRESETS)
    for use in USES.values():
        assert use.endswith(".") and len(re.findall(r"[.:;] |\.$", use)) <= 3 and len(use.split()) <= 25, use


def test_every_group_has_presets_and_those_that_follow_from_the_configuration_are_complete():
    members = {group: {name for name in PRESETS if group in groups_of(name)} for group in GROUPS}
    assert all(len(found) > 1 for found in members.values())
    assert members["labels"] == {"cvae", "m2", "m1-m2", "text-cvae"}
    assert members["discrete"] == {"gumbel-vae", "joint-vae", "vq-vae"}
    assert {"iwae", "dreg", "iaf-vae"} <= members["bounds"] and "beta-vae" not in members["bounds"]
