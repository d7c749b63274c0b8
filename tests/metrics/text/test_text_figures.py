"""Figures of sentences: known answers of BLEU, and models whose figures can be said beforehand."""

import math

import numpy as np
import pytest
import torch

from vae_core.axes.token_ids import PAD
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.text.sentences import grammar
from vae_core.metrics.encoded_split import Encoded
from vae_core.metrics.report import Subject, measure
from vae_core.metrics.text.self_bleu import self_bleu
from vae_core.metrics.text.sentences import made_up, of_made_up, of_reconstructions, perplexity
from vae_core.models.build import build
from vae_core.presets.build_run import build_run

DATA = load(DataConfig(dataset="sentences"))
SOME = type(DATA.test)(DATA.test.x[:300], DATA.test.labels[:300], DATA.test.factors[:300])


def model(name="rnn-vae", **settings):
    run = build_run(
        name, DataConfig(dataset="sentences"), DATA.shape, 3, **DATA.layout_settings, hidden=(16,), **settings
    )
    return build(run.model, 0)


def test_equal_sentences_have_a_self_bleu_of_one_and_unlike_ones_none():
    assert self_bleu([["a", "b", "c", "d", "e"]] * 5).tolist() == [1] * 5
    assert self_bleu([[f"{i}{j}" for j in range(5)] for i in range(4)]).tolist() == [0] * 4
    assert self_bleu([["a", "b"], ["a", "b"]]).tolist() == [1, 1], "shorter than four words"
    assert self_bleu([[]]).tolist() == [0]


def test_self_bleu_is_the_geometric_mean_of_clipped_shares_with_a_brevity_penalty():
    found = self_bleu([["a", "b", "c", "d"], ["a", "b", "c", "e", "f"]], order=2)
    first = math.sqrt((3 / 4) * (2 / 3)) * math.exp(1 - 5 / 4)
    second = math.sqrt((3 / 5) * (2 / 4))
    np.testing.assert_allclose(found, [first, second])
    clipped = self_bleu([["a", "a", "a"], ["a", "b", "c"]], order=1)
    np.testing.assert_allclose(clipped, [1 / 3, 1 / 3])


def test_an_untrained_model_reconstructs_nothing_and_says_nothing_grammatical():
    vae = model()
    found = {one.figure: one.estimate.value for one in measure(Subject(vae, DATA), ("sentences",))}
    assert found["exact_match"] == found["grammatical_greedy"] == found["grammatical_sampled"] == 0
    assert 0 <= found["token_accuracy"] < 0.2
    assert 60 < found["perplexity"] < 200, "near as many as there are words"
    assert found["self_bleu_real"] > 0.5 > found["self_bleu"]


def test_a_model_that_copies_has_figures_of_one(monkeypatch):
    encoded = Encoded(model(), SOME)
    monkeypatch.setattr(Encoded, "reconstructions", lambda self: ((x, x) for x, _ in self.inputs()))
    found = of_reconstructions(encoded)
    assert found["exact_match"].value == found["token_accuracy"].value == 1
    monkeypatch.setattr(
        Encoded, "reconstructions", lambda self: ((torch.full_like(x, PAD), x) for x, _ in self.inputs())
    )
    assert of_reconstructions(encoded)["token_accuracy"].value == 0, "padding that agrees counts nothing"


def test_perplexity_is_of_the_bound_by_token():
    encoded = Encoded(model(), SOME)
    tokens = int((SOME.x != PAD).sum())
    assert perplexity(encoded).value == pytest.approx(math.exp(-encoded.bound.elbo.sum().item() / tokens))


@pytest.mark.parametrize("name", ["rnn-vae", "text-cvae"])
def test_made_up_sentences_repeat_with_the_seed(name):
    vae = model(name)
    first, again, other = (made_up(vae, 20, seed) for seed in (1, 1, 2))
    assert all(map(torch.equal, first, again)) and not torch.equal(first[1], other[1])


def test_the_grammar_and_the_share_of_different_ones_are_counted(monkeypatch):
    rows = torch.from_numpy(grammar("english").ids[:60].copy()).float()
    half = torch.cat([rows[:30], rows[:30]])
    wrong = rows.clone()
    wrong[::2, 1] = 3  # "the the"
    monkeypatch.setattr("vae_core.metrics.text.sentences.made_up", lambda *given: (half, wrong))
    found = of_made_up(model(), DATA)
    assert found["unique_greedy"].value == 0.5 and found["grammatical_greedy"].value == 1
    assert found["grammatical_sampled"].value == 0.5


def test_other_data_have_no_figures_of_sentences():
    digits = load(DataConfig())
    run = build_run("vae", DataConfig(), digits.shape, 10, hidden=(8,))
    (found,) = measure(Subject(build(run.model, 0), digits), ("sentences",))
    assert "these data are none" in str(found.left_out)
    (left,) = measure(Subject(model(), DATA), ("samples",))
    assert "words have none" in str(left.left_out)
