"""The page Compress in the browser, on MNIST: pictures are compressed, saved, and opened again to the same bits; damage is named."""

import numpy as np
from playwright.sync_api import expect

from tests.browser.page_watch import settled
from vae_core.compression.levels import black_and_white
from vae_core.config import DataConfig
from vae_core.data import load

PATIENCE = 240_000  # milliseconds, on a busy machine
COUNT = 300


def upload(page, path):
    settled(page, 120)
    page.locator('[data-testid="stFileUploader"] input[type="file"]').last.set_input_files(path)


def saved(page, button: str, path):
    settled(page, 120)  # the last button is that of what was uploaded
    with page.expect_download(timeout=PATIENCE) as found:
        page.get_by_role("button", name=button).last.click()
    found.value.save_as(path)
    return path


def test_digits_come_back_bit_by_bit_and_a_damaged_file_gives_a_sentence(page, data_root, tmp_path):
    digits = load(DataConfig(dataset="mnist"), data_root).test.x[:COUNT].numpy()
    np.save(tmp_path / "digits.npy", digits[:, 0])
    page.goto("/compress?model=mnist-vae-20d")
    expect(page.get_by_text("the file grows by")).to_be_visible(timeout=PATIENCE)
    upload(page, tmp_path / "digits.npy")
    expect(page.get_by_text(f"{COUNT} pictures in ")).to_be_visible(timeout=PATIENCE)
    file = saved(page, "Download the .vae file", tmp_path / "pictures.vae")
    upload(page, file)
    expect(page.get_by_text(f"{COUNT} of {COUNT} pictures were read.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Each pixel is that of the test image.")).to_be_visible()
    back = np.load(saved(page, "Download the pictures", tmp_path / "back.npy"))
    assert np.array_equal(back, black_and_white(digits[:, 0]))
    content = bytearray(file.read_bytes())
    content[-200] ^= 1
    (tmp_path / "damaged.vae").write_bytes(content)
    upload(page, tmp_path / "damaged.vae")
    expect(page.get_by_text("is damaged or missing: pictures 251 to 300 cannot be read")).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text(f"250 of {COUNT} pictures were read.")).to_be_visible()
