"""p(x|z) of a sentence: each token is categorical given the earlier ones; sampled, or decoded greedily or by beam search."""

import hashlib
from collections.abc import Callable
from typing import ClassVar, Protocol

import torch
import torch.nn.functional as F
from torch import Generator, Size, Tensor
from torch.distributions import Distribution

from vae_core.axes.token_ids import END, PAD, UNKNOWN
from vae_core.devices import noise

PLACES = 2**14  # tokens whose logits are held at once: 0.5 GB for 8,000 words
State = tuple[Tensor, ...]  # what a network keeps of the earlier tokens, each part (B, ...)


class NextToken(Protocol):
    """Logits of the next token, over the ids from END on, given the earlier ones and a context (B, ...) made of the code."""

    def __call__(self, before: Tensor, context: Tensor) -> Tensor:
        """Logits (B, T, V - 1) at each of T places, for ids `before` (B, T): PAD at the first place, then the token before each."""

    def begin(self, context: Tensor) -> State:
        """What is known before the first token."""

    def step(self, token: Tensor, state: State) -> tuple[Tensor, State]:
        """Logits (B, V - 1) of the token after `token` (B,), and what is known then."""


class TokenSequence(Distribution):
    """p(x) = prod p(x_t | x_<t) up to and with the end token, for ids x (B, length); padding behind the end counts nothing.

    A sentence of `length` tokens needs no end, so that the probabilities of all sentences add up to 1. Where `word_dropout` is not 0,
    `log_prob` hides that share of the earlier words from the network (Bowman et al. 2016, arXiv:1511.06349, sec. 3.1). Which words is
    decided by a hash of the context: new codes hide others, and equal ones the same.
    """

    arg_constraints: ClassVar = {}

    def __init__(self, network: NextToken, context: Tensor, length: int, word_dropout: float = 0.0) -> None:
        self.network, self.context, self.length, self.word_dropout = network, context, length, word_dropout
        super().__init__(context.shape[:1], torch.Size((length,)), validate_args=False)

    def log_prob(self, value: Tensor) -> Tensor:
        """In nats per sentence, for ids `value` (B, length), whole numbers of any type."""
        return self._log_prob_of_shown(value).sum(1)

    def log_prob_of_tokens(self, value: Tensor) -> Tensor:
        """In nats for each token, (B, length); 0 for padding."""
        found = self._log_prob_of_shown(value)
        return F.pad(found, (0, self.length - found.shape[1]))

    def _log_prob_of_shown(self, value: Tensor) -> Tensor:
        """In nats for each token, (B, T), up to the longest sentence of the batch."""
        ids = value.long()
        ids = ids[:, : max(1, int((ids != PAD).any(0).sum()))]
        before = F.pad(ids[:, :-1], (1, 0), value=PAD)
        if self.word_dropout:
            before = before.where((before == PAD) | (self._uniform(before.shape) >= self.word_dropout), UNKNOWN)
        rows = max(1, PLACES // ids.shape[1])
        parts = zip(ids.split(rows), before.split(rows), self.context.split(rows), strict=True)
        return torch.cat([self._log_prob_of_part(*part) for part in parts])

    def _log_prob_of_part(self, ids: Tensor, before: Tensor, context: Tensor) -> Tensor:
        logits = self.network(before, context).movedim(-1, 1)
        logits = logits if logits.dtype == torch.float64 else logits.float()
        return -F.cross_entropy(logits, ids - END, ignore_index=PAD - END, reduction="none")

    def _uniform(self, shape: Size) -> Tensor:
        """Uniform numbers that depend on the context only."""
        content = self.context.detach().float().cpu().numpy().tobytes()
        seed = int.from_bytes(hashlib.blake2b(content, digest_size=7).digest())
        return noise.uniform(shape, self.context, Generator().manual_seed(seed))

    @property
    def mean(self) -> Tensor:
        """The greedy decode, in place of a mean, which words do not have: ids (B, length) as floats."""
        return self.greedy().to(self.context)

    def greedy(self) -> Tensor:
        """The likeliest token at each place given those chosen before it: ids (B, length), END once and then PAD."""
        return self._unrolled(self.context, lambda logits: logits.argmax(-1))

    def draw(self, generator: Generator, shape: tuple[int, ...] = (), temperature: float = 1.0) -> Tensor:
        """Sampled sentences, ids (*shape, B, length) as floats; logits are divided by `temperature`, below 1 for likelier words."""
        context = self.context.expand(*shape, *self.context.shape).flatten(0, len(shape))

        def choose(logits: Tensor) -> Tensor:
            return noise.drawn((logits.float() / temperature).softmax(-1), 1, generator)[:, 0]

        return self._unrolled(context, choose).unflatten(0, (*shape, len(self.context))).to(self.context)

    def sample(self, sample_shape: Size | list[int] | tuple[int, ...] = ()) -> Tensor:
        return self.draw(torch.default_generator, tuple(sample_shape))

    @torch.no_grad()
    def beam(self, width: int) -> Tensor:
        """The likeliest of `width` sentences kept at each place, ids (B, length); width 1 is `greedy`."""
        count = len(self.context)
        state = self.network.begin(self.context.repeat_interleave(width, 0))
        score = self.context.new_full((count, width), -torch.inf)
        score[:, 0] = 0  # all beams start alike: only the first counts
        at = self.context.device
        found = torch.full((count, width, self.length), PAD, device=at)
        last = torch.full((count, width), PAD, device=at)
        ended = torch.zeros(count, width, dtype=torch.bool, device=at)
        for place in range(self.length):
            logits, state = self.network.step(last.flatten(), state)
            shares = F.pad(logits.log_softmax(-1), (1, 0), value=-torch.inf).unflatten(0, (count, width))
            only_padding = torch.full_like(shares[0, 0], -torch.inf)
            only_padding[PAD] = 0
            total = score.unsqueeze(-1) + torch.where(ended.unsqueeze(-1), only_padding, shares)
            score, chosen = total.flatten(1).topk(width)
            beam, last = chosen // shares.shape[-1], chosen % shares.shape[-1]
            found = found.gather(1, beam.unsqueeze(-1).expand_as(found))
            found[:, :, place] = last
            rows = (beam + width * torch.arange(count, device=at).unsqueeze(1)).flatten()
            state = tuple(part[rows] for part in state)
            ended = ended.gather(1, beam) | (last == END)
            if bool(ended.all()):
                break
        return found[:, 0]

    @torch.no_grad()
    def _unrolled(self, context: Tensor, choose: Callable[[Tensor], Tensor]) -> Tensor:
        """Sentences of ids (B, length), token by token, each chosen from its logits (B, V - 1) until all have ended."""
        found = torch.full((len(context), self.length), PAD, device=context.device)
        last, state = found[:, 0], self.network.begin(context)
        ended = torch.zeros(len(context), dtype=torch.bool, device=context.device)
        for place in range(self.length):
            logits, state = self.network.step(last, state)
            last = (choose(logits) + END).masked_fill(ended, PAD)
            found[:, place] = last
            ended = ended | (last == END)
            if bool(ended.all()):
                break
        return found
