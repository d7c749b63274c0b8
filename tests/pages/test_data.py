"""The Data page without a browser: every data set that is here is shown as it is, and what is chosen goes along to Train."""

import base64
from html import unescape

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ROOT
from tests.helpers.molecule_helpers import without_libraries
from tests.pages.visit import DIGITS, address, html, images, labelled, visit, whole
from vae_core.config import DataConfig
from vae_core.data import duplicates_and_imbalance
from vae_core.data.duplicates_and_imbalance import Fault
from vae_core.data.made import drawn_density
from vae_core.messages import Message
from vae_ui.data import density_pad
from vae_ui.datasets import examples


def choose(app, title: str):
    labelled(app.selectbox, "Data").set_value(title).run()
    return whole(app)


def test_digits_are_shown_class_by_class(home):
    app = choose(visit("data", "digits-vae-2d"), "digits")
    shown = images(app)
    labels, x = DIGITS.train.labels.numpy(), DIGITS.train.x.numpy()
    for label in range(10):
        strip = shown[f"Training images of {label}"]
        assert np.array_equal(strip[:8, :8], x[labels == label][0, 0]) and strip.shape == (8, 12 * 9 - 1)
    assert "<b>1,257</b>" in html(app) and html(app).count("<b>270</b>") == 2
    assert address(app)["data"] == "digits" and not app.warning


def test_the_words_follow_the_chosen_data_not_the_model_of_the_sidebar(home):
    app = choose(visit("data", "digits-vae-2d"), "iris")
    said = [caption.value for caption in app.caption]
    assert any(text.startswith("Validation rows choose between models") for text in said)
    said = [caption.value for caption in choose(app, "digits").caption]
    assert any(text.startswith("Validation images choose between models") for text in said)
    app.switch_page("pages/train.py").run()
    app = choose(app, "iris")
    assert "rows less exact" in labelled(app.number_input, "Beta").help


def test_the_share_held_out_changes_the_splits_and_goes_along_to_train(home):
    app = choose(visit("data", "digits-vae-2d"), "digits")
    labelled(app.slider, "Held out").set_value(0.5).run()
    assert html(whole(app)).count("<b>449</b>") >= 1 and address(app)["held_out"] == "0.5"
    app.switch_page("pages/train.py").run()
    assert labelled(whole(app).selectbox, "Data").value == "digits"
    assert labelled(app.slider, "Held out").value == 0.5


def test_a_link_chooses_the_data(home):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.switch_page("pages/data.py")
    app.query_params.update({"model": "digits-vae-2d", "data": "points", "variant": "rings", "noise": "0.3"})
    app.run()
    assert labelled(whole(app).selectbox, "Shape").value == "rings" and labelled(app.slider, "Noise").value == 0.3
    assert address(app)["variant"] == "rings" and address(app)["noise"] == "0.3"


def test_a_link_mends_what_it_names(home):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.switch_page("pages/data.py")
    app.query_params.update({"model": "digits-vae-2d", "data": "digits", "mended": "balanced"})
    app.run()
    assert labelled(whole(app).toggle, "Balanced").value is True and address(app)["mended"] == "balanced"


@pytest.mark.parametrize(
    "query",
    [
        {"data": "nothing"},
        {"data": "digits", "noise": "0.3"},
        {"data": "digits", "mended": "all"},
        {"data": "points", "variant": "drawn", "drawing": "eJw"},
    ],
)
def test_a_link_to_what_is_not_here_is_a_sentence(home, query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.switch_page("pages/data.py")
    app.query_params.update({"model": "digits-vae-2d", **query})
    app.run()
    assert any("left out" in warning.value for warning in whole(app).warning)


def test_a_fault_is_mended_by_its_button(home, monkeypatch):
    """Digits have no fault of their own: one is made, whose remedy is real."""
    monkeypatch.setattr(
        duplicates_and_imbalance, "faults", lambda data: [Fault(Message("Classes are unbalanced."), {"balanced": True})]
    )
    examples._read.clear()
    app = choose(visit("data", "digits-vae-2d"), "digits")
    labelled(app.button, "Mend this").click().run()
    assert labelled(whole(app).toggle, "Balanced").value is True
    least = np.bincount(DIGITS.train.labels.numpy()).min()
    assert f"<b>{10 * least:,}</b>" in html(app) and address(app)["mended"] == "balanced"
    examples._read.clear()


def test_a_drawing_is_taken_over_once_and_sampled(home):
    told = {}
    levels = np.zeros((drawn_density.SIDE, drawn_density.SIDE), np.uint8)
    levels[4:8, 4:8] = 2
    sent = base64.b64encode(drawn_density.packed(levels).tobytes()).decode()
    assert np.array_equal(density_pad._levels(sent), levels)
    for wrong in ("", "%%%", sent[:-8], sent + "AAAA"):
        assert density_pad._levels(wrong) is None
    assert density_pad._text(drawn_density.encode(levels)) == sent and told == {}
    config = DataConfig(dataset="points", variant="drawn", drawing=drawn_density.encode(levels))
    found = examples._read(config.model_dump_json(), 0)
    assert found.summary.is_points and not found.problem
    assert examples._read(config.replace(drawing="eJw").model_dump_json(), 0).problem


def test_what_the_owner_of_the_server_names_is_chosen_by_name(home, monkeypatch, tmp_path):
    folder = tmp_path / "scans of the school"
    folder.mkdir()
    np.save(folder / "all.npy", DIGITS.train.x.numpy()[:60, 0])
    monkeypatch.setenv("LATENT_FOLDERS", str(folder))
    app = choose(visit("data", "digits-vae-2d"), "pictures")
    labelled(app.selectbox, "Pictures").set_value("scans of the school").run()
    assert "<b>48</b>" in html(whole(app)) and "data" not in address(app)
    app.switch_page(
        "pages/train.py"
    ).run().run()  # AppTest restores a kept value one run later than a browser's session
    assert labelled(whole(app).selectbox, "Pictures").value == "scans of the school"
    assert not labelled(app.button, "Start").disabled


def test_the_classes_of_a_table_take_turns_in_the_order_of_its_rows():
    assert examples._in_turns(np.array([1, 1, 1, 0, 0, 2])).tolist() == [3, 0, 5, 4, 1, 2]
    assert examples._in_turns(np.zeros(3, np.int64)).tolist() == [0, 1, 2]
    assert not len(examples._in_turns(np.zeros(0, np.int64)))


@pytest.mark.parametrize("page", ["data", "train"])
def test_molecules_without_their_libraries_name_the_command(page, home, monkeypatch):
    without_libraries(monkeypatch)
    app = visit(page, "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("molecules").run()
    told = unescape(app.error[0].value)
    assert "pip install 'vae-explorer[molecules]'" in told and "make run EXTRAS=molecules" in told
    assert not app.exception
