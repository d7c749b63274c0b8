"""p(x|z) of sentences: probabilities add up to 1, padding counts nothing, and greedy and beam decoding find what they say."""

from itertools import product

import pytest
import torch
from torch import Generator

from vae_core.axes.token_ids import END, MARKS, PAD, UNKNOWN
from vae_core.config import ModelConfig
from vae_core.distributions.reparameterised_sampling import sample
from vae_core.distributions.token_sequence import TokenSequence
from vae_core.models.token_networks import TOKEN_DECODERS

LENGTH, VOCABULARY = 4, 5


@pytest.fixture(params=[("gru", (8,)), ("gru", (8, 8)), ("transformer", (8, 8)), ("transformer", (64,))], ids=str)
def p(request) -> TokenSequence:
    """Three sentences of up to 4 tokens, with probabilities far from uniform."""
    network, hidden = request.param
    config = ModelConfig(
        shape=(LENGTH,), vocabulary=VOCABULARY, network=network, hidden=hidden, likelihood="tokens", activation="silu"
    )
    torch.manual_seed(3)
    made = TOKEN_DECODERS[network](config)
    with torch.no_grad():
        made.out.weight.mul_(8)
    context = torch.randn(3, *((4, hidden[0]) if network == "transformer" else hidden[:1]))
    return TokenSequence(made.eval(), context, LENGTH)


def every_sentence() -> torch.Tensor:
    """All sentences of up to 4 tokens: those that end, and those that are cut."""
    words = range(END + 1, VOCABULARY)
    found = [
        [*some, END, *[PAD] * (LENGTH - 1 - count)] for count in range(LENGTH) for some in product(words, repeat=count)
    ]
    return torch.tensor(found + [[*some] for some in product(words, repeat=LENGTH)])


def log_probs(p: TokenSequence, ids: torch.Tensor) -> torch.Tensor:
    """ln p of every row of ids (N, T) under each of the three, (N, 3)."""
    return torch.stack([p.log_prob(row.expand(3, -1)) for row in ids]).detach()


def test_the_probabilities_of_all_sentences_add_up_to_one(p):
    torch.testing.assert_close(log_probs(p, every_sentence()).logsumexp(0), torch.zeros(3), atol=1e-5, rtol=0)


def test_it_is_the_product_of_the_steps_and_padding_counts_nothing(p):
    ids = torch.tensor([[3, 4, END, PAD], [END, PAD, PAD, PAD], [4, 4, 3, 4]])
    state, last, found = p.network.begin(p.context), torch.full((3,), PAD), torch.zeros(3, LENGTH)
    for place in range(LENGTH):
        logits, state = p.network.step(last, state)
        last = ids[:, place]
        each = logits.log_softmax(-1).gather(1, (last - END).clamp(min=0).unsqueeze(1))[:, 0]
        found[:, place] = each.where(last != PAD, 0)
    torch.testing.assert_close(p.log_prob_of_tokens(ids), found, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(p.log_prob(ids.float()), found.sum(1), atol=1e-5, rtol=1e-4)
    assert p.log_prob_of_tokens(ids[1:2].expand(3, -1)).shape == (3, LENGTH), "also where all are short"


def test_a_beam_of_one_is_greedy_and_a_wide_one_finds_the_likeliest(p):
    everything = every_sentence()
    assert torch.equal(p.beam(1), p.greedy()) and torch.equal(p.mean, p.greedy().float())
    assert torch.equal(p.beam(200), everything[log_probs(p, everything).argmax(0)])


def test_what_is_decoded_has_one_end_and_then_padding(p):
    drawn = p.draw(Generator().manual_seed(0), (200,), temperature=2.0)
    assert drawn.shape == (200, 3, LENGTH) and drawn.dtype == torch.float32
    for ids in (drawn.flatten(0, 1), p.greedy(), p.beam(3)):
        stopped = (ids == END).cumsum(1)
        assert stopped.max() <= 1 and torch.equal(ids == PAD, (stopped == 1) & (ids != END))


def test_samples_have_the_probabilities_that_log_prob_says(p):
    everything = every_sentence()
    count = 4000
    drawn = sample(p, Generator().manual_seed(1), (count,)).long()
    expected = log_probs(p, everything).exp()
    for one in range(3):
        same = (drawn[:, one, None] == everything).all(-1).float().mean(0)
        error = (expected[:, one] * (1 - expected[:, one]) / count).sqrt()
        assert ((same - expected[:, one]).abs() < 5 * error + 2e-3).all()


def test_samples_repeat_with_their_generator_and_a_low_temperature_is_greedy(p):
    first, again = (p.draw(Generator().manual_seed(5), (4,)) for _ in range(2))
    assert torch.equal(first, again) and p.sample((2,)).shape == (2, 3, LENGTH)
    assert torch.equal(p.draw(Generator().manual_seed(5), (), temperature=1e-4), p.mean)


def test_word_dropout_hides_earlier_words_and_depends_on_the_code_only(p):
    ids = torch.tensor([[3, 4, 3, END]]).expand(3, -1)
    all_hidden = TokenSequence(p.network, p.context, LENGTH, word_dropout=1.0)
    other = torch.tensor([[4, 3, 3, END]]).expand(3, -1)
    assert torch.equal(all_hidden.log_prob_of_tokens(ids)[:, 2:], all_hidden.log_prob_of_tokens(other)[:, 2:])
    unknown = p.network(torch.tensor([[PAD, UNKNOWN, UNKNOWN, UNKNOWN]]).expand(3, -1), p.context).log_softmax(-1)
    torch.testing.assert_close(all_hidden.log_prob_of_tokens(ids)[:, 3], unknown[:, 3, 0])
    some = TokenSequence(p.network, p.context, LENGTH, word_dropout=0.5)
    assert torch.equal(some.log_prob(ids), some.log_prob(ids))
    hidden = [TokenSequence(p.network, p.context + i, LENGTH, 0.5)._uniform((3, LENGTH)) for i in range(2)]
    assert not torch.equal(*hidden) and len(MARKS) == UNKNOWN + 1
