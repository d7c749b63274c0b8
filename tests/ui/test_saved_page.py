"""What is taken home: one page from which nothing breaks out, in the app's own colours; and the zip whose README runs."""

import io
import json
import re
import subprocess
import sys
import tomllib
import zipfile

import numpy as np
import pytest

from tests.conftest import ROOT
from vae_core.explore.explorer import Explorer
from vae_ui.export import html_and_onnx
from vae_ui.stage import build_payload
from vae_ui.stage.html_file import POLICY, THEMES, html_file
from vae_ui.stage.payload import STEPS, unpack
from vae_ui.widgets import model_cache

EVIL = "</title></script><script>alert(1)</script><!-- & \"'"


def test_nothing_breaks_out_of_its_place():
    text = html_file(EVIL, [b"abc"], [{"overlay": {"label": EVIL}, "note": EVIL}])
    assert text.count("<script") == text.count("</script") == 3 and "<!--" not in text
    assert f"&lt;/title&gt;{'&lt;/script&gt;'}" in re.search(r"<title>(.*)</title>", text)[1]
    (data,) = re.findall(r'<script type="application/json">(.*)</script>', text)
    assert json.loads(data)[0]["overlay"] == {"label": EVIL}
    assert "YWJj" in text and POLICY in text


def test_a_nan_is_refused():
    with pytest.raises(ValueError):
        html_file("", [], [{"x": float("nan")}])


def test_the_themes_are_the_apps():
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    for name, theme in THEMES.items():
        camel = {re.sub("-(.)", lambda m: m[1].upper(), key) + "Color": value for key, value in theme.items()}
        assert camel == settings[name]


def test_the_map_is_thinned_until_there_is_room():
    noise = np.random.default_rng(0)
    points = noise.normal(size=(12_000, 2))
    thumbs = noise.integers(0, 256, (12_000, 8, 8)).astype(np.uint8)
    payload = build_payload(points, np.arange(12_000) % 3, "abc", thumbs=thumbs)
    for room, side in ((2_000_000, 8), (500_000, 4), (100_000, None)):
        small, header = html_and_onnx.fitted(payload, room)
        assert unpack(small)[0]["hash"] == header["hash"] and len(small) <= room
        arrays = unpack(small)[1]
        assert np.abs(arrays["points"] - points[:10_000]).max() <= np.ptp(points) / STEPS
        assert (arrays["thumbs"].shape[1] if "thumbs" in arrays else None) == side and "places" not in arrays
        if side:
            np.testing.assert_array_equal(arrays["thumbs"], thumbs[:10_000, :: 8 // side, :: 8 // side])


def test_texts_are_left_out_of_a_map_that_would_not_fit():
    points = np.random.default_rng(0).normal(size=(300, 2))
    texts = [f"{one:.9f}" for one in points[:, 0]]
    payload = build_payload(points, texts=texts)
    for room, kept in ((len(payload.blob), True), (len(payload.blob) - 500, False)):
        arrays = unpack(html_and_onnx.fitted(payload, room)[0])[1]
        assert (json.loads(arrays["texts"].tobytes()) == texts) if kept else "texts" not in arrays


@pytest.mark.parametrize("name", ["mnist-cvae-2d", "mnist-ae-2d", "points-moons"])
def test_what_the_readme_says_runs_and_agrees(name, tmp_path):
    pytest.importorskip("onnxruntime")
    model = model_cache.explorer(name)
    zipfile.ZipFile(io.BytesIO(html_and_onnx.onnx_file(model))).extractall(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.txt", "decoder.onnx", "encoder.onnx"]
    text = (tmp_path / "README.txt").read_text()
    code = text.partition("IN PYTHON\n")[2] + "\nnp.savez('out.npz', mean=mean, picture=picture)"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=180)
    found = np.load(tmp_path / "out.npz")
    full = Explorer.open(model.info.folder)  # the files have the checkpoint's own weights
    mean, _ = full.encode(np.zeros((1, *model.shape), np.float32), 0)
    np.testing.assert_allclose(found["mean"], mean, atol=1e-5)
    np.testing.assert_allclose(found["picture"], full.decode(mean, 0), atol=1e-5)
    assert ("black" in text) == (name != "points-moons") and ("label" in text) == (name == "mnist-cvae-2d")
