"""A second device, "twin", for computers without a GPU: its tensors compute on the cpu, but do not mix with those of the cpu.

So a training on it must give the numbers of the cpu, and code that forgets to move a tensor fails, as on a GPU. What a GPU allows is
allowed here: numbers (tensors without dimensions) and indices of the cpu beside tensors of the device. torch counts the devices when a
process computes its first gradient, so `second_device` must be entered before that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.backend_registration import _DummyBackendModule, _setup_privateuseone_for_python_backend

aten = torch.ops.aten
MOVES = (aten._to_copy.default, aten.copy_.default)
WITH_INDICES = (aten.index.Tensor, aten.index_put_.default, aten.index_put.default, aten._index_put_impl_.default)


class DevicesMix(RuntimeError):
    """An operation was given tensors of both devices."""


class _Backend(_DummyBackendModule):
    def get_amp_supported_dtype(self) -> list[torch.dtype]:
        return [torch.bfloat16]


@cache
def _register() -> torch.device:
    _setup_privateuseone_for_python_backend("twin", backend_module=_Backend())
    LIBRARY.impl("empty_strided", _empty, "PrivateUse1")
    LIBRARY.impl("_copy_from", _copy, "PrivateUse1")
    return torch.device("twin", 0)


# What torch calls without asking a tensor where it makes one of a list on the device, as for an index.
LIBRARY = torch.library.Library("aten", "IMPL")


def _empty(size: Any, stride: Any, **options: Any) -> Tensor:
    return Twin(torch.empty_strided(size, stride, dtype=options.get("dtype")))


def _copy(source: Tensor, target: Tensor, non_blocking: bool = False) -> Tensor:
    _plain(target).copy_(_plain(source))
    return target


class Twin(Tensor):
    """A tensor of the second device; `inner` holds its numbers on the cpu."""

    inner: Tensor

    @staticmethod
    def __new__(cls, inner: Tensor) -> "Twin":
        layout = {"strides": inner.stride(), "storage_offset": inner.storage_offset(), "dtype": inner.dtype}
        made = Tensor._make_wrapper_subclass(cls, inner.shape, **layout, device=_register())
        made.inner = inner
        return made

    def __repr__(self) -> str:  # type: ignore[override]
        return f"Twin({self.inner})"

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _computed(func, args, kwargs or {})


def _gru(gates: Tensor, more: Tensor, state: Tensor, bias: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    """The next state of a GRU, and what its gradient needs: torch chooses a fused cell on every device but the cpu, which has none."""
    (r, z, n), (hr, hz, hn) = (gates + bias).chunk(3, 1), (more + other).chunk(3, 1)
    reset, keep = (r + hr).sigmoid(), (z + hz).sigmoid()
    new = (n + reset * hn).tanh()
    return new + keep * (state - new), torch.cat([reset, keep, new, state, hn], 1)


def _gru_backward(slope: Tensor, kept: Tensor, has_bias: bool) -> tuple[Tensor, ...]:
    reset, keep, new, state, hn = kept.chunk(5, 1)
    of_new = slope * (1 - keep) * (1 - new.square())
    of_reset, of_keep = of_new * hn * reset * (1 - reset), slope * (state - new) * keep * (1 - keep)
    gates, more = torch.cat([of_reset, of_keep, of_new], 1), torch.cat([of_reset, of_keep, of_new * reset], 1)
    return gates, more, slope * keep, gates.sum(0), more.sum(0)


REPLACED = {aten._thnn_fused_gru_cell.default: _gru, aten._thnn_fused_gru_cell_backward.default: _gru_backward}


def _computed(func: Any, args: Any, kwargs: Any) -> Any:
    tensors = [one for one in tree_leaves((args, kwargs)) if isinstance(one, Tensor)]
    has_twin = any(isinstance(one, Twin) for one in tensors)
    asked = kwargs.get("device")
    if not has_twin and (asked is None or torch.device(asked).type != "twin"):
        return func(*args, **kwargs)
    checked = [args[0], *args[2:3]] if func in WITH_INDICES else tensors
    if has_twin and func not in MOVES and not all(isinstance(one, Twin) or not one.dim() for one in checked):
        raise DevicesMix(f"{func} was given tensors of the cpu beside those of the device.")
    target = isinstance(args[0], Twin) if func is aten.copy_.default else has_twin
    on_twin = target if asked is None else torch.device(asked).type == "twin"
    plain_args, plain = tree_map(_plain, (args, kwargs))
    if asked is not None:
        plain["device"] = torch.device("cpu") if on_twin else asked
    found = REPLACED.get(func, func)(*plain_args, **plain)
    if not on_twin:
        return args[0] if func is aten.copy_.default else found
    found = tree_map(lambda one: Twin(one) if isinstance(one, Tensor) else one, found)
    return return_and_correct_aliasing(func, args, kwargs, found)


def _plain(value: Any) -> Any:
    return value.inner if isinstance(value, Twin) else value


class _Factories(TorchDispatchMode):
    """Makes tensors on the device where it is asked for by name."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _computed(func, args, kwargs or {})


@contextmanager
def second_device(monkeypatch: Any) -> Iterator[torch.device]:
    """Inside, this computer has the device "twin", which "auto" chooses; its random numbers are those of the cpu."""
    device = _register()
    monkeypatch.setattr("vae_core.devices.choice.available", lambda: ("twin", "cpu"))
    monkeypatch.setattr("vae_core.devices.noise.seeded", lambda device, seed: torch.Generator().manual_seed(seed))
    monkeypatch.setattr("vae_core.training.saved_state.KINDS", ("cpu", "twin"))
    with _Factories():
        yield device
