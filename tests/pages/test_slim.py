"""The page Smaller without a browser: the curve, and a pruned model that is made, measured, downloaded and kept."""

import io
import zipfile

import pytest

from tests.pages.test_compress import bars, said
from tests.pages.visit import BUNDLED, labelled, visit, whole
from vae_core import checkpoints
from vae_core.data import load
from vae_core.jobs import size_curve_job, slim_job
from vae_core.jobs.slim_job import SlimJob
from vae_core.metrics.elbo_nll_bits_per_dim import terms_of
from vae_core.runs import Store
from vae_core.slim import size_curve
from vae_core.slim.size_curve import Curve
from vae_core.slim.slimming import SlimSettings
from vae_ui.slim import measured, pruned
from vae_ui.widgets import model_cache

NAME = "digits-vae-2d"


def test_the_curve_is_that_of_the_model_and_each_step_down_saves_bytes(home):
    app = visit("slim", NAME)
    assert labelled(app.button, "Measure the curve") and "32 bits" in bars(app) and " kB" not in bars(app)
    found = measured_curve(NAME)
    app = whole(app.run())
    assert [*found] == [32, 16, 8, 6, 4] and len(app.get("plotly_chart")) == 1
    sizes = [one.bytes for one in found.values()]
    assert sizes == sorted(sizes, reverse=True) and all(f"{size // 1000:,} kB" in bars(app) for size in sizes)
    model = checkpoints.load(checkpoints.bundled() / NAME)
    whole_loss = terms_of(model.vae.eval(), load(model.info.run.data).test).loss
    assert found[32].loss == pytest.approx(whole_loss.mean().item())
    assert abs(found[8].loss - found[32].loss) < 0.1
    grey = [abs(one.decoded - found[32].decoded).mean() for one in found.values()]
    assert grey == sorted(grey) and grey[2] < 0.5 / 255
    assert f"{found[4].loss - found[32].loss:+.2f} nats" in bars(app)


def measured_curve(name: str) -> Curve:
    """The curve of a model, measured here instead of in a process of its own."""
    job = measured.job_of(name)
    job.result.parent.mkdir(parents=True, exist_ok=True)
    size_curve_job.main(*job.arguments)
    return job.load()


@pytest.mark.parametrize("name", [name for name in BUNDLED if name != NAME])
def test_every_bundled_model_has_a_curve_also_without_its_data(home, name, monkeypatch):
    monkeypatch.setattr(size_curve, "EXAMPLES", 50)
    monkeypatch.setattr(measured.model_cache, "at_hand", lambda name: False)
    found = measured_curve(name)
    assert found[4].loss > found[32].loss and " kB" in bars(app := visit("slim", name))
    assert "pictures that the model makes itself" in said(app)


def test_a_pruned_model_is_made_stands_on_the_curve_and_is_kept(home, monkeypatch):
    monkeypatch.setattr(pruned, "SECONDS", (1, 60))
    measured_curve(NAME)
    app = visit("slim", NAME)
    whole(app.segmented_control(key="slim-seconds").set_value(1).run())
    assert labelled(app.button, "Prune it")
    job = SlimJob.of(model_cache.explorer(NAME).info, SlimSettings(bits=8, prune=0.5, seconds=1))
    slim_job.main(*job.arguments)
    outcome = job.load()
    assert outcome.cost < 3 and outcome.bytes < 0.3 * outcome.bytes_before
    app = whole(app.run())
    assert f"({outcome.cost:+.2f}), with {outcome.bytes // 1000:,} kB of weights" in said(app)
    assert "50% of weights gone, 1 s" in bars(app)
    archive = zipfile.ZipFile(io.BytesIO(pruned._checkpoint(job.folder)))
    assert {*archive.namelist()} == {checkpoints.RUN, checkpoints.WEIGHTS, checkpoints.LATENTS}
    assert {"encoder.onnx", "decoder.onnx"} <= {*zipfile.ZipFile(io.BytesIO(pruned._onnx(job.folder))).namelist()}
    whole(labelled(app.button, "Keep as my own model").click().run())
    [row] = Store().runs()
    assert row.state == "done" and f"run-{row.id}" in model_cache.models()
    measured_curve(f"run-{row.id}")
    assert whole(visit("train", f"run-{row.id}")) and " kB" in bars(visit("slim", f"run-{row.id}"))


def test_a_job_without_its_checkpoint_is_made_again(home):
    job = SlimJob.of(model_cache.explorer(NAME).info, SlimSettings(prune=0.5))
    job.result.parent.mkdir(parents=True, exist_ok=True)
    job.result.write_text('{"loss_before": 1, "loss": 1, "bytes_before": 1, "bytes": 1, "half": []}')
    assert job.load() is None
