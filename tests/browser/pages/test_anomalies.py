"""The page Anomalies in the browser: a model is trained on benign tumours, the threshold is dragged, and a file of rows is judged."""

from playwright.sync_api import expect

from tests.browser.page_watch import settled

PATIENCE = 240_000  # milliseconds, for a training on a busy machine


def counts(page) -> list[int]:
    return [int(text) for text in page.locator(".threshold tbody td").all_inner_texts()]


def test_a_model_of_benign_tumours_finds_malignant_ones(page, tmp_path):
    from sklearn.datasets import load_breast_cancer

    page.goto("/anomalies?model=digits-vae-2d")
    page.get_by_role("button", name="Train on normal examples").click()
    histogram = page.locator(".threshold svg.histogram")
    expect(histogram).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("IsolationForest", exact=True)).to_be_visible(timeout=PATIENCE)
    settled(page, 120)
    found, missed, alarms, passed = counts(page)
    assert found + missed == 35 and alarms + passed == 50 and found > missed and passed > alarms
    box = histogram.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + 50, steps=4)
    assert counts(page)[3] <= 2, "while it is dragged: nearly everything is flagged"
    page.mouse.up()
    settled(page, 60)
    slider = page.get_by_role("slider", name="Threshold")
    slider.focus()
    slider.press("End")
    assert counts(page) == [0, 35, 0, 50], "by keyboard: nothing is above the last score"
    settled(page, 60)

    path = tmp_path / "mine.csv"
    load_breast_cancer(as_frame=True).data.head(6).to_csv(path, index=False)
    page.locator('[data-testid="stFileUploader"] input[type="file"]').last.set_input_files(path)
    expect(page.locator('[data-testid="stDataFrame"]').last).to_be_visible()
    settled(page, 60)
    expect(page.get_by_text("most normal one of the test split")).to_be_hidden()
