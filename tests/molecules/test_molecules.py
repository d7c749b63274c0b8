"""Structures, notations, drawings and files of molecules: known values, and what is no molecule."""

import subprocess
import sys
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.helpers.molecule_helpers import ASPIRIN, BENZENE, EASY, ETHANOL, NEEDS_EXTRA, without_libraries
from vae_core.errors import UserError
from vae_core.molecules import drawing, files, notation
from vae_core.molecules.extra import need_extra
from vae_core.molecules.notation import NOTATIONS, pieces, smiles_of, typed, written
from vae_core.molecules.structures import MOST_ATOMS, MOST_CHARACTERS, canonical, measured, structure


def test_without_the_libraries_the_command_is_said(monkeypatch):
    without_libraries(monkeypatch)
    with pytest.raises(UserError, match=r"pip install 'vae-explorer\[molecules\]'.*make run EXTRAS=molecules"):
        need_extra()
    with pytest.raises(UserError, match="EXTRAS=molecules"):
        structure(ETHANOL)


def test_no_library_is_imported_before_it_is_used():
    code = "import sys, vae_core.data, vae_ui.views; print({'rdkit', 'selfies'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "set()"


@NEEDS_EXTRA
def test_properties_of_known_molecules():
    found = [structure(one) for one in (ASPIRIN, ETHANOL, BENZENE, "no molecule")]
    assert measured(found, "weight")[:3] == pytest.approx([180.16, 46.07, 78.11], abs=0.01)
    assert measured(found, "logp")[:3] == pytest.approx([1.31, -0.001, 1.687], abs=0.01)  # Wildman and Crippen's sums
    assert measured(found, "qed")[0] == pytest.approx(0.550, abs=0.005)  # RDKit's documentation has 0.550 for aspirin
    assert np.isnan([measured(found, name)[3] for name in ("weight", "logp", "qed")]).all()


@NEEDS_EXTRA
@pytest.mark.parametrize(
    "text", ["", "C(", "c1cccc1", "C(C)(C)(C)(C)C", "C" * (MOST_CHARACTERS + 1), "C" * (MOST_ATOMS + 1)]
)
def test_what_is_no_molecule_or_too_large_has_no_structure(text, capfd):
    assert structure(text) is None
    assert capfd.readouterr() == ("", "")


@NEEDS_EXTRA
def test_a_molecule_has_one_canonical_smiles_and_comes_back_from_both_notations():
    assert canonical(structure("OCC")) == canonical(structure("C(O)C")) == ETHANOL
    for smiles in (ASPIRIN, BENZENE, "C[N+](C)(C)CC([O-])=O", "N[C@@H](C)C(=O)O", "BrC#CCl", "c1cc[nH]c1"):
        smiles = canonical(structure(smiles))
        for kind in NOTATIONS:
            text = written(smiles, kind)
            assert "".join(pieces(text, kind)) == text
            assert canonical(structure(smiles_of(text, kind))) == smiles


@NEEDS_EXTRA
def test_tokens_are_whole_atoms():
    assert pieces("BrC(Cl)=[N+]1%12", "smiles") == ["Br", "C", "(", "Cl", ")", "=", "[N+]", "1", "%12"]
    assert pieces("[C][=Branch1].[N+1]", "selfies") == ["[C]", "[=Branch1]", ".", "[N+1]"]
    assert pieces("CCO", "selfies") == ["CCO"]  # which no vocabulary has


TOKENS = [
    "[C]",
    "[=C]",
    "[#N]",
    "[O]",
    "[Ring1]",
    "[Ring2]",
    "[Branch1]",
    "[=Branch2]",
    "[N+1]",
    "[Cl]",
    "[P]",
    "[NH1]",
]
RARE = ["[Si]", "[=Se]", "[#As]", "[Sn]", "[=Te+1]", "[S+1]", "[=O+1]", "[SH0]", "[B]"]  # some are unknown to selfies


@NEEDS_EXTRA
@given(some.lists(some.sampled_from(TOKENS + RARE), min_size=1, max_size=40))
def test_every_row_of_selfies_that_has_an_atom_is_a_molecule(tokens):
    smiles = smiles_of("".join(tokens), "selfies")
    assert smiles == "" or structure(smiles) is not None


@NEEDS_EXTRA
def test_what_a_person_types_is_read_in_either_notation():
    assert typed("OCC", "smiles") == typed("[C][C][O]", "smiles") == "CCO"
    assert typed("OCC", "selfies") == "[C][C][O]"
    for text in ("the old man", "<b>", "C1CC", "[Foo]"):
        with pytest.raises(UserError, match="no molecule that can be read"):
            typed(text, "selfies")


@NEEDS_EXTRA
def test_a_drawing_is_svg_of_lines_alone_and_empty_for_no_molecule():
    for dark in (False, True):
        root = ET.fromstring(drawing.svg(ASPIRIN, 120, 90, dark))
        assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {"svg", "path", "rect", "text", "ellipse"}
        assert root.get("viewBox") == "0 0 120 90"
    assert drawing.svg(ASPIRIN, 120, 90, True) != drawing.svg(ASPIRIN, 120, 90, False)
    assert drawing.svg("<script>", 120, 90) == ""


@NEEDS_EXTRA
def test_a_picture_is_black_on_white():
    shown, other, none = (drawing.picture(one, 96, 72) for one in (ASPIRIN, BENZENE, "C("))
    assert shown.shape == other.shape == none.shape == (72, 96) and shown.dtype == np.uint8
    assert shown.max() == 255 and shown.min() < 60 and 0.6 < (shown == 255).mean() < 0.99
    assert not np.array_equal(shown, other) and none.min() > 100


@NEEDS_EXTRA
def test_files_hold_what_is_a_molecule():
    assert files.smi(["OCC", "C(", BENZENE]) == b"CCO\t1\nc1ccccc1\t3\n"
    from rdkit import Chem

    supplier = Chem.SDMolSupplier()
    supplier.SetData(files.sdf([ASPIRIN, "C(", *EASY[:2]]).decode())
    found = [*supplier]
    assert [one.GetProp("_Name") for one in found] == ["1", "3", "4"]
    assert canonical(found[0]) == canonical(structure(ASPIRIN)) and found[0].GetConformer().GetNumAtoms() == 13
    assert float(found[0].GetProp("weight")) == pytest.approx(180.16, abs=0.01)


def test_the_notations_are_those_of_the_vocabulary():
    from typing import get_args

    from vae_core.data.text.vocabulary import Vocabulary

    assert get_args(Vocabulary.model_fields["notation"].annotation) == ("", *notation.NOTATIONS)
