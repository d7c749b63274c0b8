"""Every page with a model of a picture and its words, without a browser: the words stand below the pictures of the same codes."""

import json
import re
from html import escape

import numpy as np
import pytest
import torch

from tests.helpers.data_helpers import zipped
from tests.helpers.made_pictures import png_files
from tests.pages.visit import address, html, opened, visit
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.models.build import build
from vae_core.presets.build_run import build_run
from vae_core.training.fit import fit
from vae_ui.base import pictures
from vae_ui.comparison.side_by_side import Model, inputs
from vae_ui.shell import page_list
from vae_ui.stage.payload import unpack
from vae_ui.stage.remote import answer
from vae_ui.views import in_words, says
from vae_ui.widgets import model_cache


def trained(home, preset="mopoe", dataset="digits", **settings) -> str:
    """A small model of pairs, as if a run had made it; gives its name."""
    config = DataConfig(dataset=dataset, **({"training_images": 500, "held_out": 0.05} if dataset == "shapes" else {}))
    data = load(config)
    made = {
        "epochs": 1,
        "hidden": (16,),
        "precision": "fp32",
        "title": f"a {preset}",
        **data.layout_settings,
        **settings,
    }
    run = build_run(preset, config, data.shape, len(data.classes), **made)
    *_, done = fit(build(run.model, 0), data, run, folder=home / "runs" / preset)
    assert done.kind == "done", done
    return f"run-{preset}"


@pytest.fixture
def model(home):
    return trained(home, dataset="shapes", latent_dim=3)


@pytest.mark.parametrize("page", sorted(page_list.PAGES))
def test_every_page_opens(page, model):
    app = visit(page, model)
    assert html(app) or app.main.markdown or app.info or app.caption


def test_a_persons_own_captions_stand_below_the_pictures(home):
    said = [f"a {('small', 'large')[i % 2]} <b>{('red', 'blue')[i % 4 // 2]}</b> dot" for i in range(60)]
    rows = ["file,caption", *(f"{i:02d}.png,{text}" for i, text in enumerate(said))]
    files = png_files([f"{i:02d}.png" for i in range(60)]) | {"list.csv": "\n".join(rows).encode()}
    config = DataConfig(dataset="pictures", path=str(zipped(home / "mine.zip", files)))
    data = load(config)
    run = build_run("mopoe", config, data.shape, 0, hidden=(16,), latent_dim=2, epochs=1, **data.layout_settings)
    *_, done = fit(build(run.model, 0), data, run, folder=home / "runs" / "mine")
    assert done.kind == "done", done
    for page in ("latent_space", "generate", "interpolate"):
        visit(page, "run-mine")
    app = given(visit("reconstruct", "run-mine"), "words", said[3])
    assert not app.exception and not app.error and address(app)["said"] == "0-0"  # large and blue
    assert "&lt;b&gt;" in html(app) and "&lt; " not in html(app) and not {"b>red", "b>blue"} & {*html(app).split()}


@pytest.mark.parametrize("preset", ["mvae", "jmvae"])
def test_digits_have_one_word(home, preset):
    name = trained(home, preset, latent_dim=2)
    assert "seven" in json.dumps(unpack(model_cache.browser_block(name).blob)[0])
    for page in ("latent_space", "reconstruct", "interpolate"):
        visit(page, name)


def test_the_words_below_samples_are_those_of_their_codes(model):
    explorer = model_cache.explorer(model)
    z = explorer.prior_samples(36, 0)
    said = says(explorer, z)
    assert len({one.sentence for one in said}) > 1
    assert [one.words[1] for one in said] == [
        ("square", "ellipse", "heart")[int(k)] for k in explorer.words(z)[1].argmax(1)
    ]
    page = "".join(html(visit("generate", model)))
    for one in said:
        assert escape(one.sentence) in page


PIECE = re.compile(r'<span title="[^"]*"[^>]*>(.*?)</span>')


def test_each_picture_of_a_strip_has_its_words_and_those_that_change_are_bold():
    picture = np.zeros((4, 12), np.uint8)
    below = [("small", "heart", "left"), ("small", "heart", "right"), ("large", "heart", "right")]
    made = pictures.rows([pictures.Row("z1", "", picture, "", below=below)], 3, 60)
    assert PIECE.findall(made) == ["small", "small", "<b>large</b>", "left", "<b>right</b>", "right"]
    assert "in each: heart<" in made
    true = [("small", "heart", "left"), ("large", "square", "right"), ("large", "heart", "right")]
    made = pictures.rows([pictures.Row("z1", "", picture, "", below=below, against=true)], 3, 60)
    assert PIECE.findall(made) == [
        "small",
        "<b>small</b>",
        "large",
        "heart",
        "<b>heart</b>",
        "heart",
        "left",
        "right",
        "right",
    ]
    assert "in each" not in made


def test_compare_writes_the_true_words_and_marks_what_a_model_says_wrongly(model):
    explorer = model_cache.explorer(model)
    rows = inputs(Model(model, "", explorer), 0)
    words = model_cache.test_words(model)
    data = load(explorer.info.run.data)
    assert words is not None and np.array_equal(words, data.words_of(data.test))
    x = np.ascontiguousarray(model_cache.test_images(model)[rows])
    read = explorer.most_probable_words(explorer.encode(x, None)[0])
    app = visit("compare", model)
    shown = html(app).split("Reconstructions by")[1].split("<table")[0]  # from the picture's text to the next figure
    assert sum("<b>" in piece for piece in PIECE.findall(shown)) == (read != words[rows]).sum() > 0
    assert any("wrong ones are bold" in one.value for one in app.caption)
    assert model_cache.test_words("digits-vae-2d") is None


def test_words_are_escaped():
    made = pictures.rows([pictures.Row("", "", np.zeros((4, 4), np.uint8), "", below=[("<b>",)])], 1, 60)
    assert "<b>" not in made.replace("<b></b>", "") and "&lt;b&gt;" in made


def test_chinese_words(model):
    caption = model_cache.explorer(model).info.caption
    assert caption is not None
    assert caption.record("zh")["words"][1]["values"] == ["正方形", "椭圆", "心形"]
    [one] = in_words(caption, np.array([[0, 2, 0, 1, 1]]))
    assert one.sentence == "a small heart, upright, at the middle centre"


def test_the_server_answers_for_either_part(model):
    explorer = model_cache.explorer(model)
    x, said = model_cache.test_images(model)[0], [0, 2, 0, 1, 1]
    flat = (x / 255).ravel().tolist()
    both, words = answer(explorer, {"x": flat, "said": said}), answer(explorer, {"said": said})
    assert both is not None and words is not None
    mean, scale = explorer.posterior(x, words=said)
    assert both["mean"] == pytest.approx(mean.tolist(), abs=1e-5) and both["scale"] == pytest.approx(
        scale.tolist(), abs=1e-5
    )
    assert words["words"] == pytest.approx(np.concatenate(explorer.words(np.array([words["z"]])), 1)[0].tolist())
    apart = [
        explorer.terms(*given[:2], words=given[2])[0]
        for given in ((x, mean, None), (None, mean, said), (x, mean, said))
    ]
    assert apart[0] + apart[1] == pytest.approx(apart[2], rel=1e-4)
    for wrong in ([0, 3, 0, 1, 1], [0], "no", [0, 0.5, 0, 1, 1]):
        assert answer(explorer, {"said": wrong}) is None


def test_rounding_for_the_browser_keeps_what_is_said(model):
    folder = model_cache.models()[model].folder
    exact, shown = checkpoints.load(folder).vae, model_cache.explorer(model)
    z = torch.randn(200, 3, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        expected = exact.decode_words(z).probabilities
    for part, wanted in zip(shown.words(z.numpy()), expected, strict=True):
        assert np.abs(part - wanted.numpy()).max() < 2e-3


def test_a_checkpoint_whose_words_are_not_those_of_its_data_is_refused(model):
    path = model_cache.models()[model].folder / checkpoints.RUN
    run = json.loads(path.read_text())
    run["config"]["data"]["dataset"] = "digits"
    path.write_text(json.dumps(run))
    with pytest.raises(UserError, match="its words are not those that its model takes"):
        checkpoints.info(path.parent)


SENTENCE = "a large heart, upside down, at the lower right"


def given(app, parts: str, sentence: str | None = ""):
    """The Reconstruct page with these parts going in."""
    app = app.segmented_control(key="reconstruct-given").set_value(parts).run()
    if sentence is None:
        return app
    [box] = [one for one in app.text_input if one.label == "Your sentence"]
    return box.set_value(sentence).run()


def test_a_sentence_goes_in_and_the_picture_is_missing(model):
    app = given(visit("reconstruct", model), "words", SENTENCE)
    assert not app.exception and not app.error
    said = [one.value for one in app.caption]
    assert any("The picture is missing: q(z) is that given the words alone" in one for one in said)
    assert any("nothing to compare" in one for one in said)
    explorer = model_cache.explorer(model)
    q = explorer.posterior(None, words=(2, 2, 2, 2, 2))[0]
    assert not np.allclose(q, explorer.posterior(model_cache.test_images(model)[0])[0])
    shown = "".join(html(app))
    first = explorer.analyse(None, None, 8, 0, words=(2, 2, 2, 2, 2))
    for one in says(explorer, first.codes):
        assert escape(one.sentence) in shown


def test_both_parts_go_in(model):
    app = given(visit("reconstruct", model), "both", SENTENCE)
    assert not app.exception and any("q(z) is that given both" in one.value for one in app.caption)


def test_a_link_carries_what_goes_in_and_the_sentence(model):
    there = address(given(visit("reconstruct", model), "words", SENTENCE))
    assert there["given"] == "words" and there["said"] == "2-2-2-2-2"
    app = opened("reconstruct", **there)
    assert app.segmented_control(key="reconstruct-given").value == "words" and address(app) == there
    assert [one.value for one in app.text_input if one.label == "Your sentence"] == [SENTENCE]
    assert not {"given", "said"} & address(given(app, "picture", None)).keys()
    wrong = opened("reconstruct", **there | {"said": "2-2-2-2-9"})
    assert any("left out: the sentence" in one.value for one in wrong.main.warning)


@pytest.mark.parametrize(
    ("sentence", "says_so"),
    [
        ("a blue heart", "does not know 'blue'"),
        ("a large heart", "lacks a word"),
        (SENTENCE + " left", "both 'right' and 'left'"),
    ],
)
def test_a_sentence_that_cannot_be_read_is_said(model, sentence, says_so):
    app = given(visit("reconstruct", model), "words", sentence)
    assert not app.exception and [one for one in app.error if says_so in one.value]


def test_what_is_given_decides_the_terms(model):
    explorer, said = model_cache.explorer(model), (0, 2, 0, 1, 1)
    x = model_cache.test_images(model)[0]
    alone, both, words = explorer.analyse(x), explorer.analyse(x, words=said), explorer.analyse(None, words=said)
    assert words.error is None and alone.error is not None and both.error is not None
    assert words.distortion == pytest.approx(-_log_prob(explorer, words.mean, said), rel=0.5)
    means = [one.mean for one in (alone, both, words)]
    assert not any(np.allclose(a, b) for a, b in ((means[0], means[1]), (means[1], means[2]), (means[0], means[2])))


def _log_prob(explorer, z, said) -> float:
    return sum(float(np.log(part[0, at])) for part, at in zip(explorer.words(z[None]), said, strict=True))
