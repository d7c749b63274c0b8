"""What is kept of a checkpoint on disk: it is found again by another start, and never where anything of it has changed."""

import shutil

import numpy as np
import pytest
import torch

from vae_core import checkpoints
from vae_core.errors import UserError
from vae_core.explore.explorer import Explorer
from vae_core.export import kept as kept_files
from vae_core.export.kept import anything_kept, kept
from vae_core.utils.lazy import without_gradient
from vae_ui.stage import model_block

NAME = "digits-vae-2d"


@pytest.fixture
def copy(tmp_path, home):
    return shutil.copytree(checkpoints.bundled() / NAME, tmp_path / "copy")


class Maker:
    """Makes another content each time, so that it shows whether it was asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> bytes:
        self.times += 1
        return f"made {self.times}".encode()


def entries(home):
    return sorted((home / "cache" / "drawn").glob("*.bin"))


def test_an_entry_is_made_once(copy, home):
    info, make = checkpoints.info(copy), Maker()
    assert not anything_kept()
    assert [kept(info, "a", make), kept(info, "a", make), kept(info, "b", make)] == [b"made 1", b"made 1", b"made 2"]
    assert anything_kept() and len(entries(home)) == 2


@pytest.mark.parametrize(
    "damage",
    [lambda data: data[:-1], lambda data: b"", lambda data: data[:40] + b"X" + data[41:]],
    ids=["cut short", "empty", "a byte changed"],
)
def test_a_damaged_entry_is_made_again(copy, home, damage):
    info, make = checkpoints.info(copy), Maker()
    kept(info, "a", make)
    (path,) = entries(home)
    path.write_bytes(damage(path.read_bytes()))
    assert [kept(info, "a", make), kept(info, "a", make)] == [b"made 2", b"made 2"]


def test_a_checkpoint_that_was_written_again_has_other_entries(copy):
    info, make = checkpoints.info(copy), Maker()
    kept(info, "a", make)
    path = copy / checkpoints.RUN
    path.write_text(path.read_text().replace('"format": 1', '"format":  1'))
    assert kept(info, "a", make) == b"made 2"


def test_other_code_has_other_entries(copy, monkeypatch):
    info, make = checkpoints.info(copy), Maker()
    kept(info, "a", make)
    monkeypatch.setattr(kept_files, "_code", lambda: "other")
    assert kept(info, "a", make) == b"made 2"


def test_the_oldest_entries_go_where_all_take_too_much(copy, home, monkeypatch):
    monkeypatch.setattr(kept_files, "MOST", 100)  # an entry below has 32 + 6 bytes
    info, make = checkpoints.info(copy), Maker()
    for name in "abcd":
        kept(info, name, make)
    assert len(entries(home)) == 2
    assert [kept(info, name, make) for name in "dca"] == [b"made 4", b"made 3", b"made 5"]


def test_a_home_that_cannot_be_written_keeps_nothing(copy, home):
    (home / "cache").write_text("a file where the folder should be")
    assert kept(checkpoints.info(copy), "a", Maker()) == b"made 1"


def test_a_model_in_memory_alone_keeps_nothing(copy, home):
    info = checkpoints.info(copy)
    shutil.rmtree(copy)
    assert kept(info, "a", Maker()) == b"made 1" and entries(home) == []


def test_a_model_that_is_known_is_opened_without_its_network(copy, home):
    first, again = Explorer.for_browser(copy), Explorer.for_browser(copy)
    assert "_network" in vars(first) and "_network" not in vars(again)
    assert first.parameters == again.parameters == Explorer.open(copy).parameters
    whole = Explorer.open(copy).as_in_browser()
    assert np.array_equal(again.rates(), whole.rates()) and again.has_density == whole.has_density
    assert "_network" not in vars(again)
    z = whole.latents.mean[:5]
    np.testing.assert_array_equal(again.decode(z), whole.decode(z))  # loaded inside of inference mode, used outside
    assert model_block(again.exported()).blob == model_block(whole.exported()).blob


def test_a_network_that_was_never_loaded_is_loaded_at_once(copy):
    state = {name: tensor.clone() for name, tensor in checkpoints.load(copy).vae.state_dict().items()}
    found = checkpoints.load(copy)
    state["encoder.layers.0.weight"][:] = 3e38
    found.vae.load_state_dict(state)
    checkpoints.save(copy, found.vae, found.info.run, found.info.figures, found.latents, found.info.classes)
    with pytest.raises(UserError, match="NaN or infinite"):
        Explorer.for_browser(copy)


def test_weights_of_another_model_are_refused_though_the_model_is_known(copy):
    Explorer.for_browser(copy)
    path = copy / checkpoints.WEIGHTS
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match=r"is not the file that run\.json describes"):
        Explorer.for_browser(copy)


def test_a_model_that_is_written_again_is_not_mixed_with_the_new_one(copy):
    Explorer.for_browser(copy)
    known = Explorer.for_browser(copy)
    shutil.rmtree(copy)
    shutil.copytree(checkpoints.bundled() / "digits-ae-2d", copy)
    with pytest.raises(UserError, match="written again"):
        known.decode(known.latents.mean[:1])


def test_without_gradient_is_inference_mode_for_the_call_alone():
    @without_gradient
    def inside(x: torch.Tensor) -> tuple[bool, torch.Tensor]:
        return torch.is_inference_mode_enabled(), x * 2

    enabled, made = inside(torch.ones(1, requires_grad=True))
    assert enabled and not made.requires_grad and not torch.is_inference_mode_enabled()
