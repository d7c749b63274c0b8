"""Coded: what pictures take and lose, in one setting or in several."""

from dataclasses import dataclass

import numpy as np

from vae_core.compression.exact_functions import Float64

LARGEST = 255.0


@dataclass(frozen=True)
class Coded:
    """The bytes of the payload of each of N pictures, and its mean squared error in grey levels, (N,) each."""

    bytes: Float64
    errors: Float64

    @property
    def mse(self) -> float:
        return float(self.errors.mean())

    @property
    def psnr(self) -> float:
        """Of the mean squared error over all pictures, in decibels."""
        return float(10 * np.log10(LARGEST**2 / max(self.mse, 1e-9)))


@dataclass(frozen=True)
class Settings:
    """The same N pictures in S settings of one format, coarsest first: bytes and errors (S, N)."""

    bytes: Float64
    errors: Float64

    def at_most(self, budget: Float64) -> tuple[Coded, float]:
        """Each picture in its best setting that takes no more than its budget (N,), and the share of pictures that have one.

        A picture without such a setting is in its smallest one, which takes more.
        """
        fits = self.bytes <= budget
        chosen = np.where(fits.any(0), np.where(fits, self.errors, np.inf).argmin(0), self.bytes.argmin(0))
        pictures = np.arange(len(chosen))
        return Coded(self.bytes[chosen, pictures], self.errors[chosen, pictures]), float(fits.any(0).mean())

    def each(self) -> list[Coded]:
        """The pictures in each setting."""
        return [Coded(*both) for both in zip(self.bytes, self.errors, strict=True)]
