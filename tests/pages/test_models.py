"""The Models page without a browser: its cards, and where what is pressed on them leads."""

import json

import pytest

from tests.helpers.molecule_helpers import without_libraries
from tests.pages.shared.test_links import opened
from tests.pages.visit import labelled, untrained, visit, whole
from vae_core.molecules.extra import has_extra
from vae_core.presets.papers import PRESETS
from vae_core.runs import Store
from vae_ui.models import gallery
from vae_ui.models.trained_models import TrainedModels
from vae_ui.widgets import model_cache

MODEL = "mnist-vae-2d"


def cards(app) -> dict[str, dict]:
    """The cards as the browser gets them, by the name of their preset."""
    (element,) = [one.proto for one in app.main.get("bidi_component") if one.proto.component_name == "models_gallery"]
    return {card["name"]: card for card in json.loads(element.json)["cards"]}


def acts(card: dict) -> dict[str, dict]:
    return {act["act"]: act for act in card["acts"]}


def pressed(act: str, preset: str, model: str = MODEL):
    """The app after that was pressed on the card of a preset."""
    app = visit("models", model)
    app.session_state[gallery.KEY] = {"asked": {"act": act, "preset": preset}}
    return app.run()


def test_every_preset_has_its_card(home):
    shown = cards(visit("models", MODEL))
    assert list(shown) == list(PRESETS)
    for name, card in shown.items():
        assert card["svg"][0] == "svg" and card["use"] and card["paper"] == PRESETS[name].paper
        assert bool(card["changed"]) == (name != "vae")
        assert acts(card)["train"]["href"] == f"train?model={MODEL}&preset={name}"
        assert ("both" in acts(card)) + ("beside" in acts(card)) == (name != "vae")
    assert len(json.dumps(shown)) < 250_000


def test_a_bundled_model_is_offered_where_there_is_one_and_a_pair_only_where_it_is_matched(home):
    shown = cards(visit("models", MODEL))
    assert acts(shown["vae"])["open"]["href"].endswith(f"model={MODEL}"), "the one in view comes first"
    assert "model=mnist-beta-10d" in acts(shown["beta-vae"])["open"]["href"]
    assert "model=mnist-cvae-2d" in acts(shown["cvae"])["open"]["href"] and "open" not in acts(shown["iwae"])
    assert acts(shown["autoencoder"])["beside"]["href"] == f"compare?model={MODEL}&models={MODEL},mnist-ae-2d"
    figures = model_cache.models()["mnist-ae-2d"].figures, model_cache.models()[MODEL].figures
    assert all(f"{one['distortion']:.1f}" in shown["autoencoder"]["measured"] for one in figures)
    assert "both" in acts(shown["cvae"]), "its bundled model has other layers than the VAE"


def test_a_pair_differs_in_nothing_but_what_the_preset_changes(home):
    for seed in (0, 0, 1):
        untrained(home, "vae" if not seed else "gm-vae", hidden=(16,), seed=seed)
    assert TrainedModels(model_cache.models(), MODEL).pair("gm-vae") is None, "another seed"
    made = untrained(home, "iwae", hidden=(16,), seed=0)
    trained = TrainedModels(model_cache.models(), MODEL)
    assert trained.members("iwae") == [made] and trained.pair("iwae") == ("run-vae", made)


def test_train_it_opens_train_with_that_kind_of_model(home):
    app = whole(pressed("train", "vamp-vae"))
    assert labelled(app.selectbox, "Kind of model").value == "vamp-vae"


def test_an_address_opens_train_with_a_kind_of_model(home):
    app = opened("train", model=MODEL, preset="beta-vae")
    assert labelled(app.selectbox, "Kind of model").value == "beta-vae"
    assert labelled(app.number_input, "Beta").value == 4
    labelled(app.selectbox, "Kind of model").set_value("iwae").run()
    assert labelled(whole(app).selectbox, "Kind of model").value == "iwae"


def test_beside_opens_compare_with_the_pair(home):
    app = whole(pressed("beside", "autoencoder"))
    assert app.main.multiselect[0].value == [MODEL, "mnist-ae-2d"]


def test_open_opens_the_model(home):
    app = whole(pressed("open", "beta-vae"))
    assert app.session_state["choices"].model == "mnist-beta-10d"


@pytest.mark.parametrize("preset", ["gm-vae", "vq-vae"])
def test_both_are_trained_on_equal_terms(home, monkeypatch, preset):
    monkeypatch.setattr(gallery.page_list, "go", lambda page: None)
    pressed("both", preset)
    one, other = sorted((row.run for row in Store().runs()), key=lambda run: run.model.prior != "normal")
    assert one.data == other.data and one.train == other.train and other.train.seconds == gallery.SECONDS
    assert other.model.prior == dict(PRESETS[preset].changes)["prior"]


@pytest.mark.parametrize(
    "asked", [{"act": "train", "preset": "../x"}, {"act": "rm", "preset": "vae"}, {"preset": []}, "x", 3]
)
def test_what_is_not_on_a_card_does_nothing(home, asked):
    app = visit("models", MODEL)
    app.session_state[gallery.KEY] = {"asked": asked}
    assert list(cards(whole(app.run()))) == list(PRESETS)


def test_a_model_of_molecules_is_first_trained_on_them_where_their_libraries_are(home, monkeypatch):
    app = pressed("train", "molecule-vae")
    assert not app.exception and labelled(app.selectbox, "Kind of model").value == "molecule-vae"
    assert labelled(app.selectbox, "Data").value == ("molecules" if has_extra() else "sentences")
    without_libraries(monkeypatch)
    app = whole(pressed("train", "molecule-vae"))
    assert labelled(app.selectbox, "Data").value == "sentences"
