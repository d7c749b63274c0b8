"""What the owner of the computer names may be larger than an upload, and than the memory; nothing else may."""

import os

import numpy as np
import pytest
import torch

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.utils import disk_arrays, limits
from vae_core.utils.paths import is_named, name_folder, named_folders


@pytest.fixture(autouse=True)
def _small(monkeypatch, home):
    """Limits that a few hundred pictures pass; what is named is forgotten afterwards."""
    monkeypatch.setattr(limits, "MOST", 100)
    monkeypatch.setattr(disk_arrays, "IN_MEMORY", 2**10)
    monkeypatch.setenv("LATENT_FOLDERS", "")


@pytest.fixture
def pictures(tmp_path):
    folder = tmp_path / "scans"
    folder.mkdir()
    x = np.random.default_rng(0).integers(0, 256, (500, 12, 12), np.uint8)
    np.save(folder / "all.npy", x)
    return folder, x


def test_only_what_is_named_may_be_large(pictures, tmp_path):
    folder, x = pictures
    config = DataConfig(dataset="pictures", path=str(folder / "all.npy"))
    with pytest.raises(UserError, match="more than 100 pictures"):
        load(config)
    name_folder(folder)
    data = load(config)
    parts = torch.cat([data.train.x, data.val.x, data.test.x]).numpy()[:, 0]
    assert sorted(one.tobytes() for one in parts) == sorted(one.tobytes() for one in x)
    assert isinstance(np.asarray(data.train.x.numpy()), np.ndarray) and len(data.train) == 400
    np.save(tmp_path / "other.npy", x)
    with pytest.raises(UserError, match="more than 100 pictures"):
        load(config.replace(path=str(tmp_path / "other.npy")))


def test_a_link_out_of_a_named_folder_is_not_named(pictures, tmp_path):
    folder, x = pictures
    np.save(tmp_path / "secret.npy", x)
    (folder / "link.npy").symlink_to(tmp_path / "secret.npy")
    name_folder(folder)
    assert (
        is_named(folder / "all.npy")
        and not is_named(folder / "link.npy")
        and not is_named(folder / ".." / "secret.npy")
    )


def test_folders_are_known_by_their_last_name(pictures, tmp_path):
    folder, _ = pictures
    name_folder(folder)
    name_folder(folder)
    assert named_folders() == {"scans": folder.resolve()} and os.environ["LATENT_FOLDERS"] == str(folder.resolve())
