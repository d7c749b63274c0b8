"""A table in a real browser: from the upload of a CSV to a moving map and a generated CSV; rows in their own units."""

import csv
import re

import pytest
from playwright.sync_api import expect

from tests.browser.page_watch import choose, settled, until
from tests.browser.pages.test_train import runs  # noqa: F401  the fixture stops active runs
from tests.browser.pixel_helpers import at, fits

HEAD = "id,weight (kg),coat,when,indoor"


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "cats.csv"
    lines = [
        f"{i},{3 + i % 9 / 2:.1f},{['tabby', 'black', ''][i % 3]},2024-01-{1 + i % 28:02d},{'yes' if i % 9 > 4 else 'no'}"
        for i in range(150)
    ]
    path.write_text("\n".join([HEAD, *lines]) + "\n")
    return path


@pytest.fixture
def trained(page, table, runs):  # noqa: F811
    """A run of the uploaded table that is done, with its page."""
    page.goto("/train")
    settled(page)
    choose(page, "Data", "Your own table")
    settled(page)
    page.locator("input[type=file]").set_input_files(table)
    settled(page)
    expect(page.get_by_text("'id' is left out", exact=False)).to_be_visible()
    choose(page, "Label column", "indoor")
    settled(page)
    seconds = page.get_by_label("Seconds", exact=True)
    seconds.fill("4")
    seconds.press("Enter")
    settled(page)
    page.get_by_role("button", name="Start", exact=True).click()
    cloud = page.locator(".replay canvas").nth(1)
    first = cloud.evaluate("canvas => canvas.toDataURL()")
    until(lambda: cloud.evaluate("canvas => canvas.toDataURL()") != first, page=page)
    expect(page.get_by_role("button", name="Explore this model")).to_be_visible()
    return page


def model_of(page):
    return re.search(r"(?:run=|model=run-)([\w-]+)", page.url)[1]


def test_from_an_upload_to_a_moving_map_and_a_generated_csv(trained):
    page = trained
    page.get_by_role("button", name="Explore this model").click()
    expect(page.get_by_role("heading", name="Where do the rows live?")).to_be_visible()
    settled(page)
    rows = page.locator(".part-picture .row-figure")
    expect(rows).to_contain_text("weight (kg)")
    before = rows.inner_text()
    box = page.locator(".plane .front").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.4)
    until(lambda: rows.inner_text() != before, page=page)
    assert re.search(r"\d\.\d\n", rows.inner_text() + "\n")
    page.get_by_role("link", name="Generate", exact=True).click()
    settled(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Save as CSV").click()
    with open(waiting.value.path(), newline="", encoding="utf-8-sig") as file:
        made = list(csv.DictReader(file))
    assert len(made) == 36 and list(made[0]) == ["weight (kg)", "coat"]
    assert {row["coat"] for row in made} <= {"tabby", "black"} and all(
        0 < float(row["weight (kg)"]) < 12 for row in made
    )
    page.get_by_role("link", name="Decode", exact=True).click()
    settled(page)
    before = rows.inner_text()
    page.get_by_role("slider").first.focus()
    for _ in range(20):
        page.keyboard.press("Shift+ArrowRight")
    until(lambda: rows.inner_text() != before, page=page)
    page.get_by_role("link", name="Reconstruct", exact=True).click()
    settled(page)
    page.get_by_text("Edit", exact=True).click()
    settled(page)
    weight = page.get_by_label("weight (kg)")
    weight.fill("9.5")
    weight.press("Enter")
    expect(page.locator(".part-pad .row-figure")).to_contain_text("9.5")
    jobs_on_an_own_table(page, f"run-{model_of(page)}")


def jobs_on_an_own_table(page, name):
    """Labels for some of its rows, edits of a row, how well its codes tell a label, and a smaller model: as with bundled data."""
    at(page, "few_labels", name)
    expect(page).to_have_url(re.compile(f"model={name}"))
    expect(page.get_by_text("There is no model")).to_have_count(0)
    page.get_by_role("button", name="Ten of them").click()
    expect(page.get_by_text("with 10 labels of")).to_be_visible()
    settled(page)
    share = page.get_by_test_id("stMetric").filter(has_text="Right among").get_by_test_id("stMetricValue").inner_text()
    assert 0 <= float(share.rstrip("%")) <= 100
    at(page, "edits", name)
    page.get_by_text("A property", exact=True).click()
    expect(page.get_by_text("more of weight (kg) in the test examples")).to_be_visible()
    rows, slider = page.locator(".part-picture .row-figure"), page.get_by_role("slider", name="Strength of the edit")
    settled(page)
    before = rows.inner_text()
    slider.focus()
    page.keyboard.press("Home")
    until(lambda: rows.inner_text() != before, page=page)
    expect(page).to_have_url(re.compile("edit=property&strength=-2"))
    settled(page)
    expect(page.locator(".table-strip")).to_be_visible()
    at(page, "features", name)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="k neighbours")).to_be_visible()
    at(page, "slim", name)
    expect(page.get_by_role("region", name="8 bits")).to_be_visible()
    page.get_by_role("button", name="Measure the curve").click()
    expect(page.get_by_role("region", name="4 bits")).to_be_visible(timeout=240_000)


def test_a_phone_holds_every_page_of_a_table(trained, phone):
    model = model_of(trained)
    for name in ("latent_space", "decode", "traverse", "interpolate", "reconstruct", "generate", "compare"):
        at(phone, name, f"run-{model}")
        expect(phone.get_by_text("There is no model")).to_have_count(0)
        assert fits(phone), name
