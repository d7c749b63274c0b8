"""Compiles the WebAssembly kernels of the browser's networks: kernels.c becomes compiled.js, which is checked in.

It needs clang and lld (`apt-get install clang lld`); nobody else does, since the app runs from what is checked in.
"""

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "vae_ui" / "stage" / "js" / "model" / "layers"
SOURCE, COMPILED = FOLDER / "kernels.c", FOLDER / "compiled.js"
MISSING = "clang and lld are needed to compile the kernels: apt-get install clang lld."
# The memory is JavaScript's, and its first 1024 bytes are the stack. Without builtins no loop becomes a call of a C library.
OPTIONS = [
    "--target=wasm32",
    "-msimd128",
    "-O2",
    "-std=c11",
    "-ffreestanding",
    "-fno-builtin",
    "-nostdlib",
    "-Wall",
    "-Werror",
]
# What is worth it has four numbers at once already; the rest is to be small.
OPTIONS += ["-fno-vectorize", "-fno-slp-vectorize", "-fno-unroll-loops"]
LINKED = ["--no-entry", "--import-memory", "--strip-all", "--stack-first", "-zstack-size=1024"]
MOST = 4096  # bytes: what every browser compiles at once on a page's main thread


def compiler() -> str | None:
    """The version of clang, where it is installed with lld; else None."""
    if not (shutil.which("clang") and shutil.which("wasm-ld")):
        return None
    said = subprocess.run(["clang", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"clang version (\S+)", said)
    return found and found[1]


def compiled() -> bytes:
    """The module of kernels.c."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "kernels.wasm"
        linked = [f"-Wl,{option}" for option in LINKED]
        subprocess.run(["clang", *OPTIONS, *linked, "-o", str(path), str(SOURCE)], check=True)
        return path.read_bytes()


def module(wasm: bytes, version: str) -> str:
    """The module as JavaScript, so that every bundle and every test reads it in the same way."""
    return (
        f"// Made by `make kernels` from kernels.c with clang {version}: change that, never this file.\n\n"
        f'export const KERNELS = "{base64.b64encode(wasm).decode()}";\n'
    )


def main() -> int:
    version = compiler()
    if version is None:
        print(MISSING)
        return 1
    wasm = compiled()
    if len(wasm) > MOST:
        print(f"The kernels are {len(wasm)} bytes: more than {MOST}, which older browsers do not compile at once.")
        return 1
    COMPILED.write_text(module(wasm, version), encoding="utf-8")
    print(f"The kernels are {len(wasm)} bytes. Run make bundles, so that the app uses them.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
