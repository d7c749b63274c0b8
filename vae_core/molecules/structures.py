"""Structures of molecules: read from SMILES by RDKit within limits, their canonical SMILES, and the measured properties PROPERTIES."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from vae_core.messages import Message
from vae_core.molecules.extra import need_extra

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Structure: TypeAlias = "Mol"
Numbers = NDArray[np.float64]
MOST_CHARACTERS, MOST_ATOMS = 1000, 200  # of what is read at all: RDKit's search for rings takes long on what is larger


@contextmanager
def quiet() -> Iterator[None]:
    """What RDKit says of a SMILES that it cannot read goes nowhere: the caller says it in a sentence."""
    need_extra()
    from rdkit import rdBase

    with rdBase.BlockLogs():
        yield


def structure(smiles: str) -> Structure | None:
    """The structure of a SMILES, with its valences checked; None where it has no atom, is no molecule, or is too large.

    Raises UserError without the extra `molecules`.
    """
    with quiet():
        from rdkit import Chem

        found = Chem.MolFromSmiles(smiles) if len(smiles) <= MOST_CHARACTERS else None
    return found if found is not None and 0 < found.GetNumAtoms() <= MOST_ATOMS else None


def canonical(found: Structure) -> str:
    """The SMILES that RDKit gives every structure once, however it was written."""
    from rdkit import Chem

    return str(Chem.MolToSmiles(found))


@dataclass(frozen=True)
class Property:
    """What can be measured of a structure: the name that people see, its unit, and how."""

    title: Message
    unit: Message | str
    of: Callable[[Structure], float]


def _log_p(found: Structure) -> float:
    from rdkit.Chem import Crippen

    return float(Crippen.MolLogP(found))


def _qed(found: Structure) -> float:
    from rdkit.Chem import QED

    with quiet():
        return float(QED.qed(found))


def _weight(found: Structure) -> float:
    from rdkit.Chem import Descriptors

    return float(Descriptors.MolWt(found))


PROPERTIES = {
    "logp": Property(
        Message("logP"), "", _log_p
    ),  # Wildman and Crippen 1999: how much better oil dissolves it than water
    "qed": Property(Message("QED"), "", _qed),  # Bickerton et al. 2012: how like a drug by mouth, from 0 to 1
    "weight": Property(Message("weight"), Message("g/mol"), _weight),
}


def measured(found: Sequence[Structure | None], name: str) -> Numbers:
    """A property of some structures, (N,); NaN where there is none."""
    of = PROPERTIES[name].of
    return np.array([np.nan if one is None else of(one) for one in found], np.float64)
