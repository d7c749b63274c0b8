"""Numbers kept within bounds, with a gradient that costs little."""

import math

from torch import Tensor
from torch.nn.functional import hardtanh


def clamp(x: Tensor, low: float = -math.inf, high: float = math.inf) -> Tensor:
    """`torch.clamp` with a faster gradient: torch works it out in five operations, one of which is as slow as ten multiplications.

    At a bound itself the gradient is 0, where torch's is 1.
    """
    return hardtanh(x, low, high)
