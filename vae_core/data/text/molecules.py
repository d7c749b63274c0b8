"""The data set `molecules`: 5,000 structures of the NCI Open Database, which RDKit ships, or those of a person's file.

A molecule is a row of the tokens of its SELFIES or of its canonical SMILES; what cannot be one is left out, and the notes say why. Both
notations have the same molecules, so that models of them can be compared.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, shares, split
from vae_core.data.text.molecule_files import read_smiles
from vae_core.data.text.sentences import refuse_target
from vae_core.data.text.vocabulary import Ids, Vocabulary
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.molecules.extra import has_extra, need_extra
from vae_core.molecules.notation import NOTATIONS, Notation, pieces, written
from vae_core.molecules.structures import Structure, canonical, measured, structure
from vae_core.utils import limits
from vae_core.utils.arrays import Int64

SHIPPED = ("NCI", "first_5K.smi")  # in the data folder of RDKit
ELEMENTS = ("B", "C", "N", "O", "F", "Si", "P", "S", "Cl", "Se", "Br", "I")
MOST_TOKENS, MOST_MOLECULES = 60, 50_000  # without the end; RDKit takes about 1 ms for each molecule that is read
BANDS = (0, 1, 2, 3, 4)  # of logP, between the classes


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """The molecules, split by the seed; the label is a band of logP. Raises UserError without the extra `molecules`."""
    refuse_target(config)
    need_extra()
    if config.variant not in ("", *NOTATIONS):
        raise UserError(
            "Molecules are written as {known}: '{variant}' is no choice.",
            known=" or ".join(NOTATIONS),
            variant=config.variant,
        )
    notation: Notation = "smiles" if config.variant == "smiles" else "selfies"
    name, given = read_smiles(Path(config.path)) if config.path else (SHIPPED[-1], _shipped())
    if len(given) > MOST_MOLECULES:
        raise UserError(
            "{name} has {count:,} molecules, and at most {most:,} can be read: give fewer.",
            name=name,
            count=len(given),
            most=MOST_MOLECULES,
        )
    kept, left = _kept(given)
    if len(kept) < limits.FEWEST:
        raise UserError(
            "Only {count} of the {given:,} molecules of {name} can be used: {why}",
            count=len(kept),
            given=len(given),
            name=name,
            why=next(_notes(left), Message("give more molecules.")),
        )
    texts = [_written(smiles, notation) for smiles in kept]
    vocabulary = _vocabulary(texts, notation)
    labels, classes = bands(list(kept.values()))
    ids = vocabulary.ids(texts, 1 + max(len(vocabulary.pieces(text)) for text in texts))
    train, val, test = split(ids, labels, config.seed, parts=shares(config))
    title = MOLECULES.title
    return Dataset(MOLECULES.name, title, train, val, test, classes, vocabulary=vocabulary, notes=tuple(_notes(left)))


def smiles_of(data: Dataset, ids: Ids) -> list[str]:
    """The SMILES of rows of ids (N, T) of a data set of molecules."""
    assert data.vocabulary is not None
    return data.vocabulary.smiles(ids)


def bands(found: Sequence[Structure]) -> tuple[Int64, tuple[str, ...]]:
    """The band of logP of each structure (N,), and the names of the bands that there are."""
    place = np.digitize(measured(found, "logp"), BANDS)
    names = (
        f"logP < {BANDS[0]}",
        *(f"{low} ≤ logP < {high}" for low, high in zip(BANDS, BANDS[1:], strict=False)),
        f"logP ≥ {BANDS[-1]}",
    )
    present, labels = np.unique(place, return_inverse=True)
    return labels.astype(np.int64), tuple(names[i] for i in present)


def _shipped() -> list[str]:
    """The list that comes with RDKit."""
    from rdkit import RDConfig

    return read_smiles(Path(RDConfig.RDDataDir, *SHIPPED))[1]


LEFT_OUT: dict[str, Callable[[int], Message]] = {
    "unreadable": lambda n: Message("{count:,} lines are left out: they are no molecule that can be read.", count=n),
    "fragments": lambda n: Message(
        "{count:,} molecules are left out: they have several parts, as salts have.", count=n
    ),
    "elements": lambda n: Message(
        "{count:,} molecules are left out: they have other atoms than {elements}.",
        count=n,
        elements=", ".join(ELEMENTS),
    ),
    "long": lambda n: Message(
        "{count:,} molecules are left out: they take more than {most} tokens.", count=n, most=MOST_TOKENS
    ),
    "twice": lambda n: Message("{count:,} molecules are left out: they are there already.", count=n),
}


def _kept(given: Sequence[str]) -> tuple[dict[str, Structure], Counter[str]]:
    """The structures that can be used by their canonical SMILES, and how many are left out for each reason, a key of LEFT_OUT."""
    kept: dict[str, Structure] = {}
    left: Counter[str] = Counter()
    for text in given:
        found = structure(text)
        smiles = "" if found is None else canonical(found)
        why = "unreadable" if found is None else "twice" if smiles in kept else _unsuited(found, smiles)
        if why is None and found is not None:
            kept[smiles] = found
        elif why is not None:
            left[why] += 1
    return kept, left


def _unsuited(found: Structure, smiles: str) -> str | None:
    """Why a structure is left out; None where it is not."""
    if "." in smiles:
        return "fragments"
    if not {atom.GetSymbol() for atom in found.GetAtoms()} <= {*ELEMENTS}:
        return "elements"
    texts = [(written(smiles, notation), notation) for notation in NOTATIONS]
    if any(text is None for text, _ in texts):
        return "unreadable"
    return "long" if any(len(pieces(text or "", notation)) > MOST_TOKENS for text, notation in texts) else None


def _written(smiles: str, notation: Notation) -> str:
    text = written(smiles, notation)
    assert text is not None  # `_unsuited` has tried
    return text


def _vocabulary(texts: Sequence[str], notation: Notation) -> Vocabulary:
    """All tokens, the most frequent first."""
    counts = Counter(piece for text in texts for piece in pieces(text, notation))
    return Vocabulary(words=tuple(word for word, _ in counts.most_common()), spaced=False, notation=notation)


def _notes(left: Counter[str]) -> Iterator[Message]:
    """What is left out, and why."""
    for why, said in LEFT_OUT.items():
        if left[why]:
            yield said(left[why])


MOLECULES = DatasetEntry(
    name="molecules",
    title="Molecules",
    summary="5,000 molecules that come with RDKit, or those of your own file, as SELFIES or SMILES; they need two extra libraries.",
    licence="work of the US government, not copyrighted; the list is part of RDKit (BSD 3-Clause)",
    shape=None,
    read=read,
    available=lambda data_dir, variant="": has_extra(),
    variants=NOTATIONS,
    variant_title=Message("Notation"),
    uses=("variant",),
    held_out=0.2,
    kind="molecule",
)
