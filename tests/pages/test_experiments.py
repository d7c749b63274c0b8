"""The page Experiments without a browser: a bundled pair at once, one click for the others, and each training only once."""

import shutil
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.visit import labelled, visit, whole
from vae_core import checkpoints
from vae_core.experiments.catalogue import EXPERIMENTS
from vae_core.runs import Store
from vae_core.runs.database import session, transaction


@pytest.fixture(autouse=True)
def _own_home(home):
    """Runs are created in a home of their own."""


def opened(id: str) -> AppTest:
    app = visit("experiments", "digits-vae-2d")
    return whole(app.radio[0].set_value(id).run())


def html(app) -> str:
    return unescape(" ".join(element.proto.body for element in app.main.get("html")))


def set_states(states: dict[str, str], message: str = "") -> None:
    store = Store()
    with session(store.path) as db, transaction(db):
        for id, state in states.items():
            db.execute("UPDATE runs SET state = ?, message = ? WHERE id = ?", (state, message, id))
            if state == "done":
                shutil.copytree(checkpoints.bundled() / "digits-vae-2d", store.folder(id), dirs_exist_ok=True)


def test_the_bundled_pair_opens_at_once_with_its_sentence(home):
    app = visit("experiments", "digits-vae-2d")
    text = html(app)
    assert "the distortion is" in text and "nats for Plain autoencoder" in text
    assert text.count("Latent map of") == 2 and text.count("Reconstructions by") == 2 and text.count("Samples of") == 2
    assert not [button for button in app.button if button.label == "Train them"]


def test_one_click_starts_each_arm_and_a_second_click_none(home):
    app = opened("warm-up")
    whole(labelled(app.button, "Train them").click().run())
    rows = Store().runs()
    assert [row.title for row in reversed(rows)] == ["KL warm-up: no warm-up", "KL warm-up: warm-up"]
    assert not [button for button in app.button if button.label == "Train them"] and labelled(app.button, "Stop")
    set_states({row.id: "done" for row in rows})
    app = opened("warm-up")
    assert "From no warm-up to warm-up: the rate hardly changed" in html(app), "both are the same model here"
    assert html(app).count("Latent map of") == 2 and len(Store().runs()) == 2


@pytest.mark.parametrize(
    ("state", "words"), [("failed", "failed. The disk is full."), ("stopped", "was stopped"), ("lost", "failed")]
)
def test_a_run_without_a_result_says_so_and_is_offered_again(home, state, words):
    app = opened("warm-up")
    labelled(app.button, "Train them").click().run()
    newer, older = Store().runs()
    set_states({older.id: "done"})
    set_states({newer.id: state}, "The disk is full.")
    app = opened("warm-up")
    (warning,) = app.main.warning
    assert words in warning.value and "warm-up" in warning.value
    assert "From no warm-up" not in html(app), "the sentence needs all models"
    whole(labelled(app.button, "Train them").click().run())
    assert len(Store().runs()) == 3, "only what is missing is trained again"


def test_every_experiment_opens(home):
    app = visit("experiments", "digits-vae-2d")
    for id, experiment in EXPERIMENTS.items():
        whole(app.radio[0].set_value(id).run())
        assert str(experiment.question) in " ".join(element.value for element in app.main.markdown)
