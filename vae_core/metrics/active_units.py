"""Active units: which dimensions of the code a model uses (Burda et al. 2016, sec. 5.1)."""

from torch import Tensor


def active_units(mean: Tensor, threshold: float = 0.01) -> Tensor:
    """Which dimensions are in use, (L,): Var_x(E[z_i|x]) > 0.01 for posterior means (N, L) (Burda et al. 2016, sec. 5.1)."""
    return mean.var(0, correction=min(1, len(mean) - 1)) > threshold
