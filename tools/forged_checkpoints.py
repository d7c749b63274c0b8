"""Writes checkpoints with forged arrays, tensors or settings, whose hashes are valid; used by `damaged_checkpoints` and tests."""

import hashlib
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load as load_tensors
from safetensors.numpy import save as tensor_bytes

RUN, WEIGHTS, LATENTS = FILES = ("run.json", "weights.safetensors", "latents.npz")


def change_run_json(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the values of run.json."""
    document = json.loads((folder / RUN).read_text())
    change(document)
    (folder / RUN).write_text(json.dumps(document))


def update_hashes(folder: Path) -> None:
    """Update the hashes in run.json to the present files, as an attacker would."""
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, LATENTS)}
    change_run_json(folder, lambda document: document.update(sha256=sums))


def replace_latents(folder: Path, **changes: Any) -> None:
    """Replace arrays of latents.npz."""
    with np.load(folder / LATENTS) as archive:
        arrays = {**archive, **changes}
    content = io.BytesIO()
    np.savez(content, **arrays)
    (folder / LATENTS).write_bytes(content.getvalue())
    update_hashes(folder)


def change_weights(folder: Path, change: Callable[[dict[str, np.ndarray]], None]) -> None:
    """Change the tensors of the weights file."""
    tensors = {name: np.array(tensor) for name, tensor in load_tensors((folder / WEIGHTS).read_bytes()).items()}
    change(tensors)
    (folder / WEIGHTS).write_bytes(tensor_bytes(tensors))
    update_hashes(folder)


def declare_huge_tensor(folder: Path, chance: random.Random) -> None:
    """A safetensors header that declares a huge size of itself or of a tensor."""
    data = (folder / WEIGHTS).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    name = chance.choice([key for key in header if key != "__metadata__"])
    if chance.random() < 0.3:
        data = struct.pack("<Q", chance.choice((0, 2**63, 2**40, size + 1))) + data[8:]
    else:
        changes = {
            "shape": [10**6, 10**6],
            "dtype": chance.choice(("F64", "BOOL", "F8_E4M3", "X", "I64", "BF16")),
            "data_offsets": [0, 2**50],
        }
        key = chance.choice(list(changes))
        header[name][key] = changes[key]
        text = json.dumps(header).encode()
        data = struct.pack("<Q", len(text)) + text + data[8 + size :]
    (folder / WEIGHTS).write_bytes(data)
    update_hashes(folder)


def declare_huge_array(folder: Path, chance: random.Random) -> None:
    """An .npy header that declares a huge array or another type."""
    content = io.BytesIO()
    np.savez(
        content, mean=np.zeros((40, 2), np.float32), scale=np.ones((40, 2), np.float32), labels=np.zeros(40, np.int16)
    )
    data = content.getvalue()
    old = b"'shape': (40, 2)"
    new = chance.choice((b"'shape':(9**18,)", b"'shape': (-4,-2)", b"'shape': (99999", b"'descr':  object"))
    big = b"'shape': (99999999999, 2), }"
    data = data.replace(old + b", }" + b" " * 12, big, 1) if chance.random() < 0.5 else data.replace(old, new, 1)
    (folder / LATENTS).write_bytes(data)
    update_hashes(folder)


def decompression_bomb(folder: Path, chance: random.Random) -> None:
    """Codes of 1 GB that are compressed to 1 MB."""
    with zipfile.ZipFile(folder / LATENTS, "w", zipfile.ZIP_DEFLATED) as archive:
        head = io.BytesIO()
        np.lib.format.write_array_header_1_0(head, {"descr": "<f4", "fortran_order": False, "shape": (10**8, 2)})
        with archive.open("mean.npy", "w") as file:
            file.write(head.getvalue())
            for _ in range(16):
                file.write(bytes(2**20))
    update_hashes(folder)


def non_finite_weights(folder: Path, chance: random.Random) -> None:
    """Weights that are NaN, infinite, or far too large."""

    def change(tensors: dict[str, np.ndarray]) -> None:
        tensor = tensors[chance.choice(sorted(tensors))]
        if chance.random() < 0.5:
            tensor[:] = chance.choice((np.nan, np.inf, 1e38, -3e38, 1e20))
        else:
            tensor.reshape(-1)[chance.randrange(tensor.size)] = chance.choice((np.nan, -np.inf, 3e38))

    change_weights(folder, change)


def wrong_weight_types(folder: Path, chance: random.Random) -> None:
    """Tensors of other shapes and types."""

    def change(tensors: dict[str, np.ndarray]) -> None:
        name = chance.choice(sorted(tensors))
        tensor = tensors[name]
        others = (
            tensor.astype(np.float64),
            tensor.astype(np.int32),
            tensor[..., :-1].copy(),
            tensor[None],
            tensor.astype(np.float16),
            np.zeros(0, np.float32),
        )
        tensors[name] = chance.choice(others)

    change_weights(folder, change)


def wrong_latents(folder: Path, chance: random.Random) -> None:
    """Codes and labels of other types, sizes and ranges."""
    with np.load(folder / LATENTS) as archive:
        mean, scale, labels = archive["mean"], archive["scale"], archive["labels"]
    large = mean.copy()
    large[0] = chance.choice((np.nan, np.inf, 1e38, -1e30, 1e7))
    negative = labels.copy()
    negative[0] = chance.choice((-1, 10, 999, -32768))
    choices: tuple[dict[str, Any], ...] = (
        {"mean": large}, {"scale": large}, {"scale": -scale}, {"labels": negative}, {"mean": mean[:-1]}, {"labels": labels[:-1]},
        {"mean": mean[:0], "scale": scale[:0], "labels": labels[:0]}, {"mean": mean[:1], "scale": scale[:1], "labels": labels[:1]},
        {"mean": mean.T}, {"mean": mean.astype(complex)}, {"labels": labels.astype(float)}, {"labels": labels.astype("U9")},
        {"labels": np.full(len(labels), 2**63, np.uint64)}, {"mean": np.zeros_like(mean)}, {"scale": np.zeros_like(scale)},
        {"labels": np.zeros_like(labels)}, {"mean": np.float32(1.0)}, {"labels": labels[:, None]}, {"mean": mean.astype(np.float64)},
    )  # fmt: skip
    replace_latents(folder, **chance.choice(choices))
