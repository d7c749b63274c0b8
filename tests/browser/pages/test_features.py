"""The page Features in the browser: the comparison runs in the background, and the code runs on the file that is saved."""

import contextlib
import io
import re

from playwright.sync_api import expect

from tests.browser.page_watch import settled

PATIENCE = 240_000  # milliseconds, on a busy machine


def test_the_code_on_the_page_prints_the_score_of_the_table(page, tmp_path, monkeypatch):
    page.goto("/features?model=digits-vae-2d")
    page.get_by_role("button", name="Compare", exact=True).click(timeout=PATIENCE)
    row = page.get_by_role("row").filter(has_text="k neighbours")
    expect(row).to_be_visible(timeout=PATIENCE)
    settled(page, 120)
    score = float(re.findall(r"\d\.\d{3}", row.inner_text())[0])
    with page.expect_download(timeout=PATIENCE) as saved:
        page.get_by_role("button", name="CSV").click()
    saved.value.save_as(tmp_path / saved.value.suggested_filename)
    page.get_by_text("k neighbours", exact=True).last.click()
    code = page.get_by_test_id("stCode").locator("code")
    expect(code).to_contain_text("KNeighborsClassifier", timeout=PATIENCE)
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(code.inner_text(), {})  # noqa: S102
    assert round(float(printed.getvalue()), 3) == score
    settled(page, 120)
