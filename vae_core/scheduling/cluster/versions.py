"""The handshake: a node trains only with the same versions of this app, torch, Python and Ray as the computer that asks."""

import platform
from dataclasses import dataclass, fields

import ray
import torch

from vae_core.about import VERSION
from vae_core.messages import Message, listed

TITLES = {"app": "Latent Explorer", "torch": "torch", "python": "Python", "ray": "Ray"}


@dataclass(frozen=True)
class Versions:
    """The versions of one computer."""

    app: str
    torch: str
    python: str
    ray: str


def own() -> Versions:
    """Those of this process."""
    return Versions(VERSION, torch.__version__, platform.python_version(), ray.__version__)


def difference(node: Versions, here: Versions) -> Message | None:
    """Why a node with other versions is not used, in one sentence; None where they are the same."""
    parts = [
        Message("{name} {there} there and {here} here", name=TITLES[field.name], there=theirs, here=ours)
        for field in fields(Versions)
        if (theirs := getattr(node, field.name)) != (ours := getattr(here, field.name))
    ]
    if not parts:
        return None
    return Message("Not used, since versions differ: {versions}. Install the same ones there.", versions=listed(parts))
