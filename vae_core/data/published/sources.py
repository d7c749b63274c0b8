"""PUBLISHED: where each data set is published, the checksums and licences of its files, and where they lie below the data folder."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vae_core.errors import UserError
from vae_core.messages import Message

Files = tuple[tuple[str, str], ...]  # names and MD5 checksums, as their publishers give them


@dataclass(frozen=True)
class Source:
    """A published data set: its mirrors, its files by variant ("" where there is only one), and their folder below the data folder.

    The folder is torchvision's where torchvision has the data set. A file's address is mirror + name + `query`.
    """

    title: str
    licence: str
    folder: str
    mirrors: tuple[str, ...]
    files: Mapping[str, Files]
    query: str = ""

    def of(self, variant: str) -> Files:
        """The files of a variant; of the first one for ""."""
        return self.files.get(variant) or next(iter(self.files.values()))


def _mnist(images: str, labels: str, test_images: str, test_labels: str) -> dict[str, Files]:
    names = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
    sums = (images, labels, test_images, test_labels)
    return {"": tuple((f"{name}.gz", md5) for name, md5 in zip(names, sums, strict=True))}


MEDMNIST = {  # as in version 3.0.2 of the package medmnist
    "bloodmnist": "7053d0359d879ad8a5505303e11de1dc",
    "breastmnist": "750601b1f35ba3300ea97c75c52ff8f6",
    "chestmnist": "02c8a6516a18b556561a56cbdd36c4a8",
    "dermamnist": "0744692d530f8e62ec473284d019b0c7",
    "octmnist": "c68d92d5b585d8d81f7112f81e2d0842",
    "organamnist": "68e3f8846a6bd62f0c9bf841c0d9eacc",
    "organcmnist": "b9ceb9546e10131b32923c5bbeaea2b1",
    "organsmnist": "9ab87b696fb54e2a387ebe992d6ed5f1",
    "pathmnist": "a8b06965200029087d5bd730944a56c1",
    "pneumoniamnist": "28209eda62fecd6e6a2d98b1501bb15f",
    "retinamnist": "bd4c0672f1bba3e3a89f0e4e876791e4",
    "tissuemnist": "ebe78ee8b05294063de985d821c1c34b",
}

PUBLISHED = {
    "mnist": Source(
        "MNIST",
        "LeCun, Cortes and Burges; CC BY-SA 3.0",
        "MNIST/raw",
        ("https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"),
        _mnist(
            "f68b3c2dcbeaaa9fbdd348bbdeb94873",
            "d53e105ee54ea40749a09fcbcd1e9432",
            "9fb629c4189551a2d022fa330f9573f3",
            "ec29112dd5afa0611ce80d1b7f02629c",
        ),
    ),
    "fashion-mnist": Source(
        "Fashion-MNIST",
        "Zalando SE; MIT",
        "FashionMNIST/raw",
        ("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",),
        _mnist(
            "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
            "25c81989df183df01b3e8a0aad5dffbe",
            "bef4ecab320f06d8554ea6380940ec79",
            "bb300cfdad3c16e7a12a480ee83cd310",
        ),
    ),
    "kmnist": Source(
        "Kuzushiji-MNIST",
        "ROIS-DS CODH; CC BY-SA 4.0",
        "KMNIST/raw",
        ("http://codh.rois.ac.jp/kmnist/dataset/kmnist/",),
        _mnist(
            "bdb82020997e1d708af4cf47b453dcf7",
            "e144d726b3acfaa3e44228e80efcd344",
            "5c965bf0a639b31b8f53240b1b52f4d7",
            "7320c461ea6c1c855c0b718fb2a4b134",
        ),
    ),
    "emnist": Source(
        "EMNIST",
        "Cohen et al. 2017, from NIST Special Database 19; its page states no licence",
        "EMNIST/raw",
        ("https://biometrics.nist.gov/cs_links/EMNIST/",),
        {"": (("gzip.zip", "58c8d27c78d21e728a6bc7b3cc06412e"),)},
    ),
    "cifar10": Source(
        "CIFAR-10",
        "Krizhevsky 2009; its page states no licence",
        "CIFAR10",
        ("https://www.cs.toronto.edu/~kriz/",),
        {"": (("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530"),)},
    ),
    "svhn": Source(
        "SVHN",
        "Netzer et al. 2011; for non-commercial use only",
        "SVHN",
        ("http://ufldl.stanford.edu/housenumbers/",),
        {
            "": (
                ("train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373"),
                ("test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3"),
            )
        },
    ),
    "omniglot": Source(
        "Omniglot",
        "Lake et al. 2015; MIT",
        "omniglot-py",
        ("https://raw.githubusercontent.com/brendenlake/omniglot/master/python/",),
        {
            "": (
                ("images_background.zip", "68d2efa1b9178cc56df9314c21c6e718"),
                ("images_evaluation.zip", "6b91aef0f799c5bb55b94e3f2daec811"),
            )
        },
    ),
    "medmnist": Source(
        "MedMNIST",
        "Yang et al. 2023; CC BY 4.0, and dermamnist CC BY-NC 4.0",
        "MedMNIST",
        ("https://zenodo.org/records/10519652/files/",),
        {name: ((f"{name}.npz", md5),) for name, md5 in MEDMNIST.items()},
        "?download=1",
    ),
}


def folder_of(name: str, data_dir: Path) -> Path:
    """The folder of a published data set below the data folder."""
    return data_dir / PUBLISHED[name].folder


def present(name: str, data_dir: Path, variant: str = "") -> bool:
    """Whether all files of the variant are in the folder, as they were published."""
    return all((folder_of(name, data_dir) / file).is_file() for file, _ in PUBLISHED[name].of(variant))


def missing(name: str, data_dir: Path, variant: str = "") -> UserError:
    """The refusal that says how to get the files, and where to put them on a computer without a network."""
    source = PUBLISHED[name]
    option = Message(" --variant {variant}", variant=variant) if variant and len(source.files) > 1 else ""
    return UserError(
        "{title} is not in {folder}: get it with `python -m vae_core datasets --download {name}{option}` or with the download "
        "button on the Train page, or put {files} from {mirror} there, or name another data folder with --data-dir or LATENT_DATA.",
        title=source.title,
        folder=folder_of(name, data_dir),
        name=name,
        option=option,
        files=", ".join(file for file, _ in source.of(variant)),
        mirror=source.mirrors[0],
    )
