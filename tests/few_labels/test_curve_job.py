"""The job of the curves: it writes what is read again, for a bundled model of small pictures."""

from pathlib import Path

import pytest

from vae_core import checkpoints
from vae_core.few_labels import curve_job
from vae_core.few_labels.classifiers import METHODS
from vae_core.few_labels.curve_job import CurveJob


def test_the_curves_of_digits_rise_and_are_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curve_job, "PER_CLASS", (1, 5))
    info = checkpoints.info(checkpoints.bundled() / "digits-vae-2d")
    job = CurveJob.of(info)
    assert job.load() is None
    job.result.parent.mkdir(parents=True, exist_ok=True)
    curve_job.main(str(info.folder), str(job.result))
    found = job.load()
    assert found is not None and {(line.method, line.place) for line in found.lines} == {
        (method, place) for method in METHODS for place in ("codes", "pixels")
    }
    for line in found.lines:
        assert line.labels == (10, 50) and len(line.accuracies[0]) == 10
        assert 0.2 < line.means[0] < line.means[1] < 1
