"""First names: each once, as letters, with the sex that more people of the name had; or a sentence where their library is missing."""

from importlib.metadata import PackageNotFoundError

import pytest

from vae_core.config import DataConfig
from vae_core.data import DATASETS, load
from vae_core.data.text import names
from vae_core.errors import UserError

NEEDS_NAMES = pytest.mark.skipif(not names.NAMES.available(None), reason="the extra names is not installed")


@NEEDS_NAMES
def test_each_name_is_in_one_split_once_with_its_sex():
    data = load(DataConfig(dataset="names"))
    found = {}
    for split in (data.train, data.val, data.test):
        texts = data.vocabulary.sentences(split.x.numpy())
        assert len({*texts}) == len(texts) and not {*texts} & {*found}
        found |= dict(zip(texts, split.labels.tolist(), strict=True))
    assert len(found) == 5163 and f"{len(found):,} first names" in DATASETS["names"].summary
    assert data.classes == names.SEXES
    assert [names.SEXES[found[name]] for name in ("Mary", "Anna", "Jessie", "John", "Leslie")] == [
        *("female", "female", "female", "male", "female"),
    ]
    assert data.vocabulary.pieces("Anna") == [*"Anna"]


def test_without_the_library_a_sentence_names_the_command(monkeypatch):
    def absent(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(names, "distribution", absent)
    with pytest.raises(UserError, match=r"pip install 'vae-explorer\[names\]'.*EXTRAS=names"):
        load(DataConfig(dataset="names"))
