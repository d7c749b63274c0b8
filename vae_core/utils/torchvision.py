"""The project's only door to torchvision, which is heavy and in one common pairing does not open by itself."""

from types import ModuleType

import torch

_kept: list[torch.library.Library] = []  # a Library takes its operators away again when it is collected


def torchvision_datasets() -> ModuleType:
    """`torchvision.datasets`, imported on first use.

    torchvision's wheel may be built for CUDA where torch is built for the CPU. Its compiled half then does not load, and its import
    stops with "operator torchvision::nms does not exist": it describes two box operators that this half would have declared. Nothing
    here calls them, so declaring them (a signature, no code) is enough, and it is done only where they are missing.
    """
    try:
        import torchvision.datasets
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        _declare_missing()
        import torchvision.datasets
    return torchvision.datasets  # type: ignore[no-any-return]


def _declare_missing() -> None:
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name in ("nms", "qnms"):
        if not hasattr(torch.ops.torchvision, name):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _kept.append(library)
