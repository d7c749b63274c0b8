"""Every page with a model of molecules, without a browser: structures drawn by the server, one sentence without the extra."""

import base64
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch

from tests.helpers.molecule_helpers import EASY, NEEDS_EXTRA, without_libraries
from tests.pages.test_sentences import said
from tests.pages.visit import address, html, labelled, place, visit, whole
from tests.pages.visit import opened as opened_at
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.models.build import build
from vae_core.molecules.structures import PROPERTIES, canonical, structure
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_ui.shell import page_list
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache

DRAWN = ("latent_space", "decode", "traverse", "interpolate", "reconstruct", "generate", "compare")
OF_OTHERS = re.compile(r"\b(images?|pictures?|pixels?|sentences?)\b", re.IGNORECASE)
DRAWING = re.compile(r'<img src="data:image/svg\+xml;base64,([^"]+)"')
pytestmark = NEEDS_EXTRA


def trained(home, variant: str = "selfies") -> str:
    """A small model of molecules, as if a run had made it; gives its name."""
    (home / "mine.smi").write_text("\n".join(EASY))
    config = DataConfig(dataset="molecules", variant=variant, path=str(home / "mine.smi"))
    data = load(config)
    made = {"epochs": 1, "hidden": (16,), "latent_dim": 2, "precision": "fp32", **data.layout_settings}
    run = build_run("text-free-bits", config, data.shape, len(data.classes), title="molecules", **made)
    torch.manual_seed(0)
    *_, done = fit(build(run.model, 0), data, run, folder=home / "runs" / variant)
    assert done.kind == "done", done
    return f"run-{variant}"


@pytest.fixture
def model(home):
    return trained(home)


def drawings(text: str) -> list[ET.Element]:
    """RDKit's SVGs in the HTML of a page, each read as XML."""
    found = [base64.b64decode(one) for one in DRAWING.findall(text)]
    return [ET.fromstring(one) for one in found if b"rdkit" in one]


@pytest.mark.parametrize("page", DRAWN)
def test_pages_draw_structures_and_speak_of_molecules(page, model):
    app = visit(page, model)
    others = [info.title for info in model_cache.models().values()]  # which the sidebar offers
    texts = [text for text in said(app) if text not in others]
    assert any("molecule" in text.lower() for text in texts)
    assert [text for text in texts if OF_OTHERS.search(text)] == []
    if page in ("reconstruct", "interpolate", "latent_space"):  # of test molecules, which are ones whatever was learnt
        assert drawings(html(app))


@pytest.mark.parametrize("page", sorted({*page_list.PAGES} - {*DRAWN}))
def test_every_other_page_opens_or_says_why_not(page, model):
    app = visit(page, model)
    assert html(app) or app.main.markdown or app.info or app.caption


def test_what_is_decoded_at_z_is_drawn_on_release(model):
    app = visit("decode", model)
    opened = model_cache.explorer(model)
    place(app, model).z = opened.latents.mean[0].copy()
    whole(app.run())
    (smiles,) = view_of(opened).smiles(opened.decode(opened.latents.mean[:1]))
    assert ("no molecule" in html(app)) == (structure(smiles) is None)
    assert "x′ decoded from z" in html(app)


def test_strips_draw_each_molecule_and_frame_the_marked_one(model):
    opened = model_cache.explorer(model)
    view, x = view_of(opened), model_cache.test_images(model)[:3]
    shown = view.strips([Strip("z1", "<b>note</b>", x, "three", 0.9)], 60, ["-1", "0", "1"])
    assert len(drawings(shown)) == 3 and shown.count("outline:2px") == 1 and "&lt;b&gt;note&lt;/b&gt;" in shown
    small = view.pictures(x)
    assert small.shape == (3, 84, 112) and not np.array_equal(small[0], small[1])
    assert view.thumb == 112 and model_cache.thumbnails(model).shape[1:] == (84, 112)


def test_the_map_is_coloured_by_true_properties(model):
    opened = model_cache.explorer(model)
    own = model_cache.property_values(model, "logp")
    found = view_of(opened).smiles(model_cache.test_images(model))
    assert own == pytest.approx([PROPERTIES["logp"].of(structure(one)) for one in found])
    app = opened_at("latent_space", model=model, figures="property", prop="2")
    assert labelled(app.main.selectbox, "Colour by").value == 2 and address(app)["prop"] == "2"
    assert any(one.value.startswith("Dots: weight of each test example") for one in app.caption)


def test_the_files_hold_the_molecules(model):
    opened = model_cache.explorer(model)
    view, x = view_of(opened), model_cache.test_images(model)[:4]
    lines = view.content(x, None, 0, "smi").decode().splitlines()
    assert [line.split("\t")[0] for line in lines] == [canonical(structure(one)) for one in view.smiles(x)]
    assert view.content(x, None, 0, "sdf").count(b"$$$$") == 4 and view.files == ("smi", "sdf")


def test_what_is_no_molecule_is_said_and_its_text_is_escaped(home):
    name = trained(home, "smiles")
    opened = model_cache.explorer(name)
    names = opened.info.vocabulary.names
    broken = np.array([[names.index("C"), names.index("("), 1, *[0] * (opened.shape[0] - 3)]], np.int16)
    shown = view_of(opened).gallery(broken, ["alt"], ["below"])
    assert "no molecule" in shown and "C(" in shown and not drawings(shown)


def test_a_typed_molecule_is_read_in_either_notation(model):
    app = visit("reconstruct", model)
    app.session_state["choices"].source = "type"
    whole(app.run())
    shown = []
    for text in ("OCCCC", "[C][C][C][C][O]"):
        labelled(app.text_input, "Your molecule").set_value(text).run()
        whole(app)
        shown.append(DRAWING.findall(html(app))[0])
    assert shown[0] == shown[1]
    labelled(app.text_input, "Your molecule").set_value("<script>alert(1)</script>").run()
    assert "is no molecule that can be read" in app.error[0].value and not app.exception
    labelled(app.text_input, "Your molecule").set_value("C" * 80).run()
    assert "80 tokens" in app.error[0].value and not app.exception


@pytest.mark.parametrize("page", ["data", "train"])
def test_the_pages_before_a_training_take_the_data_set(page, home):
    app = visit(page, "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("molecules").run()
    if page == "train":
        labelled(app.selectbox, "Kind of model").set_value("text-free-bits").run()
    whole(app)
    assert labelled(app.selectbox, "Notation").options == ["selfies", "smiles"]
    assert any("left out" in one.value for one in app.caption)
    if page == "data":
        assert len(drawings(html(app))) == 6 * 12 and "logP ≥ 4" in html(app)
    labelled(app.selectbox, "Molecules").set_value("own").run()
    whole(app)
    assert any("SMILES" in one.value for one in app.info)


def test_without_the_extra_a_model_is_shown_as_tokens(model, monkeypatch):
    without_libraries(monkeypatch)
    monkeypatch.setattr("vae_ui.views.molecule.has_extra", lambda: False)
    for page in DRAWN:
        app = visit(page, model)
        assert not drawings(html(app)), page
    assert "[C]" in html(visit("reconstruct", model))


def test_edits_draw_both_walks_with_the_value_of_each_molecule(model):
    app = visit("edits", model)
    app.session_state["places"][model].edit = "property-2"
    whole(app.run())
    assert labelled(app.selectbox, "More of").options == ["logP", "QED", "weight"]
    fold = next(one for one in app.expander if one.label.startswith("Does the property"))
    assert fold.label
    app.session_state["edits-uphill"] = True
    whole(app.run())
    text = " ".join(one.value for one in app.markdown)
    assert re.search(r"Of \d+ test molecules, \*\*\d+%\*\* .*in a random direction: a difference of", text)
    assert html(app).count("In a random direction") >= 1 and re.search(r">0: \d+\.\d\d<", html(app))
