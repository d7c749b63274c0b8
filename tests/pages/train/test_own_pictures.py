"""A person's own pictures on the Train page: how they were read is said, and size and channels may be chosen."""

from pathlib import Path

import numpy as np
import pytest

from tests.pages.train.test_train import by_label, opened
from vae_core.runs import Store
from vae_ui.datasets import uploads


@pytest.fixture
def kept(home: Path, tmp_path: Path) -> str:
    """An upload of keras's .npz, of pictures that are higher than wide; nothing trains."""
    x = np.random.default_rng(0).integers(0, 256, (60, 20, 12, 3), np.uint8)
    np.savez(tmp_path / "mine.npz", x_train=x[:48], y_train=np.arange(48) % 3, x_test=x[48:], y_test=np.arange(12) % 3)
    return str(uploads.keep([("mine.npz", (tmp_path / "mine.npz").read_bytes())]))


def chosen(path: str):
    app = opened()
    app.session_state["train.pictures-kept"] = path
    by_label(app.selectbox, "Data").set_value("pictures").run()
    assert not app.exception and not app.error
    return app


def test_what_was_recognised_is_said_and_the_run_has_the_pictures_shape(kept: str, home: Path) -> None:
    app = chosen(kept)
    said = " ".join(caption.value for caption in app.caption)
    assert "The splits for training and test are those of the files" in said and "taken as" in said
    by_label(app.button, "Start").click().run()
    (row,) = Store(home).runs()
    assert row.run.model.shape == (3, 20, 12) and row.run.data.size is None and row.run.data.channels is None


def test_size_and_channels_may_be_chosen(kept: str, home: Path) -> None:
    app = chosen(kept)
    by_label(app.number_input, "Size").set_value(16)
    by_label(app.selectbox, "Channels").set_value(1).run()
    assert "Pictures of 20 x 12 pixels; their middle is resized to 16 x 16." in " ".join(c.value for c in app.caption)
    by_label(app.button, "Start").click().run()
    (row,) = Store(home).runs()
    assert row.run.model.shape == (1, 16, 16) and (row.run.data.size, row.run.data.channels) == (16, 1)


def test_a_file_of_another_kind_is_refused_by_its_own_name(home: Path) -> None:
    app = opened()
    app.session_state["train.pictures-kept"] = str(uploads.keep([("thesis.pdf", b"%PDF")]))
    by_label(app.selectbox, "Data").set_value("pictures").run()
    assert "thesis.pdf holds no picture" in app.error[0].value and "drawings are not read" in app.error[0].value
