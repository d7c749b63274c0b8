"""What an array is by its name: pictures, labels or factors, and of which split."""

import re
from dataclasses import dataclass

from vae_core.data.own.pictures.splits import SPLIT_OF

IMAGES = ("images", "image", "imgs", "img", "x", "data", "arr_0", "")  # "": the split's name alone, such as `train`
LABELS = ("labels", "label", "y", "targets", "target", "classes", "arr_1")
FACTORS = "latents_classes"  # dSprites: for each picture the index of each factor's value


@dataclass(frozen=True)
class Role:
    """Whether an array holds images, labels or factors, its split (None: not said), and its rank among the names of that kind."""

    kind: str
    split: int | None
    rank: int


def role(name: str) -> Role | None:
    """The role of an array of this name: `images`, `X`, `train_labels`, `y_test`, `xtrain` ...; None for any other name."""
    if name == FACTORS:
        return Role("factors", None, 0)
    parted = re.sub(rf"^([xy])({'|'.join(SPLIT_OF)})$", r"\1_\2", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    words = re.split(r"[_\-. ]", parted)
    splits = [word for word in words if word in SPLIT_OF]
    rest = "_".join(word for word in words if word not in SPLIT_OF)
    if len(splits) > 1 or not (splits or rest):
        return None
    split = SPLIT_OF[splits[0]] if splits else None
    for kind, names in (("images", IMAGES), ("labels", LABELS)):
        if rest in names:
            return Role(kind, split, names.index(rest))
    return None
