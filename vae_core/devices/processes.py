"""One training over several processes, on one computer or several: each takes its rows of every batch, and gradients are summed.

`torchrun --nproc-per-node 2 -m vae_core train ...` starts the processes; torch.distributed connects them, by gloo on cpus and by nccl
on GPUs. Every process draws the noise of the whole batch and keeps that of its own rows, so that the steps are those of one process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import distributed, nn

from vae_core.devices.noise import OfRows
from vae_core.errors import UserError

SET_BY_TORCHRUN = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT")


@dataclass(frozen=True)
class Processes:
    """The processes that train one model together: this one's number from 0, how many there are, and its number on its computer."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0

    @property
    def is_first(self) -> bool:
        """Whether this is the process that writes files, prints and records."""
        return self.rank == 0

    def own(self, device: torch.device) -> torch.device:
        """The device of this process: of several GPUs the one with its own number."""
        if self.count == 1 or device.type == "cpu":
            return device
        there = torch.cuda.device_count() if device.type == "cuda" else 1
        if self.local_rank >= there or device.type != "cuda":
            raise UserError(
                "Each process needs a GPU of its own, and this computer has {there} '{device}': start at most {there}, or "
                "choose the cpu.",
                there=there,
                device=device.type,
            )
        torch.cuda.set_device(self.local_rank)
        return torch.device("cuda", self.local_rank)

    def noise(self, device: torch.device, seed: int) -> OfRows:
        """A generator whose numbers for a batch can be limited to some rows of it."""
        generator = OfRows(device)
        generator.manual_seed(seed)
        return generator

    def rows(self, images: int) -> slice:
        """This process's rows of a batch of so many images: the first ones where there are fewer images than processes."""
        start, end = (images * number // self.count for number in (self.rank, self.rank + 1))
        return slice(start, end) if end > start else slice(0, 1)

    def share(self, images: int) -> float:
        """How much this process's rows count in the mean over the batch; 0 where another one has them too."""
        start, end = (images * number // self.count for number in (self.rank, self.rank + 1))
        return (end - start) / images

    def summed(self, parameters: Sequence[nn.Parameter], numbers: Sequence[float]) -> list[float]:
        """Sum the gradients of the parameters, in place, and these numbers, over all processes, in one exchange."""
        slopes = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([*(slope.flatten() for slope in slopes), slopes[0].new_tensor(list(numbers))])
        try:
            distributed.all_reduce(flat)
        except RuntimeError as error:
            raise UserError(
                "Another process of this training has ended or cannot be reached: look at what it printed, then start again "
                "with --resume."
            ) from error
        *parts, found = flat.split([*(slope.numel() for slope in slopes), len(numbers)])
        for slope, part in zip(slopes, parts, strict=True):
            slope.copy_(part.view_as(slope))
        return found.tolist()


ALONE = Processes()


def started() -> int:
    """How many processes torchrun started together, this one included; 1 without it."""
    return int(os.environ["WORLD_SIZE"]) if all(name in os.environ for name in SET_BY_TORCHRUN) else 1


@contextmanager
def joined(device: torch.device) -> Iterator[Processes]:
    """The processes that torchrun started together with this one, connected; ALONE without it."""
    if started() == 1:
        yield ALONE
        return
    distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")
    try:
        yield Processes(distributed.get_rank(), distributed.get_world_size(), int(os.environ["LOCAL_RANK"]))
    finally:
        distributed.destroy_process_group()
