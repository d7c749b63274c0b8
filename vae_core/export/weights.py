"""The weights of a model for the browser, one after the other, and the record of each layer, which refers to them by offset."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from vae_core.errors import UserError

Layer = dict[str, Any]
Size = Sequence[int]  # height, width


class Weights:
    """Collects the weights of all layers, which follow one another."""

    def __init__(self) -> None:
        self.parts: list[NDArray[np.float32]] = []
        self.size = 0

    def put(self, tensor: Tensor) -> int:
        self.parts.append(tensor.detach().cpu().float().numpy())
        self.size += tensor.numel()
        return self.size - tensor.numel()

    def linear(self, weight: Tensor, bias: Tensor | None, activation: str | None, label: Tensor | None = None) -> Layer:
        """weight (inputs, outputs) has a row for each input, so that zero inputs are skipped; label (classes, outputs)."""
        return {
            "kind": "linear",
            "inputs": len(weight),
            "outputs": weight.shape[1],
            "weight": self.put(weight),
            "bias": self.put(weight.new_zeros(weight.shape[1]) if bias is None else bias),
            "label": None if label is None else self.put(label),
            "activation": activation,
        }

    def convolution(
        self, module: nn.Conv2d | nn.ConvTranspose2d, size: Size, activation: str | None, planar: bool
    ) -> Layer:
        """Rows of weights: for conv (outputs, kernel * kernel * inputs), for deconv (kernel * kernel * outputs, inputs)."""
        transposed = isinstance(module, nn.ConvTranspose2d)
        kernel, stride, padding = module.kernel_size[0], module.stride[0], module.padding[0]
        regular = (module.groups, set(module.dilation), len({*module.kernel_size}), len({*module.stride})) == (
            1,
            {1},
            1,
            1,
        )
        if not regular or isinstance(padding, str) or module.padding != (padding, padding):
            raise UserError("The browser runs square, ungrouped convolutions only, not {module}.", module=module)
        if transposed:
            extra = module.output_padding
            to = [(side - 1) * stride - 2 * padding + kernel + more for side, more in zip(size, extra, strict=True)]
        else:
            to = [(side + 2 * padding - kernel) // stride + 1 for side in size]
        rows = module.weight.permute(2, 3, 1, 0) if transposed else module.weight.permute(0, 2, 3, 1)
        bias = module.weight.new_zeros(module.out_channels) if module.bias is None else module.bias
        return {
            "kind": "deconv" if transposed else "conv",
            "inputs": module.in_channels,
            "outputs": module.out_channels,
            "from": list(size),
            "to": to,
            "kernel": kernel,
            "stride": stride,
            "padding": padding,
            "weight": self.put(rows),
            "bias": self.put(bias),
            "activation": activation,
            "planar": planar,
        }
