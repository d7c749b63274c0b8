"""M2 with as many labels (Kingma et al. 2014, arXiv:1406.5298): a model whose training knows the labels, beside codes made without."""

from pathlib import Path

from vae_core import checkpoints
from vae_core.checkpoints import CheckpointInfo
from vae_core.data import load
from vae_core.metrics.classification import classifier_error
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig

SECONDS = 300.0  # after which the training ends
PICTURE_CODE = 20  # numbers of the code, as in the study m2


def m2_run(info: CheckpointInfo, labels: int) -> RunConfig:
    """The run of M2 on the model's data with the labels of `labels` training examples, at least one a class; raises UserError."""
    classes = len(info.classes)
    data = info.run.data.replace(labelled=max(labels, classes))
    layout = {name: getattr(info.run.model, name) for name in ("columns", "missing", "vocabulary")}
    size = {"latent_dim": PICTURE_CODE} if info.run.model.kind == "picture" else {}
    title = f"{data.dataset}: M2, {data.labelled}"[:80]
    return build_run(
        "m2", data, info.run.model.shape, classes, precision="fp32", seconds=SECONDS, title=title, **layout, **size
    )


def m2_accuracy(folder: Path) -> float:
    """The share of test examples that the classifier of a trained M2 names rightly; raises UserError for another model."""
    checkpoint = checkpoints.load(folder)
    run = checkpoint.info.run
    return 1 - classifier_error(checkpoint.vae, load(run.data).test, run.data.target, run.train.seed).value
