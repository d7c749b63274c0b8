"""Networks of sentences: encoders of token ids, and decoders that give the logits of each token from a context and the earlier tokens.

An encoder is on the axis NETWORKS; the decoder of the same name, which needs the earlier tokens, belongs to the likelihood `tokens`.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vae_core.axes.layer_sizes import HEAD, MEMORY, decoder_layers
from vae_core.axes.token_ids import PAD
from vae_core.config import ModelConfig
from vae_core.distributions.token_sequence import State
from vae_core.models.layers import ACTIVATIONS, append_label


def shown(x: Tensor) -> tuple[Tensor, Tensor]:
    """Ids x (B, T) of any type as whole numbers, up to the longest sentence, and which of them are tokens, both (B, t)."""
    ids = x.long()
    ids = ids[:, : max(1, int((ids != PAD).any(0).sum()))]
    return ids, ids != PAD


class GruEncoder(nn.Module):
    """The last state of a GRU that has read a sentence, and a dense layer of it and the label (Cho et al. 2014, arXiv:1406.1078)."""

    def __init__(self, config: ModelConfig, outputs: int) -> None:
        super().__init__()
        width, layers = config.hidden[0], len(config.hidden)
        self.embedding = nn.Embedding(config.vocabulary, width)
        self.gru = nn.GRU(width, width, layers, batch_first=True)
        self.head = nn.Linear(width + config.classes, outputs)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        ids, is_token = shown(x)
        states, _ = self.gru(self.embedding(ids))
        last = (is_token.sum(1) - 1).clamp(min=0)
        return self.head(append_label(states[torch.arange(len(ids), device=ids.device), last], c))


class GruDecoder(nn.Module):
    """A GRU whose first state and every input are told the context (B, width), as in Bowman et al. 2016 (arXiv:1511.06349)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        widths = decoder_layers(config)
        width, self.layers = widths[-1], len(widths)
        self.embedding = nn.Embedding(config.vocabulary, width)
        self.first = nn.Linear(width, self.layers * width)
        self.gru = nn.GRU(2 * width, width, self.layers, batch_first=True)
        self.out = nn.Linear(width, config.vocabulary - 1)

    def forward(self, before: Tensor, context: Tensor) -> Tensor:
        told = context.unsqueeze(1).expand(-1, before.shape[1], -1)
        states, _ = self.gru(torch.cat([self.embedding(before), told], -1), self._first(context))
        return self.out(states)

    def begin(self, context: Tensor) -> State:
        return context, self._first(context).movedim(0, 1)

    def step(self, token: Tensor, state: State) -> tuple[Tensor, State]:
        context, layers = state
        both = torch.cat([self.embedding(token), context], -1).unsqueeze(1)
        states, layers = self.gru(both, layers.movedim(1, 0).contiguous())
        return self.out(states[:, 0]), (context, layers.movedim(0, 1))

    def _first(self, context: Tensor) -> Tensor:
        """The first state of each layer, (layers, B, width)."""
        return self.first(context).tanh().unflatten(-1, (self.layers, -1)).movedim(1, 0).contiguous()


class Block(nn.Module):
    """Attention and two dense layers, each added to what they read, normalised before (Xiong et al. 2020, arXiv:2002.04745)."""

    def __init__(self, width: int, activation: str) -> None:
        super().__init__()
        self.heads = max(1, width // HEAD) if width % HEAD == 0 else 1
        self.before_attention, self.before_dense = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key_value, self.joined = (
            nn.Linear(width, width),
            nn.Linear(width, 2 * width),
            nn.Linear(width, width),
        )
        self.dense = nn.Sequential(nn.Linear(width, 2 * width), ACTIVATIONS[activation](), nn.Linear(2 * width, width))

    def keys_and_values(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Of vectors h (B, T, width): both (B, heads, T, width / heads)."""
        key, value = self.key_value(self.before_attention(h)).chunk(2, -1)
        return self._split(key), self._split(value)

    def forward(self, h: Tensor, key: Tensor, value: Tensor, mask: Tensor | None) -> Tensor:
        """Vectors h (B, T, width) that look at the S places of key and value which `mask`, (T, S) or (B, 1, T, S), allows."""
        query = self._split(self.query(self.before_attention(h)))
        seen = F.scaled_dot_product_attention(query, key, value, mask)
        h = h + self.joined(seen.movedim(1, 2).flatten(2))
        return h + self.dense(self.before_dense(h))

    def _split(self, h: Tensor) -> Tensor:
        return h.unflatten(-1, (self.heads, -1)).movedim(1, 2)


class Tokens(nn.Module):
    """Vectors (B, T, width) of ids (B, T) that stand at the places from `start` on."""

    def __init__(self, config: ModelConfig, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(config.vocabulary, width)
        self.place = nn.Parameter(torch.randn(config.shape[0], width) / math.sqrt(width))
        nn.init.normal_(self.embedding.weight, std=1 / math.sqrt(width))

    def forward(self, ids: Tensor, start: int = 0) -> Tensor:
        return self.embedding(ids) + self.place[start : start + ids.shape[1]]


class TransformerEncoder(nn.Module):
    """The mean of a transformer's vectors over the tokens of a sentence, and a dense layer of it and the label."""

    def __init__(self, config: ModelConfig, outputs: int) -> None:
        super().__init__()
        width = config.hidden[0]
        self.tokens = Tokens(config, width)
        self.blocks = nn.ModuleList(Block(width, config.activation) for _ in config.hidden)
        self.normalised = nn.LayerNorm(width)
        self.head = nn.Linear(width + config.classes, outputs)

    def forward(self, x: Tensor, c: Tensor | None = None) -> Tensor:
        ids, is_token = shown(x)
        h, mask = self.tokens(ids), is_token[:, None, None, :]
        for block in self.blocks:
            assert isinstance(block, Block)
            h = block(h, *block.keys_and_values(h), mask)
        weight = is_token.unsqueeze(-1).to(h)
        mean = (self.normalised(h) * weight).sum(1) / weight.sum(1).clamp(min=1)
        return self.head(append_label(mean, c))


class TransformerDecoder(nn.Module):
    """A transformer over the earlier tokens that in every layer also looks at a memory made of the code, (B, MEMORY, width).

    Vaswani et al. 2017 (arXiv:1706.03762); the code as memory, and its mean added to each token: Li et al. 2020 (Optimus,
    arXiv:2004.04092, sec. 3.1, where both together were best).
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        widths = decoder_layers(config)
        self.tokens = Tokens(config, widths[-1])
        self.blocks = nn.ModuleList(Block(width, config.activation) for width in widths)
        self.normalised = nn.LayerNorm(widths[-1])
        self.out = nn.Linear(widths[-1], config.vocabulary - 1)

    def forward(self, before: Tensor, context: Tensor) -> Tensor:
        count, memory = before.shape[1], context.shape[1]
        earlier = torch.ones(count, memory + count, dtype=torch.bool, device=before.device).tril(memory)
        h = self.tokens(before) + context.mean(1, keepdim=True)
        for block in self.blocks:
            assert isinstance(block, Block)
            h = block(h, *block.keys_and_values(torch.cat([context.to(h), h], 1)), earlier)
        return self.out(self.normalised(h))

    def begin(self, context: Tensor) -> State:
        """The mean of the memory; its keys and values in each block, to which each step adds those of one token."""
        blocks = (block for block in self.blocks if isinstance(block, Block))
        return (context.mean(1, keepdim=True), *(part for block in blocks for part in block.keys_and_values(context)))

    def step(self, token: Tensor, state: State) -> tuple[Tensor, State]:
        told, *known = state
        kept: list[Tensor] = []
        h = self.tokens(token.unsqueeze(1), known[0].shape[2] - MEMORY) + told
        for block, keys, values in zip(self.blocks, known[::2], known[1::2], strict=True):
            assert isinstance(block, Block)
            key, value = block.keys_and_values(h)
            kept += [torch.cat([keys, key], 2), torch.cat([values, value], 2)]
            h = block(h, kept[-2], kept[-1], None)
        return self.out(self.normalised(h))[:, 0], (told, *kept)


TOKEN_DECODERS: dict[str, type[GruDecoder] | type[TransformerDecoder]] = {
    "gru": GruDecoder,
    "transformer": TransformerDecoder,
}
