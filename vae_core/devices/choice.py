"""The devices of this computer: cpu, a GPU of NVIDIA or AMD (cuda), or one of Apple (mps); how one is chosen, and what can fail there.

The scheduler forks its workers, and a process that has begun to use a GPU must not be forked. So the question which devices there are
is put to the driver's management library (NVML), which starts nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.lazy import Lazy

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    torch = Lazy("torch")


SHARE = 0.5  # of a device's free memory that the training data may take


@cache
def available() -> tuple[str, ...]:
    """The kinds of device that this computer has, the fastest first; the last one is always the cpu."""
    os.environ.setdefault("PYTORCH_NVML_BASED_CUDA_CHECK", "1")
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return (*(name for name, is_there in found.items() if is_there), "cpu")


def chosen(name: str) -> torch.device:
    """The device of that name, where "auto" is the fastest one; raises UserError for one that this computer does not have."""
    devices = available()
    if name == "auto":
        return torch.device(devices[0])
    if name not in devices:
        raise UserError(
            "This computer has no device '{name}' that torch can use; it has {devices}: choose one of these, or auto.",
            name=name,
            devices=", ".join(reversed(devices)),
        )
    return torch.device(name)


def device_of(module: torch.nn.Module) -> torch.device:
    """The device on which a model lies: that of its first weight."""
    return next(module.parameters()).device


def fits(x: Tensor, device: torch.device) -> bool:
    """Whether a tensor may be kept on the device, beside a model that needs the greater part of the memory there."""
    if device.type != "cuda":
        return True  # the memory of the cpu and of mps is the computer's own, where x lies already
    free, _ = torch.cuda.mem_get_info(device)
    return x.nbytes <= SHARE * free


def numbers(values: Sequence[Tensor]) -> list[float]:
    """Scalars of one device as numbers, read at once: each reading makes the computer wait for the device."""
    if not values or values[0].device.type == "cpu":
        return [value.item() for value in values]
    found: list[float] = torch.stack([value.detach().float() for value in values]).cpu().tolist()
    return found


def in_full_precision(like: Tensor) -> torch.autocast:
    """A context without autocast, for what half precision would spoil, on the device of `like`."""
    return torch.autocast(like.device.type, enabled=False)


def failure_on(device: torch.device, error: Exception, batch_size: int) -> Message | None:
    """Why a device failed, and what to do; None where the error is not one of the device."""
    said = str(error)
    if isinstance(error, torch.OutOfMemoryError) or "backend out of memory" in said:
        if batch_size == 1:
            return Message(
                "The memory of the device {device} is full: choose smaller layers, or the cpu.", device=device.type
            )
        return Message(
            'The memory of the device {device} is full: try the batch size {smaller}. With "Accumulate" at twice its value the '
            "training is the same.",
            device=device.type,
            smaller=batch_size // 2,
        )
    if device.type == "mps" and (isinstance(error, NotImplementedError) or "float64" in said):
        return Message(
            "The device {device} lacks an operation that this model needs: choose the cpu.", device=device.type
        )
    if device.type == "cuda" and ("CUDA error" in said or "CUDA driver" in said):
        return Message(
            "The device {device} failed ({said}): choose the cpu, or look at its driver.",
            device=device.type,
            said=said.partition("\n")[0][:200],
        )
    return None


def note_on(devices: Iterable[str]) -> Message | None:
    """What to know of a training that computed on these kinds of device, in order; None for a single one."""
    first, *others = dict.fromkeys(devices)
    if not others:
        return None
    return Message(
        "Begun on {first}, resumed on {others}: devices round and draw noise differently, so the result is not bit for bit that "
        "of one device.",
        first=first,
        others=", ".join(others),
    )
