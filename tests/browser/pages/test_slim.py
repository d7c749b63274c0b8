"""The page Smaller in the browser, on digits: the curve is measured, a pruning is stopped, another ends, is downloaded and kept."""

import zipfile

from playwright.sync_api import expect

from tests.browser.page_watch import settled

PATIENCE = 240_000  # milliseconds, for 20 seconds of training on a busy machine


def test_a_model_is_pruned_in_the_background_downloaded_and_kept(page, tmp_path):
    page.goto("/slim?model=shapes-beta-10d")  # its curve takes some seconds
    page.get_by_role("button", name="Measure the curve").click(timeout=PATIENCE)
    page.get_by_role("button", name="Stop").click(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Measure the curve")).to_be_visible(timeout=PATIENCE)
    page.goto("/slim?model=digits-vae-2d")
    strips = page.locator('[data-testid="stHtml"]').filter(has_text="32 bits")
    expect(strips.locator("img")).to_have_count(2, timeout=PATIENCE)
    page.get_by_role("button", name="Measure the curve").click()
    expect(strips.locator("img")).to_have_count(5, timeout=PATIENCE)
    expect(page.locator(".stPlotlyChart .textpoint, .stPlotlyChart .textpoint text").first).to_be_visible()
    page.get_by_role("button", name="Prune it").click()
    page.get_by_role("button", name="Stop").click(timeout=PATIENCE)
    expect(page.get_by_role("button", name="Prune it")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="20", exact=True).click()
    settled(page, 60)
    page.get_by_role("button", name="Prune it").click()
    expect(page.get_by_text("On all test examples:")).to_be_visible(timeout=PATIENCE)
    expect(strips.locator("img")).to_have_count(6, timeout=PATIENCE)
    with page.expect_download() as found:
        page.get_by_role("button", name="Checkpoint (zip)").click()
    found.value.save_as(tmp_path / "small.zip")
    assert "weights.safetensors" in zipfile.ZipFile(tmp_path / "small.zip").namelist()
    page.get_by_role("button", name="Keep as my own model").click()
    expect(page.get_by_text("It is in the list of models now")).to_be_visible(timeout=PATIENCE)
