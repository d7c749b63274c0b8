"""Models of sentences: their rules, gradients in every preset, training, and checkpoints with their words."""

import json
import math
import shutil

import numpy as np
import pytest
import torch
from torch import Generator

from tests.helpers.preset_helpers import OF_NUMBERS, OF_SENTENCES, WORDS, batch
from vae_core import build_run, load_checkpoint
from vae_core.checkpoints import info
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.metrics import evaluate
from vae_core.models.build import build
from vae_core.objectives import StepContext
from vae_core.presets.papers import PRESETS
from vae_core.training.events import Epoch
from vae_core.training.fit import fit

CONFIG = DataConfig(dataset="sentences", training_images=3000)


def config(**changes):
    return ModelConfig(
        **{**WORDS, "network": "gru", "likelihood": "tokens", "latent_dim": 2, "hidden": (16,), **changes}
    )


def trained(folder, name="rnn-vae", **settings):
    data = load(CONFIG)
    made = {"epochs": 2, "hidden": (32,), "batch_size": 64, "latent_dim": 4, "warmup_steps": 5, "precision": "fp32"}
    run = build_run(name, CONFIG, data.shape, len(data.classes), **{**data.layout_settings, **made, **settings})
    vae = build(run.model, 0)
    return data, vae, run, list(fit(vae, data, run, folder=folder))


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "model"
    return folder, *trained(folder)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"network": "mlp"}, "choose network='gru' or 'transformer'"),
        ({"network": "conv"}, "choose network='gru' or 'transformer'"),
        ({"likelihood": "bernoulli"}, "choose likelihood='tokens'"),
        ({"vocabulary": 0}, "reads sentences: for pictures"),
        ({"vocabulary": 3}, "set it to 4 or more"),
        ({"shape": (1, 8, 8)}, "set vocabulary to 0"),
        ({"hidden": (16, 8)}, "layers of one width"),
        ({"hidden": ()}, "layers of one width"),
        ({"decoder_hidden": (8, 16)}, "layers of one width"),
        ({"prior": "vamp"}, "choose prior='mixture'"),
        ({"classes": 3, "classifier": "mlp"}, "choose classifier='none'"),
        ({"vocabulary": 0, "network": "mlp", "likelihood": "tokens", "shape": (2,)}, "'tokens' is for sentences"),
    ],
)
def test_wrong_combinations_are_refused_in_one_sentence(changes, says):
    with pytest.raises(UserError, match=says) as caught:
        build(config(**changes))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_gives_every_parameter_a_gradient_or_says_why_not(name):
    settings = {"vocabulary": WORDS["vocabulary"]}
    preset = PRESETS[name]
    changed = dict(preset.changes)
    for_numbers = {"network", "likelihood", "classifier"} & changed.keys() or changed.get("prior") == "vamp"
    if name in OF_NUMBERS and (for_numbers or preset.objective.needs_images or preset.objective.name == "rae"):
        with pytest.raises(UserError, match="sentences|words"):
            build_run(name, CONFIG, WORDS["shape"], 4, **settings)
        return
    run = build_run(name, CONFIG, WORDS["shape"], 4, **settings)
    assert run.model.kind == "tokens" and run.model.likelihood == "tokens"
    vae = build(run.model, 1).train()
    x, y = batch(run.model), torch.arange(6) % 4
    terms = run.objective(vae, x, y, StepContext(0.9, Generator().manual_seed(0), critic=run.objective.critic(vae)))
    terms.loss.backward()
    assert math.isfinite(terms.loss.item())
    lacking = [key for key, p in vae.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not lacking, lacking


@pytest.mark.parametrize("name", OF_SENTENCES)
def test_a_preset_of_sentences_is_refused_for_other_data(name):
    with pytest.raises(UserError, match="is for sentences and molecules, and the data set 'digits' has none"):
        build_run(name, DataConfig(), (1, 8, 8), 10)


@pytest.mark.parametrize("network", ["gru", "transformer"])
def test_a_longer_row_of_padding_changes_neither_code_nor_probability(network):
    vae = build(config(network=network), 0).eval()
    x = batch(vae.config)
    alone = [(vae.encode(row[None]).mean, vae.decode(torch.ones(1, 2)).log_prob(row[None])) for row in x]
    together = vae.encode(x).mean, vae.decode(torch.ones(6, 2)).log_prob(x)
    for one, all_ in zip(zip(*alone, strict=True), together, strict=True):
        torch.testing.assert_close(torch.cat(one), all_, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("network", ["gru", "transformer"])
def test_words_are_hidden_in_training_only(network):
    vae, x, z = build(config(network=network, word_dropout=1.0), 0), batch(config()), torch.ones(6, 2)
    vae.train()
    hidden = vae.decode(z).log_prob(x)
    vae.eval()
    assert not torch.equal(hidden, vae.decode(z).log_prob(x))


@pytest.mark.parametrize(
    ("name", "settings"), [*((name, {}) for name in OF_SENTENCES), ("iwae", {"samples": 3}), ("s-vae", {})]
)
def test_a_short_training_lowers_the_loss_and_is_saved_and_loaded_unchanged(tmp_path, name, settings):
    data, vae, run, events = trained(tmp_path / "model", name, **settings)
    assert events[-1].kind == "done", events[-1]
    losses = [event.train["distortion"] for event in events if isinstance(event, Epoch)]
    assert losses[-1] < losses[0] and all(p.isfinite().all() for p in vae.parameters())
    back = load_checkpoint(tmp_path / "model")
    x, y = data.test.x[:5], data.test.labels[:5] if run.model.classes else None
    assert torch.equal(vae.reconstruct(x, y), back.vae.reconstruct(x, y))
    assert back.info.run == run and back.info.vocabulary == data.vocabulary


def test_figures_are_of_sentences_and_not_of_pixels(original):
    _, data, vae, _, events = original
    figures = evaluate(vae, data.test)
    assert figures == events[-1].figures and figures["mse"] is None and figures["bits_per_dim"] is None
    assert figures["elbo"] == pytest.approx(-figures["distortion"] - figures["rate"])


def test_an_opened_checkpoint_decodes_to_words(original):
    folder, data, *_ = original
    model = Explorer.open(folder)
    words = info(folder).vocabulary
    made = model.decode(model.prior_samples(4, 0))
    assert made.shape == (4, *data.shape) and all(words.sentences(made))
    drawn = model.sampled(np.zeros((3, 4)), seed=1)
    assert np.array_equal(drawn, model.sampled(np.zeros((3, 4)), seed=1))
    reading = model.analyse(data.test.x[0].numpy())
    assert math.isfinite(reading.distortion) and reading.rate == pytest.approx(reading.kl.sum(), rel=1e-4)
    parts = model.ledger(data.test.x[0].numpy())
    assert parts.by_pixel.shape == data.shape and (parts.by_pixel[data.test.x[0].numpy() == 0] == 0).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda told: None, "its vocabulary is wrong"),
        (lambda told: {**told, "words": told["words"][1:]}, "not that which its model takes"),
        (lambda told: {**told, "words": ["the", *told["words"][:-1]]}, "its vocabulary is wrong"),
        (lambda told: "words", "its vocabulary is wrong"),
    ],
)
def test_a_damaged_vocabulary_is_refused(change, says, original, tmp_path):
    folder = shutil.copytree(original[0], tmp_path / "copy")
    told = json.loads((folder / "run.json").read_text())
    told["vocabulary"] = change(told["vocabulary"])
    (folder / "run.json").write_text(json.dumps(told))
    with pytest.raises(UserError, match=says):
        load_checkpoint(folder)
