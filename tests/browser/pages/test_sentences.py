"""Sentences in a real browser: a GRU writes them there, following the pointer; a transformer is asked of the server, which is said."""

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import settled, until
from tests.browser.pixel_helpers import STAGE, at, fits
from tests.helpers.export_helpers import sentence_model
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.explore.explorer import Explorer
from vae_core.models.vae import evaluation
from vae_core.presets.build_run import build_run

DATA = DataConfig(dataset="sentences", training_images=2000, held_out=0.02)
FIGURES = {"elbo": -2.0, "distortion": 1.0, "rate": 1.0}
WIDTHS = {"gru": (24, 24), "transformer": (32, 32)}
PLACES = [(0.15 + 0.1 * k, 0.25 + 0.06 * k) for k in range(8)]  # on the map, as shares of its width and height


def kept(folder, network: str) -> Explorer:
    """A model that nobody has trained, with large random weights, as if a run of the server's home had made it."""
    data = load(DATA)
    settings = {"network": network, "latent_dim": 2, "hidden": WIDTHS[network], **data.layout_settings}
    run = build_run("rnn-vae", DATA, data.shape, len(data.classes), title=network, **settings)
    vae = sentence_model(**run.model.model_dump())
    with evaluation(vae):
        q = vae.encode(data.test.x)
    latents = checkpoints.Latents(q.mean.numpy(), q.stddev.numpy(), data.test.labels.numpy())
    figures = {**FIGURES, "images": len(data.test)}
    checkpoints.save(folder, vae, run, figures, latents, data.classes, vocabulary=data.vocabulary)
    return Explorer.open(folder)


@pytest.fixture(scope="module")
def gru(server):
    return kept(server.home / "runs" / "gru", "gru")


@pytest.fixture(scope="module")
def transformer(server):
    return kept(server.home / "runs" / "transformer", "transformer")


def sentence(page):
    return page.locator(".part-picture .row-figure.sentence")


def written(model: Explorer, code: list[float]) -> str:
    """What torch writes at a code."""
    assert model.info.vocabulary is not None
    return model.info.vocabulary.sentences(model.decode(np.array([code], np.float32)))[0]


def shown(page) -> tuple[list[float], str]:
    """The code and the sentence that the stage shows, once it has nothing left to do."""
    page.wait_for_function(f"() => {{ const s = {STAGE}; return s?.scene.out && !s.scene.stale && !s.frames.handle; }}")
    return page.evaluate(f"() => [...{STAGE}.scene.shown]"), sentence(page).inner_text()


def walk(page):
    """The pointer goes over the map; gives what is shown at each place."""
    box = page.locator(".plane .front").bounding_box()
    for across, down in PLACES:
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"], steps=3)
        page.wait_for_timeout(50)
        yield shown(page)


def test_a_sentence_follows_the_pointer_without_the_server(page, gru):
    sent: list[str | bytes] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    at(page, "latent_space", "run-gru")
    sent.clear()
    found = list(walk(page))
    assert not sent and len({text for _, text in found}) > 1
    for code, text in found:
        assert text == written(gru, code)
    expect(page.locator(".part-picture")).not_to_contain_text("server")


def test_the_sentences_under_the_pointer_and_nearest_to_it_are_written(page, gru):
    at(page, "latent_space", "run-gru")
    ids = load(DATA).test.x.numpy()
    texts = gru.info.vocabulary.sentences(ids)
    page.wait_for_function(f"() => {STAGE}.map.block?.arrays.texts")
    x, y = page.evaluate(f"(s => [s.map.view.sx(s.map.points[24]), s.map.view.sy(s.map.points[25])])({STAGE})")
    box = page.locator(".plane .front").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + y)
    expect(page.locator(".card p")).to_have_text(texts[page.evaluate(f"() => {STAGE}.map.hover")])
    near = page.evaluate(f"() => [...{STAGE}.scene.shown]")
    distances = np.linalg.norm(gru.latents.mean - np.float32(near), axis=1)
    wanted = sorted(distances)[:5]

    def nearest() -> bool:
        """Whether the five lines are sentences at the five smallest distances."""
        lines = page.locator(".near .lines li").all_inner_texts()
        at_distance = [distances[np.array(texts) == line] for line in lines]
        return len(lines) == 5 and all(
            len(some) and np.abs(some - distance).min() < 1e-3
            for some, distance in zip(at_distance, wanted, strict=True)
        )

    until(nearest, 60, page)
    assert not page.locator(".near canvas").first.is_visible()


def test_a_slider_of_the_code_changes_the_sentence(page, gru):
    at(page, "decode", "run-gru")
    code, text = shown(page)
    assert text == written(gru, code)
    page.get_by_role("slider").first.focus()
    for _ in range(20):
        page.keyboard.press("Shift+ArrowRight")
    until(lambda: sentence(page).inner_text() != text, 60, page)
    settled(page)
    code, text = shown(page)
    assert text == written(gru, code)


def test_a_sentence_is_read_and_measured_in_the_browser(page, gru):
    at(page, "reconstruct", "run-gru")
    page.mouse.move(5, 5)
    code, text = shown(page)
    x = page.evaluate(f"() => [...{STAGE}.scene.x]")
    assert code == pytest.approx(gru.encode(np.array([x], np.float32))[0][0], abs=1e-4)
    distortion, kl = gru.terms(np.array(x, np.float32), np.array(code, np.float32))
    expect(page.locator(".term.distortion output")).to_have_text(f"{distortion:.1f}")
    expect(page.locator(".term.rate output")).to_have_text(f"{kl.sum():.1f}")
    assert text == written(gru, code)


def test_draws_of_a_code_are_sentences(page, gru):
    at(page, "start", "run-gru")
    shown(page)
    texts = page.locator(".dozen span").all_inner_texts()
    codes = page.evaluate(f"() => {STAGE}.scene.samples.codes.map((code) => [...code])")
    assert len(texts) == 12 and texts == [written(gru, code) for code in codes]
    assert not page.locator(".dozen canvas").first.is_visible()
    expect(page.get_by_role("button", name="decoder")).to_be_disabled()


def test_a_transformer_is_decoded_on_the_server_and_that_is_said(page, transformer):
    at(page, "latent_space", "run-transformer")
    answered = (
        f"() => {{ const s = {STAGE}, m = s?.scene.model; return m?.out && !m.open && !m.flying && !s.scene.stale; }}"
    )
    page.wait_for_function(answered)
    expect(page.locator(".part-picture .words")).to_contain_text("worked out on the server")
    before = sentence(page).inner_text()
    box = page.locator(".plane .front").bounding_box()
    for across, down in PLACES:
        page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
        page.wait_for_function(answered)
        if sentence(page).inner_text() != before:
            break
    code, text = shown(page)
    assert text != before and text == written(transformer, code)


@pytest.mark.parametrize(
    ("name", "language", "word"),
    [
        *((name, "en", "server") for name in ("interpolate", "reconstruct", "edits", "start")),
        ("decode", "zh", "服务器"),
    ],
)
def test_each_page_says_that_the_server_answers_for_a_transformer(page, transformer, gru, name, language, word):
    said = page.get_by_text(word).filter(visible=True)
    page.goto(f"/{name}?model=run-transformer&lang={language}")
    expect(said.first).to_be_visible()
    settled(page)
    page.goto(f"/{name}?model=run-gru&lang={language}")
    settled(page)
    page.wait_for_function(f"() => {STAGE}?.scene.out")
    expect(said).to_have_count(0)


@pytest.mark.parametrize("name", ["latent_space", "decode"])
def test_a_phone_holds_the_sentence(phone, name, gru):
    at(phone, name, "run-gru")
    assert shown(phone)[1] and fits(phone)
