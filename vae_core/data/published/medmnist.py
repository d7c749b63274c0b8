"""MedMNIST: twelve sets of medical images, each an .npz with its own training, validation and test split."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from vae_core.config import DataConfig
from vae_core.data.base import Dataset, DatasetEntry, Split
from vae_core.data.own.archives.files import File, damage_named, on_disk
from vae_core.data.own.stored.npy import npz_members, read_npy_header
from vae_core.data.published.sources import MEDMNIST as SETS
from vae_core.data.published.sources import PUBLISHED, folder_of, missing, present
from vae_core.errors import UserError
from vae_core.messages import Message
from vae_core.utils.lazy import torch
from vae_core.utils.limits import KEPT_BYTES

NAME = "medmnist"
ORGANS = (
    "bladder",
    "left femur",
    "right femur",
    "heart",
    "left kidney",
    "right kidney",
    "liver",
    "left lung",
    "right lung",
    "pancreas",
    "spleen",
)
CLASSES: dict[
    str, tuple[str, ...]
] = {  # as in version 3.0.2 of the package medmnist; chestmnist has 14 labels for each image
    "bloodmnist": (
        "basophil",
        "eosinophil",
        "erythroblast",
        "immature granulocyte",
        "lymphocyte",
        "monocyte",
        "neutrophil",
        "platelet",
    ),
    "breastmnist": ("malignant", "normal or benign"),
    "chestmnist": (),
    "dermamnist": (
        "actinic keratosis",
        "basal cell carcinoma",
        "benign keratosis",
        "dermatofibroma",
        "melanoma",
        "melanocytic nevus",
        "vascular lesion",
    ),
    "octmnist": ("choroidal neovascularisation", "diabetic macular oedema", "drusen", "normal"),
    "organamnist": ORGANS,
    "organcmnist": ORGANS,
    "organsmnist": ORGANS,
    "pathmnist": (
        "adipose",
        "background",
        "debris",
        "lymphocytes",
        "mucus",
        "smooth muscle",
        "normal colon mucosa",
        "cancer-associated stroma",
        "colorectal adenocarcinoma epithelium",
    ),
    "pneumoniamnist": ("normal", "pneumonia"),
    "retinamnist": ("grade 0", "grade 1", "grade 2", "grade 3", "grade 4"),
    "tissuemnist": (
        "collecting duct, connecting tubule",
        "distal convoluted tubule",
        "glomerular endothelial cell",
        "interstitial endothelial cell",
        "leukocyte",
        "podocyte",
        "proximal tubule segment",
        "thick ascending limb",
    ),
}
SEVERAL = Message("Each image has up to 14 labels, which are no classes: they are left out.")


def available(data_dir: Path, variant: str = "") -> bool:
    """Whether the file of the set is in the data folder; of any set for ""."""
    return any(present(NAME, data_dir, name) for name in ([variant] if variant else SETS))


def read(config: DataConfig, data_dir: Path) -> Dataset:
    """One set with its own three splits."""
    name = config.variant or next(iter(SETS))
    if name not in SETS:
        raise UserError("MedMNIST has no set '{name}': choose one of {sets}.", name=name, sets=", ".join(SETS))
    if not present(NAME, data_dir, name):
        raise missing(NAME, data_dir, name)
    path = folder_of(NAME, data_dir) / f"{name}.npz"
    with damage_named(str(path)), npz_members(on_disk(path), str(path)) as members:
        train, val, test = (_split(members, split, CLASSES[name], path) for split in ("train", "val", "test"))
    notes = () if CLASSES[name] else (SEVERAL,)
    return Dataset(NAME, f"{MEDMNIST.title}: {name}", train, val, test, CLASSES[name], notes=notes)


def _split(members: Mapping[str, File], split: str, classes: tuple[str, ...], path: Path) -> Split:
    """Images (N, 28, 28) or (N, 28, 28, 3) and labels (N, 1); raises UserError for anything else."""
    names = (f"{split}_images", f"{split}_labels")
    if not members.keys() >= set(names):
        raise UserError("{path} lacks {names}: download it again.", path=path, names=", ".join(names))
    images, labels = (read_npy_header(members[name], str(path)) for name in names)
    if images.shape[1:] not in ((28, 28), (28, 28, 3)) or images.dtype != np.uint8 or images.nbytes > KEPT_BYTES:
        raise UserError("{path} holds something else than MedMNIST's images: download it again.", path=path)
    if labels.shape[:1] != images.shape[:1] or labels.dtype.kind not in "iu":
        raise UserError("{path} has other labels than MedMNIST: download it again.", path=path)
    y = labels.whole()[:, 0].astype(np.int64) if classes else np.zeros(images.shape[0], np.int64)
    if classes and not 0 <= y.min() <= y.max() < len(classes):
        raise UserError("{path} has other labels than MedMNIST: download it again.", path=path)
    x = images.whole()
    x = np.ascontiguousarray(np.moveaxis(x, -1, 1)) if x.ndim == 4 else x[:, None]
    return Split(torch.from_numpy(x), torch.from_numpy(y))


MEDMNIST = DatasetEntry(
    name=NAME,
    title="MedMNIST",
    summary="Twelve sets of medical images of 28x28 pixels, of 780 to 236,386 images; some in colour.",
    licence=PUBLISHED[NAME].licence,
    shape=None,
    read=read,
    needs_download=True,
    available=available,
    variants=tuple(SETS),
    variant_title=Message("Collection"),
    uses=("variant",),
)
