"""In which arithmetic a training computes: fp32 or bf16, on one thread or several, measured where it is left to the machine.

bf16 halves the bytes that a product moves, and whether that pays depends on the processor: on some it is half as fast again, on
others, whose units for fp32 are as good, it is slower. So a few real steps are timed in each, and what was faster is kept in the
home's cache for that processor, that version of torch and models of that kind. Threads are timed alike, up to as many as torch may
use. A background worker may use one: the other cores are for the server and for other people's runs, which come at any time;
threads that wait for each other spin, and sums come out differently on another number of them, so that a run could not be resumed
exactly beside other work.
"""

import hashlib
import platform
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import torch
from pydantic import Field

from vae_core.errors import UserError
from vae_core.frozen import Frozen
from vae_core.utils.files import write_whole
from vae_core.utils.paths import home

Precision = Literal["fp32", "bf16"]
BUDGET, ROUNDS = 0.3, 9  # seconds and rounds of measuring, whichever ends first, after a step of each to warm up
WORTH = 0.97  # what is less plain must take less than this share of the plainer one's time


class ComputeSettings(Frozen):
    """The precision of products, and how many threads share them."""

    precision: Precision
    threads: int = Field(ge=1)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let torch compute so, fp32 products by oneDNN's fast path (twice as fast on many CPUs), and undo it afterwards."""
        threads = torch.get_num_threads()
        if self.threads != threads:
            torch.set_num_threads(self.threads)
        try:
            with fast_products():
                yield
        finally:
            if self.threads != threads:
                torch.set_num_threads(threads)


class KeptChoice(Frozen):
    """What was measured once: the choice, and the milliseconds of a step in each, in the order of `choices`."""

    chosen: ComputeSettings
    milliseconds: tuple[float, ...]


TakeStep = Callable[[ComputeSettings], object]


@contextmanager
def fast_products() -> Iterator[None]:
    """Let fp32 matrix products take oneDNN's fast path, and undo it afterwards."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def bf16_is_fast() -> bool:
    """Whether this processor multiplies bfloat16 in hardware."""
    return bool(torch.backends.mkldnn.is_available()) and torch.ops.mkldnn._is_mkldnn_bf16_supported()


def choices(threads: int) -> tuple[ComputeSettings, ...]:
    """What this machine can compute in, the plainest first, on at most so many threads."""
    kinds: tuple[Precision, ...] = ("fp32", "bf16") if bf16_is_fast() else ("fp32",)
    return tuple(
        ComputeSettings(precision=kind, threads=count) for count in dict.fromkeys((1, threads)) for kind in kinds
    )


def choose(kind: object, trial: Callable[[], TakeStep]) -> ComputeSettings:
    """The fastest of the choices for a training of that `kind`, as kept for this host, or measured by real steps and then kept.

    `trial` gives what takes one step in a choice, on something of its own.
    """
    offered = choices(torch.get_num_threads())
    if len(offered) == 1:
        return offered[0]
    words = (kind, processor(), torch.__version__, [choice.model_dump() for choice in offered])
    path = home() / "cache" / f"arithmetic-{hashlib.sha256(repr(words).encode()).hexdigest()[:16]}.json"
    kept = _read(path)
    if kept is not None and kept.chosen in offered:
        return kept.chosen
    took = measure(offered, trial())
    chosen = fastest(took)
    with suppress(OSError):  # where nothing can be kept, it is measured again next time
        milliseconds = tuple(1000 * seconds for seconds in took.values())
        write_whole({path: KeptChoice(chosen=chosen, milliseconds=milliseconds).model_dump_json().encode()})
    return chosen


def measure(offered: tuple[ComputeSettings, ...], step: TakeStep) -> dict[ComputeSettings, float]:
    """The least seconds of a step in each, taken in turns: what disturbs a step on a busy machine only ever adds to it."""
    for choice in offered:  # the first step prepares kernels
        _seconds(choice, step)
    began, took = time.perf_counter(), [[_seconds(choice, step) for choice in offered]]
    while len(took) < ROUNDS and time.perf_counter() - began < BUDGET:
        took.append([_seconds(choice, step) for choice in offered])
    return dict(zip(offered, map(min, zip(*took, strict=True)), strict=True))


def fastest(took: Mapping[ComputeSettings, float]) -> ComputeSettings:
    """The choice that takes the least; one that is less plain must be worth it."""
    best = next(iter(took))
    for choice, seconds in took.items():
        if seconds < WORTH * took[best]:
            best = choice
    return best


def processor() -> str:
    """The processor's model, as exactly as the system tells it."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        told = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
        return " ".join(" ".join(told.get(name, "").split()) for name in _names(told))
    return f"{platform.machine()} {platform.processor()}"


def _names(told: Mapping[str, str]) -> list[str]:
    return [name for name in told if name.strip() in ("model name", "cpu family", "model", "stepping")]


def _seconds(choice: ComputeSettings, step: TakeStep) -> float:
    began = time.perf_counter()
    step(choice)
    return time.perf_counter() - began


def _read(path: Path) -> KeptChoice | None:
    try:
        return KeptChoice.parse(path.read_bytes())
    except (OSError, UserError):
        return None
