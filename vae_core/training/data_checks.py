"""Checks before a training: the model must match the data, and the data must be finite."""

from vae_core.axes.compatibility import refuse_data
from vae_core.axes.rule import DataFacts
from vae_core.data import Dataset
from vae_core.errors import UserError
from vae_core.presets.run_config import RunConfig
from vae_core.utils.finite_checks import describe_non_finite


def check_fit(run: RunConfig, data: Dataset) -> None:
    """Raise UserError where the model does not match the data, or the data contain NaN or infinity."""
    refuse_data(run.model, DataFacts(data.name, data.shape, len(data.classes), data.layout))
    if not len(data.train) or not len(data.val):
        raise UserError(
            "The data set '{name}' is too small for a validation split: it needs at least 10 images.", name=data.name
        )
    thing = {"picture": "image", "point": "point", "row": "row"}[run.model.kind]
    for name in ("train", "val", "test"):
        if problem := describe_non_finite(getattr(data, name).x, f"{name} {thing}"):
            raise UserError(
                "The data set '{name}' cannot be used: {problem}. Leave it out or mend it.",
                name=data.name,
                problem=problem,
            )
