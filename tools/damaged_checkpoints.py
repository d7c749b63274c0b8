"""Damaged and malicious checkpoints: `damaged_copies` writes one damaged copy of a valid checkpoint after the other."""

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tools.forged_checkpoints import (
    FILES,
    LATENTS,
    RUN,
    WEIGHTS,
    change_run_json,
    declare_huge_array,
    declare_huge_tensor,
    decompression_bomb,
    non_finite_weights,
    update_hashes,
    wrong_latents,
    wrong_weight_types,
)

STRANGE: tuple[Any, ...] = (
    None, True, -1, 0, 1, 10**9, 10**17, -(10**17), 1e308, -0.5, "", "x", "\x00", "é" * 500, "<img src=x>", [], [[]], {}, {"a": None},
    ["x"] * 300, [1, "2", None],
)  # fmt: skip
RAW = (
    b"1e999",
    b"NaN",
    b"-Infinity",
    b"9" * 5000,
    b'"\\ud800"',
    b'"\xff\xfe"',
    b"[" * 100_000,
    b"[" * 900 + b"]" * 900,
    b'{"a":1,"a":2}',
)
Damage = Callable[[Path, random.Random], None]


def damaged_copies(original: Path, into: Path, seed: int = 0, count: int = 500) -> Iterator[tuple[str, Path]]:
    """(damage, folder) of each of `count` damaged copies in `into`, the same for the same seed.

    The 20 kinds of damage take turns. A folder is removed when the next one is requested.
    """
    names = list(DAMAGE)
    for number in range(count):
        name = names[number % len(names)]
        folder = into / f"mutant-{number:03d}"
        shutil.copytree(original, folder)
        DAMAGE[name](folder, random.Random(f"{seed} {number}"))
        yield f"{name} ({number})", folder
        shutil.rmtree(folder, ignore_errors=True)


def _flip(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 3, 30))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    if path.name != RUN and chance.random() < 0.7:
        update_hashes(folder)


def _cut(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    data = path.read_bytes()
    path.write_bytes(data[: chance.randrange(len(data))])
    if path.name != RUN and chance.random() < 0.7:
        update_hashes(folder)


def _swap(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    data = path.read_bytes()
    a, b, length = (chance.randrange(len(data)) for _ in range(3))
    length = min(length, 64, len(data) - max(a, b))
    a, b = min(a, b), max(a, b)
    path.write_bytes(data[:a] + data[b : b + length] + data[a + length : b] + data[a : a + length] + data[b + length :])
    if path.name != RUN and chance.random() < 0.7:
        update_hashes(folder)


def _insert(folder: Path, chance: random.Random) -> None:
    path = folder / chance.choice(FILES)
    data, at = path.read_bytes(), chance.randrange(2000)
    path.write_bytes(data[:at] + chance.randbytes(chance.randrange(1, 200)) + data[at:])
    if path.name != RUN:
        update_hashes(folder)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every container of a document and a key or an index in it."""
    for key, inner in list(value.items() if isinstance(value, dict) else enumerate(value)):
        yield value, key
        if isinstance(inner, dict | list):
            yield from _places(inner)


def _value(folder: Path, chance: random.Random) -> None:
    def change(document: dict[str, Any]) -> None:
        container, key = chance.choice(list(_places(document)))
        container[key] = chance.choice(STRANGE)

    change_run_json(folder, change)


def _drop(folder: Path, chance: random.Random) -> None:
    def change(document: dict[str, Any]) -> None:
        container, key = chance.choice(list(_places(document)))
        del container[key]

    change_run_json(folder, change)


def _exchange(folder: Path, chance: random.Random) -> None:
    def change(document: dict[str, Any]) -> None:
        (one, a), (two, b) = chance.sample(list(_places(document)), 2)
        if not (isinstance(one[a], dict | list) or isinstance(two[b], dict | list)):
            one[a], two[b] = two[b], one[a]

    change_run_json(folder, change)


def _part(folder: Path, chance: random.Random) -> None:
    """A part of run.json with another type, or a strange value in a field that pages read."""
    part = chance.choice(("figures", "training", "classes", "sha256", "config", "format"))
    inner = {"figures": ("elbo", "images", "x"), "training": ("seconds", "epochs", "x"), "sha256": (WEIGHTS, LATENTS)}

    def change(document: dict[str, Any]) -> None:
        if part in inner and chance.random() < 0.6:
            document[part][chance.choice(inner[part])] = chance.choice(STRANGE)
        else:
            document[part] = chance.choice(STRANGE)

    change_run_json(folder, change)


def _raw(folder: Path, chance: random.Random) -> None:
    """Invalid or extreme JSON in place of one value."""
    change_run_json(
        folder, lambda d: chance.choice((d, d["figures"], d["training"], d["config"]["train"])).update(mse="HERE")
    )
    text = (folder / RUN).read_bytes()
    (folder / RUN).write_bytes(text.replace(b'"HERE"', chance.choice(RAW)))


def _twice(folder: Path, chance: random.Random) -> None:
    text = (folder / RUN).read_text()
    (folder / RUN).write_text(text.replace('"format"', f'"{chance.choice(("format", "figures"))}": {{}}, "format"', 1))


def _encoding(folder: Path, chance: random.Random) -> None:
    text = (folder / RUN).read_text()
    (folder / RUN).write_bytes(text.encode(chance.choice(("utf-16", "utf-32", "cp500"))))


def _absurd(folder: Path, chance: random.Random) -> None:
    """Settings of a model that is too large for any computer, or that no page can show."""
    model = chance.choice(
        (
            {"latent_dim": 10**9}, {"hidden": [10**7]}, {"hidden": [4096] * 8, "shape": [3, 4096, 4096]}, {"shape": [1, 4096, 4096]},
            {"shape": [2, 8, 8]}, {"shape": [4096, 4096, 4096]}, {"classes": 1000}, {"hidden": []}, {"shape": [64]}, {"shape": [8, 8]},
            {"prior": "flow", "flow_width": 1024, "flow_steps": 50, "latent_dim": 512}, {"prior": "vamp", "components": 5000},
            {"network": "conv", "hidden": [4096, 4096]}, {"network": "residual", "hidden": [4096] * 3}, {"network": "__class__"},
            {"posterior": "point"}, {"posterior": "quantised", "prior": "codebook"}, {"likelihood": "x"}, {"latent_dim": 3},
        )
    )  # fmt: skip
    change_run_json(folder, lambda document: document["config"]["model"].update(model))


def _no_file(folder: Path, chance: random.Random) -> None:
    """A pipe, a folder, a link or nothing in place of a file."""
    path = folder / chance.choice(FILES)
    content = path.read_bytes()
    path.unlink()
    outside = folder.parent / f"outside-{path.name}"
    outside.write_bytes(content)
    targets: tuple[Path | str, ...] = (outside, "/dev/zero", "/dev/stdin", "nowhere", path.name, folder.parent)
    places: tuple[Callable[[], object], ...] = (
        lambda: os.mkfifo(path),
        path.mkdir,
        lambda: None,
        lambda: path.symlink_to(chance.choice(targets)),
    )
    chance.choice(places)()


def _sparse(folder: Path, chance: random.Random) -> None:
    """A sparse file of 1 TB that occupies no disk space."""
    with open(folder / chance.choice(FILES), "r+b") as file:
        file.truncate(2**40)


DAMAGE: dict[str, Damage] = {
    "bytes flipped": _flip,
    "bytes cut off": _cut,
    "bytes swapped": _swap,
    "bytes inserted": _insert,
    "a strange value": _value,
    "a strange part": _part,
    "a value left out": _drop,
    "two values exchanged": _exchange,
    "raw JSON": _raw,
    "a key twice": _twice,
    "another encoding": _encoding,
    "an absurd model": _absurd,
    "not a regular file": _no_file,
    "a sparse file": _sparse,
    "a declared size": declare_huge_tensor,
    "a declared array": declare_huge_array,
    "a decompression bomb": decompression_bomb,
    "weights that are not finite": non_finite_weights,
    "weights of another type": wrong_weight_types,
    "other codes": wrong_latents,
}
