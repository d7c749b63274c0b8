"""The report of all figures: each has a description, is measured where it applies, and is printed by the command line."""

import json
import math

import numpy as np
import pytest
import torch

from benchmarks.interval_coverage import WITHOUT
from vae_core import checkpoints
from vae_core.__main__ import main
from vae_core.config import DataConfig, ModelConfig
from vae_core.data import load
from vae_core.errors import UserError
from vae_core.metrics.figures import FIGURES, INTERVALS
from vae_core.metrics.report import GROUPS, Subject, factor_map, measure
from vae_core.models.build import build
from vae_core.models.vae import VAE

DIGITS = load(DataConfig())


def subject(dataset: str = "digits", **axes) -> Subject:
    data = DIGITS if dataset == "digits" else load(DataConfig(dataset=dataset))
    axes = {"hidden": (16,), "latent_dim": 3} | axes
    return Subject(build(ModelConfig(shape=data.shape, **axes), seed=0), data)


ELSEWHERE = ("sentences", "molecules", "pairs")  # groups of figures that pictures alone have none of


@pytest.fixture
def few_boosted(monkeypatch):
    """Gradient boosting learns from 200 images, since all 5,000 take half a minute."""
    monkeypatch.setattr("vae_core.metrics.report.BOOSTED", 200)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "model"
    assert main(["train", "--epochs", "3", "--set", "hidden=[32]", "--out", str(folder)]) == 0
    return folder


def test_every_group_measures_known_figures_and_every_figure_is_measured(few_boosted):
    everything = measure(subject())
    digits = {found.figure: found for found in everything if found.group not in ELSEWHERE}
    said: list[float] = []
    shapes = {found.figure: found for found in measure(subject("shapes"), ("disentanglement",), said.append)}
    assert len(said) > 5 and said == sorted(said)  # boosting tells of each factor
    told = {found.figure: found for found in measure(subject(classes=10, classifier="mlp"), ("use",))}
    quantised = subject(posterior="quantised", prior="codebook", discrete=3, categories=8)
    chosen = {found.figure: found for found in measure(quantised, ("prior",))}
    assert set(chosen) == {"codebook_perplexity"}
    measured = (digits.keys() | shapes.keys() | told.keys() | chosen.keys()) - {None}
    # Those of sentences and molecules are measured in tests/metrics/text and tests/metrics/molecules.
    assert measured == {name for name, figure in FIGURES.items() if figure.group not in ("", *ELSEWHERE)}
    every = [*digits.values(), *shapes.values(), *told.values(), *chosen.values()]
    without_interval = {each.figure for each in every if each.estimate and math.isnan(each.estimate.margin)}
    few = {"precision", "recall", "density"}  # what an untrained model makes lies in few balls
    assert without_interval - few == set(WITHOUT)
    for found in every:
        if found.figure is not None:
            assert FIGURES[found.figure].group == found.group
        if found.estimate is not None and not math.isnan(found.estimate.low):
            assert found.estimate.low <= found.estimate.value <= found.estimate.high, found.figure
    assert "no true factors" in digits[None].left_out and digits[None].group == "disentanglement"


def test_groups_that_do_not_apply_give_a_reason():
    left = {found.group: found.left_out for found in measure(subject(posterior="point")) if found.figure is None}
    assert set(left) == {"split", "disentanglement", "compression", *ELSEWHERE} and all(left.values())
    points = subject("points", likelihood="gaussian", hidden=(8,), latent_dim=2)
    left = {found.group for found in measure(points) if found.figure is None}
    assert left == {"disentanglement", "reconstruction", "compression", *ELSEWHERE}
    with pytest.raises(UserError, match="known are bound"):
        list(measure(subject(), ("beauty",)))


def test_a_conditional_model_is_measured_too():
    found = list(measure(subject(classes=10), ("bound", "prior", "split", "samples", "use", "compression")))
    assert all(each.estimate is not None for each in found)


def test_measurements_are_repeatable_and_report_progress():
    said = []
    once = list(measure(subject(), ("split", "prior", "samples"), said.append))
    assert once == list(measure(subject(), ("split", "prior", "samples")))
    assert said == sorted(said) and said[-1] == 1.0


def test_the_map_of_factors_is_shares_of_entropy():
    found = factor_map(subject("shapes"))
    assert found.shape == (3, 5) and (found >= 0).all() and (found <= 1).all()
    histogram_information = factor_map(subject("shapes", posterior="point"))
    assert (
        histogram_information.shape == (3, 5)
        and (histogram_information >= 0).all()
        and np.isfinite(histogram_information).all()
    )
    with pytest.raises(UserError, match="'shapes' has"):
        factor_map(subject())


@pytest.fixture
def encoded(monkeypatch):
    """How many images of the whole test split the encoder was given at each call."""
    seen, encode = [], VAE.encode
    test = DIGITS.test.x.sum((1, 2, 3)).double() / 255

    def counted(vae, x, y=None):
        if len(x) == len(test) and (x.sum((1, 2, 3)) - test).abs().max() < 1e-2:
            seen.append(len(x))
        return encode(vae, x, y)

    monkeypatch.setattr(VAE, "encode", counted)
    return seen


def test_evaluate_all_and_the_end_of_a_training_encode_the_test_split_once(encoded, trained, tmp_path):
    assert main(["evaluate", str(trained), "--all"]) == 0
    assert encoded == [len(DIGITS.test)]
    encoded.clear()
    assert main(["train", "--epochs", "1", "--set", "hidden=[8]", "--out", str(tmp_path / "x")]) == 0
    assert encoded == [len(DIGITS.test)]


def test_figures_are_described():
    assert all(figure.title and figure.unit and figure.better in ("higher", "lower", "") for figure in FIGURES.values())
    assert {figure.interval for figure in FIGURES.values()} == set(INTERVALS)
    assert {figure.group for figure in FIGURES.values()} - {""} == set(GROUPS)
    assert set(GROUPS) >= {"bound", "split", "disentanglement", "samples", "use", "compression", *ELSEWHERE}


def test_evaluate_all_prints_each_figure_with_its_interval(trained, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(trained), "--all"]) == 0
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in out.splitlines()]
    assert lines[0] == json.loads((trained / "run.json").read_text())["figures"]
    figures = {line["figure"]: line for line in lines[1:] if "unit" in line}
    assert figures["elbo"]["value"] == lines[0]["elbo"] and figures["elbo"]["low"] < figures["elbo"]["high"]
    assert figures["elbo"]["high"] - lines[0]["elbo"] == pytest.approx(lines[0]["elbo_margin"])
    assert {"mutual_information", "precision", "kid", "ssim", "knn", "bits_png", "prior_coverage"} <= set(figures)
    assert (
        len(figures["kl"]["margins"]) == len(figures["kl"]["values"]) == checkpoints.info(trained).run.model.latent_dim
    )
    assert [line["group"] for line in lines if "left_out" in line] == ["disentanglement", *ELSEWHERE]
    assert "figures: 100 %" in err


def test_evaluate_reports_progress_with_many_samples(trained, capsys):
    capsys.readouterr()
    assert main(["evaluate", str(trained), "--nll-samples", "100"]) == 0
    out, err = capsys.readouterr()
    figures = json.loads(out)
    assert figures["nll"] < -figures["elbo"] and figures["nll_margin"] > 0 and err.splitlines()[-1] == "nll: 100 %"


def test_the_figures_of_the_bundled_shapes_model(few_boosted):
    """The figures of a bundled model are reproduced."""
    checkpoint = checkpoints.load(checkpoints.bundled() / "shapes-beta-10d")
    data = load(checkpoint.info.run.data)
    found = {
        each.figure: each.estimate for each in measure(Subject(checkpoint.vae, data), ("disentanglement", "split"))
    }
    assert found["mig"].value == pytest.approx(0.038, abs=0.02)
    assert found["factorvae"].value == pytest.approx(0.41, abs=0.1)
    rate = sum(found[name].value for name in ("mutual_information", "total_correlation", "dimension_wise"))
    assert rate == pytest.approx(checkpoint.info.figures["rate"], abs=0.3)
    assert torch.get_default_dtype() == torch.float32
