"""The optional parts of the app that `make run EXTRAS=...` installs."""

import tomllib

import pytest

from tests.conftest import ROOT
from tools import extras


def test_the_requirements_are_those_of_pyproject():
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert {*extras.FOR_PEOPLE} == known.keys() - {"docs", "test"}
    assert extras.requirements("molecules, umap") == [*known["molecules"], *known["umap"]]
    assert {one for name in ("compression", "molecules") for one in known[name]} <= {
        *known["test"]
    }  # so that they are tested


def test_an_unknown_extra_is_a_sentence():
    with pytest.raises(
        SystemExit,
        match="there is no extra 'molecule': choose from cluster, compression, heic, jupyter, molecules, names, umap",
    ):
        extras.requirements("molecule")
