"""What the server keeps for all browsers at once: opened models and what is costly to work out from them.

Everything here depends on its arguments alone; nothing that one browser chose is kept.
"""

from pathlib import Path

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from vae_core import checkpoints
from vae_core.datasets import Dataset, load
from vae_core.errors import UserError
from vae_core.explorer import Explorer
from vae_core.paths import home

UInt8 = NDArray[np.uint8]


def models() -> dict[str, checkpoints.Info]:
    """Every model that can be explored, bundled ones first, by the name that the URL carries."""
    found = {info.name: info for info in _infos(str(checkpoints.bundled()), _stamp(checkpoints.bundled()))}
    runs = home() / "runs"
    return found | {f"run-{info.name}": info for info in _infos(str(runs), _stamp(runs))}


def explorer(name: str) -> Explorer:
    """The opened model of that name; raises UserError for an unknown or damaged one."""
    info = models().get(name)
    if info is None:
        raise UserError(f"There is no model '{name}': choose one in the sidebar.")
    return _explorer(str(info.folder), (info.folder / checkpoints.RUN).stat().st_mtime_ns)


@st.cache_resource(max_entries=12, show_spinner="Opening the model ...")
def _explorer(folder: str, _changed: int) -> Explorer:
    return Explorer.open(Path(folder))


@st.cache_data(max_entries=64, show_spinner=False)
def _infos(root: str, _changed: tuple[int, ...]) -> list[checkpoints.Info]:
    return list(checkpoints.find(Path(root)))


def _stamp(root: Path) -> tuple[int, ...]:
    """Changes when a checkpoint below the folder comes, goes or is written again."""
    return tuple(path.stat().st_mtime_ns for path in sorted(root.glob(f"*/{checkpoints.RUN}")))


def dataset(name: str) -> Dataset | None:
    """The data that the model of that name was trained on, or None where they are not on this machine."""
    return _dataset(explorer(name).info.run.data.model_dump_json())


@st.cache_resource(max_entries=4, show_spinner="Reading the data set ...", ttl="1h")
def _dataset(config: str) -> Dataset | None:
    from vae_core.config import DataConfig

    try:
        return load(DataConfig.parse(config))
    except UserError:
        return None


def test_images(name: str) -> NDArray[np.generic]:
    """The test split as the model's input (N, *shape); its reconstructions where the data are not on this machine."""
    data, model = dataset(name), explorer(name)
    if data is not None and len(data.test) == len(model.latents.labels):
        return data.test.x.numpy()
    return reconstructions(name)


def reconstructions(name: str) -> UInt8:
    """What the model makes of each test image's code (N, *shape): uint8 pictures, or float32 points."""
    model = explorer(name)
    return _reconstructions(str(model.info.folder), (model.info.folder / checkpoints.RUN).stat().st_mtime_ns, model)


@st.cache_data(max_entries=8, show_spinner="Decoding the test images ...")
def _reconstructions(folder: str, changed: int, _model: Explorer) -> UInt8:
    decoded = _model.decode(_model.latents.mean, _model.latents.labels if _model.conditional else None)
    return decoded if _model.info.run.model.is_points else np.round(decoded * 255).astype(np.uint8)
