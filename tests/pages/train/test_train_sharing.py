"""Runs of others on the Train page: found, looked at and gone on from; and a private one is nowhere, not even by its link."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.train.test_train import ROOT, by_label, labels
from tests.pages.train.test_train_rights import ONE, OTHER, runs, visited_by  # noqa: F401
from tests.pages.visit import address
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.presets.build_run import build_run
from vae_core.runs.kept_models import keep_model
from vae_core.runs.many.listing import page
from vae_core.runs.users import ADMIN, User
from vae_ui.base import current_user
from vae_ui.train.run_list import SHOWN
from vae_ui.widgets import model_cache

RUN = build_run("vae", DataConfig(), (1, 8, 8), 10, title="secret model")


@pytest.fixture
def kept(runs):  # noqa: F811
    """A run of ONE with a whole model."""
    return keep_model(runs, checkpoints.bundled() / "digits-ae-2d", RUN, ONE)


def entries(app):
    return [button.label for button in app.button if button.key and button.key.startswith("train.see.")]


def opened_at(name, who, monkeypatch, **query):
    monkeypatch.setattr(current_user, "present", lambda: who)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if name:
        app.switch_page(f"pages/{name}.py").run()
    assert not app.exception
    return app


def text_of(app):
    """All that the page shows or offers."""
    found = [
        element.value for kind in (app.markdown, app.caption, app.warning, app.info, app.error) for element in kind
    ]
    return "\n".join([*map(str, found), *labels(app), *offered(app)])


def offered(app):
    """The models and whatever else the page offers for choice."""
    return [str(one) for kind in (app.selectbox, app.multiselect) for box in kind for one in box.options]


def test_the_list_is_searched_and_grows_by_a_button(runs, monkeypatch):  # noqa: F811
    for n in range(SHOWN + 3):
        runs.create(RUN.replace(title=f"number {n}"), user=ADMIN)
    app = visited_by(OTHER, monkeypatch)
    assert len(entries(app)) == SHOWN and any(f"{SHOWN} of {SHOWN + 3} runs" in one.value for one in app.caption)
    by_label(app.button, "Show more").click().run()
    assert len(entries(app)) == SHOWN + 3
    by_label(app.text_input, "Search the runs").input("number 4").run()
    assert len(entries(app)) == 1 and "number 4" in entries(app)[0] and "This computer" in entries(app)[0]
    by_label(app.text_input, "Search the runs").input("nobody").run()
    assert entries(app) == [] and any("No run has all these words" in one.value for one in app.caption)


def test_another_goes_on_from_a_run_and_sees_its_origin(runs, kept, monkeypatch):  # noqa: F811
    app = visited_by(OTHER, monkeypatch)
    by_label(app.button, "Train mine from here").click().run()
    assert not app.exception
    new = page(runs, OTHER).rows[0]
    assert (new.owner, new.origin, new.state) == (OTHER.id, kept, "queued")
    assert any("began with the weights of" in one.value and "secret model" in one.value for one in app.caption)
    runs.set_private(kept, True, ONE)
    again = visited_by(OTHER, monkeypatch)
    assert any("private or was deleted" in one.value for one in again.caption)
    assert not any("of “secret model" in one.value for one in again.caption)


def test_the_owner_makes_a_run_private_and_public_again(runs, kept, monkeypatch):  # noqa: F811
    assert not labels(visited_by(OTHER, monkeypatch)) & {"Make private", "Show to all"}
    app = visited_by(ONE, monkeypatch)
    by_label(app.button, "Make private").click().run()
    assert runs.get(kept).private and not app.exception
    by_label(app.button, "Show to all").click().run()
    assert not runs.get(kept).private


@pytest.mark.parametrize("who", [OTHER, User()])
def test_a_private_run_is_nowhere_for_others(runs, kept, who, monkeypatch):  # noqa: F811
    name = f"run-{kept}"
    monkeypatch.setattr(current_user, "present", lambda: who)
    assert name in model_cache.models()
    runs.set_private(kept, True, ONE)
    assert name not in model_cache.models() and not model_cache.models().why_not(name)
    compared = {"models": f"{name},digits-ae-2d"}
    for path, query in {
        "train": {"run": kept},
        "compare": compared,
        "latent_space": {"model": name},
        "models": {},
    }.items():
        app = opened_at(path, who, monkeypatch, **query)
        assert "secret model" not in text_of(app), (path, query)
        assert kept not in str(address(app)) and kept not in str(offered(app))
    for allowed in (ONE, ADMIN, User(OTHER.id, is_admin=True)):
        monkeypatch.setattr(current_user, "present", lambda allowed=allowed: allowed)
        assert name in model_cache.models()
        assert "secret model" in text_of(opened_at("train", allowed, monkeypatch, run=kept))
        assert kept in str(offered(opened_at("latent_space", allowed, monkeypatch, model=name)))
