"""With any damage to a checkpoint's files, opening it works or fails in one sentence, fast and with little memory."""

import resource
import shutil
import time
import tracemalloc
import zipfile

import numpy as np
import pytest
import torch

from tests.checkpoints.test_checkpoints import trained
from tools.damaged_checkpoints import damaged_copies
from tools.forged_checkpoints import update_hashes
from vae_core import checkpoints
from vae_core.errors import UserError

CASES, SECONDS, MEGABYTES = 500, 20.0, 600


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "model"
    trained(folder)
    return folder


def test_opening_a_damaged_checkpoint_fails_with_a_user_error_or_gives_what_its_types_promise(original, tmp_path):
    opened, refused, before = 0, 0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for name, folder in damaged_copies(original, tmp_path, seed=0, count=CASES):
        began = time.monotonic()
        try:
            kept(checkpoints.load(folder), name)
            opened += 1
        except UserError as error:
            assert "\n" not in str(error) and str(folder) in str(error) and len(str(error)) < 1000, (name, str(error))
            refused += 1
        assert time.monotonic() - began < SECONDS, name
    assert opened + refused == CASES and opened > CASES / 50 and refused > CASES / 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MEGABYTES * 1024  # kilobytes


def kept(found: checkpoints.Checkpoint, name: str) -> None:
    """The properties of a loaded checkpoint on which pages rely."""
    info, latents = found.info, found.latents
    numbers = [value for value in info.figures.values() if value is not None]
    assert all(type(value) in (int, float) and np.isfinite(value) for value in numbers), name
    assert all(type(value) in (int, float) for value in (info.figures["distortion"], info.figures["images"])), name
    assert info.run.model.posterior == "point" or info.figures["elbo"] is not None, name
    assert all(value is None or type(value) in (str, int, float, bool) for value in info.training.values()), name
    assert all(type(text) is str and text.encode() is not None for text in (*info.classes, info.title)), name
    assert all(len(value) == 64 for value in info.hashes.values()) and len(info.hashes) == 2, name
    size = (len(latents.labels), info.run.model.latent_dim)
    assert latents.mean.shape == latents.scale.shape == size and size[0] > 0, name
    assert (latents.mean.dtype, latents.scale.dtype, latents.labels.dtype) == (np.float32, np.float32, np.int64), name
    assert np.isfinite(latents.mean).all() and (latents.scale >= 0).all() and latents.labels.min() >= 0, name
    assert latents.labels.max() < max(len(info.classes), info.run.model.classes, 1), name
    assert all(torch.isfinite(tensor).all() for tensor in found.vae.state_dict().values()), name


def test_a_header_of_declared_gigabytes_is_not_read(original, tmp_path):
    folder = shutil.copytree(original, tmp_path / "long")
    with zipfile.ZipFile(folder / "latents.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mean.npy", b"\x93NUMPY\x02\x00" + b"\xff" * 4 + bytes(2**26))
    update_hashes(folder)
    tracemalloc.start()
    with pytest.raises(UserError, match="header"):
        checkpoints.load(folder)
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def test_the_same_seed_damages_the_same_way(original, tmp_path):
    def content(into):
        return [
            (
                name,
                [
                    path.read_bytes()
                    for path in sorted(folder.iterdir())
                    if path.is_file() and path.stat().st_size < 2**30
                ],
            )
            for name, folder in damaged_copies(original, into, seed=3, count=8)
        ]

    assert content(tmp_path / "a") == content(tmp_path / "b")
