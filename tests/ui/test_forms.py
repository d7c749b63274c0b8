"""Forms from configurations, kept uploads, and what a tick of the replay carries."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from vae_core.config import DataConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.images import writing
from vae_core.metrics.figures import FIGURES
from vae_core.runs import Series
from vae_core.runs.curves import columns
from vae_ui.comparison import tables
from vae_ui.comparison.tables import best
from vae_ui.datasets import uploads
from vae_ui.replay import Frame, frames_to_send, pack_tick
from vae_ui.replay.payload import AT_ONCE
from vae_ui.stage.payload import unpack
from vae_ui.train.replay_frames import plane_record, unique
from vae_ui.widgets import forms


def all_fields() -> None:
    import streamlit as st

    from vae_core.config import DataConfig, ModelConfig, TrainConfig
    from vae_core.objectives import OBJECTIVES
    from vae_ui.widgets.forms import fields

    starts = [DataConfig(), TrainConfig(), ModelConfig(), *(kind() for kind in OBJECTIVES.values())]
    for number, start in enumerate(starts):
        names = [name for name in type(start).model_fields if name != "name"]
        changed = fields(start, names, f"form{number}")
        st.text(f"{type(start).__name__} {changed}")
        start.replace(**changed)


def test_every_configuration_makes_a_form_that_starts_unchanged():
    app = AppTest.from_function(all_fields).run()
    assert not app.exception
    assert [text.value for text in app.text] == [f"{text.value.split()[0]} {{}}" for text in app.text]
    assert len(app.number_input) > 15 and len(app.selectbox) >= 6


def test_a_form_keeps_to_the_bounds_of_its_field():
    app = AppTest.from_function(all_fields).run()
    lr = next(field for field in app.number_input if field.label == "Learning rate")
    assert 0 < lr.min < 2e-3 < lr.max and lr.step == pytest.approx(1e-4)
    size = next(field for field in app.number_input if field.label == "Code size")
    assert (size.min, size.max) == (1, 512)


@given(st.lists(st.integers(1, 4096), max_size=8))
def test_numbers_are_read_as_they_were_listed(widths):
    text = forms._listed(tuple(widths))
    assert forms.numbers("Layers", text, True, ()) == tuple(widths)


def test_words_among_numbers_are_refused_in_a_sentence():
    with pytest.raises(UserError, match="Layers: write whole numbers"):
        forms.numbers("Layers", "64, 3.5", True, ())


def picture(grey: int, size: int = 12) -> bytes:
    return writing.png(np.full((size, size), grey, np.uint8))


def test_uploads_are_named_by_their_content_and_load(home):
    files = [(f"../../{'x' * n}.png", picture(20 * n)) for n in range(12)]
    path = uploads.keep(files)
    assert path.parent == home / "uploads" / "machine" and path.suffix == ".zip" and len(path.stem) == 24
    assert uploads.keep(files) == path and len(list(path.parent.iterdir())) == 1
    assert uploads.keep(files[:-1]) != path
    assert all("/" not in name and ".." not in name for name in zipfile.ZipFile(path).namelist())
    assert load(DataConfig(dataset="pictures", path=str(path), size=12)).shape == (1, 12, 12)
    assert {p.name.partition("-")[0] for p in home.iterdir()} == {"runs.db", "uploads"}


def test_an_archive_is_kept_as_it_is_under_its_own_name(home):
    path = uploads.keep([("/etc/passwd.ZIP", b"anything")])
    assert path.parent == home / "uploads" / "machine" and path.suffix == ".zip"
    with zipfile.ZipFile(path) as kept:
        assert kept.namelist() == ["passwd.ZIP"] and kept.read("passwd.ZIP") == b"anything"
    with pytest.raises(UserError, match=r"^passwd\.ZIP is damaged"):  # the person's file, not the name that it has here
        load(DataConfig(dataset="pictures", path=str(path)))


def test_several_zips_are_a_class_each(home):
    archives = []
    for kind in ("cats", "dogs"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for n in range(6):
                archive.writestr(f"{n}.png", picture(20 * n + len(archives)))
        archives.append((f"{kind}.zip", packed.getvalue()))
    data = load(DataConfig(dataset="pictures", path=str(uploads.keep([*archives, ("cats.txt", b"hello")]))))
    assert data.classes == ("cats", "dogs") and data.notes == (
        "Left out, files ending in .txt: cats.txt (1 in all); they are neither rows of pixels nor a list of pictures and labels.",
    )


def test_a_zip_of_zips_is_opened_as_on_the_command_line(home):
    inner = {kind: io.BytesIO() for kind in ("cats", "dogs")}
    for kind, packed in inner.items():
        with zipfile.ZipFile(packed, "w") as archive:
            for n in range(6):
                archive.writestr(f"{n}.png", picture(20 * n + len(kind)))
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        for kind, packed in inner.items():
            archive.writestr(f"{kind}.zip", packed.getvalue())
    data = load(DataConfig(dataset="pictures", path=str(uploads.keep([("pets.zip", outer.getvalue())]))))
    assert data.classes == ("cats", "dogs") and data.title == "pets"


def test_uploads_of_one_name_are_all_kept(home):
    files = [("a/x.tar.png", picture(20 * n)) for n in range(12)]
    path = uploads.keep(files)
    assert len(set(zipfile.ZipFile(path).namelist())) == 12
    assert len(load(DataConfig(dataset="pictures", path=str(path))).train) == 10


@given(st.integers(1, 400), st.integers(0, 400), st.lists(st.integers(0, 399), max_size=20))
def test_a_browser_that_asks_for_what_it_lacks_gets_everything(count, sent, lost):
    known = [3 * index for index in range(count)]
    held = set(frames_to_send(known, None, []))
    assert known[-1] in held and len(held) <= AT_ONCE + 1
    held -= {known[index % count] for index in lost}
    for _ in range(400):
        missing = [step for step in known if step not in held]
        if not missing:
            break
        held |= set(frames_to_send(known, known[-1], missing))
    assert held == set(known)


def test_a_tick_carries_curves_and_frames_as_they_are():
    noise = np.random.default_rng(0)
    frames = {
        step: Frame(
            noise.normal(size=(5, 2)).astype(np.float32),
            np.arange(5, dtype=np.int16),
            noise.integers(0, 255, (3, 4, 4), np.uint8),
            noise.integers(0, 255, (3, 4, 4), np.uint8),
        )
        for step in (0, 7)
    }
    steps = [{"seconds": 0.5 * n, "train": {"loss": 9.0 - n, "distortion": 8.0 - n, "rate": None}} for n in range(4)]
    epochs = [{"seconds": 2.0, "val": {"loss": 5.0, "distortion": 4.0, "rate": 1.0}, "kl": [0.25, 0.75]}]
    header, arrays = unpack(pack_tick({"run": "r"}, Series(columns(steps), columns(epochs)), frames, ("a", "b")))
    assert header["run"] == "r" and header["names"] == ["a", "b"]
    assert np.array_equal(arrays["index"], [0, 7]) and np.array_equal(arrays["points"][1], frames[7].points)
    assert np.array_equal(arrays["pictures"][0], frames[0].pictures)
    assert header["said"] == [[], []] and header["said_originals"] == []
    assert np.array_equal(arrays["train"][:, 1], [9, 8, 7, 6]) and np.isnan(arrays["train"][:, 3]).all()
    assert np.array_equal(arrays["val"], [[2, 5, 4, 1]]) and np.array_equal(arrays["kl"], [[0.25, 0.75]])


def test_a_tick_of_tokens_says_what_each_frame_reads():
    def frame(*texts):
        return Frame(np.zeros((1, 2)), np.zeros(1), *(np.zeros((2, 4, 4), np.uint8),) * 2, texts, ("a cat", "a dog"))

    header, arrays = unpack(pack_tick({"run": "r"}, Series({}, {}), {3: frame("a a", ""), 9: frame("a cat", "a cat")}))
    assert arrays["index"].tolist() == [3, 9]
    assert header["said"] == [["a a", ""], ["a cat", "a cat"]] and header["said_originals"] == ["a cat", "a dog"]


def test_a_tick_before_anything_happened_is_empty_and_whole():
    header, arrays = unpack(pack_tick({"run": "r"}, Series({}, {}), {}))
    assert header["run"] == "r" and arrays["train"].shape == (0, 4)


def test_the_plane_turns_rarely_while_it_trains_and_is_the_last_ones_afterwards():
    records = [{"step": step, "index": step} for step in range(100)]
    chosen = [plane_record(records[:count], over=False)["step"] for count in range(1, 101)]
    assert len(set(chosen)) == 7 and chosen == sorted(chosen)
    assert plane_record(records, over=True)["step"] == 99


def test_a_moment_told_twice_is_one_frame():
    assert unique([{"step": 1, "index": 0}, {"step": 2, "index": 1}, {"step": 2, "index": 2}])[-1]["index"] == 2


def test_the_best_of_a_column_goes_by_its_direction():
    assert best(FIGURES["distortion"], [3.0, None, 2.0]) == 2.0
    assert best(tables.described("elbo"), [3.0, 2.0]) == 2.0  # shown as −ELBO
    assert best(FIGURES["rate"], [1.0, 2.0]) is None and best(FIGURES["mse"], [0.1, None]) is None
