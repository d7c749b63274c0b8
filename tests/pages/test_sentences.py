"""Every page with a model of sentences, without a browser: sentences as text, and one sentence where a page does not apply."""

import csv
import io
import re

import numpy as np
import pytest
import torch

from tests.pages.visit import html, labelled, visit, whole
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.data.text.names import shares_of_people
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_ui.shell import page_list
from vae_ui.views import Strip, view_of
from vae_ui.widgets import model_cache

SHOWN = ("start", "latent_space", "decode", "traverse", "interpolate", "reconstruct", "generate", "compare")

OF_PICTURES = re.compile(r"\b(images?|pictures?|pixels?)\b", re.IGNORECASE)


def said(app) -> list[str]:
    """What the page and the sidebar write in the text of their elements."""
    protos = [
        node.proto for part in (app.main, app.sidebar) for node in part if getattr(node, "proto", None) is not None
    ]
    fields = [
        (field.name, value) for proto in protos if hasattr(proto, "ListFields") for field, value in proto.ListFields()
    ]
    texts = [value for name, value in fields if name in ("body", "label", "help", "placeholder")]
    options = [one for name, value in fields if name == "options" for one in value]
    return [re.sub('(data:image/|style=")[^"]*', "", one) for one in (*texts, *options) if isinstance(one, str)]


def of_pictures(app) -> list[str]:
    """What of that speaks of pictures."""
    assert any("sentence" in text for text in said(app))
    return [text for text in said(app) if OF_PICTURES.search(text)]


def trained(home, name="rnn-vae", dataset="sentences", **settings) -> str:
    """A small model of sentences, as if a run had made it; gives its name."""
    config = DataConfig(dataset=dataset, training_images=2000, held_out=0.02)
    data = load(config)
    made = {"epochs": 1, "hidden": (16,), "precision": "fp32", "title": f"a {name}", **data.layout_settings, **settings}
    run = build_run(name, config, data.shape, len(data.classes), **made)
    torch.manual_seed(0)
    *_, done = fit(build(run.model, 0), data, run, folder=home / "runs" / name)
    assert done.kind == "done", done
    return f"run-{name}"


@pytest.fixture
def model(home):
    return trained(home, latent_dim=2)


@pytest.mark.parametrize("page", SHOWN)
def test_every_page_shows_sentences(page, model):
    app = visit(page, model)
    assert html(app) or app.main.markdown
    assert of_pictures(app) == []


@pytest.mark.parametrize("page", sorted({*page_list.PAGES} - {*SHOWN}))
def test_every_other_page_opens_or_says_why_not(page, model):
    app = visit(page, model)
    assert html(app) or app.main.markdown or app.info or app.caption


@pytest.mark.parametrize(
    ("preset", "settings"), [("text-cvae", {}), ("transformer-vae", {}), ("autoencoder", {"latent_dim": 2})]
)
def test_other_models_of_sentences(home, preset, settings):
    name = trained(home, preset, **settings)
    for page in ("latent_space", "reconstruct", "generate"):
        assert of_pictures(visit(page, name)) == []


@pytest.mark.parametrize("page", ["data", "train"])
def test_the_pages_before_a_training_take_the_data_set(page, home):
    app = visit(page, "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("sentences").run()
    whole(app)
    assert labelled(app.selectbox, "Language").options == ["english", "chinese"]
    if page == "data":
        (table,) = app.dataframe
        assert set(table.value["label"]) == {"past", "present", "future"}
        assert all(text.startswith("the ") for text in table.value["sentence"])
    else:
        labelled(app.selectbox, "Kind of model").set_value("rnn-vae").run()
        whole(app)
        assert labelled(app.number_input, "Word dropout").value == 0.25
        labelled(app.selectbox, "Kind of model").set_value("vq-vae").run()
        assert "sentences choose" in app.error[0].value and not app.exception


def test_a_preset_of_sentences_says_which_data_it_needs(home):
    app = visit("train", "digits-vae-2d")
    labelled(app.selectbox, "Kind of model").set_value("rnn-vae").run()
    assert "is for sentences" in app.error[0].value and not app.exception


def test_completion_says_why_it_does_not_apply(model):
    assert "is of sentences" in visit("complete", model).info[0].value


def test_slopes_are_left_out_where_words_have_none(model):
    app = visit("decode", model)
    app.session_state["places"][model].z = np.zeros(2, np.float32)
    whole(app.run())
    assert not any("moves" in one.value for one in app.subheader)


def test_strips_write_a_line_for_each_sentence_and_escape_words(model):
    view = view_of(model_cache.explorer(model))
    x = np.array([[3, 4, 5, 1, 0], [3, 6, 5, 1, 0]], np.int16)
    shown = view.strips([Strip("z1", "note", x, "two sentences", 0.9)], 60, ["-1", "1"])
    names = view.vocabulary.names
    assert shown.count("<tr>") == 2 and shown.count("outline:") == 1
    assert f"{names[3]} {names[4]} {names[5]}" in shown and f"{names[3]} <b>{names[6]}</b> {names[5]}" in shown
    assert view.pictures(x).shape == (2, 64, 64) and not np.array_equal(*view.pictures(x))
    rows = list(csv.reader(io.StringIO(view.content(x, None, 0, "csv").decode("utf-8-sig"))))
    assert rows == [["sentence"], *([text] for text in view.texts(x))]
    assert "the" in view.figure(x[0], "a sentence", "x") and 'aria-label="a sentence"' in view.figure(
        x[0], "a sentence"
    )


def test_the_sidebar_and_the_map_write_sentences_and_draw_none(model):
    app = visit("latent_space", model)
    opened = model_cache.explorer(model)
    (samples,) = [text for text in said(app) if "Six samples of" in text]
    assert samples.count("<li") == 6 and not any("<img" in text for text in said(app))
    assert model_cache.texts(model) == opened.info.vocabulary.sentences(model_cache.test_images(model))
    assert model_cache.thumbnails(model) is None and model_cache.texts("digits-vae-2d") == []


def test_a_typed_sentence_is_read_word_by_word_and_unknown_words_are_named(model):
    app = visit("reconstruct", model)
    app.session_state["choices"].source = "type"
    app.session_state["choices"].detail = "full"
    whole(app.run())
    box = labelled(app.text_input, "Your sentence")
    words = model_cache.explorer(model).info.vocabulary
    box.set_value("the old men will dance <b>wildly</b>").run()
    whole(app)
    (told,) = app.warning
    assert "dance" in told.value and "wildly" in told.value and words.words[0] in told.value
    assert "the old men will &lt;unknown&gt; &lt;unknown&gt;" in html(app)
    box = labelled(app.text_input, "Your sentence")
    box.set_value("the old men will take the ball").run()
    whole(app)
    assert not app.warning and "the old men will take the ball" in html(app)
    labelled(app.text_input, "Your sentence").set_value("the " * 30).run()
    assert "30 words" in app.error[0].value and not app.exception


def test_the_nats_of_a_sentence_have_its_words_as_names(model):
    opened = model_cache.explorer(model)
    x = opened.info.vocabulary.ids(["the old men will take the ball"], opened.shape[0])[0]
    shown = view_of(opened).nats(x, opened.ledger(x).by_pixel, "nats")
    assert all(word in shown for word in ("old", "men", "will", "take", "ball", "&lt;end&gt;"))


def test_ids_of_words_are_not_mixed(model):
    assert "In pixels" not in html(visit("interpolate", model))


def test_a_text_of_ones_own_is_shown_on_data_and_taken_on_train(home):
    lines = [
        f"the {a} sees a {b}, twice (or more)." for a in ("cat", "dog", "cow", "hen") for b in ("fox", "cat", "dog")
    ]
    app = visit("data", "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("text").run()
    whole(app)
    assert "a sentence or a name on each line" in app.info[0].value
    app.file_uploader[0].set_value(("my lines.txt", "\n".join(lines).encode("utf-16"), "text/plain")).run()
    whole(app)
    (table,) = app.dataframe
    assert {*table.value["sentence"]} <= {*lines}
    told = " ".join(one.value for one in app.caption)
    assert "Read as utf-16" in told and "a word or a punctuation mark" in told
    labelled(app.selectbox, "Tokens").set_value("characters").run()
    whole(app)
    assert "Each token is a character" in " ".join(one.value for one in app.caption)


def test_a_column_of_an_uploaded_table_can_be_chosen_with_its_labels(home):
    rows = [
        f"{kind},the {a} {kind}s {b}" for kind in ("see", "hear") for a in ("cat", "dog", "cow") for b in ("me", "us")
    ]
    app = visit("train", "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("text").run()
    app.file_uploader[0].set_value(("t.csv", "\n".join(["kind,said", *rows]).encode(), "text/csv")).run()
    whole(app)
    assert labelled(app.selectbox, "Text column").value == "said"
    labelled(app.selectbox, "Label column").set_value("kind").run()
    labelled(app.selectbox, "Kind of model").set_value("text-cvae").run()
    whole(app)
    assert not app.error and "the column 'said'" in " ".join(one.value for one in app.caption)


def test_names_say_which_library_they_need_or_are_read(home):
    app = visit("data", "digits-vae-2d")
    labelled(app.selectbox, "Data").set_value("names").run()
    whole(app)
    try:
        shares_of_people()
    except UserError:
        assert "pip install" in app.error[0].value
    else:
        (table,) = app.dataframe
        assert {*table.value["label"]} == {"female", "male"}
        said = visit("generate", trained(home, dataset="names")).caption
        assert any("These names are made up" in one.value for one in said)
