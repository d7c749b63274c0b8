"""The only import of torchvision, which is slow, and fails by itself with one common combination of wheels."""

from types import ModuleType

import torch

_libraries: list[torch.library.Library] = []  # a Library removes its operators when it is garbage-collected


def torchvision_datasets() -> ModuleType:
    """`torchvision.datasets`, imported on first use.

    Where torchvision's wheel is built for CUDA and torch's for the CPU, torchvision's compiled library does not load, and the import
    fails with "operator torchvision::nms does not exist", because two box operators are not declared. Nothing here calls them, so
    declaring their signatures is enough. This is done only where they are missing.
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
    _libraries.append(library)
