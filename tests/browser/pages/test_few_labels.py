"""The page Few labels in the browser, with real MNIST: proposed dots and a click are labelled, and the link keeps them."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import settled
from vae_core import checkpoints
from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.few_labels.m2_run import SECONDS, m2_accuracy

PATIENCE = 240_000  # milliseconds, on a busy machine


def right(page) -> float:
    metric = page.get_by_test_id("stMetric").filter(has_text="Right among")
    expect(metric).to_be_visible(timeout=PATIENCE)
    return float(metric.get_by_test_id("stMetricValue").inner_text().rstrip("%"))


def here() -> bool:
    try:
        load(DataConfig(dataset="mnist"))
    except UserError:
        return False
    return True


def test_ten_labels_name_most_digits_and_a_click_gives_one_more(page):
    model = "mnist-vae-20d" if here() else "digits-vae-2d"
    page.goto(f"/few_labels?model={model}")
    expect(page.locator(".plane canvas").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Ten of them").click()
    expect(page.get_by_text("with 10 labels of")).to_be_visible(timeout=PATIENCE)
    first = right(page)
    assert first > 70 if model.startswith("mnist") else first > 50
    settled(page, 120)
    box = page.locator(".plane canvas").first.bounding_box()
    for x in (0.4, 0.5, 0.6, 0.45, 0.55):  # where a dot is
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * 0.5)
        settled(page, 120)
        if page.get_by_text("with 11 labels of").count():
            break
    expect(page.get_by_text("with 11 labels of")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"revealed=\d+(-\d+){10}"), timeout=PATIENCE)
    found = right(page)
    page.reload()
    expect(page.get_by_text("with 11 labels of")).to_be_visible(timeout=PATIENCE)
    assert right(page) == found
    expect(page.get_by_text("logistic regression", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page, 120)

    page.get_by_text("I name the dots").click()
    name = page.get_by_role("combobox", name=re.compile("Name for the dots"))
    expect(name).to_be_visible(timeout=PATIENCE)
    name.fill("mine")
    name.press("Enter")
    settled(page, 120)
    page.get_by_role("button", name="Propose a dot").click()
    give = page.get_by_role("button", name="Name it 'mine'")
    give.click(timeout=PATIENCE)
    expect(page).to_have_url(re.compile(r"called=mine&named=\d+\.0"), timeout=PATIENCE)
    settled(page, 120)


def test_m2_is_trained_to_its_end_and_shows_its_accuracy(page, server):
    page.goto("/few_labels?model=digits-vae-2d")
    page.get_by_role("button", name="Ten of them").click(timeout=PATIENCE)
    page.get_by_role("button", name="Train M2 with 10 labels").click(timeout=PATIENCE)
    expect(page.get_by_text("Training M2:")).to_be_visible(timeout=PATIENCE)
    row = page.get_by_role("row").filter(has_text="M2, trained with 10 labels")
    expect(row).to_be_visible(timeout=1000 * SECONDS + PATIENCE)
    (trained,) = [one.folder for one in checkpoints.find(server.home / "runs") if one.title == "digits: M2, 10"]
    shown = f"{m2_accuracy(trained):.1%}"
    expect(row).to_contain_text(shown)
    assert float(shown.rstrip("%")) > 12, "better than chance, also where a busy machine leaves time for few epochs"
    expect(page.get_by_role("button", name="Train M2")).to_have_count(0)


@pytest.mark.parametrize("lang", ["zh"])
def test_on_a_phone_the_map_comes_first(page, lang):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/few_labels?model=digits-vae-2d&lang={lang}")
    expect(page.locator(".plane canvas").first).to_be_visible(timeout=PATIENCE)
    settled(page, 120)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".plane").bounding_box()["y"] < 500
