"""Numbers kept within bounds, with a gradient that costs little."""

import math

from torch import Tensor
from torch.nn.functional import hardtanh


def clamp(x: Tensor, low: float = -math.inf, high: float = math.inf) -> Tensor:
    """`torch.clamp`, whose gradient is one operation here in place of five, of which one takes as long as ten multiplications.

    The gradient is 0 at a bound too, where torch's is 1.
    """
    return hardtanh(x, low, high)
