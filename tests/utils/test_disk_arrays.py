"""Large arrays are mapped from a file without a name: they cost no memory of the process, and a full disk is a sentence."""

import os
from pathlib import Path

import numpy as np
import pytest
import torch

from vae_core.errors import UserError
from vae_core.utils import disk_arrays
from vae_core.utils.disk_arrays import bytes_array


def own_memory() -> int:
    """Bytes of memory that belong to this process alone."""
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("this system does not say how much memory a process has")
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("RssAnon")]
    return int(line.split()[1]) * 1024


def test_small_arrays_stay_in_memory(tmp_path):
    array = bytes_array((3, 4), tmp_path)
    assert type(array) is np.ndarray and not array.any() and not list(tmp_path.iterdir())


def test_a_large_array_is_filled_and_read_without_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_arrays, "IN_MEMORY", 2**20)
    before = own_memory()
    array = bytes_array((100_000, 28, 28), tmp_path)  # 78 MB
    for at in range(0, len(array), 5000):
        array[at : at + 5000] = at // 5000
    tensor = torch.from_numpy(array)
    rows = torch.randperm(len(tensor), generator=torch.Generator().manual_seed(0))
    for part in rows.split(512):
        assert torch.equal(tensor[part][:, 0, 0].long(), part // 5000)
    assert own_memory() - before < 30 * 2**20
    assert not list(tmp_path.iterdir())  # the file has no name, so nothing is left behind whatever happens


def test_a_full_disk_is_a_sentence(tmp_path, monkeypatch):
    def full(descriptor: int, size: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(disk_arrays, "IN_MEMORY", 2**20)
    monkeypatch.setattr(disk_arrays, "allocate", full)
    with pytest.raises(UserError, match="no room for 76 MB"):
        bytes_array((102_400, 28, 28), tmp_path)
