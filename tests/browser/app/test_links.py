"""The page's address in a real browser: opened elsewhere it shows the same scene, and back, forward and reload keep it."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PATIENCE, PHONE, PROJECTOR, OpenPage
from tests.browser.page_watch import asked, settled
from tests.browser.pixel_helpers import STAGE
from tests.browser.server import start
from tests.conftest import DATA

RESTED = f"() => {{ const s = {STAGE}; return !!s?.scene.out && !s.frames.handle && !s.scene.stale && !s.messages.waiting.length; }}"
Seen = dict[str, object]


def visit(page: Page, address: str) -> Page:
    page.goto(address)
    settled(page)
    return page


def stage(page: Page) -> Seen:
    """What is on the stage: the code, the class, the picked image, the ends of the path and the place on it."""
    page.wait_for_function(RESTED)
    return page.evaluate(
        f"() => {{ const s = {STAGE}, p = s.made.path; return {{z: [...s.scene.z], label: s.scene.model.classes && s.scene.label, "
        "pick: s.map.pick, axes: s.map.block?.header.axes ?? null, x: s.scene.x && [...s.scene.x], "
        "path: p?.told ? {a: p.told.a, b: p.told.b, kind: p.told.kind, t: p.t} : null}; }"
    )


def pictures(page: Page) -> Seen:
    """The pictures that Python drew on the page, and what its widgets show."""
    images = page.locator("[data-testid=stMain] img:visible")
    shown = [images.nth(i).get_attribute("src") for i in range(images.count())]
    fields = page.locator("[data-testid=stMain] input:visible")
    tags = page.locator("[data-testid=stMultiSelect] [data-tag]")
    return {
        "images": shown,
        "fields": [fields.nth(i).input_value() for i in range(fields.count())],
        "tags": tags.all_inner_texts(),
    }


def click_map(page: Page, *places: tuple[float, float]) -> None:
    canvas = page.locator("canvas.front")
    canvas.scroll_into_view_if_needed()
    for across, down in places:
        box = canvas.bounding_box()
        canvas.click(position={"x": box["width"] * across, "y": box["height"] * down})
        settled(page)
        page.wait_for_timeout(400)  # two clicks are no double click
    page.mouse.move(5, 5)


def walk(page: Page) -> None:
    click_map(page, (0.45, 0.3), (0.6, 0.62))
    page.get_by_text("Sphere", exact=True).click()
    settled(page)
    place = page.get_by_role("slider", name="Place on the way")
    for _ in range(7):
        place.press("ArrowRight")
    settled(page)


def unchoose_a_model(page: Page) -> None:
    page.locator("[data-testid=stMultiSelect] [data-tag]").last.locator("[role=presentation], button, svg").last.click()
    settled(page)


def draw_as(name: str, then: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        press(then)(page)
        page.locator(".part-sliders .classes").get_by_role("button", name=name).click()
        settled(page)

    return act


def press(name: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.get_by_role("button", name=name).click()
        settled(page)

    return act


def draw(page: Page) -> None:
    page.get_by_text("Draw", exact=True).click()
    settled(page)
    box = page.locator(".paper canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.75, steps=8)
    page.mouse.up()
    page.wait_for_timeout(1200)
    settled(page)


# page: the address to begin with, what a person does there, what is compared, and what must stand in the address then
SCENES: dict[str, tuple[str, Callable[[Page], None], Callable[[Page], Seen], set[str]]] = {
    "start": ("?model=digits-vae-2d", press("Another ε"), stage, {"model", "image", "draws"}),
    "latent_space": ("?model=digits-vae-2d&seed=4", lambda page: click_map(page, (0.62, 0.7)), stage, {"model", "seed", "image"}),
    "decode": ("?model=mnist-cvae-2d", draw_as("7", "Random sample"), stage, {"model", "z", "label"}),
    "traverse": ("?model=digits-vae-2d", lambda page: page.get_by_text("Image", exact=True).click(), pictures, {"start", "image"}),
    "interpolate": ("?model=digits-vae-2d", walk, stage, {"a", "b", "path", "way"}),
    "reconstruct": ("?model=digits-vae-2d&image=17", press("Next"), stage, {"image"}),
    "generate": ("?model=digits-vae-2d", press("Draw again"), pictures, {"seed"}),
    "compare": ("?model=digits-vae-2d", unchoose_a_model, pictures, {"models"}),
}  # fmt: skip


def same(one: object, other: object) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list) and one and isinstance(one[0], int | float):
        return np.allclose(one, other, rtol=2e-3, atol=2e-3)
    return bool(np.isclose(one, other, atol=2e-3)) if isinstance(one, float) else one == other


@pytest.mark.parametrize("name", SCENES)
def test_a_link_opened_elsewhere_shows_the_same_scene(open_page: OpenPage, name):
    query, act, look, parts = SCENES[name]
    page = visit(open_page(), f"/{'' if name == 'start' else name}{query}")
    before = look(page)
    act(page)
    settled(page)
    there = look(page)
    assert not same(before, there), "the person has done something"
    page.wait_for_function(
        "(parts) => parts.every((part) => new URLSearchParams(location.search).has(part))", arg=[*parts]
    )
    other = visit(open_page(), page.url)
    assert same(look(other), there) and other.url == page.url
    page.reload()
    settled(page)
    assert same(look(page), there) and page.url == other.url


def test_a_drawing_is_its_code_in_a_link(open_page: OpenPage):
    page = visit(open_page(), "/reconstruct?model=digits-vae-2d")
    draw(page)
    mean = stage(page)["z"]
    own = [float(part) for part in asked(page)["own"].split(",")]
    assert np.allclose(own, mean, atol=2e-2)
    other = visit(open_page(), page.url)
    assert max(stage(other)["x"]) > 0.5 and asked(other)["own"] == asked(page)["own"]
    of_the_code = "A link holds the code of your own picture, not the picture itself"
    expect(other.get_by_text(of_the_code)).to_be_visible()
    expect(page.get_by_text(of_the_code)).to_be_hidden()
    expect(other.get_by_test_id("stException")).to_have_count(0)


def test_z_replaces_the_entry_and_page_and_model_add_one(page: Page):
    visit(page, "/decode?model=digits-vae-2d&z=1,-0.5")
    length = page.evaluate("history.length")
    chosen = "1,-0.5"
    for _ in range(2):
        before = chosen
        page.get_by_role("button", name="Random sample").click()
        page.wait_for_function("(z) => new URLSearchParams(location.search).get('z') !== z", arg=before)
        settled(page)
        chosen = asked(page)["z"]
    assert page.evaluate("history.length") == length
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Latent space").click()
    settled(page)
    assert page.evaluate("history.length") == length + 1 and asked(page)["z"] == chosen
    page.go_back()
    settled(page)
    assert "/decode?" in page.url and asked(page) == {"model": "digits-vae-2d", "z": chosen}
    assert np.allclose(stage(page)["z"], [float(part) for part in chosen.split(",")], atol=2e-3)
    page.go_forward()
    settled(page)
    assert "/latent_space?" in page.url and asked(page)["z"] == chosen


def test_back_brings_the_model_and_its_z_again_however_often(page: Page):
    visit(page, "/decode?model=digits-vae-2d&z=1,-0.5")
    length = page.evaluate("history.length")
    page.get_by_role("combobox", name="Model", exact=True).click()
    page.get_by_role("option").filter(has_text="autoencoder").filter(has_text="8x8").first.click()
    page.wait_for_function("() => !location.search.includes('digits-vae-2d')")
    settled(page)
    second = asked(page)
    assert page.evaluate("history.length") == length + 1
    for _ in range(3):
        page.go_back()
        page.wait_for_function("() => location.search.includes('digits-vae-2d') && !location.search.includes('nav=')")
        settled(page)
        assert asked(page)["z"] == "1,-0.5" and np.allclose(stage(page)["z"], [1, -0.5], atol=1e-3)
        page.go_forward()
        page.wait_for_function("() => !location.search.includes('digits-vae-2d') && !location.search.includes('nav=')")
        settled(page)
        assert asked(page) == second
    press("Mean")(page)
    page.go_back()
    page.wait_for_function("() => location.search.includes('digits-vae-2d') && !location.search.includes('nav=')")
    settled(page)
    assert asked(page)["z"] == "1,-0.5"


def test_two_tabs_go_their_own_ways(open_page: OpenPage):
    one = open_page()
    visit(one, "/decode?model=digits-vae-2d&z=1,1")
    other = one.context.new_page()
    visit(other, one.url)
    press("Random sample")(other)
    press("Mean")(one)
    assert asked(one)["z"] == "0,0" and asked(other)["z"] not in ("1,1", "0,0")
    assert np.allclose(stage(one)["z"], 0) and not np.allclose(stage(other)["z"], 0)


@pytest.mark.parametrize("screen", [PROJECTOR, {**PHONE, "color_scheme": "dark"}], ids=["projector", "phone"])
def test_copy_link_copies_the_address_and_shows_its_code(open_page: OpenPage, screen):
    page = open_page(**screen, permissions=["clipboard-read", "clipboard-write"])
    visit(page, "/decode?model=digits-vae-2d&z=1,-0.5")
    page.get_by_role("button", name="Copy link").click()
    panel = page.get_by_role("dialog").filter(has_text="copied")
    expect(panel).to_be_in_viewport(ratio=1)
    expect(panel.get_by_role("img", name="Scan")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    assert panel.get_by_label("Copy link").input_value() == page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.keyboard.press("Escape")
    expect(panel).not_to_be_visible()


def test_a_server_that_starts_again_is_told_the_scene(browser, tmp_path):
    data, (first, second) = DATA if (DATA / "MNIST").is_dir() else None, (tmp_path / "first", tmp_path / "second")
    first.mkdir()
    second.mkdir()
    server = start(first, data)
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        page = visit(context.new_page(), f"{server.url}/decode?model=digits-vae-2d")
        press("Random sample")(page)
        chosen, z = asked(page)["z"], stage(page)["z"]
        assert server.stop() == 0
        server = start(second, data, server.port)
        page.wait_for_function("(was) => window.latentSteps.count > was && !location.search.includes('nav=')", arg=0)
        settled(page)
        assert asked(page)["z"] == chosen and np.allclose(stage(page)["z"], z, atol=2e-3)
    assert server.stop() == 0


def test_a_long_code_fits_into_a_link(open_page: OpenPage):
    page = visit(open_page(), "/decode?model=mnist-vae-20d")
    press("Random sample")(page)
    assert asked(page)["z"].startswith("h") and len(page.url) < 200
    assert same(stage(visit(open_page(), page.url)), stage(page))
