"""The page Compress without a browser: the bits of one picture, the file of many, and one's own file, which comes back as it was."""

from hashlib import sha256

import numpy as np
import pytest

from tests.pages.visit import BUNDLED, labelled, turn_to, visit, whole
from vae_core.compression import ans_stack
from vae_core.compression.codec import compress, decompress
from vae_core.compression.lossy.picture_formats import LOSSY
from vae_core.compression.picture_files import write_pictures
from vae_ui.compress import long_work, measured, with_loss
from vae_ui.widgets import model_cache

NAME = "digits-vae-2d"


def said(app) -> str:
    boxes = [
        *app.main.markdown,
        *app.main.caption,
        *app.main.success,
        *app.main.info,
        *app.main.warning,
        *app.main.error,
        *app.main.subheader,
    ]
    return " ".join(element.value for element in boxes)


def bars(app) -> str:
    return " ".join(element.proto.body for element in app.main.get("html"))


def test_the_ledger_and_the_file_are_those_of_the_model(home):
    app = visit("compress", NAME)
    found = measured.ledger_of(NAME, 0)
    assert f"This picture takes {found.net[-1]:.0f} bits instead of 64" in said(app)
    assert found.net[-1] == pytest.approx(found.x[-1] + found.z[-1] - found.returned[-1])
    file = measured.file_of(NAME, 100)
    pictures = measured.test_pictures(NAME, slice(100))
    assert np.array_equal(decompress(measured.checkpoint(NAME), file.data).pictures, pictures)
    assert f"{len(file.data):,} bytes" in bars(app) and f"{file.others['xz']:,} bytes" in bars(app)
    assert labelled(app.get("download_button"), "Download the .vae file")


def test_another_picture_and_another_number_of_pictures(home):
    app = visit("compress", NAME)
    whole(app.number_input(key="compress-number").set_value(5).run())
    assert f"takes {measured.ledger_of(NAME, 5).net[-1]:.0f} bits" in said(app)
    whole(app.segmented_control(key="compress-count").set_value(10).run())
    assert f"{len(measured.file_of(NAME, 10).data):,} bytes" in bars(app)


def test_a_file_of_ones_own_comes_back_and_damage_is_named(home):
    app = visit("compress", NAME)
    pictures = measured.test_pictures(NAME, slice(90))
    content = compress(measured.checkpoint(NAME), pictures, segment=30)
    whole(app.file_uploader(key="compress-file").upload("a.vae", content, "application/octet-stream").run())
    assert "90 of 90 pictures were read" in said(app) and "Each pixel is that of the test image." in said(app)
    app.file_uploader(key="compress-file").upload("a.vae", content[:-90], "application/octet-stream").run()
    assert "pictures 61 to 90 cannot be read" in said(app) and "60 of 90 pictures were read" in said(app)
    app.file_uploader(key="compress-file").upload("a.vae", b"nothing", "application/octet-stream").run()
    assert "does not begin as a .vae file does" in said(app) and not app.exception


def test_pictures_of_ones_own_are_compressed(home):
    app = visit("compress", NAME)
    content = write_pictures(measured.test_pictures(NAME, slice(40)) // 2 + 60, "mine.npy")
    whole(app.file_uploader(key="compress-file").upload("mine.npy", content, "application/octet-stream").run())
    assert "40 pictures in " in said(app) and "In black and white" in said(app)


def test_every_bundled_model_is_compressed_with_or_says_why_not(home):
    for name in BUNDLED:
        app = visit_with_errors(name)
        model = model_cache.explorer(name).info.run.model
        able = model.kind == "picture" and model.posterior == "normal" and not model.classes
        assert ("Compression needs" in said(app)) != able and not app.exception


def visit_with_errors(name):
    """The page also where it shows an error."""
    return turn_to(visit("use", name), "compress").run()


def test_without_the_library_the_page_says_what_to_install(home, monkeypatch):
    monkeypatch.setattr(ans_stack, "find_spec", lambda name: None)
    measured._ledger.clear()
    assert "pip install 'vae-explorer" in said(visit_with_errors(NAME))


def test_rounded_codes_stand_beside_picture_formats(home, monkeypatch):
    monkeypatch.setattr(with_loss, "PICTURES", 4)
    app = visit("compress", NAME)
    assert "Compare" in [button.label for button in app.button]
    whole(app.button(key="compress-with-loss").click().run())
    found = with_loss.measured_formats(NAME)
    assert [*found] == ["", *LOSSY]
    least = min(each.bytes.mean(1).min() for name, each in found.items() if name)
    assert f"takes {least:.0f} bytes" in said(app)


def test_a_long_work_can_be_stopped_and_started_again(home):
    app = visit("compress", NAME)
    content = write_pictures(measured.test_pictures(NAME, slice(40)), "mine.npy")
    key = (*model_cache.key(NAME), sha256(content).hexdigest())
    app.session_state[long_work.STOPPED] = key
    app.file_uploader(key="compress-file").upload("mine.npy", content, "application/octet-stream").run()
    assert "Stopped." in said(app) and "40 pictures in " not in said(app)
    whole(app.button(key="compress-again").click().run())
    assert "40 pictures in " in said(app) and app.session_state[long_work.DONE].keys() == {key}
