"""Hostile names of models, classes and runs (links, pictures, formulas, scripts) are shown as text and never interpreted."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, PROJECTOR, OpenPage
from tests.browser.menu_walk import walk
from tests.browser.page_watch import settled, until, watch
from tests.browser.server import Server, start
from tests.pages.visit import DIGITS, untrained
from tools.forged_checkpoints import change_run_json
from vae_core.config import DataConfig, TrainConfig
from vae_core.presets.run_config import RunConfig
from vae_core.runs import Store
from vae_core.runs.database import session
from vae_ui.base.plain_text import JOINER
from vae_ui.export import html_and_onnx
from vae_ui.shell.page_list import PAGES
from vae_ui.widgets import model_cache


@dataclass
class Listener:
    """A server that hostile names link to; `heard` lists the requested paths, so it stays empty while names are text."""

    port: int
    heard: list[str]

    @property
    def at(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def classes(self) -> list[str]:
        return [
            f"<img src={self.at}/c>",
            f"![a]({self.at}/m)",
            "{javascript}",
            "$x^2$ {0} %s",
            ":material/face: :smile:",
            "**b** `c` :red[d]",
            f"</script><script>fetch('{self.at}/s')</script>",
            f"\"' onerror=fetch('{self.at}/o') x='",
            "a -> b & &lt; <b>",
            f"[l]({self.at}/l)",
        ]

    @property
    def title(self) -> str:
        return f"</title><img src={self.at}/t>_{{x}}_ $y$"

    @property
    def file(self) -> str:
        return f"<img src=http:&#47;&#47;127.0.0.1:{self.port}&#47;f>"


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None: ...

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield Listener(served.server_port, heard)
    served.shutdown()


@pytest.fixture(scope="module")
def home(listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder with a conditional model, a damaged model and runs, all with hostile names."""
    made = tmp_path_factory.mktemp("hostile")
    untrained(made, "cvae", hidden=(8,))
    folder = (made / "runs" / "cvae").rename(made / "runs" / listener.file)
    change_run_json(folder, lambda document: document.update(classes=listener.classes))
    change_run_json(folder, lambda document: document["config"].update(title=listener.title))
    far = shutil.copytree(folder, made / "runs" / f"far {listener.file}")
    change_run_json(
        far,
        lambda document: document["config"]["data"].update(dataset=listener.classes[0], variant=listener.classes[1]),
    )
    broken = shutil.copytree(folder, made / "runs" / f"broken {listener.file}")
    (broken / "run.json").write_text("{")
    store = Store(made)
    run = RunConfig(title=listener.title, data=DataConfig(dataset="digits"), train=TrainConfig(epochs=1))
    ids = [store.create(run) for _ in range(2)]
    with session(store.path) as db:
        db.execute("UPDATE runs SET state = 'failed', message = ? WHERE id = ?", (" ".join(listener.classes), ids[1]))
        db.execute(
            "UPDATE runs SET state = 'done', config = ? WHERE id = ?", (json.dumps({listener.classes[0]: 1}), ids[0])
        )
    return made


@pytest.fixture(scope="module")
def server(browser: Browser, home: Path) -> Iterator[Server]:
    running = start(home)
    yield running
    complaints = running.complaints()
    assert running.stop() == 0 and not complaints, "\n".join(complaints)


@pytest.fixture
def page(open_page: OpenPage, listener: Listener) -> Iterator[Page]:
    yield open_page()
    assert listener.heard == []


def words(page: Page) -> str:
    """The visible text of the page, without zero-width characters."""
    return page.locator("body").inner_text().replace(JOINER, "")


def all_models(page: Page) -> None:
    """Unfold the sidebar's list of models, where it is folded."""
    folded = page.locator('[data-testid="stSidebar"] [data-testid="stExpander"] details:not([open]) summary')
    if folded.count():
        folded.click()


def first_of(label: int) -> int:
    """The first test image of a class."""
    return int((DIGITS.test.labels == label).nonzero()[0])


def test_hostile_names_are_text_on_every_page(page, listener):
    model = f"model={quote('run-' + listener.file)}"
    start, *others = PAGES
    of_class_2 = walk(page, [start], f"{model}&seed={first_of(2)}")  # Start draws the class: {javascript}
    for name in chain(of_class_2, walk(page, others, f"{model}&seed={first_of(0)}")):
        expect(page.get_by_test_id("stException")).to_have_count(0)
        all_models(page)
        until(lambda: f"broken {listener.file}" in words(page), page=page)
        shown = words(page)
        assert listener.title in page.get_by_label("Model").first.input_value() + shown, name
        seen = {"latent_space": 1, "reconstruct": 1, "train": len(listener.classes), "interpolate": 1}.get(name, 0)
        assert sum(text in shown for text in listener.classes) >= seen, shown
        assert page.locator(f"[src*=':{listener.port}'], a[href^='{listener.at}']").count() == 0, name
        assert page.locator("annotation", has_text="x^2").count() == 0, f"{name}: a formula made of a name"
        assert listener.heard == [], name


def test_a_menu_of_classes_shows_the_exact_characters(page, listener):
    page.goto(f"/generate?model={quote('run-' + listener.file)}")
    settled(page, 60)
    page.get_by_role("combobox", name="Class").click()
    page.get_by_role("option").first.wait_for()
    options = [text.replace(JOINER, "") for text in page.get_by_role("option").all_inner_texts()]
    assert set(listener.classes) <= set(options), options
    page.get_by_role("option").nth(3).click()
    settled(page, 60)
    assert f"The decoder was given the class {listener.classes[2]}." in words(page)


def test_compare_shows_the_exact_names(page, listener):
    page.goto(f"/compare?model={quote('run-far ' + listener.file)}")
    settled(page, 60)
    assert listener.title in words(page).replace("\u2011", "-")


def test_the_saved_file_shows_hostile_names_as_text_and_sends_no_request(
    browser, listener, home, tmp_path, monkeypatch
):
    monkeypatch.setenv("LATENT_HOME", str(home))
    name = f"run-{listener.file}"
    model, view = model_cache.explorer(name), model_cache.view(name, "plane", (0, 1), 0)
    code = model.latents.mean[7]
    look = html_and_onnx.Quantized(
        code, view.at(model, code), 7, 0, view.ellipse(model, 7), model_cache.test_images(name)[7]
    )
    path = tmp_path / "saved.html"
    path.write_bytes(html_and_onnx.page_file(model, view, model_cache.browser_block(name).blob, look))
    context = browser.new_context(**PROJECTOR)
    context.set_default_timeout(PATIENCE)
    problems = watch(context, "")
    page = context.new_page()
    page.goto(path.as_uri())
    page.get_by_role("button", name="Decode", exact=True).click()
    page.wait_for_timeout(500)
    assert listener.title in page.title() and listener.title in page.locator("h1").inner_text()
    assert page.locator("img").count() == 0 and path.read_text(encoding="utf-8").count("</script>") == 4
    assert listener.heard == [] and not problems(), "\n".join(problems())
    context.close()
