"""What cannot be trained: a model and data that do not go together, and data that are no numbers."""

from vae_core.data import Dataset
from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.utils.finite import non_finite


def check_fit(run: RunConfig, data: Dataset) -> None:
    """Refuse a model that cannot take the data, or data that hold NaN or infinity, in one sentence."""
    if run.model.shape != data.shape:
        raise UserError(
            f"The model takes pictures of shape {run.model.shape}, the data set '{data.name}' has {data.shape}: set shape to that."
        )
    if run.model.classes and run.model.classes != len(data.classes):
        raise UserError(
            f"The model is told {run.model.classes} labels, the data set '{data.name}' has {len(data.classes)}: set classes to that."
        )
    if not len(data.train) or not len(data.val):
        raise UserError(f"The data set '{data.name}' is too small to hold images out: give at least 10 pictures.")
    thing = "point" if run.model.is_points else "image"
    for name in ("train", "val", "test"):
        if problem := non_finite(getattr(data, name).x, f"{name} {thing}"):
            raise UserError(f"The data set '{data.name}' cannot be learnt from: {problem}. Leave it out or mend it.")
