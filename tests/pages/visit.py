"""A visit to one page with one model, without a browser; and models of unusual kinds to visit it with."""

import base64
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from vae_core import checkpoints
from vae_core.config import DataConfig, ModelConfig, TrainConfig
from vae_core.data import load
from vae_core.metrics import evaluate, posterior_of
from vae_core.models.build import build
from vae_core.objectives import Elbo
from vae_core.presets.build_run import build_run
from vae_core.presets.run_config import RunConfig
from vae_ui.base import state
from vae_ui.decode import sliders
from vae_ui.shell import page_list
from vae_ui.widgets import model_cache, small_map

DIGITS = load(DataConfig())
_FOUND = [*checkpoints.find(checkpoints.bundled())]
BUNDLED = [info.name for info in _FOUND]
DRAWN = [info.name for info in _FOUND if info.run.model.kind != "tokens"]  # whose outputs are pictures or points


def visit(page: str, model: str) -> AppTest:
    """The page as a browser that opens it with this model finds it."""
    return opened(page, model=model)


def opened(page: str, **query: str) -> AppTest:
    """The page as a browser finds it that opens this address."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    return whole(turn_to(app, page).run())


def turn_to(app: AppTest, page: str) -> AppTest:
    """Go to another page of the menu, before the next run."""
    return app.switch_page(str(page_list.file(page).relative_to(ROOT)))


def whole(app: AppTest) -> AppTest:
    """The app itself, once it is sure that nothing went wrong on it."""
    assert not app.exception, app.exception[0].message
    assert not app.error, app.error[0].value
    return app


def address(app: AppTest) -> dict[str, str]:
    """What the browser is told to write after the question mark of the page's address."""
    (element,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "page_address"]
    return dict(parse_qsl(json.loads(element.json)["search"]))


def sent(held, *events, visit: str = "visit") -> dict:
    """A stage's state as the browser sends it: the blocks that it holds, and its events, each with a `number`."""
    return {"map": {**held, "visit": visit, "events": [{**held, **event} for event in events]}}


def slide(app, name: str, code, number: int = 1, **done):
    """As if a hand had set this code on the Decode page."""
    dots = small_map.payload(name).hash if len(code) == 2 else ""
    held = {"hash": dots, "model": model_cache.browser_block(name).hash}
    event = {"number": number, "act": "slide", "code": list(code), **done}
    app.session_state[sliders.KEY] = sent(held, event)
    return whole(app.run())


def place(app, name: str) -> state.Place:
    """Where this visitor is in the model's latent space."""
    return app.session_state["places"][name]


def labelled(elements, label: str):
    """The widget whose label begins so."""
    found = [element for element in elements if element.label.startswith(label)]
    assert found, f"no '{label}' among {[element.label for element in elements]}"
    return found[0]


def html(app: AppTest) -> str:
    """All that the page draws by itself, without the sidebar's strip."""
    return " ".join(element.proto.body for element in app.main.get("html"))


def images(app: AppTest) -> dict[str, NDArray[np.uint8]]:
    """The page's pictures by their text alternative."""
    found = re.findall(r'<img src="data:image/png;base64,([^"]+)" alt="([^"]*)"', html(app))
    return {alt: np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))) for data, alt in found}


def untrained(home: Path, name: str, **settings) -> str:
    """An untrained model of the digits of that preset, measured, as if a run had made it; gives its name."""
    run = build_run(name, DataConfig(), DIGITS.shape, len(DIGITS.classes), title=f"a {name}", **settings)
    vae = build(run.model, 0)
    mean, scale = posterior_of(vae, DIGITS.test)
    latents = checkpoints.Latents(mean.numpy(), scale.numpy(), DIGITS.test.labels.numpy())
    checkpoints.save(home / "runs" / name, vae, run, evaluate(vae, DIGITS.test), latents, DIGITS.classes)
    return f"run-{name}"


def odd_model(home: Path, name: str, shape: tuple[int, ...], latent_dim: int, collapsed: tuple[int, ...] = ()) -> str:
    """An untrained model of unlabelled pictures that are on no machine, as if a run had made it; gives its name."""
    torch.manual_seed(0)
    model = ModelConfig(shape=shape, latent_dim=latent_dim, hidden=(16,))
    run = RunConfig(
        data=DataConfig(dataset="pictures", path="nowhere.zip"),
        model=model,
        objective=Elbo(),
        train=TrainConfig(epochs=1),
    )
    mean = np.random.default_rng(0).normal(size=(40, latent_dim)).astype(np.float32)
    mean[:, list(collapsed)] = 0
    scale = np.full_like(mean, 0.5)
    scale[:, list(collapsed)] = 1
    latents = checkpoints.Latents(mean, scale, np.zeros(40, np.int64))
    figures = {"elbo": -100.0, "distortion": 95.0, "rate": 5.0, "mse": 0.1, "images": 40}
    checkpoints.save(home / "runs" / name, build(model), run, figures, latents)
    return f"run-{name}"
