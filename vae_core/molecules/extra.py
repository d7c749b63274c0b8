"""The extra `molecules`: whether its libraries, RDKit and selfies, are installed; they are imported where they are first used."""

from importlib.util import find_spec

from vae_core.errors import UserError

LIBRARIES = ("rdkit", "selfies")


def has_extra() -> bool:
    """Whether both libraries are installed; they are not imported."""
    return all(find_spec(name) is not None for name in LIBRARIES)


def need_extra() -> None:
    """Raise UserError with the command that installs what is missing."""
    if not has_extra():
        raise UserError(
            "Molecules need two extra libraries, RDKit and selfies: run pip install 'vae-explorer[molecules]', or from a checkout "
            "make run EXTRAS=molecules."
        )
