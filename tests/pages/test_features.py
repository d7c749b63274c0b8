"""The page Features without a browser: scores of a finished job, what they mean, and the code for them."""

from html import unescape

import pytest

from tests.pages.visit import html, labelled, visit, whole
from vae_core import checkpoints
from vae_core.features import features_job
from vae_core.features.features_job import FeaturesJob, Line, Scores
from vae_core.jobs.job import Job
from vae_ui.features import scores
from vae_ui.shell import page_list

MODEL = "digits-vae-2d"


@pytest.fixture
def asked(monkeypatch):
    found = []
    monkeypatch.setattr(Job, "start", lambda job, person="": found.append(job))
    return found


def test_one_click_starts_the_job_whose_scores_are_shown(home, asked):
    app = visit("features", MODEL)
    labelled(app.button, "Compare").click().run()
    (job,) = asked
    info = checkpoints.info(checkpoints.bundled() / MODEL)
    assert job.result == FeaturesJob.of(info, "label").result
    job.result.parent.mkdir(parents=True, exist_ok=True)
    features_job.main(str(info.folder), "label", str(job.result))
    app, found = whole(app.run()), job.load()
    best = max(line.mean for line in found.lines)
    text = unescape(html(app))
    assert f"<b>{best:.3f}</b>" in text and text.count("<b>") == 1
    assert all(f"{line.mean:.3f}" in text for line in found.lines)
    assert "cross_val_score" in app.main.get("code")[0].value


def test_targets_are_factors_or_columns_of_the_data(home, asked):
    (choice,) = [one for one in visit("features", "shapes-beta-10d").main.selectbox if one.label == "Predict"]
    assert choice.options[1:] == [
        "the scale", "the rotation", "the place across", "the place down"]  # fmt: skip
    told = [one.value for one in visit("features", "mnist-cvae-2d").main.info]
    assert any("told the class" in one for one in told)


def test_the_sentence_says_what_is_simpler_where_that_is_better():
    def of(codes: float, raw: float, pca: float) -> str:
        places = zip(("codes", "raw", "pca"), (codes, raw, pca), strict=True)
        lines = tuple(Line(predictor="ridge", place=place, folds=(value,), examples=9) for place, value in places)
        return scores.sentence(Scores(lines=lines))

    assert "best features" in of(0.9, 0.8, 0.7)
    assert "better still: 0.950" in of(0.9, 0.95, 0.7)
    assert "use that" in of(0.6, 0.95, 0.7)


def test_the_job_is_on_the_page_use():
    assert "features" in page_list.JOBS
