"""Files of molecules to download: .smi, a line for each, and .sdf, with coordinates and the measured properties."""

import io
from collections.abc import Sequence

from vae_core.molecules.structures import PROPERTIES, canonical, quiet, structure


def smi(smiles: Sequence[str]) -> bytes:
    """A line for each: its canonical SMILES and its number; a text that is no molecule is left out."""
    found = ((number, structure(one)) for number, one in enumerate(smiles, 1))
    return "".join(f"{canonical(one)}\t{number}\n" for number, one in found if one is not None).encode()


def sdf(smiles: Sequence[str]) -> bytes:
    """The structures with coordinates in the plane, and the number, SMILES and PROPERTIES of each; what is no molecule is left out."""
    out = io.StringIO()
    with quiet():
        from rdkit import Chem
        from rdkit.Chem import rdDepictor

        writer = Chem.SDWriter(out)
        for number, one in enumerate(smiles, 1):
            found = structure(one)
            if found is None:
                continue
            rdDepictor.Compute2DCoords(found)
            found.SetProp("_Name", str(number))
            found.SetProp("SMILES", canonical(found))
            for name, prop in PROPERTIES.items():
                found.SetProp(name, f"{prop.of(found):.4f}")
            writer.write(found)
        writer.close()
    return out.getvalue().encode()
