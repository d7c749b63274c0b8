"""What the arrays of a file, or the files of a folder, are by their names: pictures or labels, of which split."""

import re
from dataclasses import dataclass

IMAGES = ("images", "image", "imgs", "img", "x", "data", "arr_0", "")  # "": the split's name alone, such as `train`
LABELS = ("labels", "label", "y", "targets", "target", "classes", "arr_1")
FACTORS = "latents_classes"  # dSprites: the index of each factor's value
TRAIN, VAL, TEST = 0, 1, 2
SPLITS = {
    TRAIN: ("train", "training", "trn", "tr"),
    VAL: ("val", "valid", "validation", "dev"),
    TEST: ("test", "testing", "t10k", "tst", "te", "evaluation", "eval"),
}
SPLIT_OF = {word: split for split, words in SPLITS.items() for word in words}


@dataclass(frozen=True)
class Role:
    """Whether an array holds pictures, labels or factors, its split (None: not said), and its rank among names of the same role."""

    kind: str
    split: int | None
    rank: int


def words_of(name: str) -> list[str]:
    """The words of a name in lower case: "X_train-images.idx3" -> x, train, images, idx3."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return [word for word in re.split(r"[\W_]+", spaced.lower()) if word]


def split_in(name: str) -> int | None:
    """The split that a word of the name says, such as 2 for "fashion-mnist_test"; None where none does, or several do."""
    found = {SPLIT_OF[word] for word in words_of(name) if word in SPLIT_OF}
    return found.pop() if len(found) == 1 else None


def role(name: str) -> Role | None:
    """The role of an array of this name: `images`, `X`, `train_labels`, `y_test` ...; None for any other name."""
    lower = name.lower()
    if lower == FACTORS:
        return Role("factors", None, 0)
    joined = re.fullmatch(rf"([xy])({'|'.join(SPLIT_OF)})", lower)  # xtrain
    words = list(joined.groups()) if joined else re.split(r"[_\-. ]", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    splits = [word for word in words if word in SPLIT_OF]
    rest = "_".join(word for word in words if word not in splits)
    if len(splits) > 1 or (not splits and not rest):
        return None
    split = SPLIT_OF[splits[0]] if splits else None
    for kind, names in (("images", IMAGES), ("labels", LABELS)):
        if rest in names:
            return Role(kind, split, names.index(rest))
    return None
