"""SELFIES and SMILES as pieces: a molecule's text cut into the tokens that a model reads, and tokens as SMILES again.

In SELFIES any row of tokens is a molecule (Krenn et al. 2020, arXiv:1905.13741); in SMILES rings, branches and valences must fit.
"""

import re
from functools import cache
from types import ModuleType
from typing import Literal

from vae_core.errors import UserError
from vae_core.molecules.structures import canonical, quiet, structure

Notation = Literal["selfies", "smiles"]
NOTATIONS: tuple[Notation, ...] = ("selfies", "smiles")
SHOWN = 80  # characters of a text that is refused
CHARGES = {"": "", "+": "+1", "-": "-1"}  # in SMILES, and as SELFIES writes them
SELFIES = re.compile(r"\[[^\[\]]*\]|\.")
SMILES = re.compile(
    r"\[[^\[\]]*\]|Br|Cl|%\d\d|."
)  # atoms, bonds, branches and ring numbers (Schwaller et al. 2018, arXiv:1711.04810)


def pieces(text: str, notation: Notation) -> list[str]:
    """The tokens of a text in that notation; what belongs to no token is a piece of its own."""
    if notation == "smiles":
        return SMILES.findall(text)
    found = SELFIES.findall(text)
    return found if "".join(found) == text else [text]


def written(smiles: str, notation: Notation) -> str | None:
    """A canonical SMILES in that notation; None where SELFIES has no symbols for it."""
    if notation == "smiles":
        return smiles
    with quiet():
        selfies = _selfies()
        try:
            return str(selfies.encoder(smiles))
        except selfies.EncoderError:
            return None


def smiles_of(text: str, notation: Notation) -> str:
    """The SMILES that a text in that notation stands for; it need be no molecule. "" for SELFIES that cannot be read."""
    if notation == "smiles":
        return text
    with quiet():
        selfies = _selfies()
        try:
            return str(selfies.decoder(text))
        except selfies.DecoderError:
            return ""


def typed(text: str, notation: Notation) -> str:
    """What a person typed, SMILES or SELFIES, in that notation; raises UserError where it is no molecule."""
    found = structure(smiles_of(text, "selfies")) if SELFIES.sub("", text) == "" else None
    found = found or structure(text)  # [C][C][O] could be either, and is SELFIES
    made = None if found is None else written(canonical(found), notation)
    if made is None:
        raise UserError(
            "'{text}' is no molecule that can be read: give a SMILES such as CCO, or SELFIES such as [C][C][O].",
            text=text[:SHOWN],
        )
    return made


@cache
def _selfies() -> ModuleType:
    """The library selfies, told how many bonds RDKit allows the atoms that it does not know: it would give each up to 8."""
    import selfies
    from rdkit import Chem
    from selfies.constants import ELEMENTS

    allowed = selfies.get_preset_constraints("default")
    most = allowed["?"]
    for element in ELEMENTS:
        for charge, in_selfies in CHARGES.items():
            atom = f"[{element}{charge}]"
            bonds = (n for n in range(most, -1, -1) if Chem.MolFromSmiles(atom + "(C)" * n) is not None)
            allowed.setdefault(element + in_selfies, next(bonds, most))
    selfies.set_semantic_constraints(allowed)
    return selfies
