"""Numerical precision and thread count of a training: fp32 or bf16, on one thread or several; "auto" measures which is fastest.

bf16 halves the memory traffic of a matrix product. Whether this is faster depends on the processor: on some it is 1.5 times as
fast, on others it is slower than fp32. Therefore "auto" times a few real steps with each setting and caches the fastest in the home
folder, for this processor, this version of torch and models of this kind. Thread counts are timed in the same way, up to torch's
own limit. A background worker uses one thread: the other cores serve the pages and other runs, waiting threads waste processor
time, and sums depend on the number of threads, so that a run could not resume exactly. On a GPU only the precision is timed.
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
from vae_core.utils.files import write_atomically
from vae_core.utils.paths import home

Precision = Literal["fp32", "bf16"]
CPU = torch.device("cpu")
# Seconds and rounds of measuring, whichever ends first, after one warm-up step with each setting.
BUDGET, ROUNDS = 0.3, 9
NEEDED_GAIN = 0.97  # a later setting is chosen only where it takes less than this share of the earlier one's time


class ComputeSettings(Frozen):
    """The precision of matrix products and the number of threads."""

    precision: Precision
    threads: int = Field(ge=1)

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Use these settings inside the `with` block, with oneDNN's fast fp32 products (twice as fast on many CPUs)."""
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
    """A cached measurement: the chosen settings, and the milliseconds of a step with each of `available_settings`."""

    chosen: ComputeSettings
    milliseconds: tuple[float, ...]


TakeStep = Callable[[ComputeSettings], object]


@contextmanager
def fast_products() -> Iterator[None]:
    """Use oneDNN's fast path for fp32 matrix products inside the `with` block."""
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("medium")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def bf16_is_fast(device: torch.device = CPU) -> bool:
    """Whether this processor, or this GPU, multiplies bfloat16 in hardware."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu":
        return False
    return bool(torch.backends.mkldnn.is_available()) and torch.ops.mkldnn._is_mkldnn_bf16_supported()


def available_settings(threads: int, device: torch.device = CPU) -> tuple[ComputeSettings, ...]:
    """All settings that this machine supports with at most so many threads, fp32 on one thread first."""
    kinds: tuple[Precision, ...] = ("fp32", "bf16") if bf16_is_fast(device) else ("fp32",)
    counts = dict.fromkeys((1, threads)) if device.type == "cpu" else (threads,)
    return tuple(ComputeSettings(precision=kind, threads=count) for count in counts for kind in kinds)


def choose_settings(kind: object, trial: Callable[[], TakeStep], device: torch.device = CPU) -> ComputeSettings:
    """The fastest settings for trainings of that `kind`: from this machine's cache, or measured on real steps and then cached.

    `trial` returns a function that takes one training step with given settings, on a copy of the model.
    """
    offered = available_settings(torch.get_num_threads(), device)
    if len(offered) == 1:
        return offered[0]
    key = (
        kind,
        torch.cuda.get_device_name(device) if device.type == "cuda" else processor(),
        torch.__version__,
        [choice.model_dump() for choice in offered],
    )
    path = home() / "cache" / f"arithmetic-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.json"
    kept = _read(path)
    if kept is not None and kept.chosen in offered:
        return kept.chosen
    took = measure(offered, trial())  # a step ends with a number read from the device, so that it is timed whole
    chosen = fastest_settings(took)
    with suppress(OSError):  # where the cache cannot be written, the next training measures again
        milliseconds = tuple(1000 * seconds for seconds in took.values())
        write_atomically({path: KeptChoice(chosen=chosen, milliseconds=milliseconds).model_dump_json().encode()})
    return chosen


def measure(offered: tuple[ComputeSettings, ...], step: TakeStep) -> dict[ComputeSettings, float]:
    """The shortest time of a step with each setting, in seconds, taken in turns: other load can only lengthen a step."""
    for choice in offered:  # the first step prepares kernels
        _seconds(choice, step)
    began, took = time.perf_counter(), [[_seconds(choice, step) for choice in offered]]
    while len(took) < ROUNDS and time.perf_counter() - began < BUDGET:
        took.append([_seconds(choice, step) for choice in offered])
    return dict(zip(offered, map(min, zip(*took, strict=True)), strict=True))


def fastest_settings(took: Mapping[ComputeSettings, float]) -> ComputeSettings:
    """The fastest settings; a later one must be faster than the earlier ones by NEEDED_GAIN."""
    best = next(iter(took))
    for choice, seconds in took.items():
        if seconds < NEEDED_GAIN * took[best]:
            best = choice
    return best


def processor() -> str:
    """The processor's model, as exactly as the operating system names it."""
    with suppress(OSError):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
        fields = dict(line.split(":", 1) for line in reversed(lines) if ":" in line)
        return " ".join(" ".join(fields[name].split()) for name in _model_fields(fields))
    return f"{platform.machine()} {platform.processor()}"


def _model_fields(fields: Mapping[str, str]) -> list[str]:
    return [name for name in fields if name.strip() in ("model name", "cpu family", "model", "stepping")]


def _seconds(choice: ComputeSettings, step: TakeStep) -> float:
    began = time.perf_counter()
    step(choice)
    return time.perf_counter() - began


def _read(path: Path) -> KeptChoice | None:
    try:
        return KeptChoice.parse(path.read_bytes())
    except (OSError, UserError):
        return None
