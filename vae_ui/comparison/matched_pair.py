"""Like with like: which model another one is compared with at first, and a sentence where compared models differ in size or data."""

from collections.abc import Mapping

from vae_core.checkpoints import CheckpointInfo
from vae_core.config import DataConfig
from vae_ui.base.translation import t

KIND = {"posterior", "prior", "likelihood", "classes"}  # settings in which two kinds of model of one size may differ


def matched(one: CheckpointInfo, other: CheckpointInfo) -> bool:
    """Whether two models have the same data, code size, network and training, and so differ in their kind only."""
    return one.run.data == other.run.data and _size(one) == _size(other) and one.run.train == other.run.train


def _size(info: CheckpointInfo) -> str:
    return info.run.model.model_dump_json(exclude=KIND)


def default(name: str, models: Mapping[str, CheckpointInfo]) -> list[str]:
    """The model and the first one that matches it; the model alone where none does."""
    partners = (key for key, info in models.items() if key != name and matched(models[name], info))
    return [name, *partners][:2]


def differences(infos: Mapping[str, CheckpointInfo]) -> str:
    """A sentence on models by title that differ in the size of the code or in their training images; "" where neither differs."""
    sizes = {title: info.run.model.latent_dim for title, info in infos.items()}
    other_data = len({_images(info.run.data) for info in infos.values()}) > 1
    if len({*sizes.values()}) > 1:
        listed = "; ".join(t("{numbers} in {model}", numbers=size, model=title) for title, size in sizes.items())
        sentence = t(
            "Not like with like: the number of numbers in a code differs ({sizes}), and more numbers keep more detail, "
            "whatever the kind of model.",
            sizes=listed,
        )
        return f"{sentence} {t('Their training images differ too.')}" if other_data else sentence
    return t("Not like with like: these models were trained on different images.") if other_data else ""


def _images(data: DataConfig) -> str:
    return data.replace(target="grey").model_dump_json()
