"""The training on normal examples alone: the plain VAE, with a code whose size was chosen on validation examples.

The choice: `python -m benchmarks.figures anomalies-breast-cancer anomalies-digits --choose`.
"""

from collections.abc import Sequence
from typing import Any

from vae_core.config import DataConfig
from vae_core.errors import UserError
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig

ROW_CODE, PICTURE_CODE, POINT_CODE = 8, 20, 2  # numbers of the code
PICTURE_EPOCHS = (
    20  # of pictures larger than 10 x 10, some minutes on one core; smaller ones and rows have their own default
)


def normal_run(
    data: DataConfig, shape: tuple[int, ...], classes: Sequence[str], normal: Sequence[str], layout: dict[str, Any]
) -> RunConfig:
    """The run that trains on the `normal` ones of the classes alone; on all examples where the data have no classes.

    Raises UserError where no class is normal, or all are, so that nothing is left to be found.
    """
    if "vocabulary" in layout:
        raise UserError(
            "Scores of strange sentences are not there yet: choose a data set of pictures, points or a table.",
        )
    if classes and not 0 < len(set(normal)) < len(classes):
        raise UserError("Choose the classes that are normal: at least one, and not all of them.")
    config = data.replace(only_classes=[name for name in classes if name in normal])
    size = ROW_CODE if layout else PICTURE_CODE if len(shape) > 1 else POINT_CODE
    title = f"{data.dataset}: {', '.join(config.only_classes)}"[:80]
    large = {"epochs": PICTURE_EPOCHS} if len(shape) > 1 and shape[-1] * shape[-2] > 100 else {}
    return build_run(
        "vae", config, shape, len(classes), latent_dim=size, precision="fp32", title=title, **layout, **large
    )
