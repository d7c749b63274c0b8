"""What the bundled classifier sees in the decoded images of a plane: the regions of the classes and their borders."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vae_core.explore.explorer import Explorer
from vae_core.explore.loaded_model import Images
from vae_core.explore.nearest_codes import Codes
from vae_core.utils.arrays import UInt8
from vae_core.utils.lazy import Lazy, torch, without_gradient

if TYPE_CHECKING:
    from vae_core.metrics.samples import features
else:
    features = Lazy("vae_core.metrics.samples.features")

# data set -> the classifier's number of its first class; it has ten there, in the order of the data set's own.
FIRST_CLASS = {"mnist": 0, "digits": 0, "fashion-mnist": 10}
CLASSES = 10


@dataclass(frozen=True)
class Regions:
    """For each code the most probable class and its probability, both (N,)."""

    classes: UInt8
    probability: NDArray[np.float32]


def suits(model: Explorer) -> bool:
    """Whether the classifier was trained on the model's data set."""
    return model.info.run.data.dataset in FIRST_CLASS and model.info.run.model.kind == "picture"


@without_gradient
def probabilities(images: Images, dataset: str) -> NDArray[np.float32]:
    """The classifier's probabilities of the ten classes of a data set of FIRST_CLASS, (N, 10), for images (N, C, H, W) in [0, 1]."""
    first, parts = FIRST_CLASS[dataset], torch.from_numpy(np.array(images, np.float32)).split(features.CHUNK)
    logits = torch.cat([features.bundled()(features.grey28(part)) for part in parts])
    return torch.softmax(logits[:, first : first + CLASSES], 1).numpy()


def regions(model: Explorer, codes: Codes, label: int | None) -> Regions:
    """What the classifier sees in the images decoded from codes (N, L)."""
    found = probabilities(model.decode(codes, label), model.info.run.data.dataset)
    return Regions(found.argmax(1).astype(np.uint8), found.max(1))
