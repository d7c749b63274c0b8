"""A checkpoint is loaded as it was saved, and anything damaged or foreign is refused in one sentence."""

import io
import json
import pickle
import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.helpers.preset_helpers import OF_NUMBERS
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.metrics import evaluate
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.presets.papers import PRESETS
from vae_core.training.fit import fit
from vae_core.utils.files import write_atomically

DIGITS = load(DataConfig())


def trained(folder, name="vae"):
    own = "latent_dim" in dict(PRESETS[name].changes) or name == "vq-vae"  # whose grid gives the code its size
    size = {} if own else {"latent_dim": 3}
    run = build_run(name, DataConfig(), DIGITS.shape, 10, hidden=(16,), epochs=1, **size)
    vae = build(run.model, 0)
    *_, done = fit(vae, DIGITS, run, folder=folder)
    return vae, run, done


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoint") / "model"
    trained(folder)
    return folder


@pytest.fixture
def copy(original, tmp_path):
    return shutil.copytree(original, tmp_path / "copy")


@pytest.mark.parametrize("name", OF_NUMBERS)
def test_every_preset_is_saved_and_loaded_unchanged(tmp_path, name):
    vae, run, done = trained(tmp_path / "model", name)
    back = checkpoints.load(tmp_path / "model")
    y = DIGITS.test.labels[:5] if run.model.classes else None
    x = DIGITS.test.x[:5] / 255
    assert torch.equal(vae.reconstruct(x, y), back.vae.reconstruct(x, y))
    assert back.info.run == run and back.info.figures == done.figures == evaluate(back.vae, DIGITS.test)
    assert back.info.classes == DIGITS.classes and np.array_equal(back.latents.labels, DIGITS.test.labels.numpy())
    mean, _ = Explorer(back).encode(DIGITS.test.x.numpy(), DIGITS.test.labels.numpy())
    np.testing.assert_allclose(mean, back.latents.mean, atol=1e-5)


def change_run_json(path, **changes):
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def drop_tensor(folder):
    tensors = load_file(folder / "weights.safetensors")
    tensors.pop("encoder.layers.0.weight")
    save_file(tensors, folder / "weights.safetensors")


def add_tensor(folder):
    save_file({**load_file(folder / "weights.safetensors"), "extra": torch.zeros(2)}, folder / "weights.safetensors")


def reshape_tensor(folder):
    tensors = load_file(folder / "weights.safetensors")
    save_file({**tensors, "encoder.layers.0.bias": torch.zeros(3)}, folder / "weights.safetensors")


def other_weights(folder):
    tensors = load_file(folder / "weights.safetensors")
    save_file({name: tensor + 1 for name, tensor in tensors.items()}, folder / "weights.safetensors")


def unknown_setting(folder):
    config = json.loads((folder / "run.json").read_text())["config"]
    config["model"]["wings"] = 2
    change_run_json(folder / "run.json", config=config)


def pickled_latents(folder):
    archive = io.BytesIO()
    np.savez(archive, mean=np.array([{"a": 1}], dtype=object), scale=np.zeros(1), labels=np.zeros(1))
    (folder / "latents.npz").write_bytes(archive.getvalue())


DAMAGE = {
    "truncated weights": (
        lambda f: (f / "weights.safetensors").write_bytes((f / "weights.safetensors").read_bytes()[:999]),
        "truncated",
    ),
    "pickled weights": (
        lambda f: (f / "weights.safetensors").write_bytes(pickle.dumps({"a": 1})),
        "not a safetensors file",
    ),
    "no weights": (lambda f: (f / "weights.safetensors").unlink(), "missing"),
    "missing tensor": (drop_tensor, "lacks the tensor 'encoder.layers.0.weight'"),
    "unknown tensor": (add_tensor, "holds a tensor 'extra'"),
    "wrong shape": (reshape_tensor, r"has shape \(3,\), not \(16,\)"),
    "weights of another training": (other_weights, "is not the file that run.json describes"),
    "newer version": (lambda f: change_run_json(f / "run.json", format=99), "newer version"),
    "unknown setting": (unknown_setting, "wings"),
    "no format": (lambda f: change_run_json(f / "run.json", format=None), "no format number"),
    "no figures": (lambda f: change_run_json(f / "run.json", figures=None), "damaged"),
    "not JSON": (lambda f: (f / "run.json").write_text("{"), "not JSON"),
    "no run.json": (lambda f: (f / "run.json").unlink(), "missing"),
    "truncated latents": (
        lambda f: (f / "latents.npz").write_bytes((f / "latents.npz").read_bytes()[:99]),
        "truncated",
    ),
    "objects in latents": (pickled_latents, "not an archive of codes"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_refused_in_one_sentence_that_names_the_file(copy, kind):
    damage, says = DAMAGE[kind]
    damage(copy)
    with pytest.raises(UserError, match=says) as caught:
        checkpoints.load(copy)
    assert "\n" not in str(caught.value) and str(copy) in str(caught.value)


def test_find_lists_valid_checkpoints_only(copy):
    (copy.parent / "broken").mkdir()
    (copy.parent / "broken" / "run.json").write_text("[]")
    assert [info.name for info in checkpoints.find(copy.parent, copy.parent / "nowhere")] == ["copy"]


def test_a_failed_save_leaves_the_old_checkpoint_unchanged(tmp_path):
    old, wall = tmp_path / "old", tmp_path / "wall"
    old.write_bytes(b"old")
    wall.write_bytes(b"a file, not a folder")
    with pytest.raises(OSError):
        write_atomically({old: b"new", wall / "below": b"new"})
    assert old.read_bytes() == b"old" and sorted(p.name for p in tmp_path.iterdir()) == ["old", "wall"]
