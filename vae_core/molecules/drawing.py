"""Structures drawn by RDKit: as SVG of a page's colours, or as small pictures for a map."""

import io
from functools import lru_cache

import numpy as np
from PIL import Image

from vae_core.molecules.structures import quiet, structure
from vae_core.utils.arrays import UInt8

PADDING = 0.06  # share of the drawing
WHITE = 255


@lru_cache(maxsize=4096)
def svg(smiles: str, width: int, height: int, is_dark: bool = False) -> str:
    """The structure of a SMILES as an SVG of that size in pixels, without a ground; "" where it is no molecule.

    RDKit alone writes the SVG: nothing of the text of `smiles` is in it but the atoms that were read from it.
    """
    with quiet():
        from rdkit.Chem.Draw import rdMolDraw2D

        found = structure(smiles)
        if found is None:
            return ""
        drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
        options = drawer.drawOptions()
        options.clearBackground, options.padding = False, PADDING
        if is_dark:
            rdMolDraw2D.SetDarkMode(options)
            options.clearBackground = False
        rdMolDraw2D.PrepareAndDrawMolecule(drawer, found)
        drawer.FinishDrawing()
        return str(drawer.GetDrawingText())


def picture(smiles: str, width: int, height: int) -> UInt8:
    """The same on white, in black alone, as grey levels (height, width); a cross where it is no molecule."""
    with quiet():
        from rdkit.Chem.Draw import rdMolDraw2D

        found = structure(smiles)
        if found is None:
            return _cross(width, height)
        drawer = rdMolDraw2D.MolDraw2DCairo(width, height)
        options = drawer.drawOptions()
        options.padding = PADDING
        options.useBWAtomPalette()
        rdMolDraw2D.PrepareAndDrawMolecule(drawer, found)
        drawer.FinishDrawing()
        with Image.open(io.BytesIO(drawer.GetDrawingText())) as drawn:
            return np.asarray(drawn.convert("L"), np.uint8)


def _cross(width: int, height: int) -> UInt8:
    """A grey cross."""
    across, down = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    on = (np.abs(np.abs(across) - np.abs(down)) < 0.06) & (np.abs(across) < 0.4)
    return np.where(on, 140, WHITE).astype(np.uint8)
