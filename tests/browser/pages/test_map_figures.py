"""The figures over the map of the Latent space page, its search box and its lattice, by real input."""

import re
from functools import partial

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.page_watch import choose, settled, until
from tests.browser.pixel_helpers import STAGE, at
from vae_core.explore.plane_figures.plane_grid import PlaneGrid, mixture_masses
from vae_core.explore.plane_figures.prior_holes import find_holes
from vae_core.explore.plane_figures.true_posterior import true_posterior
from vae_ui.base.palette import colour
from vae_ui.widgets import model_cache
from vae_ui.widgets.map_lattice import extent

INK = """(s, [name, [r, g, b]]) => { const c = s.map.canvases[name], copy = new OffscreenCanvas(c.width, c.height).getContext('2d');
  copy.drawImage(c, 0, 0); const d = copy.getImageData(0, 0, c.width, c.height).data; let n = 0;
  const near = (i) => Math.abs(d[i] - r) + Math.abs(d[i + 1] - g) + Math.abs(d[i + 2] - b) < 12;
  for (let i = 0; i < d.length; i += 4) n += d[i + 3] > 200 && near(i);
  return n; }"""


def js(page: Page, code: str) -> object:
    """The value of `code`, in which `s` is the stage."""
    return page.evaluate(f"() => {{ const s = {STAGE}; return {code}; }}")


def ink(page: Page, canvas: str, part: str) -> int:
    """How many pixels of a canvas of the map have the colour of a part of the model."""
    rgb = [int(colour(part)[i : i + 2], 16) for i in (1, 3, 5)]
    return page.evaluate(f"(asked) => ({INK})({STAGE}, asked)", [canvas, rgb])


def gap(name: str, index: int) -> float:
    """KL(q to p) of a test image in nats, with the weights that the page has."""
    model, x = model_cache.explorer(name), model_cache.test_images(name)[index]
    mean, scale = (part[0] for part in model.encode(x[None]))
    return true_posterior(partial(model.log_joint, x), mean, scale, extent(model.latents.mean, True)).gap


def pixel(page: Page, x: float, y: float) -> tuple[float, float]:
    """Where a place of the map is in the window."""
    box = page.locator("canvas.front").first.bounding_box()
    px, py = js(page, f"[s.map.view.sx({x}), s.map.view.sy({y})]")
    return box["x"] + px, box["y"] + py


def switch(page: Page, name: str) -> None:
    """Switch a figure on, and wait until it has come."""
    chip = page.get_by_role("button", name=name, exact=True)
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    expect(chip).to_have_attribute("aria-busy", "false")
    settled(page, timeout=180)


def largest_hole(name: str) -> np.ndarray:
    latents, grid = model_cache.explorer(name).latents, PlaneGrid.over((-3.2, 3.2, -3.2, 3.2), 64)
    prior = mixture_masses(grid, np.zeros((1, 2), np.float32), np.ones((1, 2), np.float32))
    return find_holes(grid, prior, mixture_masses(grid, latents.mean, latents.scale)).found[0].place


def test_figures_search_and_lattice(page, data_root, monkeypatch):
    monkeypatch.setenv("LATENT_DATA", str(data_root))  # as the server has it
    at(page, "latent_space")
    assert ink(page, "words", "rate") == 0
    switch(page, "holes")
    until(lambda: ink(page, "words", "rate") > 300, page=page)
    assert not js(page, "s.map.figures.isAwaited('holes')")
    page.mouse.click(*pixel(page, *largest_hole("mnist-vae-2d")))
    expect(page.get_by_text(re.compile("z is in a hole"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"The classifier takes the decoded picture for \d"))).to_be_visible()

    find = page.get_by_role("searchbox")
    find.fill("5")
    find.press("Enter")
    expect(page.get_by_role("status").filter(has_text="892 found; z is at #8, number 1")).to_be_visible()
    find.press("Enter")
    expect(page.get_by_text("x: 5")).to_be_visible()
    settled(page, timeout=180)
    assert js(page, "s.map.pick") == 15 and "image=15" in page.url and "figures=holes" in page.url
    find.fill("#10000")
    find.press("Enter")
    expect(page.get_by_text("Nothing found for “#10000”. Numbers go from #0 to #9999.")).to_be_visible()
    find.press("Escape")

    switch(page, "true posterior")
    said = page.get_by_text(f"KL(q to p) = {gap('mnist-vae-2d', 15):.2f} nats")
    expect(said).to_be_visible()
    front = page.locator("canvas.front").first
    expect(front).to_have_attribute("aria-description", re.compile(re.escape(said.inner_text())))
    settled(page)
    until(lambda: ink(page, "words", "q") > 100, page=page)  # q's ellipse in the magnified corner
    page.reload()
    settled(page, timeout=180)
    expect(page.get_by_role("button", name="true posterior")).to_have_attribute("aria-pressed", "true")

    z, lattice = js(page, "s.map.z"), js(page, "s.map.block.header.extent")
    js(page, "(s.times.frames.length = 0, s.map.zoomMiddle(1.5), 0)")
    start = np.array(pixel(page, -3.4, -3.2))
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*(start + [160, -120]), steps=12)
    page.mouse.up()
    assert js(page, "s.map.z") == z and js(page, "s.map.view.cx") < -0.5
    beyond = f"Math.max(s.map.view.sx({lattice[0]}), 60), s.map.view.y1"
    page.wait_for_function(f"() => {{ const s = {STAGE}; return !s.frames.handle; }}")
    inked = f"""(() => {{ const c = s.map.canvases.back, [right, low] = [{beyond}].map((v) => Math.round(v * s.map.canvases.ratio));
      const copy = new OffscreenCanvas(c.width, c.height).getContext('2d'); copy.drawImage(c, 0, 0);
      const d = copy.getImageData(53, 60, right - 54, low - 62).data; let n = 0;
      for (let i = 3; i < d.length; i += 4) n += d[i] > 60; return n / (d.length / 4); }})()"""
    until(lambda: js(page, inked) > 0.01, page=page)  # tiles of decoded pictures left of Python's lattice

    ring = np.array(pixel(page, *js(page, "s.map.z")))
    page.mouse.move(*ring)
    page.mouse.down()
    js(page, "(s.times.frames.length = 0)")
    page.mouse.move(*(ring + [60, 40]), steps=30)
    frames = js(page, "s.times.frames")
    page.mouse.up()
    assert js(page, "s.map.z") != z and np.median(frames) < 12


def test_the_card_of_a_dot_goes_where_a_finger_starts_to_drag(phone, data_root):
    at(phone, "latent_space", "digits-vae-2d")
    x, y = pixel(phone, *js(phone, "s.map.projection.dot(40)"))
    finger, card = phone.context.new_cdp_session(phone), phone.locator(".card")
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    expect(card).to_be_visible()
    finger.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x - 40, "y": y + 30}]})
    expect(card).to_be_hidden()
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(card).to_be_hidden()


def test_a_property_colours_the_dots_and_is_said_under_the_pointer(page):
    name = "digits-vae-2d"
    at(page, "latent_space", name)
    switch(page, "property")
    slant = model_cache.property_values(name, "slant")
    choose(page, "Colour by", "slant")
    expect(page.get_by_text(re.compile("Dots: slant of each test example"))).to_be_visible()
    settled(page, timeout=180)
    until(lambda: str(js(page, "s.map.figures.values?.title")).startswith("slant"), page=page)
    assert "prop=1" in page.url
    index = int(np.argsort(slant)[len(slant) // 2])
    page.mouse.move(*pixel(page, *js(page, f"[...s.map.points.slice({2 * index}, {2 * index + 2})]")))
    hover = js(page, "s.map.hover")
    expect(page.locator(".card div")).to_have_text(
        re.compile(rf", slant \(degrees\): {f'{slant[hover]:.1f}'.replace('-', '−')}$")
    )
    dot = js(
        page,
        "[s.map.figures.colourOf(s.map.hover), getComputedStyle(s.map.canvases.tooltip.name).getPropertyValue('--dot')]",
    )
    assert dot[0] == dot[1] and js(page, "s.map.colours.includes(s.map.figures.colourOf(s.map.hover))") is False
    page.get_by_role("button", name="property", exact=True).click()
    settled(page)
    assert js(page, "s.map.figures.values") is None
