"""Variational autoencoders to explore, train and teach with: `from vae_core import VAE` is where tutorials begin."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vae_core.vae import VAE

__all__ = ["VAE"]


def __getattr__(name: str) -> Any:
    """`VAE` on first use: torch takes a second to import, which the command line's help need not wait for."""
    if name != "VAE":
        raise AttributeError(f"module 'vae_core' has no attribute '{name}'")
    from vae_core.vae import VAE

    return VAE
