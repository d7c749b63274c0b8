"""Checks before a training: the model must match the data, the data must be finite, and the device must be there."""

from vae_core.axes.compatibility import refuse_data
from vae_core.axes.names import ON_LEVELS
from vae_core.axes.rule import DataFacts
from vae_core.data import Dataset
from vae_core.devices.choice import chosen
from vae_core.distributions.levels.coding_frequencies import level_numbers
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.presets.run_config import RunConfig
from vae_core.utils.finite_checks import describe_non_finite

THINGS = {"picture": Message("image"), "point": Message("point"), "row": Message("row"), "tokens": Message("sentence")}
SPLITS = {"train": Message("train"), "val": Message("val"), "test": Message("test")}


def check_processes(run: RunConfig, count: int) -> None:
    """Raise UserError for a training whose batches cannot be split over `count` processes."""
    model, objective = run.model, run.objective
    found = {
        Message("the objective '{name}'", name=objective.name): objective.couples_images,
        Message("free bits"): bool(getattr(objective, "free_bits", 0)),
        Message("the posterior '{name}'", name=model.posterior): model.posterior in ("quantised", "von_mises_fisher"),
        Message("the likelihood '{name}'", name=model.likelihood): model.likelihood == "gaussian_optimal",
        Message("word dropout"): bool(model.word_dropout),
    }
    if count > 1 and (what := next((name for name, couples in found.items() if couples), None)):
        raise UserError(
            "{what}: this looks at the whole batch at once, which {count} processes cannot split between them: train in one process.",
            what=what,
            count=count,
        )


def check_fit(run: RunConfig, data: Dataset) -> None:
    """Raise UserError where the model does not match the data, the data contain NaN or infinity, or there is no such device."""
    chosen(run.train.device)
    facts = DataFacts(
        data.name, data.shape, len(data.classes), data.layout, vocabulary=len(data.vocabulary or ()), words=data.words
    )
    refuse_data(run.model, facts)
    if not len(data.train) or not len(data.val):
        raise UserError(
            "The data set '{name}' is too small for a validation split: it needs at least 10 images.", name=data.name
        )
    thing = THINGS[run.model.kind]
    for name in SPLITS:
        if problem := describe_non_finite(
            getattr(data, name).x, Message("{split} {thing}", split=SPLITS[name], thing=thing)
        ):
            raise UserError(
                "The data set '{name}' cannot be used: {problem}. Leave it out or mend it.",
                name=data.name,
                problem=problem,
            )
        if run.model.likelihood in ON_LEVELS and getattr(data, name).x.is_floating_point():
            level_numbers(getattr(data, name).x)
