"""The data set `sentences`: every sentence of a small grammar once, in English or Chinese, with its true factors."""

from functools import cache
from pathlib import Path

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares, split
from vae_core.data.text.grammar import FACTORS, TENSES, Grammar
from vae_core.errors import UserError
from vae_core.messages import Message

VARIANTS = ("english", "chinese")
PARTS = (0.9, 0.05)  # usual shares of training and validation sentences


@cache
def grammar(variant: str) -> Grammar:
    """The grammar of a variant of the data set; English where none is named."""
    if variant not in ("", *VARIANTS):
        raise UserError(
            "The sentences are in {known}: '{variant}' is no choice.", known=" or ".join(VARIANTS), variant=variant
        )
    return Grammar(chinese=variant == "chinese")


def grammar_of(data: Dataset) -> Grammar | None:
    """The grammar that made the sentences of a data set; None for other data."""
    if data.name != SENTENCES.name or data.vocabulary is None:
        return None
    return grammar("english" if data.vocabulary.spaced else "chinese")


def refuse_target(config: DataConfig) -> None:
    """Raise UserError for a target other than grey, since tokens are not pixels."""
    if config.target != "grey":
        raise UserError(
            "Sentences cannot have the target '{target}', which is for black and white images: choose grey.",
            target=config.target,
        )


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """All sentences, split by the seed so that none is in two splits; the label is the tense."""
    refuse_target(config)
    made = grammar(config.variant)
    tense = made.factors[:, FACTORS.index("tense")].copy()
    parts = split(made.ids, tense, config.seed, made.factors, shares(config, PARTS))
    return Dataset(
        SENTENCES.name, SENTENCES.title, *parts, classes=TENSES, factor_names=FACTORS, vocabulary=made.vocabulary
    )


SENTENCES = DatasetEntry(
    name="sentences",
    title="Sentences",
    summary="225,792 English or Chinese sentences of a small grammar, with subject, verb, object, tense, number and adjective "
    "known, and whether it is denied; generated on loading.",
    licence="made by this project (MIT)",
    shape=None,
    read=read,
    variants=VARIANTS,
    variant_title=Message("Language"),
    uses=("variant",),
    held_out=round(1 - PARTS[0], 2),
    kind="tokens",
)
